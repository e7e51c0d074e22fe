/**
 * Owns what somebody should know before a change of the policy is saved: whom it leaves without a
 * method, whom it lets in. What would lock everybody out, or whoever saves it, is refused.
 */
import type { UserStore } from '../../../accounts/user-store.ts';
import type { User } from '../../../accounts/user.ts';
import { isInNetworks, parseCidr } from '../../../lib/ip.ts';
import type { Method, Methods } from '../../../methods/method.ts';
import { isForReset, standingOf, type Policy } from '../../../policies/policy.ts';
import type { Places, RegistrationStore } from '../../../registrations/registration-store.ts';
import type { Registration } from '../../../registrations/registration.ts';

/** Why it is asked once more. */
export type Danger =
  | {
      readonly kind: 'method-off';
      readonly method: string;
      /** Who has registered something for it. */
      readonly people: number;
      /** Who of them has nothing else to sign in with. */
      readonly only: number;
    }
  | {
      readonly kind: 'group-out';
      readonly method: string;
      readonly group: string;
      /** Who is in the group, and who of them has registered something of this kind. */
      readonly people: number;
      readonly registered: number;
    }
  | { readonly kind: 'only-groups'; readonly method: string; readonly groups: readonly string[] }
  | { readonly kind: 'group-unknown'; readonly group: string }
  | { readonly kind: 'ips-everyone' | 'ips-wide'; readonly range: string }
  | { readonly kind: 'ips-own-out'; readonly address: string }
  | {
      readonly kind:
        | 'app-passwords-off'
        | 'app-passwords-sooner'
        | 'no-messages'
        | 'reset-too-few'
        | 'registration-shut';
    };

/** Why it is not done at all: nobody could sign in with a second step any more, or whoever saves it could not. */
export type Refusal = 'noMethod' | 'own-out';

/** Before and after a change. */
export interface Change {
  readonly before: Policy;
  readonly after: Policy;
}

/** What is refused; undefined where nothing is. `registered`: of whoever saves it. */
export function refusalOf(
  { before, after }: Change,
  methods: Methods,
  user: Pick<User, 'groups' | 'role'>,
  registered: readonly Pick<Registration, 'kind' | 'secret'>[],
): Refusal | undefined {
  const own = methods.all.filter(isOwn);
  if (!own.some((method) => isOn(after, method))) return 'noMethod';
  const mayStill = (policy: Policy): boolean =>
    own.some(
      (method) =>
        standingOf(policy, method, user) === 'allowed' &&
        registered.some(
          ({ kind, secret }) => kind === method.registers.id && method.appliesTo(secret),
        ),
    );
  return mayStill(before) && !mayStill(after) ? 'own-out' : undefined;
}

/** What is to be known first, the gravest first. */
export async function dangersOf(
  { before, after }: Change,
  known: {
    readonly methods: Methods;
    readonly registrations: Pick<RegistrationStore, 'countPeople'>;
    readonly users: Pick<UserStore, 'groups'>;
    /** Of whoever saves it. */
    readonly address: string;
  },
): Promise<readonly Danger[]> {
  const dangers: Danger[] = rangeDangers(before.trustedIps, after.trustedIps);
  const { address } = known;
  if (isInNetworks(address, before.trustedIps) && !isInNetworks(address, after.trustedIps)) {
    dangers.push({ kind: 'ips-own-out', address });
  }
  for (const method of known.methods.all) {
    if (!isOn(before, method) || isOn(after, method)) continue;
    const people = await known.registrations.countPeople([placesOf(method)]);
    // Which apps were paired is sealed: of one that answers with codes it is not taken to be.
    const left = known.methods.all
      .filter((each) => isOwn(each) && isOn(after, each))
      .filter(({ pairing, registers }) => pairing === undefined || registers !== method.registers);
    const only =
      people === 0 || !isOwn(method)
        ? 0
        : await known.registrations.countPeople([placesOf(method)], left.map(placesOf));
    dangers.push({ kind: 'method-off', method: method.id, people, only });
  }
  for (const method of known.methods.all) {
    dangers.push(...(await groupDangers({ before, after }, method, known.users)));
  }
  const named = groupsNamed(after).filter((group) => !groupsNamed(before).includes(group));
  if (named.length > 0) {
    const there = new Set((await known.users.groups([])).map(({ name }) => name));
    for (const group of named) {
      if (!there.has(group)) dangers.push({ kind: 'group-unknown', group });
    }
  }
  if (before.appPasswords.allowed && !after.appPasswords.allowed) {
    dangers.push({ kind: 'app-passwords-off' });
  } else if (after.appPasswords.allowed && endSooner(before, after)) {
    dangers.push({ kind: 'app-passwords-sooner' });
  }
  if (before.delivery.dayBudget > 0 && after.delivery.dayBudget === 0) {
    dangers.push({ kind: 'no-messages' });
  }
  if (isResetShut(after, known.methods) && !isResetShut(before, known.methods)) {
    dangers.push({ kind: 'reset-too-few' });
  }
  if (isRegistrationShut(after) && !isRegistrationShut(before)) {
    dangers.push({ kind: 'registration-shut' });
  }
  return dangers;
}

/** Whether app passwords live less long than before, those that there are among them; 0 days are for ever. */
function endSooner({ appPasswords: was }: Policy, { appPasswords: is }: Policy): boolean {
  return is.expiryDays > 0 && (was.expiryDays === 0 || is.expiryDays < was.expiryDays);
}

/** The groups that something other than a method is for. */
function groupsNamed({ reset, registration }: Policy): readonly string[] {
  const { includedGroups, excludedGroups } = registration.campaign;
  const inReset = reset.allowedFor === 'group' && reset.group !== undefined ? [reset.group] : [];
  return [...new Set([...inReset, ...includedGroups, ...excludedGroups])];
}

/** Whether some may reset their password, and nobody could (row A-093). */
function isResetShut(policy: Policy, methods: Methods): boolean {
  if (policy.reset.allowedFor === 'nobody') return false;
  const usable = methods.all.filter((method) => isForReset(policy, method));
  // A notification alone is not enough, however few things have to be proved.
  const alone = usable.filter(({ pairing }) => pairing === undefined);
  const kinds = new Set(usable.map(({ registers }) => registers.id));
  return alone.length === 0 || kinds.size < policy.reset.gates;
}

/** Whether a first method could be registered from nowhere without a pass. */
function isRegistrationShut({ registration, trustedIps }: Policy): boolean {
  return registration.fromTrustedIpsOnly && trustedIps.length === 0;
}

/** Who may not use a method any more because of a group. */
async function groupDangers(
  { before, after }: Change,
  { id, registers }: Method,
  users: Pick<UserStore, 'groups'>,
): Promise<readonly Danger[]> {
  const [was, is] = [groupsOf(before, id), groupsOf(after, id)];
  const excluded = is.excluded.filter((group) => !was.excluded.includes(group));
  const included = is.included.filter((group) => !was.included.includes(group));
  const isNarrower = was.included.some((group) => !is.included.includes(group));
  if (excluded.length + included.length === 0 && !isNarrower) return [];
  const sizes = new Map((await users.groups([registers.id])).map((each) => [each.name, each]));
  const isFewer = is.included.length > 0 && (was.included.length === 0 || isNarrower);
  return [
    ...[...new Set([...excluded, ...included])]
      .filter((group) => !sizes.has(group))
      .map((group): Danger => ({ kind: 'group-unknown', group })),
    ...(isFewer ? [{ kind: 'only-groups' as const, method: id, groups: is.included }] : []),
    ...excluded.flatMap((group): Danger[] => {
      const size = sizes.get(group);
      if (size === undefined) return [];
      const { people, registered } = size;
      return [{ kind: 'group-out', method: id, group, people, registered }];
    }),
  ];
}

function groupsOf(
  policy: Policy,
  id: string,
): { readonly included: readonly string[]; readonly excluded: readonly string[] } {
  const { includedGroups = [], excludedGroups = [] } = policy.methods[id] ?? {};
  return { included: includedGroups, excluded: excludedGroups };
}

/** Where a method finds what it asks for. */
export function placesOf(method: Pick<Method, 'registers' | 'beginsIn'>): Places {
  const { id, slots } = method.registers;
  return { kind: id, slots: method.beginsIn.length === 0 ? slots : method.beginsIn };
}

/** Whether policy has it switched on for anybody. */
export function isOn(
  policy: Policy,
  { id, offByDefault }: Pick<Method, 'id' | 'offByDefault'>,
): boolean {
  return policy.methods[id]?.enabled ?? !offByDefault;
}

/** Whether people register it by themselves and prove a sign-in with it, other than by a list they printed. */
function isOwn(method: Method): boolean {
  return method.provesIn.includes('sign-in') && method.begin !== undefined && method.draftProves;
}

/** From so many fixed bits on a range is small enough to belong to one organisation. */
const narrowFrom = { ipv4: 8, ipv6: 16 } as const;

function rangeDangers(before: readonly string[], after: readonly string[]): Danger[] {
  return after
    .filter((range) => !before.includes(range))
    .flatMap((range): Danger[] => {
      const cidr = parseCidr(range);
      if (cidr === null) return [];
      if (cidr.prefix === 0) return [{ kind: 'ips-everyone', range }];
      const family = cidr.address.includes(':') ? 'ipv6' : 'ipv4';
      return cidr.prefix < narrowFrom[family] ? [{ kind: 'ips-wide', range }] : [];
    });
}
