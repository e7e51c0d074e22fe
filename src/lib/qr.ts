import { encodeQR } from 'qr';

import { html, type SafeHtml } from './html.ts';

export interface QrOptions {
  /** What the image is, for whoever cannot see it; in the reader's language. */
  readonly title: string;
  /** Width and height of one module in CSS pixels before a stylesheet has its say. Default 4. */
  readonly scale?: number;
}

// ISO/IEC 18004 §9.1 wants four modules of white around the symbol.
const quietZone = 4;

/**
 * A QR code as an inline image. Always dark on white, whatever colours the page has: many readers
 * cannot read it the other way round. Throws a `RangeError` for more text than a code holds.
 */
export function qrSvg(text: string, { title, scale = 4 }: QrOptions): SafeHtml {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: quietZone });
  const size = modules.length;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    role="img"
    width="${size * scale}"
    height="${size * scale}"
    viewBox="0 0 ${size} ${size}"
    shape-rendering="crispEdges"
  ><title>${title}</title><path fill="#fff" d="M0 0h${size}v${size}H0z" /><path
      fill="#000"
      d="${outline(modules)}"
    /></svg>`;
}

// One flat box for each run of dark modules: a tenth of the markup of one box a module.
function outline(modules: readonly (readonly boolean[])[]): string {
  let path = '';
  modules.forEach((row, y) => {
    let start = -1;
    for (let x = 0; x <= row.length; x += 1) {
      const dark = row[x] === true;
      if (dark && start === -1) start = x;
      if (!dark && start !== -1) {
        path += `M${start} ${y}h${x - start}v1H${start}z`;
        start = -1;
      }
    }
  });
  return path;
}
