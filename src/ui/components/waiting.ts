/**
 * Owns waiting: the ring that shows the time left, the number to match, and the page that moves on
 * by itself. All of it says the same without script; then the page refreshes itself now and then.
 */
import { formatDuration } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attributes } from '../attributes.ts';
import { icon, type IconName } from '../icons.ts';
import { wordsIn } from '../words.ts';

export interface CountdownOptions {
  readonly locale: Locale;
  readonly now: Date;
  readonly until: Date;
  /** The sentence with the time in it; "… left" unless told. */
  readonly text?: ((time: string) => string) | undefined;
  /** What it says at the end; "The time is up." unless told. */
  readonly ended?: string | undefined;
  /**
   * What happens at the end: `href` opens that page, `enable` is the id of a button that cannot be
   * used until then (without script it can, and the server says no).
   */
  readonly atEnd?: { readonly href: string } | { readonly enable: string } | undefined;
}

/** A line with the time left: it counts down, and says so aloud at a few moments only. */
export function countdown(options: CountdownOptions): SafeHtml {
  const words = wordsIn(options.locale);
  const text = options.text ?? words.timeLeft;
  return html`<count-down${attributes({ class: 'countdown', ...timing(options) })}>${icon('clock')}<span class="time" aria-hidden="true">${text(
    span(options),
  )}</span><span class="hidden" role="status">${text(span(options))}</span></count-down>`;
}

export interface WaitingOptions {
  readonly locale: Locale;
  /** What we wait for: "We're calling +31 ·· ·· ·· 12". */
  readonly what: string | SafeHtml;
  /** What to do with it: "Answer the call and press #". */
  readonly instruction?: string | SafeHtml | undefined;
  /** The number to type on the phone, large within the ring. */
  readonly number?: string | undefined;
  /** Said before the number by screen readers; "Number:" is not enough, say what to do with it. */
  readonly numberLabel?: string | undefined;
  /** Within the ring, where there is no number. */
  readonly icon?: IconName | undefined;
  /** The time that is left, and the whole of it, for the ring. */
  readonly ring?:
    | {
        readonly now: Date;
        readonly startedAt: Date;
        readonly until: Date;
        /** Where to go when the time is over; the same page unless told. */
        readonly href?: string | undefined;
      }
    | undefined;
  /** Absent where something around it asks, or nothing does. */
  readonly status?: Status | undefined;
}

/** Where the page asks whether it is still true. */
export interface Status {
  /**
   * Answers JSON `{ step, message?, href? }`. Another `step` than this one opens `href` (the same page
   * unless told); `message` is shown and said.
   */
  readonly url: string;
  readonly step: string;
  /** A stream (`http/event-stream.ts`) that says when to ask; without it, every second. */
  readonly events?: string | undefined;
}

/**
 * The page waits for something that happens elsewhere. Give the page `autoRefreshSeconds: 5` as
 * well, for those without script.
 */
export function waiting(options: WaitingOptions): SafeHtml {
  const inside =
    options.number === undefined
      ? icon(options.icon ?? 'clock')
      : html`<p class="number-match"><span class="hidden">${options.numberLabel} </span><strong>${options.number}</strong></p>`;
  const { ring, status } = options;
  const body = html`<p class="what">${options.what}</p>${
    options.instruction === undefined ? undefined : html`<p>${options.instruction}</p>`
  }${
    ring === undefined
      ? html`<div class="ring">${inside}</div>`
      : ringed(options.locale, ring, inside)
  }`;
  const drawn = html`<div class="waiting">${body}</div>`;
  return status === undefined
    ? drawn
    : awaitChange({ locale: options.locale, status, body: drawn });
}

/**
 * Around what is shown now: moves on when something happens elsewhere (a call is answered, a text
 * replied to). `status` as in `waiting`; give what is inside no status of its own. What the answer
 * says in `message` is shown and said below.
 */
export function awaitChange(options: {
  readonly locale: Locale;
  readonly status: Status;
  readonly body: SafeHtml | readonly SafeHtml[];
}): SafeHtml {
  const { status } = options;
  return html`<await-change${attributes({
    url: status.url,
    step: status.step,
    events: status.events,
    'connection-lost': wordsIn(options.locale).connectionLost,
  })}>${options.body}<p class="live" role="status"></p></await-change>`;
}

const ringLength = 2 * Math.PI * 46;

function ringed(
  locale: Locale,
  ring: NonNullable<WaitingOptions['ring']>,
  inside: SafeHtml,
): SafeHtml {
  const words = wordsIn(locale);
  const whole = Math.max(1, ring.until.getTime() - ring.startedAt.getTime());
  const left = Math.min(whole, Math.max(0, ring.until.getTime() - ring.now.getTime()));
  const time = span({ locale, now: ring.now, until: ring.until });
  return html`<count-down${attributes({
    class: 'ring',
    total: Math.round(whole / 1000),
    ...timing({
      locale,
      now: ring.now,
      until: ring.until,
      atEnd: ring.href === undefined ? undefined : { href: ring.href },
    }),
  })}><svg viewBox="0 0 100 100" aria-hidden="true"><circle cx="50" cy="50" r="46"/><circle class="left" cx="50" cy="50" r="46" stroke-dasharray="${ringLength.toFixed(
    1,
  )}" stroke-dashoffset="${(ringLength * (1 - left / whole)).toFixed(
    1,
  )}" transform="rotate(-90 50 50)"/></svg>${inside}<span class="time" aria-hidden="true">${words.timeLeft(
    time,
  )}</span><span class="hidden" role="status">${words.timeLeft(time)}</span></count-down>`;
}

function timing(options: CountdownOptions): Record<string, string | undefined> {
  const words = wordsIn(options.locale);
  const { atEnd } = options;
  return {
    // The browser's clock may be wrong: it counts from the server's.
    now: options.now.toISOString(),
    until: options.until.toISOString(),
    text: (options.text ?? words.timeLeft)('{time}'),
    ended: options.ended ?? words.timeUp,
    href: atEnd !== undefined && 'href' in atEnd ? atEnd.href : undefined,
    enable: atEnd !== undefined && 'enable' in atEnd ? atEnd.enable : undefined,
  };
}

function span(options: Pick<CountdownOptions, 'locale' | 'now' | 'until'>): string {
  const seconds = Math.max(0, Math.ceil((options.until.getTime() - options.now.getTime()) / 1000));
  return formatDuration(seconds, options.locale);
}
