/** A reset of a password without HTTP, past the human check: for tests of the state machine itself. */
import { createHash, randomInt } from 'node:crypto';

import type { QueuedMessage } from '../../src/delivery/message.ts';
import type { AttemptRef } from '../../src/signin/progress.ts';
import { createResetting, type Resetting } from '../../src/signin/resetting.ts';
import type { Hall } from './signin.ts';

export interface Reset {
  readonly resetting: Resetting;
  readonly ref: AttemptRef;
}

/** Opens a reset in a browser of its own, and names whose password it is. */
export async function startReset(hall: Hall, name: string): Promise<Reset> {
  const resetting = createResetting(hall.parts);
  const ref = await openReset(hall);
  await resetting.identify(ref, name, solved(resetting.humanQuestion(ref.id)));
  return { resetting, ref };
}

/** The attempt alone. */
export async function openReset({ signin }: Pick<Hall, 'signin'>): Promise<AttemptRef> {
  return signin.open({
    request: {
      purpose: 'reset',
      applicationId: undefined,
      applicationName: undefined,
      required: 'password',
      anew: 'nothing',
      returnTo: '/',
      subject: undefined,
    },
    locale: 'en',
    address: `192.0.2.${randomInt(256)}`,
    userAgent: 'test',
    session: undefined,
  });
}

/** Does the work of the human check, as a browser would. */
export function solved(question: string): string {
  const asked: { challenge: string; salt: string; maxnumber: number } = JSON.parse(
    Buffer.from(question, 'base64').toString(),
  );
  for (let number = 0; number <= asked.maxnumber; number++) {
    const hash = createHash('sha256').update(`${asked.salt}${number}`).digest('hex');
    if (hash === asked.challenge) {
      return Buffer.from(JSON.stringify({ ...asked, number })).toString('base64');
    }
  }
  throw new Error('there is no such number');
}

/** The six digits in a mail. */
export function askedMail(messages: readonly QueuedMessage[]): string {
  for (const { message } of messages) {
    const code = message.kind === 'mail' ? /\b\d{6}\b/.exec(message.text)?.[0] : undefined;
    if (code !== undefined) return code;
  }
  throw new Error('no mail with a code was sent');
}
