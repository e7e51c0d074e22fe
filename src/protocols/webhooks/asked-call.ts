/**
 * Owns how a call goes whose provider asks us at every turn what to say next, in whatever language it
 * understands: what a key means is the method's to judge, and how something is said the provider's.
 */
import { z } from 'zod';

import type { DeliveryEvent } from '../../delivery/message.ts';
import type { Outcome } from './hearing.ts';

/** After as many times of silence we hang up. */
const mostSilences = 3;

/** How far a call is, as it stands in the address that is asked. */
export const placeInCall = z.object({
  /** Counted up with everything we say: no two reports of keys in a call have the same. */
  turn: z.coerce.number().int().min(1).max(999).default(1),
  /** How often nobody has pressed anything so far. */
  silences: z.coerce.number().int().min(0).max(mostSilences).default(0),
});

type Place = z.infer<typeof placeInCall>;

/** What can be said, in the provider's language. */
export interface Says<said> {
  /** From the beginning: who asks, and then what to press. */
  readonly greet: (place: Place) => said;
  /** What to press; `afterRefusal` says first that the keys were wrong. */
  readonly instruct: (place: Place, afterRefusal: boolean) => said;
  readonly thanks: () => said;
  readonly hangUp: said;
}

/** A call that is under way. */
export interface AskedCall<said> extends Place {
  readonly says: Says<said>;
  /** Somebody behind an exchange may pick up only later, and does not know who is calling. */
  readonly isBehindExchange: boolean;
  /** `what` tells this report from every other of the call. */
  readonly hear: (what: string, event: DeliveryEvent) => Promise<Outcome>;
}

/** Somebody, or something, has picked up. */
export async function pickedUp<said>(call: AskedCall<said>): Promise<said> {
  const outcome = await call.hear('answered', { kind: 'answered' });
  return isClosed(outcome) ? call.says.hangUp : call.says.greet(next(call));
}

/** Keys while we greet: they count for nothing but against a machine, and begin the greeting anew. */
export async function pressedEarly<said>(call: AskedCall<said>, keys: string): Promise<said> {
  if (keys === '') return call.says.instruct(next(call), false);
  const event: DeliveryEvent = { kind: 'keys', keys, promptSpoken: false };
  const outcome = await call.hear(`early:${call.turn}`, event);
  return isClosed(outcome) ? call.says.hangUp : call.says.greet(next(call));
}

/** An entry after the instruction, or that there was none. */
export async function entered<said>(call: AskedCall<said>, keys: string): Promise<said> {
  if (keys === '') return silent(call);
  const { says, turn } = call;
  const outcome = await call.hear(`keys:${turn}`, { kind: 'keys', keys, promptSpoken: true });
  switch (outcome) {
    case 'verified':
    case 'unasked':
      return says.thanks();
    case 'rejected':
      return says.instruct(next(call), true);
    case 'over':
    case 'ignored':
      return says.hangUp;
    case 'pending':
    case 'repeated':
      return says.instruct(next(call), false);
  }
}

async function silent<said>(call: AskedCall<said>): Promise<said> {
  const { says, turn } = call;
  const silences = call.silences + 1;
  if (silences >= mostSilences) {
    await call.hear('silence', { kind: 'ended', reason: 'no-key' });
    return says.hangUp;
  }
  // A challenge that was answered, cancelled or forgotten meanwhile ends the call.
  const outcome = await call.hear(`silence:${turn}`, { kind: 'answered' });
  if (isClosed(outcome)) return says.hangUp;
  const place = next({ turn, silences });
  return call.isBehindExchange ? says.greet(place) : says.instruct(place, false);
}

function next({ turn, silences }: Place): Place {
  return { turn: turn + 1, silences };
}

function isClosed(outcome: Outcome): boolean {
  return outcome === 'over' || outcome === 'ignored';
}
