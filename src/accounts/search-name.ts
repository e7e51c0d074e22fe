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

/**
 * How a name ends, from each of its words on but the first, in the same form: "Érica de Vries" gives
 * "de vries" and "vries". Whoever types a family name, with or without what stands before it, types the
 * beginning of one of them.
 */
export function nameEndings(name: string): readonly string[] {
  const searched = searchName(name);
  return [...searched.matchAll(/(?<=[\s\-('’.,])[\p{L}\p{N}]/gu)].map(({ index }) =>
    searched.slice(index),
  );
}
