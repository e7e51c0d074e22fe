/**
 * Owns the page that asks at sign-in whether a forgotten password could be reset (rows A-095, E-109,
 * E-110): what it takes, or whether what is registered is still right. It may be put off, and returns.
 */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attemptPath } from '../../http/sign-in-cookies.ts';
import { waysOf } from '../../signin/reset-standing.ts';
import { gatesNeeded } from '../../policies/policy.ts';
import { actions, button } from '../../ui/components/button.ts';
import { facts } from '../../ui/components/list.ts';
import { form } from '../../ui/components/form.ts';
import { cardPage } from '../../ui/layout.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { wordsIn } from './words.ts';

/** What the buttons send. */
export const prepareChoices = ['now', 'later', 'confirmed'] as const;

/** `what`: something is missing, or it is time to look at what there is. */
export function preparePage(view: AttemptView, what: 'register' | 'confirm'): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale).prepare;
  const { policy, user, registrations, privileged } = progress.known;
  const ways = user === undefined ? [] : waysOf(methods, policy, user, registrations);
  const theirs = registrations.filter(({ id }) =>
    ways.some(({ registrationId, isLeft }) => registrationId === id && isLeft),
  );
  const list = facts(
    theirs.flatMap(({ kind: id, secret }) => {
      const kind = methods.kind(id);
      const value = kind?.detail(secret, locale);
      return kind === undefined
        ? []
        : [
            {
              term: kind.name(secret, locale),
              value: value === '' ? words.registered : (value ?? ''),
            },
          ];
    }),
  );
  const choice = (
    value: (typeof prepareChoices)[number],
    label: string,
    kind: 'primary' | 'secondary' | 'link',
  ) => button({ label, kind, name: 'choice', value });
  const isMissing = what === 'register';
  return cardPage({
    ...frame,
    title: isMissing ? words.register.title : words.confirm.title,
    account: accountOf(view),
    body: html`<p>${
      isMissing ? words.register.body(gatesNeeded(policy, privileged)) : words.confirm.body
    }</p>${theirs.length > 0 && list}${form({
      action: `${attemptPath(progress.attempt.id)}/prepare-reset`,
      csrf,
      body: isMissing
        ? actions(
            choice('now', words.register.now, 'primary'),
            choice('later', words.later, 'link'),
          )
        : actions(
            choice('confirmed', words.confirm.right, 'primary'),
            choice('now', words.confirm.change, 'secondary'),
            choice('later', words.later, 'link'),
          ),
    })}`,
  });
}
