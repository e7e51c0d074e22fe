/** Owns how the pages of the authentication strengths look. */
import { mayAct } from '../../../accounts/administering.ts';
import { formatList } from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { Policy } from '../../../policies/policy.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { checkboxes } from '../../../ui/components/choice.ts';
import { field, textArea } from '../../../ui/components/field.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, facts } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { settingsPath } from '../path.ts';
import { adminPage, shownOnce, type Admin } from '../portal.ts';
import { wordFor } from '../words.ts';
import { combinationsName, combinationText, type Combination } from './combinations.ts';
import { newStrengthPath, strengthPath, strengthsPath } from './path.ts';
import { boxName, type Sent } from './sent.ts';
import { methodName } from './told.ts';
import { wordsIn } from './words.ts';

export interface Strength {
  readonly id: string;
  /** Undefined for those that are always there: their words are ours. */
  readonly name: string | undefined;
  readonly combinations: readonly Combination[];
  readonly isBuiltIn: boolean;
}

export interface StrengthFault {
  readonly field: 'name' | 'id' | 'combinations' | undefined;
  readonly reason: 'name' | 'id' | 'taken' | 'combinations' | 'weak' | 'many' | 'used';
}

/** What a strength is called. */
export function strengthName({ id, name }: Pick<Strength, 'id' | 'name'>, locale: Locale): string {
  return name ?? wordFor(wordsIn(locale).strengths.builtIn, id, id);
}

export interface StrengthsView extends Admin {
  /** With the applications that ask for each. */
  readonly strengths: readonly {
    readonly strength: Strength;
    readonly usedBy: readonly string[];
  }[];
  readonly sites: Policy['sites'];
  readonly saved: Strength | undefined;
  /** The fields of one that was deleted just now: sending them brings it back. */
  readonly removed: Sent | undefined;
}

/** All of them. */
export function strengthsPage(view: StrengthsView): SafeHtml {
  const { frame, csrf, strengths, sites, saved, removed, current } = view;
  const { locale } = frame;
  const all = wordsIn(locale);
  const words = all.strengths;
  const isAnswer = saved !== undefined || removed !== undefined;
  return adminPage(isAnswer ? shownOnce(view) : view, 'settings', {
    title: all.groups.strengths.title,
    intro: all.groups.strengths.intro,
    back: { href: settingsPath, label: all.back },
    actions: mayAct(current.user.role, 'change-policy')
      ? linkButton({ label: words.add, href: newStrengthPath, icon: 'add' })
      : undefined,
    body: html`${
      isAnswer ? notice({ locale, kind: 'success', body: all.saved, announce: true }) : undefined
    }${
      removed === undefined
        ? undefined
        : form({
            action: newStrengthPath,
            csrf,
            hidden: removed,
            body: actions(button({ label: all.changed.undo, about: all.changed.undoAbout })),
          })
    }${card({
      body: table({
        locale,
        caption: all.groups.strengths.title,
        captionHidden: true,
        columns: [
          { label: words.columns.name },
          { label: words.columns.enough },
          { label: words.columns.usedBy },
        ],
        rows: strengths.map(({ strength, usedBy }) => [
          html`<div><p>${link({ label: strengthName(strength, locale), href: strengthPath(strength.id) })}</p><p class="hint">${strength.id}</p>${
            strength.isBuiltIn ? badge(words.always) : undefined
          }</div>`,
          words.count(strength.combinations.length),
          usedBy.length === 0 ? undefined : formatList(usedBy, locale),
        ]),
      }),
    })}${
      sites.length === 0
        ? undefined
        : card({
            heading: all.sections.sites,
            body: facts(sites.map(({ site, required }) => ({ term: site, value: required }))),
          })
    }`,
  });
}

export interface StrengthView extends Admin {
  /** Undefined for a new one. */
  readonly strength: Strength | undefined;
  readonly sent: Sent;
  readonly known: readonly Combination[];
  /** What may stand in a combination that is typed, besides the password. */
  readonly methodIds: readonly string[];
  readonly usedBy: readonly string[];
  readonly faults: readonly StrengthFault[];
}

/** One of them: its form, or what it is for whoever only looks. */
export function strengthFormPage(view: StrengthView): SafeHtml {
  const { frame, strength, usedBy, faults, current } = view;
  const { locale } = frame;
  const all = wordsIn(locale);
  const words = all.strengths;
  const isFixed = strength?.isBuiltIn === true || !mayAct(current.user.role, 'change-policy');
  return adminPage(view, 'settings', {
    title: strength === undefined ? words.add : strengthName(strength, locale),
    intro: strength?.isBuiltIn === true ? words.fixed : words.intro,
    back: { href: strengthsPath, label: all.groups.strengths.title },
    error: faults.length > 0,
    body: html`${errorSummary({
      locale,
      errors: faults.map((fault) => ({
        field: fault.field,
        message: faultTold(fault, usedBy, locale),
      })),
    })}${
      isFixed && strength !== undefined
        ? card({
            heading: words.columns.enough,
            body: prose(
              html`<ul>${strength.combinations.map((each) => html`<li>${combinationTold(each, locale)}</li>`)}</ul>`,
            ),
          })
        : strengthForm(view)
    }${
      usedBy.length === 0
        ? undefined
        : card({
            heading: words.columns.usedBy,
            body: html`<p>${formatList(usedBy, locale)}</p>`,
          })
    }`,
  });
}

function strengthForm(view: StrengthView): SafeHtml {
  const { frame, csrf, strength, sent, known, methodIds, usedBy } = view;
  const { locale } = frame;
  const all = wordsIn(locale);
  const words = all.strengths;
  const errorAt = (name: StrengthFault['field']): string | undefined => {
    const fault = view.faults.find((each) => each.field === name);
    return fault === undefined ? undefined : faultTold(fault, usedBy, locale);
  };
  const path = strength === undefined ? newStrengthPath : strengthPath(strength.id);
  return form({
    action: path,
    csrf,
    body: html`${card({
      body: html`${field({
        locale,
        name: 'name',
        label: words.name,
        hint: words.nameHint,
        error: errorAt('name'),
        value: sent['name'],
        autocomplete: 'off',
        maxlength: 80,
      })}${
        strength === undefined
          ? field({
              locale,
              name: 'id',
              label: words.id,
              hint: words.idHint,
              error: errorAt('id'),
              value: sent['id'],
              autocomplete: 'off',
              width: 'medium',
              maxlength: 50,
            })
          : undefined
      }${checkboxes({
        locale,
        name: combinationsName,
        id: 'combinations',
        legend: words.combinations,
        hint: words.combinationsHint,
        error: errorAt('combinations'),
        options: known.map((each) => {
          const name = boxName(combinationsName, combinationText(each));
          return { name, label: combinationTold(each, locale), checked: name in sent };
        }),
      })}${textArea({
        locale,
        name: combinationsName,
        id: 'more-combinations',
        label: words.more,
        hint: words.moreHint(['password', ...methodIds].join(', ')),
        value: sent[combinationsName],
        mayBeEmpty: true,
        rows: 3,
      })}`,
    })}${actions(
      button({ label: all.save, kind: 'primary' }),
      strength === undefined
        ? undefined
        : button({
            label: words.remove,
            kind: 'danger',
            formaction: `${path}/remove`,
            ...(usedBy.length === 0
              ? {}
              : { disabledReason: words.faults.used(formatList(usedBy, locale)) }),
          }),
      linkButton({ label: all.cancel, href: strengthsPath }),
    )}`,
  });
}

function combinationTold(combination: Combination, locale: Locale): string {
  return combination.map((id) => methodName(id, locale)).join(' + ');
}

function faultTold({ reason }: StrengthFault, usedBy: readonly string[], locale: Locale): string {
  const { faults } = wordsIn(locale).strengths;
  return reason === 'used' ? faults.used(formatList(usedBy, locale)) : faults[reason];
}
