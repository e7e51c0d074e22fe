/** Owns what every page of an attempt is drawn from, and what stands on top of each of them. */
import { attemptPath } from '../http/sign-in-cookies.ts';
import type { Methods } from '../methods/method.ts';
import type { Progress } from '../signin/progress.ts';
import type { CardPageOptions, PageFrame } from '../ui/layout.ts';

/** What a page of an attempt is drawn from. */
export interface AttemptView {
  readonly frame: PageFrame;
  readonly csrf: string;
  readonly progress: Progress;
  readonly methods: Methods;
}

/** Who is signing in, with the way out for somebody else; nothing while nobody is named. */
export function accountOf({ csrf, progress }: AttemptView): CardPageOptions['account'] {
  const { attempt, known } = progress;
  if (attempt.identified === undefined) return undefined;
  return {
    name: known.user?.userPrincipalName ?? attempt.identified.typed,
    notYou: { action: `${attemptPath(attempt.id)}/restart`, csrf },
  };
}
