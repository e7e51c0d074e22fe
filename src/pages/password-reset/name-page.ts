/** Owns the first page of a reset: whose password it is, and the check that no program asks. */
import { html, type SafeHtml } from '../../lib/html.ts';
import type { HumanCheckResult } from '../../signin/human-check.ts';
import { attributes } from '../../ui/attributes.ts';
import { actions, button } from '../../ui/components/button.ts';
import { field } from '../../ui/components/field.ts';
import { form } from '../../ui/components/form.ts';
import { errorSummary, notice } from '../../ui/components/notice.ts';
import { pauseNotice } from '../../ui/components/pause.ts';
import { cardPage } from '../../ui/layout.ts';
import { resetPath } from '../attempt.ts';
import type { AttemptView } from '../attempt-view.ts';
import { wordsIn } from './words.ts';

export interface NameAsked {
  /** What the human check asks; the same again where its answer is only too early. */
  readonly question: string;
  /** What was typed, kept. */
  readonly typed?: string | undefined;
  readonly isMissing?: boolean;
  /** Why it does not go on yet. */
  readonly check?: Exclude<HumanCheckResult, 'passed'>;
}

const buttonId = 'next';

/** Asks for the user name. */
export function namePage(view: AttemptView, asked: NameAsked): SafeHtml {
  const { frame, csrf, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale).name;
  const error = asked.isMissing === true ? words.missing : undefined;
  return cardPage({
    ...frame,
    title: words.title,
    error: error !== undefined,
    body: html`<p>${words.intro}</p>${errorSummary({
      locale,
      errors: error === undefined ? [] : [{ field: 'name', message: error }],
    })}${held(view, asked)}${form({
      action: `${resetPath(progress.attempt.id)}/name`,
      csrf,
      body: html`${field({
        locale,
        name: 'name',
        label: words.label,
        hint: words.hint(progress.known.policy.organisation.domain),
        error,
        inputmode: 'email',
        autocomplete: 'username',
        autofocus: error === undefined,
        maxlength: 320,
        value: asked.typed,
      })}<human-check><input${attributes({
        type: 'hidden',
        name: 'human',
        value: asked.question,
      })}></human-check>${actions(button({ label: words.next, kind: 'primary', id: buttonId }))}`,
    })}`,
  });
}

function held({ frame, progress }: AttemptView, { check }: NameAsked): SafeHtml | undefined {
  if (check === undefined) return undefined;
  const { locale } = frame;
  const words = wordsIn(locale).name;
  if (check.kind === 'again') {
    return notice({ locale, kind: 'warning', body: words.again, announce: true });
  }
  return pauseNotice({
    locale,
    now: progress.known.now,
    until: check.untilAt,
    words: check.kind === 'wait' ? words.wait : words.limited,
    enable: buttonId,
  });
}
