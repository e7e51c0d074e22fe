/**
 * Owns the page of a group of settings: its form, what is asked once more before it is saved, and what
 * has changed with the way back. Whoever only looks sees the same as facts.
 */
import { mayAct } from '../../../accounts/administering.ts';
import { formatList } from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { Policy } from '../../../policies/policy.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { form } from '../../../ui/components/form.ts';
import { facts } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { adminPage, shownOnce, type Admin } from '../portal.ts';
import { wordFor } from '../words.ts';
import type { Danger } from './dangers.ts';
import { drawSetting, settingFact, settingId } from './draw.ts';
import type { SettingField } from './fields.ts';
import type { SectionOf } from './groups.ts';
import { effective } from './judging.ts';
import type { Preview } from './preview.ts';
import { writtenAs, type Sent, type SettingFault } from './sent.ts';
import { wordsOf } from './setting-words.ts';
import { faultTold, methodName, valueTold } from './told.ts';
import { wordsIn } from './words.ts';

/** The field that says which values the form was made from. */
export const seenName = 'seen';
/** Pressed on the page that asks once more. */
export const sureName = 'sure';

/** Pressed to see what it would look like. */
export const previewName = 'preview';

/** What a form of settings is drawn with, wherever it stands. */
export interface FormView extends Admin {
  readonly title: string;
  readonly intro?: string | SafeHtml | undefined;
  readonly back: { readonly href: string; readonly label: string };
  /** Where the form stands and is sent to. */
  readonly path: string;
  readonly sections: readonly SectionOf[];
  readonly policy: Policy;
  /** What stands in the fields. */
  readonly sent: Sent;
  /** Names the values that the form was made from. */
  readonly seen: string;
  /** Beside the help of a setting, by path. */
  readonly notes?: Readonly<Record<string, string>> | undefined;
  readonly faults?: readonly SettingFault[] | undefined;
  /** What is wrong with the whole. */
  readonly refusal?: string | undefined;
  /** It was sent before whoever sent it had proved themselves; nothing of it is saved. */
  readonly isDraft?: boolean | undefined;
  /** Settings that somebody else changed meanwhile. */
  readonly meanwhile?: readonly SettingField[] | undefined;
  /** What has just changed; empty where there was nothing to change. */
  readonly changed?: readonly Changed[] | undefined;
  readonly above?: SafeHtml | undefined;
  /** What it would look like; then there is a button that shows it before anything is saved. */
  readonly preview?: Preview | undefined;
}

/** A setting that has another value now. */
export interface Changed {
  readonly field: SettingField;
  readonly from: unknown;
  readonly to: unknown;
}

/** What the fields of a form say while the policy is this. */
export function writtenFrom(policy: Policy, sections: readonly SectionOf[]): Sent {
  const all = fieldsIn(sections).map((field) => writtenAs(field, effective(policy, field)));
  return Object.assign({}, ...all);
}

/** All fields of a page. */
export function fieldsIn(sections: readonly SectionOf[]): readonly SettingField[] {
  return sections.flatMap(({ fields }) => fields);
}

/** The page. */
export function formPage(view: FormView): SafeHtml {
  const { frame, sections, faults = [], refusal, meanwhile = [], changed } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const mayChange = mayAct(view.current.user.role, 'change-policy');
  const errors = [
    ...(refusal === undefined ? [] : [{ message: refusal }]),
    ...faults.map((fault) => errorOf(fault, sections, locale)),
  ];
  const { preview } = view;
  const drawn = changed === undefined ? view : shownOnce(view);
  const bundles = [...(frame.bundles ?? []), ...(preview === undefined ? [] : [preview.bundle])];
  return adminPage({ ...drawn, frame: { ...drawn.frame, bundles } }, 'settings', {
    title: view.title,
    intro: view.intro,
    back: view.back,
    error: errors.length > 0,
    body: html`${errorSummary({ locale, errors })}${
      view.isDraft === true
        ? notice({ locale, kind: 'info', body: words.draft, announce: true })
        : undefined
    }${
      meanwhile.length === 0 ? undefined : meanwhileNotice(view, meanwhile)
    }${changed === undefined ? undefined : changedCard(view, changed)}${view.above}${
      mayChange
        ? form({
            action: view.path,
            csrf: view.csrf,
            hidden: { [seenName]: view.seen },
            body: html`${sections.map((section) => sectionCard(view, section))}${actions(
              button({ label: words.save, kind: 'primary' }),
              preview !== undefined &&
                button({ label: words.preview.show, name: previewName, value: '1' }),
              linkButton({ label: words.cancel, href: view.back.href }),
            )}`,
          })
        : html`${notice({ locale, kind: 'info', body: words.looksOnly })}${sections.map((section) =>
            factsCard(view, section),
          )}`
    }${preview?.html}`,
  });
}

function sectionCard(view: FormView, section: SectionOf): SafeHtml {
  const { frame, sent, faults = [], notes = {} } = view;
  const { locale } = frame;
  return card({
    heading: headingOf(view, section),
    body: section.fields.map((field) => {
      const fault = faults.find(({ path }) => path === field.path);
      const error = fault === undefined ? undefined : faultTold(fault, field, locale);
      return drawSetting(field, { locale, sent, error, note: notes[field.path] });
    }),
  });
}

function factsCard(view: FormView, section: SectionOf): SafeHtml {
  return card({
    heading: headingOf(view, section),
    body: facts(
      section.fields.map((field) =>
        settingFact(field, effective(view.policy, field), view.frame.locale),
      ),
    ),
  });
}

/** A page of one part needs no heading of its own. */
function headingOf({ frame, sections }: FormView, { id }: SectionOf): string | undefined {
  if (sections.length === 1) return undefined;
  const words = wordsIn(frame.locale);
  return wordFor(words.sections, id, words.sections.other);
}

function errorOf(
  fault: SettingFault,
  sections: readonly SectionOf[],
  locale: Locale,
): { readonly message: string; readonly field?: string } {
  const field = fieldsIn(sections).find(({ path }) => path === fault.path);
  // What is wrong elsewhere in the policy has a path only: its field stands on another page.
  return field === undefined
    ? { message: wordsIn(locale).faults.elsewhere(fault.path) }
    : { message: faultTold(fault, field, locale), field: settingId(field.path) };
}

function meanwhileNotice(
  { frame, policy }: FormView,
  meanwhile: readonly SettingField[],
): SafeHtml {
  const { locale } = frame;
  const words = wordsIn(locale).meanwhile;
  const now = meanwhile.map((field) =>
    words.now(wordsOf(field, locale).label, valueTold(field, effective(policy, field), locale)),
  );
  return notice({
    locale,
    kind: 'warning',
    announce: true,
    title: words.title,
    body: html`<p>${words.body}</p><ul>${now.map((each) => html`<li>${each}</li>`)}</ul>`,
  });
}

/** What has changed, and a form with what was so before: sending it is one step back. */
function changedCard(view: FormView, changed: readonly Changed[]): SafeHtml {
  const { frame, csrf, path, seen, sent } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  if (changed.length === 0)
    return notice({ locale, kind: 'info', body: words.nothing, announce: true });
  const before = changed.map(({ field, from }) => writtenAs(field, from));
  const others = Object.entries(sent).filter(
    ([name]) =>
      !changed.some(({ field }) => name === field.path || name.startsWith(`${field.path}:`)),
  );
  return html`${notice({ locale, kind: 'success', body: words.saved, announce: true })}${card({
    body: html`${table({
      locale,
      caption: words.changed.caption,
      columns: [
        { label: words.changed.setting },
        { label: words.changed.from },
        { label: words.changed.to },
      ],
      rows: changed.map(({ field, from, to }) => [
        wordsOf(field, locale).label,
        valueTold(field, from, locale),
        valueTold(field, to, locale),
      ]),
    })}${form({
      action: path,
      csrf,
      hidden: Object.assign({ [seenName]: seen }, Object.fromEntries(others), ...before),
      body: actions(button({ label: words.changed.undo, about: words.changed.undoAbout })),
    })}`,
  })}`;
}

/** Asks once more before a change that could hurt. What was typed goes along. */
export function sureForm(view: FormView, dangers: readonly Danger[]): SafeHtml {
  const { frame, csrf, path, sent, seen } = view;
  const { locale } = frame;
  const words = wordsIn(locale).dangers;
  const told = dangers.map((danger) => dangerTold(danger, locale));
  return adminPage(shownOnce(view), 'settings', {
    title: `${words.title} ${view.title}`,
    heading: words.title,
    intro: words.intro,
    back: { href: path, label: view.title },
    body: card({
      body: form({
        action: path,
        csrf,
        hidden: { ...sent, [seenName]: seen, [sureName]: '1' },
        body: html`${prose(html`<ul>${told.map((each) => html`<li>${each}</li>`)}</ul>`)}${actions(
          button({ label: words.confirm, kind: 'danger' }),
          linkButton({ label: wordsIn(locale).cancel, href: path }),
        )}`,
      }),
    }),
  });
}

function dangerTold(danger: Danger, locale: Locale): string {
  const words = wordsIn(locale).dangers;
  switch (danger.kind) {
    case 'method-off':
      return words['method-off'](methodName(danger.method, locale), danger.people, danger.only);
    case 'group-out':
      return words['group-out'](
        methodName(danger.method, locale),
        danger.group,
        danger.people,
        danger.registered,
      );
    case 'only-groups':
      return words['only-groups'](
        methodName(danger.method, locale),
        formatList(danger.groups, locale, 'or'),
      );
    case 'group-unknown':
      return words['group-unknown'](danger.group);
    case 'ips-everyone':
    case 'ips-wide':
      return words[danger.kind](danger.range);
    case 'ips-own-out':
      return words['ips-own-out'](danger.address);
    case 'app-passwords-off':
    case 'app-passwords-sooner':
    case 'no-messages':
    case 'reset-too-few':
    case 'registration-shut':
      return words[danger.kind];
  }
}
