/**
 * Owns what somebody may register within a sign-in, on top of what they prove: what is missing for
 * what is asked of them, and what the organisation's campaign is for.
 */
import type { User } from '../accounts/user.ts';
import { authenticatorApp } from '../methods/authenticator-app.ts';
import type { Method, Methods } from '../methods/method.ts';
import { standingInScope, standingOf, type Policy } from '../policies/policy.ts';
import { strengthsIn } from '../policies/strengths.ts';
import type { Option } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import { meets, type Combinations } from '../sessions/proven.ts';
import type { Addition, Attempt } from './attempt.ts';
import type { SnoozeStore } from './snooze-store.ts';

/** Whose registrations these are, and what policy makes of them. */
export interface Owned {
  readonly user: User;
  readonly policy: Policy;
  readonly registrations: readonly Registration[];
  readonly options: readonly Option[];
}

/** What each authentication strength allows that is asked for, as policy has them now. */
export function combinationsAsked(
  { request }: Attempt,
  policy: Policy,
  methods: Methods,
): readonly Combinations[] {
  const known = strengthsIn(policy, methods);
  return (request.strengths ?? []).map(known.combinations);
}

/** What this person may register so that what is asked can be proved; nothing where it can be already. */
export function missingFor(
  { request, proofs }: Attempt,
  { user, policy, registrations, options }: Owned,
  methods: Methods,
  asked: readonly Combinations[],
): readonly Addition[] {
  const resistant =
    request.required === 'phishing-resistant'
      ? [strengthsIn(policy, methods).combinations('phishing-resistant')]
      : [];
  const unmet = [...resistant, ...asked].find((combinations) => !meets(proofs, combinations));
  if (unmet === undefined) return [];
  const isProved = (id: string): boolean => proofs.some(({ method }) => method === id);
  const has = (id: string): boolean => options.some(({ method }) => method.id === id);
  const additions = unmet.flatMap((combination) => {
    const missing = combination.filter((id) => id !== 'password' && !isProved(id) && !has(id));
    const places = missing.map((id) => placeFor(methods.get(id), { user, policy, registrations }));
    const [first] = places;
    return first === undefined || places.includes(undefined) ? [] : [first];
  });
  return additions.filter(
    ({ kind, slot }, index) =>
      additions.findIndex((one) => one.kind === kind && one.slot === slot) === index,
  );
}

/** The first free place that this person may begin to fill with this method. */
export function placeFor(
  method: Method | undefined,
  { user, policy, registrations }: Omit<Owned, 'options'>,
): Addition | undefined {
  if (method?.begin === undefined || !method.draftProves) return undefined;
  if (standingOf(policy, method, user) !== 'allowed') return undefined;
  const kind = method.registers;
  const taken = registrations.filter((one) => one.kind === kind.id).map(({ slot }) => slot);
  const place = kind
    .places('en')
    .find(({ slot }) =>
      slot === ''
        ? taken.length < kind.slots.length
        : method.beginsIn.includes(slot) && !taken.includes(slot),
    );
  return place && { kind: kind.id, slot: place.slot };
}

/** What the registration campaign is for (row A-076). */
const campaignKind = authenticatorApp.id;

/** What the campaign asks of this person today, and whether it may wait. */
export async function campaignFor(
  snoozes: SnoozeStore,
  owned: Owned,
  methods: Methods,
  now: Date,
): Promise<{ readonly adds: Addition; readonly maySnooze: boolean } | undefined> {
  const { user, policy, registrations, options } = owned;
  const { campaign } = policy.registration;
  if (!campaign.enabled || standingInScope(campaign, user) !== 'allowed') return undefined;
  // Whoever has a key is asked for nothing weaker.
  const hasBetter = options.some(({ strength }) => strength === 'phishing-resistant');
  if (hasBetter || registrations.some(({ kind }) => kind === campaignKind)) return undefined;
  const adds = methods.all
    .filter(({ registers }) => registers.id === campaignKind)
    .map((method) => placeFor(method, owned))
    .find((place) => place !== undefined);
  if (adds === undefined) return undefined;
  const snooze = await snoozes.find(user.id);
  if (snooze !== undefined && snooze.untilAt > now) return undefined;
  const isUsedUp = (snooze?.times ?? 0) >= campaign.snoozes;
  return { adds, maySnooze: !(campaign.requiredAfterwards && isUsedUp) };
}

/** Puts the campaign off for as long as policy says. */
export async function snooze(
  snoozes: SnoozeStore,
  userId: string,
  { registration }: Policy,
  now: Date,
): Promise<void> {
  const times = ((await snoozes.find(userId))?.times ?? 0) + 1;
  const untilAt = new Date(now.getTime() + registration.campaign.snoozeDays * 86_400_000);
  await snoozes.put(userId, { times, untilAt });
}
