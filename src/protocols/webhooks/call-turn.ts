/** Owns what a call that we hold ourselves says next, by what the sign-in made of a report of it. */
import type { CallTurn } from '../../delivery/call-script.ts';
import type { DeliveryEvent } from '../../delivery/message.ts';
import type { Outcome } from './hearing.ts';

/** Keys are answered; anything else only ends a call that nobody waits for any more. */
export function turnAfter(event: DeliveryEvent, outcome: Outcome): CallTurn {
  if (outcome === 'over' || outcome === 'ignored') return { hangUp: true };
  if (event.kind !== 'keys') return {};
  switch (outcome) {
    case 'verified':
    case 'unasked':
      // A call that only tries whether calls arrive is thanked for as well.
      return { say: 'thanks', hangUp: true };
    case 'rejected':
      return { say: 'refused' };
    case 'pending':
    case 'repeated':
      return {};
  }
}
