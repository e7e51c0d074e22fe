/**
 * Owns making pieces of a page. Text is only ever text here: nothing is read as markup, so no name
 * that a server or a QR code brings can become more than a name.
 */

export type Child = Node | string | null | undefined | false;

export interface Attributes {
  readonly class?: string | undefined;
  /** What to do when it is pressed. */
  readonly press?: (() => void) | undefined;
  /** Any other attribute. true: it is there, without a value; false and undefined: it is not. */
  readonly [name: string]: string | number | boolean | (() => void) | undefined;
}

/** An element with its attributes and what is in it. */
export function element<tag extends keyof HTMLElementTagNameMap>(
  tag: tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener('click', () => value());
    else if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  fill(made, ...children);
  return made;
}

/** Puts these in the place of whatever was there. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren(
    ...children.filter(
      (child): child is Node | string => child !== null && child !== undefined && child !== false,
    ),
  );
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** An element of a drawing. */
export function drawn<tag extends keyof SVGElementTagNameMap>(
  tag: tag,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly SVGElement[]
): SVGElementTagNameMap[tag] {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

let lastId = 0;

/** A name that no other element has. */
export function newId(kind: string): string {
  lastId += 1;
  return `${kind}-${lastId}`;
}
