/** Owns tiles: one way to go on, with its icon, name and detail. The picker of methods is made of them. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../attributes.ts';
import { icon, type IconName } from '../icons.ts';

export interface TileOptions {
  readonly label: string;
  readonly detail?: string | undefined;
  readonly icon?: IconName | undefined;
  /**
   * What happens: `href` goes somewhere, `name` and `value` are sent with the form around the
   * tiles, `disabledReason` greys it out and is shown instead of the detail.
   */
  readonly to:
    | { readonly href: string }
    | { readonly name: string; readonly value: string }
    | { readonly disabledReason: string };
}

/** One tile. Belongs in `tiles`. */
export function tile(options: TileOptions): SafeHtml {
  const { to } = options;
  const face = (detail: string | undefined): SafeHtml =>
    html`${
      options.icon === undefined ? undefined : icon(options.icon)
    }<span class="tile-text"><span class="tile-label">${options.label}</span>${
      detail === undefined ? undefined : html`<span class="tile-detail">${detail}</span>`
    }</span>`;
  if ('disabledReason' in to)
    return html`<div class="tile disabled">${face(to.disabledReason)}</div>`;
  const go = html`${face(options.detail)}${icon('chevron')}`;
  if ('href' in to) return html`<a class="tile" href="${to.href}">${go}</a>`;
  const pairs = attributes({ type: 'submit', name: to.name, value: to.value });
  return html`<button class="tile"${pairs}>${go}</button>`;
}

/** A list of tiles; give it to a `form` when they are buttons. */
export function tiles(items: readonly TileOptions[]): SafeHtml {
  return html`<ul class="tiles">${items.map((item) => html`<li>${tile(item)}</li>`)}</ul>`;
}
