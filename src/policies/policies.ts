/** Owns reading and changing the policy. Reads are cached for two seconds: a change is everywhere within five. */
import { TweestapError } from '../errors/errors.ts';
import type { Methods } from '../methods/method.ts';
import { plainWords } from '../lib/settings/plain-words.ts';
import type { PolicyStore } from './policy-store.ts';
import { policySchema } from './policy-schema.ts';
import { methodFaults, type Policy } from './policy.ts';

/** The policy, for whoever decides by it. */
export interface Policies {
  /**
   * The policy in force, at most two seconds old. Whoever is in a transaction hands in its store: as
   * many transactions as there are connections, each waiting for one more to read the policy, would
   * wait for one another.
   */
  current(store?: PolicyStore): Promise<Policy>;
  /** Reads anew at the next question: what was changed in a transaction of somebody else's. */
  forget(): void;
  /**
   * Applies a change to the newest policy, which is told with its version; throws `CONFIGURATION_FAULTY`
   * with every fault.
   */
  change(edit: (policy: Policy, version: number) => unknown): Promise<Policy>;
}

const cacheMs = 2000;

/** Makes the service; each node caches for itself. */
export function createPolicies(parts: {
  readonly store: PolicyStore;
  readonly methods: Methods;
}): Policies {
  const { store, methods } = parts;
  let cached: { policy: Policy; at: number } | undefined;
  const monotonic = (): number => performance.now();

  const parse = (document: unknown): Policy => {
    const parsed = policySchema.safeParse(document, { error: plainWords });
    const faults = parsed.success
      ? methodFaults(parsed.data, methods)
      : parsed.error.issues.map(({ path, message }) =>
          // A name at the top that nobody knows has no path.
          path.length === 0 ? message : `${path.join('.')}: ${message}`,
        );
    if (parsed.success && faults.length === 0) return parsed.data;
    throw new TweestapError('CONFIGURATION_FAULTY', { details: { faults } });
  };

  return {
    current: async (by = store) => {
      if (cached !== undefined && monotonic() - cached.at < cacheMs) return cached.policy;
      const policy = parse((await by.read()).document);
      cached = { policy, at: monotonic() };
      return policy;
    },
    forget: () => {
      cached = undefined;
    },
    change: async (edit) => {
      for (let tries = 0; tries < 5; tries++) {
        const { version, document } = await store.read();
        const policy = parse(edit(parse(document), version));
        if (await store.write(version, policy)) {
          cached = { policy, at: monotonic() };
          return policy;
        }
      }
      throw new TweestapError('BUSY');
    },
  };
}
