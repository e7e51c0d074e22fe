/** Owns how a provider does, in words for those in charge: who rests, and what became of a day. */
import type { MessageKind } from './message.ts';
import type { Tally } from './outbox-store.ts';
import type { Provider } from './provider.ts';
import type { Rest } from './rest-store.ts';

/** How one provider does with one kind of message. */
export interface ProviderHealth {
  readonly provider: string;
  readonly kind: MessageKind;
  /** Absent where it is well: since when it rests, when it is tried next, and what it did last. */
  readonly rest?: Omit<Rest, 'provider' | 'kind'>;
  /** Messages of the last 24 hours: taken, given up after it was asked last, and still on their way. */
  readonly sent: number;
  readonly failed: number;
  readonly waiting: number;
  /** What those cost by its own word, in millionths of each currency (ISO 4217). */
  readonly costs: readonly { readonly currency: string; readonly millionths: number }[];
}

/** One line for each provider and kind, in the order of the providers. */
export function healthOf(
  providers: readonly Pick<Provider, 'name' | 'kinds'>[],
  rests: readonly Rest[],
  tallies: readonly Tally[],
): readonly ProviderHealth[] {
  return providers.flatMap(({ name: provider, kinds }) =>
    kinds.map((kind): ProviderHealth => {
      const own = tallies.filter((tally) => tally.provider === provider && tally.kind === kind);
      const count = (state: Tally['state']): number =>
        own.filter((tally) => tally.state === state).reduce((sum, tally) => sum + tally.count, 0);
      const rest = rests.find((each) => each.provider === provider && each.kind === kind);
      const currencies = new Set(own.flatMap(({ currency }) => currency ?? []));
      return {
        provider,
        kind,
        ...(rest === undefined
          ? {}
          : { rest: { since: rest.since, probeAt: rest.probeAt, fault: rest.fault } }),
        sent: count('sent'),
        failed: count('failed'),
        waiting: count('queued'),
        costs: [...currencies].map((currency) => ({
          currency,
          millionths: own
            .filter((tally) => tally.currency === currency)
            .reduce((sum, tally) => sum + tally.cost, 0),
        })),
      };
    }),
  );
}
