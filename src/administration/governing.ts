/**
 * Owns changing what the organisation decides, from whichever side it comes: the command line, the
 * portal, the API. Each change is one transaction with its audit event, which says what was so before
 * and what is so now; every node goes by it within five seconds.
 */
import type { ApplicationStore } from '../applications/application-store.ts';
import { policyChanged } from '../audit/policy-event.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import { createPolicies, type Policies } from '../policies/policies.ts';
import { changesBetween, type PolicyChange } from '../policies/policy-changes.ts';
import type { Policy } from '../policies/policy.ts';
import { requirableNames } from '../policies/strengths.ts';
import type { SigninStores } from '../signin/stores.ts';
import { admitToOrganisation, requireApproval, type By } from './acting-admin.ts';

/** What a change of the policy looks at: the applications say which strengths are in use. */
export interface GoverningStores extends SigninStores {
  readonly applications: Pick<ApplicationStore, 'find' | 'list'>;
}

export interface Governing {
  /**
   * Applies a change to the newest policy; resolves to what is different now, which may be nothing.
   * Throws `CONFIGURATION_FAULTY` with every fault and, for somebody at their pages, `NOT_SIGNED_IN`,
   * `STEP_UP_REQUIRED` or `NOT_ALLOWED`; nothing has changed then.
   */
  changePolicy(
    by: By,
    /** `version` is that of the policy which is changed: whoever goes by an older one may throw. */
    edit: (policy: Policy, version: number) => unknown,
  ): Promise<readonly PolicyChange[]>;
  /** What that would change, and refuses what it would; changes nothing. */
  rehearseChange(by: By, edit: (policy: Policy) => unknown): Promise<readonly PolicyChange[]>;
}

/** Makes the service. */
export function createGoverning(parts: {
  readonly transact: Transact<GoverningStores>;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly clock: Clock;
}): Governing {
  const { transact, methods, policies, clock } = parts;

  const change = (
    by: By,
    edit: (policy: Policy, version: number) => unknown,
    isRehearsal: boolean,
  ): Promise<readonly PolicyChange[]> =>
    transact(async (held) => {
      const now = clock.now();
      const who = await admitToOrganisation(parts, held, by, 'change-policy', now);
      const store = isRehearsal ? { ...held.policies, write: async () => true } : held.policies;
      let before: Policy | undefined;
      const after = await createPolicies({ store, methods }).change((policy, version) => {
        before = policy;
        return edit(policy, version);
      });
      const found = changesBetween(before, after);
      if (before?.administration.secondApproval === true && !after.administration.secondApproval) {
        const wanted = { act: 'stop-asking', role: undefined, values: {} } as const;
        if (!isRehearsal) await requireApproval(held, by, who, [wanted], '', now);
      }
      await refuseMissing(held, before, after);
      if (found.length > 0 && !isRehearsal) {
        await held.audit.append(policyChanged({ at: now, ...who, changes: found }));
      }
      return found;
    });

  return {
    changePolicy: async (by, edit) => {
      const changes = await change(by, edit, false);
      policies.forget();
      return changes;
    },
    rehearseChange: (by, edit) => change(by, edit, true),
  };
}

/** An authentication strength that applications ask for stays: without it nobody could open them. */
async function refuseMissing(
  { applications }: GoverningStores,
  before: Policy | undefined,
  after: Policy,
): Promise<void> {
  const names = requirableNames(after);
  const gone = (before?.strengths ?? []).map(({ id }) => id).filter((id) => !names.includes(id));
  if (gone.length === 0) return;
  const faults = (await applications.list())
    .filter(({ required }) => gone.includes(required))
    .map(
      ({ required, name, clientId }) =>
        `strengths: ${required} is required by the application ${name} (${clientId})`,
    );
  if (faults.length > 0) throw new TweestapError('CONFIGURATION_FAULTY', { details: { faults } });
}
