/**
 * Owns the page that asks, within a sign-in, for one more method: because what somebody wants to open
 * takes it (row A-079), or because the organisation's campaign is for it (row A-076).
 */
import { html, type SafeHtml } from '../../lib/html.ts';
import type { Step } from '../../signin/next-step.ts';
import { actions, button } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { cardPage } from '../../ui/layout.ts';
import { registrationPath } from '../attempt.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { helpLink } from '../sign-in/help-link.ts';
import { wordsIn } from './words.ts';

/** What the button sends that puts it off; no kind of registration is called so. */
export const later = 'later';

/** What is asked for, one button for each thing that would do, and whether it may wait. */
export function addMethodPage(
  view: AttemptView,
  step: Extract<Step, { kind: 'add-method' }>,
): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale).addMethod;
  const { attempt } = progress;
  const { title, why, how } =
    step.reason === 'strength'
      ? words.strength(attempt.request.applicationName)
      : words.campaign(step.maySnooze);
  const choices = step.choices.map(({ kind: id, slot }, index) => {
    const place = methods
      .kind(id)
      ?.places(locale)
      .find((one) => one.slot === slot);
    return button({
      label: words.setUp(place?.label ?? id),
      kind: index === 0 ? 'primary' : 'secondary',
      name: 'kind',
      value: id,
    });
  });
  const wait = step.maySnooze
    ? button({ label: words.later, kind: 'link', name: 'kind', value: later })
    : undefined;
  return cardPage({
    ...frame,
    title,
    account: accountOf(view),
    body: html`<p>${why}</p><p>${how}</p>${form({
      action: `${registrationPath(attempt.id)}/add-method`,
      csrf,
      body: actions(...choices, wait),
    })}${actions(helpLink('admin', locale))}`,
  });
}
