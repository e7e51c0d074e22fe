/** Adding one more thing from inside a session, as **Add method** on Security info does. */
import type { Addition } from '../../src/signin/attempt.ts';
import type { CurrentSession } from '../../src/signin/current-session.ts';
import type { AttemptRef } from '../../src/signin/progress.ts';
import { type Hall, opening } from './signin.ts';

/** Opens the attempt at whose end `adds` is registered. */
export async function addTo(
  hall: Hall,
  { session }: CurrentSession,
  adds: Addition,
): Promise<AttemptRef> {
  return hall.signin.open(
    opening(
      {
        required: 'strongest',
        freshSeconds: 300,
        adds,
        returnTo: '/my-profile/security-info',
        subject: session.userId,
      },
      { session },
    ),
  );
}
