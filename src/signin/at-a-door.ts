/**
 * Owns attempts without a browser: a system asks on behalf of somebody who sits before it. What takes
 * the place of the browser's cookie is a state that the system was given with the last answer. It is
 * bound to that system and good once: whoever heard it on its way has nothing.
 */
import { timingSafeEqual } from 'node:crypto';

import type { SecretBox } from '../lib/secret-box.ts';
import type { Method } from '../methods/method.ts';
import type { Attempt, AttemptDoor } from './attempt.ts';

/** What a system shows to go on with an attempt of its own. */
export interface DoorRef {
  /** Which system; from its own proof of who it is, never from what it says. */
  readonly client: string;
  /** What it was given with the last answer. */
  readonly state: string;
  /** What it is given with the next: 256 random bits. */
  readonly next: string;
}

/** A door as it is kept with a new attempt. */
export function atDoor(
  box: Pick<SecretBox, 'keyedHash'>,
  door: Omit<AttemptDoor, 'state'> & { readonly next: string },
): AttemptDoor {
  const { name, client, asks, next } = door;
  return { name, client, asks, state: stateHash(box, next) };
}

/** Whether this system may go on with it now. */
export function isAtItsDoor(
  box: Pick<SecretBox, 'keyedHash'>,
  door: AttemptDoor,
  ref: DoorRef | undefined,
): boolean {
  if (ref === undefined || ref.client !== door.client) return false;
  return timingSafeEqual(Buffer.from(door.state), Buffer.from(stateHash(box, ref.state)));
}

/** The attempt after its state was used: only the next one goes on with it. */
export function withNextState(
  box: Pick<SecretBox, 'keyedHash'>,
  attempt: Attempt,
  ref: DoorRef | undefined,
): Attempt {
  const { door } = attempt;
  return door === undefined || ref === undefined
    ? attempt
    : { ...attempt, door: { ...door, state: stateHash(box, ref.next) } };
}

/** Whether this is the state that the attempt goes on with now. */
export function hasState(
  box: Pick<SecretBox, 'keyedHash'>,
  { door }: Pick<Attempt, 'door'>,
  state: string,
): boolean {
  return door?.state === stateHash(box, state);
}

/** Whether somebody at this door can answer: there is no page for a security key to be asked on. */
export function isAnswerableAt(
  door: AttemptDoor | undefined,
  { answeredBy, sends }: Pick<Method, 'answeredBy' | 'sends'>,
): boolean {
  if (door === undefined) return true;
  return door.asks === 'later'
    ? answeredBy !== 'browser'
    : answeredBy === 'typing' && sends === 'nothing';
}

function stateHash(box: Pick<SecretBox, 'keyedHash'>, state: string): string {
  return box.keyedHash('attempt-door', state).toString('base64url');
}
