/** Owns who carries a message: which providers may, and which of them is asked first. */
import { countryOf } from '../lib/phone-number.ts';
import type { OutgoingMessage } from './message.ts';
import type { Provider } from './provider.ts';

/** Names of providers, the preferred one first. Who is not named comes after them. */
export interface KindOrder {
  readonly text?: readonly string[];
  readonly call?: readonly string[];
}

/** What the operator prefers: everywhere, and in a country (ISO 3166) that has an order of its own. */
export interface DeliveryOrder extends KindOrder {
  readonly countries?: Readonly<Record<string, KindOrder>>;
}

/** The providers that carry this kind of message, in the order in which they are to be asked. */
export function carriersOf(
  providers: readonly Provider[],
  order: DeliveryOrder,
  message: OutgoingMessage,
): readonly Provider[] {
  const able = providers.filter(({ kinds }) => kinds.includes(message.kind));
  if (able.length < 2 || (message.kind !== 'text' && message.kind !== 'call')) return able;
  const { countries = {} } = order;
  // To know a country costs loading the numbers of all of them.
  const country = Object.keys(countries).length === 0 ? null : countryOf(message.to);
  const ofCountry = country === null ? undefined : countries[country]?.[message.kind];
  const preferred = ofCountry ?? order[message.kind] ?? [];
  const rank = ({ name }: Provider): number => {
    const place = preferred.indexOf(name);
    return place === -1 ? preferred.length : place;
  };
  return able.toSorted((one, other) => rank(one) - rank(other));
}
