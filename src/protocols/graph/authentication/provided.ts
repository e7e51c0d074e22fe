/** Owns how the API says that a phone or an address was not registered. */
import type { ProvidingFault } from '../../../administration/providing.ts';
import { notFound, refusal, type Refusal } from '../faults.ts';
import type { UserCall } from '../operation.ts';

const words: Readonly<Record<Exclude<ProvidingFault, 'gone'>, string>> = {
  unreadable: 'This is no phone number, or no e-mail address.',
  country: 'Texts and calls do not go to the country of this number.',
  'own-mailbox': 'The mailbox of the account itself cannot be used to reset its password.',
  taken: 'There is one already; change it instead.',
  'needs-mobile': 'An alternateMobile comes after a mobile.',
  full: 'There are as many as there may be; delete one first.',
  'not-accepted': 'The credential was not accepted: ask for creation options, and answer these.',
  'not-allowed': 'The policy does not let this user use it.',
};

/** The refusal of what was asked. */
export function toldFault(call: UserCall, reason: ProvidingFault): Refusal {
  return reason === 'gone'
    ? notFound(call.params['method'] ?? '')
    : refusal('badRequest', words[reason]);
}
