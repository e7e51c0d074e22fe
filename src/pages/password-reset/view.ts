/** Owns what the pages of a reset are drawn from, and whose name stands on them: the one that was typed. */
import type { CardPageOptions } from '../../ui/layout.ts';
import { resetPath } from '../attempt.ts';
import type { AttemptView } from '../attempt-view.ts';

/** Its progress is as it may be shown (`asShown`): without anything of the account. */
export type ResetView = AttemptView;

/** Whose password it is to be, with the way out for somebody else. */
export function accountIn({ csrf, progress }: ResetView): CardPageOptions['account'] {
  const { identified, id } = progress.attempt;
  if (identified === undefined) return undefined;
  return { name: identified.typed, notYou: { action: `${resetPath(id)}/restart`, csrf } };
}
