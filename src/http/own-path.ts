/** Owns the one judgement whether an address stays with us (attack ATK-81). */

/**
 * The path, query and fragment of an address on our own origin, or undefined where it leads, or
 * could be read by any browser to lead, anywhere else. Judged by one parse, after which only what
 * the parser understood is used.
 */
export function ownPath(origin: string, address: string): string | undefined {
  // As our own code writes nearly all of them: nothing in it that could be read in two ways.
  if (/^\/(?:[\w-]+\/)*[\w-]*$/.test(address)) return address;
  if (!/^\/(?![/\\])[\u0021-\u007e]*$/.test(address) || address.includes('\\')) return undefined;
  if (!URL.canParse(address, origin)) return undefined;
  const url = new URL(address, origin);
  if (url.origin !== origin || url.pathname.startsWith('//')) return undefined;
  return `${url.pathname}${url.search}${url.hash}`;
}
