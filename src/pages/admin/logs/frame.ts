/** Owns what both logs look like: following, the ways to other pages, and taking it along. */
import { formatDateTime } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { field, type SelectOption } from '../../../ui/components/field.ts';
import { fieldRow } from '../../../ui/components/form.ts';
import { notice } from '../../../ui/components/notice.ts';
import { awaitChange } from '../../../ui/components/waiting.ts';
import { reasonOfStep } from '../../my-profile/recent-sign-ins/views.ts';
import { wordsIn as signInWordsIn } from '../../my-profile/recent-sign-ins/words.ts';
import type { Admin } from '../portal.ts';
import { beginOfDay } from '../../../lib/days.ts';
import { exportFormats } from '../../../audit/exporting.ts';
import { withFields } from './path.ts';
import { logWordsIn } from './words.ts';

export type Fields = Readonly<Record<string, string | undefined>>;

export interface LogBody {
  readonly frame: Admin['frame'];
  readonly path: string;
  /** What narrows the log down, without its page. */
  readonly fields: Fields;
  /** Undefined where nobody follows. */
  readonly follow: { readonly began: number | undefined; readonly until: Date } | undefined;
  readonly now: Date;
  /** Whether this is the page of the newest. */
  readonly isFirst: boolean;
  /** Where the older ones begin, as fields of the address; undefined where there are none. */
  readonly older: Fields | undefined;
  /** The newest that is shown. */
  readonly newest: string;
  readonly count: number;
  readonly form: SafeHtml;
  readonly list: SafeHtml;
}

/** All that is below the heading of a log. */
export function logBody(body: LogBody): SafeHtml {
  const { frame, path, fields, follow, now, isFirst, older, count } = body;
  const { locale } = frame;
  const words = logWordsIn(locale);
  const head = html`<div class="list-head"><p>${words.shown(count)}</p>${
    follow !== undefined
      ? link({ label: words.stopFollowing, href: withFields(path, fields) })
      : link({ label: words.follow, href: withFields(path, { ...fields, follow: now.getTime() }) })
  }</div>`;
  const following =
    follow === undefined
      ? undefined
      : notice({
          locale,
          kind: 'info',
          body: words.following(formatDateTime(follow.until, locale)),
        });
  const listed = card({ body: html`${following}${head}${body.list}` });
  const ways = [
    isFirst ? undefined : linkButton({ label: words.newest, href: withFields(path, fields) }),
    older === undefined
      ? undefined
      : linkButton({ label: words.older, href: withFields(path, { ...fields, ...older }) }),
  ].filter((each) => each !== undefined);
  const shown = html`${
    follow !== undefined
      ? awaitChange({
          locale,
          status: {
            url: withFields(`${path}/newest`, { ...fields, follow: follow.began }),
            step: body.newest,
            events: `${path}/events`,
          },
          body: listed,
        })
      : listed
  }${ways.length === 0 ? undefined : actions(...ways)}`;
  return html`${body.form}${shown}${card({
    heading: words.exports.title,
    body: html`<p>${words.exports.intro}</p>${actions(
      ...exportFormats.map((format) =>
        linkButton({
          label: words.exports[format === 'jsonl' ? 'json' : format],
          href: withFields(`${path}/export`, { ...fields, format }),
          icon: 'download',
        }),
      ),
    )}`,
  })}`;
}

/** The fields of the first and the last day. */
export function dayFields(
  { locale }: Admin['frame'],
  asked: { readonly from: string; readonly to: string },
): SafeHtml {
  const { filter } = logWordsIn(locale);
  const day = (name: 'from' | 'to'): SafeHtml =>
    field({
      locale,
      name,
      type: 'date',
      label: filter[name],
      mayBeEmpty: true,
      value: asked[name],
      error:
        asked[name] === '' || beginOfDay(asked[name]) !== undefined ? undefined : filter.wrongDate,
    });
  return fieldRow(day('from'), day('to'));
}

/** A moment to the second. */
export function exactly(at: Date, locale: Admin['frame']['locale']): SafeHtml {
  const seconds = String(at.getSeconds()).padStart(2, '0');
  return html`<time datetime="${at.toISOString()}">${formatDateTime(at, locale)}:${seconds}</time>`;
}

/** Beside what a method says. */
const otherReasons = [
  'wrong-password',
  'directory-unavailable',
  'account-blocked',
  'account-disabled',
  'no-method',
  'registration-closed',
] as const;

/** Every reason that has words, to choose from. */
export function reasonOptions(locale: Admin['frame']['locale']): readonly SelectOption[] {
  const { rejections } = signInWordsIn(locale);
  return [...otherReasons, ...Object.keys(rejections)].map((value) => ({
    value,
    label: reasonTold(value, locale),
  }));
}

/** Why something was refused, as a line of its own. */
export function reasonTold(reason: string, locale: Admin['frame']['locale']): string {
  const step = { at: new Date(0), method: '', result: 'failure', reason } as const;
  const told = reasonOfStep(step, locale);
  return told.slice(0, 1).toUpperCase() + told.slice(1);
}

/** The same, with what came by a link and is in no list here. */
export function withOther(
  options: readonly SelectOption[],
  value: string,
): readonly SelectOption[] {
  const isListed = value === '' || options.some((option) => option.value === value);
  return isListed ? options : [...options, { value, label: value }];
}
