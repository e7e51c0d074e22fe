/** Owns how a person's name is looked for: as people type it, without accents and capitals. */

/** A name, or the beginning of one, in the form in which they are compared: "Érica de  Vries" is "erica de vries". */
export function searchName(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
