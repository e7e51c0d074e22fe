/** Owns what stands out: a notice, a row that leads on, a row that says what is so. */
import { element, type Child } from './element.ts';
import { icon, type IconName } from './icon.ts';

export type NoticeKind = 'info' | 'success' | 'warning' | 'error';

export function notice(kind: NoticeKind, ...children: readonly Child[]): HTMLElement {
  return element('div', { class: `notice ${kind}` }, icon(kind), element('div', {}, ...children));
}

/** A row that leads on when it is pressed. */
export function tile(options: {
  readonly label: string;
  readonly detail?: string;
  readonly icon: IconName;
  readonly href?: string;
  readonly press?: () => void;
}): HTMLElement {
  const inside = [
    icon(options.icon, 24),
    element(
      'span',
      { class: 'tile-words' },
      element('span', { class: 'tile-label' }, options.label),
      options.detail === undefined
        ? null
        : element('span', { class: 'tile-detail' }, options.detail),
    ),
    icon('chevron', 16),
  ];
  return options.href === undefined
    ? element('button', { class: 'tile', type: 'button', press: options.press }, ...inside)
    : element('a', { class: 'tile', href: options.href }, ...inside);
}

/** What is so: names and what they are. */
export function facts(
  ...rows: readonly (readonly [name: string, value: Child] | null)[]
): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    ...rows
      .filter((row) => row !== null)
      .map(([name, value]) =>
        element('div', {}, element('dt', {}, name), element('dd', {}, value)),
      ),
  );
}
