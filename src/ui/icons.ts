/**
 * Owns the icons: a small set of our own, 20 px, drawn with one 1.5 px line in the text's colour.
 * An icon never speaks alone: it is hidden from screen readers, and a text always stands beside it.
 */
import { html, unsafeHtml, type SafeHtml } from '../lib/html.ts';

const circle = '<circle cx="10" cy="10" r="7.25"/>';

const drawings = {
  // The methods. The same everywhere: picker, Security info, admin.
  'text-message':
    '<path d="M3.75 3.75h12.5a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H9.25l-3.75 3v-3H3.75a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1Z"/><path d="M6.25 7.25h7.5M6.25 10.25h4.5"/>',
  'phone-call':
    '<path d="m6.6 3.2 1.7 3.4c.2.5.1 1-.2 1.4L6.9 9.2a10.5 10.5 0 0 0 3.9 3.9l1.2-1.2c.4-.4.9-.5 1.4-.2l3.4 1.7c.5.3.7.8.6 1.3l-.4 1.6c-.1.6-.7 1-1.3 1C9 17.3 2.7 11 2.7 4.3c0-.6.4-1.2 1-1.3l1.6-.4c.5-.1 1 .1 1.3.6Z"/>',
  'office-phone':
    '<path d="M2.75 7.25C2.75 5.25 5.5 3.5 10 3.5s7.25 1.75 7.25 3.75v1.1a.75.75 0 0 1-.75.75h-2.25a.75.75 0 0 1-.75-.75V7.1a13 13 0 0 0-7 0v1.25a.75.75 0 0 1-.75.75H3.5a.75.75 0 0 1-.75-.75v-1.1Z"/><path d="m6.25 9.75-1.9 3.3a2 2 0 0 0-.25 1v1.2a1.25 1.25 0 0 0 1.25 1.25h9.3a1.25 1.25 0 0 0 1.25-1.25v-1.2a2 2 0 0 0-.25-1l-1.9-3.3"/><circle cx="10" cy="12.5" r="1.75"/>',
  'authenticator-code':
    '<rect x="5.25" y="2.25" width="9.5" height="15.5" rx="1.75"/><path d="M8 9h.01M10 9h.01M12 9h.01M9 14.75h2"/>',
  notification:
    '<path d="M10 2.75A4.75 4.75 0 0 0 5.25 7.5v3L3.9 13.2a.75.75 0 0 0 .67 1.05h10.86a.75.75 0 0 0 .67-1.05l-1.35-2.7v-3A4.75 4.75 0 0 0 10 2.75Z"/><path d="M8 16.75a2.1 2.1 0 0 0 4 0"/>',
  'security-key':
    '<rect x="5.75" y="7.25" width="8.5" height="10.5" rx="2"/><path d="M7.75 7V2.75h4.5V7"/><circle cx="10" cy="12.5" r="1.5"/>',
  email:
    '<rect x="2.75" y="4.25" width="14.5" height="11.5" rx="1.5"/><path d="m3.25 5.75 6.75 5 6.75-5"/>',
  'security-questions': `${circle}<path d="M7.9 7.9a2.1 2.1 0 1 1 3.1 1.9c-.6.4-1 .8-1 1.6M10 14h.01"/>`,
  'recovery-codes':
    '<path d="M5.25 2.75h6.5l3.5 3.5v10a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V3.75a1 1 0 0 1 1-1Z"/><path d="M11.5 3v3.5H15M7 10.25h2M11 10.25h2M7 13.5h2M11 13.5h2"/>',
  'temporary-access-pass':
    '<path d="M2.75 6a1 1 0 0 1 1-1h12.5a1 1 0 0 1 1 1v2.25a1.75 1.75 0 0 0 0 3.5V14a1 1 0 0 1-1 1H3.75a1 1 0 0 1-1-1v-2.25a1.75 1.75 0 0 0 0-3.5V6Z"/><path d="M12 8v.01M12 10v.01M12 12v.01"/>',
  'app-password':
    '<rect x="2.75" y="3.75" width="14.5" height="12.5" rx="1.5"/><path d="M3 7.25h14M6.75 11.75h.01M10 11.75h.01M13.25 11.75h.01"/>',
  // How things stand.
  check: '<path d="m4 10.5 4 4L16 5.5"/>',
  success: `${circle}<path d="m6.75 10.25 2.25 2.25 4.25-4.75"/>`,
  warning:
    '<path d="M9.35 3.4 2.6 15.75a.75.75 0 0 0 .65 1.1h13.5a.75.75 0 0 0 .65-1.1L10.65 3.4a.75.75 0 0 0-1.3 0Z"/><path d="M10 8v3.75M10 14.25h.01"/>',
  error: `${circle}<path d="M10 6.25v4.5M10 13.5h.01"/>`,
  info: `${circle}<path d="M10 9.25v4.5M10 6.5h.01"/>`,
  blocked: `${circle}<path d="M5 15 15 5"/>`,
  clock: `${circle}<path d="M10 6v4l2.75 1.75"/>`,
  // What one can do.
  add: '<path d="M10 3.75v12.5M3.75 10h12.5"/>',
  back: '<path d="M8.5 4.5 3 10l5.5 5.5M3.25 10H17"/>',
  chevron: '<path d="M7.5 4.5 13 10l-5.5 5.5"/>',
  'chevron-down': '<path d="m4.5 7.5 5.5 5.5 5.5-5.5"/>',
  close: '<path d="m5 5 10 10M15 5 5 15"/>',
  copy: '<rect x="6.75" y="6.75" width="9.5" height="10.5" rx="1"/><path d="M13.25 6.5V3.75a1 1 0 0 0-1-1h-7.5a1 1 0 0 0-1 1v8.5a1 1 0 0 0 1 1H6.5"/>',
  download: '<path d="M10 3v10M5.75 9 10 13.25 14.25 9M3.75 16.75h12.5"/>',
  edit: '<path d="M12.5 4.25 4 12.75l-.75 4 4-.75 8.5-8.5a1.25 1.25 0 0 0 0-1.75l-1.5-1.5a1.25 1.25 0 0 0-1.75 0Z"/>',
  external:
    '<path d="M8 4H4.75a1 1 0 0 0-1 1v10.25a1 1 0 0 0 1 1H15a1 1 0 0 0 1-1V12M11.5 3.75h4.75V8.5M16 4l-7 7"/>',
  menu: '<path d="M3 5.5h14M3 10h14M3 14.5h14"/>',
  print:
    '<path d="M6 7.25V3.5h8v3.75M6 13.75H4.25a1 1 0 0 1-1-1v-4.5a1 1 0 0 1 1-1h11.5a1 1 0 0 1 1 1v4.5a1 1 0 0 1-1 1H14"/><path d="M6 11.5h8v5H6z"/>',
  refresh: '<path d="M16.25 10a6.25 6.25 0 1 1-1.9-4.5l1.65 1.6M16.25 3.5v3.75H12.5"/>',
  remove:
    '<path d="M3.5 5.5h13M8 5.25V3.5h4v1.75M5 5.75l.75 10.1a1 1 0 0 0 1 .9h6.5a1 1 0 0 0 1-.9L15 5.75M8.5 9v4.5M11.5 9v4.5"/>',
  search: '<circle cx="8.75" cy="8.75" r="5.5"/><path d="m13 13 4 4"/>',
  'sign-out':
    '<path d="M8 3.25H4.75a1 1 0 0 0-1 1v11.5a1 1 0 0 0 1 1H8M12.5 6.25 16.25 10l-3.75 3.75M16 10H8"/>',
  // Places and things.
  applications:
    '<rect x="3.25" y="3.25" width="5.5" height="5.5" rx="1"/><rect x="11.25" y="3.25" width="5.5" height="5.5" rx="1"/><rect x="3.25" y="11.25" width="5.5" height="5.5" rx="1"/><rect x="11.25" y="11.25" width="5.5" height="5.5" rx="1"/>',
  chart: '<path d="M3.25 16.75h13.5M5.25 13.5v-3M10 13.5v-9M14.75 13.5V7.75"/>',
  device: '<rect x="3.75" y="4.25" width="12.5" height="9" rx="1"/><path d="M2 16.25h16"/>',
  globe: `${circle}<ellipse cx="10" cy="10" rx="3.25" ry="7.25"/><path d="M3 10h14"/>`,
  log: '<path d="M5.25 2.75h9.5a1 1 0 0 1 1 1v12.5a1 1 0 0 1-1 1h-9.5a1 1 0 0 1-1-1V3.75a1 1 0 0 1 1-1Z"/><path d="M7 6.75h6M7 10h6M7 13.25h3.5"/>',
  history:
    '<path d="M3.75 10a6.25 6.25 0 1 0 1.9-4.5L4 7.1M3.75 3.5v3.75H7.5M10 6.75V10l2.25 1.5"/>',
  people:
    '<circle cx="7.5" cy="6.75" r="2.75"/><path d="M2.25 16.25c.4-2.9 2.4-4.5 5.25-4.5s4.85 1.6 5.25 4.5M13 4.25a2.75 2.75 0 0 1 0 5M14.75 12.25c1.75.6 2.75 2 3 4"/>',
  person:
    '<circle cx="10" cy="6.5" r="3.25"/><path d="M3.75 17c.5-3.25 3-5 6.25-5s5.75 1.75 6.25 5"/>',
  settings:
    '<path d="M3 6h8M15 6h2M3 14h2M9 14h8"/><circle cx="13" cy="6" r="2"/><circle cx="7" cy="14" r="2"/>',
  shield:
    '<path d="M10 2.5c2 1.5 4.2 2.3 6.5 2.4v4.6c0 4-2.6 6.7-6.5 8-3.9-1.3-6.5-4-6.5-8V4.9C5.8 4.8 8 4 10 2.5Z"/>',
} as const;

/** The name of an icon that exists. */
export type IconName = keyof typeof drawings;

const drawn = new Map<string, SafeHtml>(
  Object.entries(drawings).map(([name, drawing]) => [
    name,
    unsafeHtml(
      `<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">${drawing}</svg>`,
    ),
  ]),
);

/** Every name, in the order of this file: for the gallery and for tests. */
export const iconNames: readonly IconName[] = Object.keys(drawings).filter(isIconName);

/** The icon as an inline SVG of 20 px in the text's colour. */
export function icon(name: IconName): SafeHtml {
  return drawn.get(name) ?? html``;
}

/** Whether this is the name of an icon; narrows a string that came from a method or a file. */
export function isIconName(name: string): name is IconName {
  return Object.hasOwn(drawings, name);
}

/** The icon name behind a text; a shield where there is none of that name. */
export function iconNameOf(name: string): IconName {
  return isIconName(name) ? name : 'shield';
}
