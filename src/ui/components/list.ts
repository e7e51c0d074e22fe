/** Owns lists: things with actions (the methods of Security info) and facts with their names. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { icon, type IconName } from '../icons.ts';

export interface ListItem {
  readonly icon?: IconName | undefined;
  readonly title: string | SafeHtml;
  readonly detail?: string | SafeHtml | undefined;
  /** Beside the title: "Default", say, as a `badge`. */
  readonly badge?: SafeHtml | undefined;
  /** Compact buttons and links, each with its `about`. */
  readonly actions?: readonly SafeHtml[] | undefined;
}

/** Things one below the other, each with what can be done with it. */
export function itemList(items: readonly ListItem[]): SafeHtml {
  const rows = items.map(
    (item) =>
      html`<li class="item">${item.icon === undefined ? undefined : icon(item.icon)}<div class="item-text"><div class="item-title">${
        item.title
      } ${item.badge}</div>${
        item.detail === undefined ? undefined : html`<div class="item-detail">${item.detail}</div>`
      }</div>${
        item.actions === undefined || item.actions.length === 0
          ? undefined
          : html`<div class="item-actions">${item.actions}</div>`
      }</li>`,
  );
  return html`<ul class="items">${rows}</ul>`;
}

export interface Fact {
  readonly term: string;
  readonly value: string | number | SafeHtml;
  /** A compact button or link that changes it. */
  readonly action?: SafeHtml | undefined;
}

/** Facts with their names: who, what, when, where. */
export function facts(list: readonly Fact[]): SafeHtml {
  const rows = list.map(
    ({ term, value, action }) =>
      html`<div class="fact"><dt>${term}</dt><dd>${value}</dd>${
        action === undefined ? undefined : html`<dd class="fact-action">${action}</dd>`
      }</div>`,
  );
  return html`<dl class="facts">${rows}</dl>`;
}

/** A word about the state of a thing: never colour alone, the word says it. `neutral` unless told. */
export function badge(
  label: string,
  tone: 'neutral' | 'brand' | 'success' | 'warning' | 'error' = 'neutral',
): SafeHtml {
  return html`<span class="badge ${tone}">${label}</span>`;
}

/** What stands where there is nothing yet: what would be here, and how it gets here. */
export function emptyState(options: {
  readonly title: string;
  readonly icon?: IconName | undefined;
  readonly body?: string | SafeHtml | undefined;
  readonly action?: SafeHtml | undefined;
}): SafeHtml {
  return html`<div class="empty">${options.icon === undefined ? undefined : icon(options.icon)}<p class="empty-title">${
    options.title
  }</p>${options.body === undefined ? undefined : html`<p>${options.body}</p>`}${options.action}</div>`;
}
