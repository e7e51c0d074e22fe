/** Owns what is read from one screen and typed into another: codes, app passwords, keys, QR codes. */
import encodeQR from 'qr';

import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../attributes.ts';
import { icon } from '../icons.ts';
import { wordsIn } from '../words.ts';

export interface SecretOptions {
  readonly locale: Locale;
  /** What it is: "Your app password". */
  readonly label: string;
  readonly value: string;
  /** Characters in a group; 4 unless told, 0 for no groups. Blanks in the value are groups already. */
  readonly groupOf?: number | undefined;
  /** What the button copies, where that differs from `value`. */
  readonly copyValue?: string | undefined;
  /** `large` for app passwords, `normal` for keys and addresses. `large` unless told. */
  readonly size?: 'large' | 'normal' | undefined;
}

/** A secret in large grouped letters, with a button that copies it (where there is script). */
export function secretDisplay(options: SecretOptions): SafeHtml {
  const words = wordsIn(options.locale);
  const groups = grouped(options.value, options.groupOf ?? 4);
  // Each group on its own, so that a copy by hand has no blanks that nobody typed.
  const letters = groups.map((group) => html`<span>${group}</span>`);
  return html`<copy-text${attributes({
    class: options.size === 'normal' ? 'secret' : 'secret large',
    text: options.copyValue ?? options.value,
    copied: words.copied,
    failed: words.copyFailed,
  })}><span class="secret-label">${options.label}</span><code translate="no">${letters}</code><button class="button secondary compact" type="button" hidden>${icon(
    'copy',
  )}<span>${words.copy}</span> <span class="hidden">${options.label}</span></button><span class="live" role="status"></span></copy-text>`;
}

/** A list of codes to print: recovery codes. */
export function codeList(options: {
  readonly locale: Locale;
  readonly label: string;
  readonly codes: readonly string[];
  /** Those that were used are struck through, and said to be used in these words. */
  readonly used?: { readonly codes: readonly string[]; readonly label: string } | undefined;
}): SafeHtml {
  const words = wordsIn(options.locale);
  const items = options.codes.map((code) =>
    options.used?.codes.includes(code) === true
      ? html`<li><s>${code}</s> <span class="hidden">${options.used.label}</span></li>`
      : html`<li>${code}</li>`,
  );
  return html`<copy-text${attributes({
    class: 'secret code-list',
    text: options.codes.join('\n'),
    copied: words.copied,
    failed: words.copyFailed,
  })}><span class="secret-label">${options.label}</span><ol class="codes" translate="no">${items}</ol><button class="button secondary compact" type="button" hidden>${icon(
    'copy',
  )}<span>${words.copy}</span></button><span class="live" role="status"></span></copy-text>`;
}

/** A number to read aloud or to type elsewhere, 56 px high. */
export function numberMatch(options: {
  readonly label: string;
  readonly number: string;
}): SafeHtml {
  return html`<p class="number-match"><span class="hidden">${options.label} </span><strong>${options.number}</strong></p>`;
}

export interface QrPanelOptions {
  /** What the code holds: an `otpauth://` address. */
  readonly text: string;
  /** What it is for those who do not see it: "QR code for your authenticator app". */
  readonly label: string;
  /** Beside the code: what to do with it, and the same by hand. */
  readonly body?: SafeHtml | readonly SafeHtml[] | undefined;
}

/** A QR code, black on white in every theme so that each camera reads it, with what to do beside it. */
export function qrPanel(options: QrPanelOptions): SafeHtml {
  return html`<div class="qr-panel"><div class="qr">${qrCode(options.text, options.label)}</div>${
    options.body === undefined ? undefined : html`<div class="qr-text">${options.body}</div>`
  }</div>`;
}

/** A QR code (error correction M, quiet zone of four) as an inline SVG in one path. */
export function qrCode(text: string, label: string): SafeHtml {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const size = rows.length;
  let path = '';
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const start = x;
      while (row[x + 1] === true) x += 1;
      path += `M${start} ${y}h${x - start + 1}v1h-${x - start + 1}z`;
    }
  }
  return html`<svg role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path d="${path}"/></svg>`;
}

function grouped(value: string, size: number): readonly string[] {
  const parts = value.split(/\s+/u).filter((part) => part !== '');
  if (size <= 0 || parts.length > 1) return parts;
  return value.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [];
}
