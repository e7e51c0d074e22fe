/** Owns the two pages of a quick step: what would happen to whom, and what has happened. */
import type { User } from '../../../accounts/user.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { form } from '../../../ui/components/form.ts';
import { badge } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { personPath, usersPath } from '../path.ts';
import { adminPage, shownOnce, type Admin } from '../portal.ts';
import { wordsIn } from '../words.ts';
import type { Asked } from './asked.ts';
import { asIn, listHref, stateBadge } from './list-page.ts';
import { manyFields } from './many-page.ts';
import type { ManyFaultAt, ManyTyped } from './many.ts';
import type { Why } from '../../../administration/jobs/job.ts';
import { steps, type StepId } from '../../../administration/jobs/quick-steps.ts';

export interface LeftOut {
  readonly name: string;
  readonly why: Why;
}

/** What came of it for one person; `why` is undefined where it was done. */
export interface Outcome {
  readonly user: User;
  readonly why: Why | undefined;
}

export interface ConfirmView extends Admin {
  readonly step: StepId;
  /** What was searched for where they were selected. */
  readonly asked: Asked;
  readonly affected: readonly User[];
  readonly leftOut: readonly LeftOut[];
  readonly typed: ManyTyped;
  readonly faults: readonly ManyFaultAt[];
}

/** Says what will happen, to whom, and what cannot be undone. */
export function confirmPage(view: ConfirmView): SafeHtml {
  const { frame, csrf, step, asked, affected, leftOut, faults } = view;
  const words = wordsIn(frame.locale);
  const { title, will, button: label } = words.steps[step];
  const back = { href: listHref(asked), label: words.quick.back };
  const cancel = linkButton({ label: words.quick.cancel, href: listHref(asked) });
  const selected = new URLSearchParams({
    ...asIn(asked),
    ...Object.fromEntries(affected.map(({ id }) => [`p-${id}`, '1'])),
  }).toString();
  return adminPage(view, 'users', {
    title: title(affected.length),
    back,
    error: faults.length > 0,
    body: html`${errorSummary({
      locale: frame.locale,
      errors: faults.map(({ field, fault }) => ({ field, message: words.many.faults[fault] })),
    })}${card({
      body:
        affected.length === 0
          ? html`<p>${words.quick.nobody}</p>${actions(cancel)}`
          : form({
              // The address holds who is meant: whoever has to prove themselves first comes back to it.
              action: `${usersPath}/quick/${step}?${selected}`,
              csrf,
              body: html`${prose(
                html`<ul>${will.map((each) => html`<li>${each}</li>`)}</ul><p>${words.quick.informed}</p>`,
              )}${manyFields({ ...view, what: step })}${actions(
                button({ label, kind: steps[step].isDangerous ? 'danger' : 'primary' }),
                cancel,
              )}`,
            }),
    })}${affected.length === 0 ? undefined : affectedCard(view)}${
      leftOut.length === 0 ? undefined : leftOutCard(view, leftOut)
    }`,
  });
}

function affectedCard({ frame, affected }: ConfirmView): SafeHtml {
  const { locale } = frame;
  const words = wordsIn(locale);
  return card({
    heading: words.quick.affected,
    body: table({
      locale,
      caption: words.quick.affected,
      captionHidden: true,
      columns: [{ label: words.users.columns.name }, { label: words.users.columns.state }],
      rows: affected.map((user) => [
        html`<div><p>${link({ label: user.displayName, href: personPath(user.id) })}</p><p class="hint">${user.userPrincipalName}</p></div>`,
        stateBadge(user.perUserMfaState, locale),
      ]),
    }),
  });
}

function leftOutCard({ frame }: Admin, leftOut: readonly LeftOut[]): SafeHtml {
  const { quick } = wordsIn(frame.locale);
  return card({
    heading: quick.leftOut,
    body: table({
      locale: frame.locale,
      caption: quick.leftOut,
      captionHidden: true,
      columns: [{ label: quick.columns.name }, { label: quick.columns.result }],
      rows: leftOut.map(({ name, why }) => [name, quick.why[why]]),
    }),
  });
}

export interface ResultView extends Admin {
  readonly step: StepId;
  /** What was searched for where they were selected. */
  readonly asked: Asked;
  readonly outcomes: readonly Outcome[];
  readonly leftOut: readonly LeftOut[];
}

/** Says what has happened, for each. */
export function resultPage(view: ResultView): SafeHtml {
  const { frame, step, asked, outcomes, leftOut } = view;
  const { locale } = frame;
  const { quick, steps: named } = wordsIn(locale);
  const done = outcomes.filter(({ why }) => why === undefined).length;
  const isAll = done === outcomes.length;
  return adminPage(shownOnce(view), 'users', {
    title: `${named[step].button}: ${quick.resultTitle.toLowerCase()}`,
    back: { href: listHref(asked), label: quick.back },
    body: html`${notice({
      locale,
      kind: isAll ? 'success' : 'warning',
      title: quick.result(done, outcomes.length),
      announce: true,
    })}${card({
      body: table({
        locale,
        caption: quick.resultTitle,
        captionHidden: true,
        columns: [{ label: quick.columns.name }, { label: quick.columns.result }],
        rows: outcomes.map(({ user, why }) => [
          link({ label: user.displayName, href: personPath(user.id) }),
          why === undefined ? badge(named[step].done, 'success') : quick.why[why],
        ]),
      }),
    })}${leftOut.length === 0 ? undefined : leftOutCard(view, leftOut)}${actions(
      linkButton({ label: quick.back, href: listHref(asked), kind: 'primary' }),
    )}`,
  });
}
