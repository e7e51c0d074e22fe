/** Owns the page before something is done to many people: what, to how many, and who is left out. */
import { steps } from '../../../administration/jobs/quick-steps.ts';
import type { Preview } from '../../../administration/jobs/job-preview.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { checkbox } from '../../../ui/components/choice.ts';
import { field } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { errorSummary } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { usersPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordsIn } from '../words.ts';
import type { Asked } from './asked.ts';
import { asIn, listHref } from './list-page.ts';
import { isStep, type ManyFaultAt, type ManyId, type ManyTyped } from './many.ts';

export interface ManyView extends Admin {
  readonly what: ManyId;
  readonly asked: Asked;
  /** Selected people; undefined where everybody who is found is meant. */
  readonly selected: readonly string[] | undefined;
  readonly preview: Preview;
  readonly typed: ManyTyped;
  readonly faults: readonly ManyFaultAt[];
}

/** Says what will happen, to how many, and asks. */
export function manyPage(view: ManyView): SafeHtml {
  const { frame, csrf, what, asked, selected, preview, faults } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { title, will, button: label } = words.steps[what];
  const cancel = linkButton({ label: words.quick.cancel, href: listHref(asked) });
  const meant = new URLSearchParams({
    ...asIn({ ...asked, after: undefined }),
    ...(selected === undefined
      ? { everybody: '1' }
      : Object.fromEntries(selected.map((id) => [`p-${id}`, '1']))),
  }).toString();
  const isDangerous = isStep(what) && steps[what].isDangerous;
  return adminPage(view, 'users', {
    title: title(preview.affected),
    back: { href: listHref(asked), label: words.quick.back },
    error: faults.length > 0,
    body: html`${errorSummary({
      locale,
      errors: faults.map(({ field: name, fault }) => ({
        field: name,
        message: words.many.faults[fault],
      })),
    })}${card({
      body:
        preview.affected === 0
          ? html`<p>${words.quick.nobody}</p>${actions(cancel)}`
          : form({
              action: `${usersPath}/quick/${what}?${meant}`,
              csrf,
              body: html`${prose(
                html`<ul>${[...will, words.many.how].map((each) => html`<li>${each}</li>`)}</ul>`,
              )}${manyFields(view)}${actions(
                button({ label, kind: isDangerous ? 'danger' : 'primary' }),
                cancel,
              )}`,
            }),
    })}${countsCard(view)}`,
  });
}

/** What is asked besides. */
export function manyFields({
  frame,
  what,
  typed,
  faults,
}: Pick<ManyView, 'frame' | 'what' | 'typed' | 'faults'>): SafeHtml | undefined {
  const { locale } = frame;
  const { many } = wordsIn(locale);
  const errorAt = (name: keyof ManyTyped): string | undefined => {
    const found = faults.find((one) => one.field === name);
    return found === undefined ? undefined : many.faults[found.fault];
  };
  const group = (name: 'join' | 'leave'): SafeHtml =>
    field({
      locale,
      name,
      label: many[name],
      hint: name === 'join' ? many.groupsHint : undefined,
      mayBeEmpty: true,
      value: typed[name],
      error: errorAt(name),
      autocomplete: 'off',
      maxlength: 2_000,
    });
  const day = field({
    locale,
    name: 'from',
    type: 'date',
    label: many.from,
    hint: what === 'enable' ? many.fromEnableHint : many.fromRemindHint,
    optional: true,
    value: typed.from,
    error: errorAt('from'),
    width: 'medium',
  });
  switch (what) {
    case 'groups':
      return html`${group('join')}${group('leave')}`;
    case 'enable':
      return html`${checkbox({
        name: 'announce',
        label: many.announce,
        hint: many.announceHint,
        checked: typed.announce !== undefined,
      })}${day}`;
    case 'remind':
      return day;
    default:
      return undefined;
  }
}

/** How many it is done for, how many are left out and why; by name those who stand above. */
function countsCard({ frame, preview }: ManyView): SafeHtml {
  const { locale } = frame;
  const { quick, many } = wordsIn(locale);
  const { affected, leftOut, named } = preview;
  return card({
    heading: many.preview,
    body: html`${table({
      locale,
      caption: many.preview,
      captionHidden: true,
      columns: [{ label: quick.columns.result }, { label: many.people, align: 'end' }],
      rows: [
        [many.affected, formatNumber(affected, locale)],
        ...[...leftOut].map(([why, count]) => [
          `${quick.leftOut}: ${quick.why[why]}`,
          formatNumber(count, locale),
        ]),
      ],
    })}${
      named.length === 0
        ? undefined
        : html`<h3>${quick.leftOut}</h3>${table({
            locale,
            caption: quick.leftOut,
            captionHidden: true,
            columns: [{ label: quick.columns.name }, { label: quick.columns.result }],
            rows: named.map(({ name, why }) => [name, quick.why[why]]),
          })}`
    }`,
  });
}
