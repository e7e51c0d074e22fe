/** Owns the bar that shows how far something is. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../attributes.ts';

export interface ProgressBarOptions {
  /** What it is the progress of; for screen readers. */
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** The same in words, shown beside it: "120 of 5,000". */
  readonly text: string;
}

/** A bar, with the same in words. */
export function progressBar({ label, value, max, text }: ProgressBarOptions): SafeHtml {
  return html`<p><progress${attributes({
    class: 'progress',
    'aria-label': label,
    value: String(value),
    max: String(Math.max(1, max)),
  })}></progress><span>${text}</span></p>`;
}
