/**
 * Owns adding, showing and removing RADIUS clients. A secret is shown once, when it is made.
 */
import { radiusClientChanged } from '../audit/client-events.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import type { Clock } from '../lib/clock.ts';
import { hidesSomething } from '../lib/hidden-text.ts';
import { addressRanges, parseCidr, type Cidr } from '../lib/ip.ts';
import type { Random } from '../lib/random.ts';
import type { Transact } from '../lib/transact.ts';
import { makeRadiusSecret, radiusSecretFault, type RadiusSecretFault } from './radius-secret.ts';
import type { RadiusClient, RadiusMode } from './radius-client.ts';
import type { RadiusClientStore } from './radius-client-store.ts';

export interface NewRadiusClient {
  readonly name: string;
  /** Addresses and ranges (CIDR) that it asks from. */
  readonly addresses: readonly string[];
  readonly mode: RadiusMode;
  /** For devices that insist on their own; made here unless given. */
  readonly secret?: string | undefined;
  /** Whether it signs its requests. Default true. */
  readonly signs?: boolean;
}

/** One thing that is wrong with what was asked for. */
export interface RadiusClientFault {
  readonly field: keyof NewRadiusClient;
  readonly reason:
    | RadiusSecretFault
    | 'missing'
    | 'too-many'
    | 'taken'
    | 'not-a-range'
    /** A range wider than /8 (IPv6: /16): almost anybody could ask. */
    | 'too-wide'
    /** Requests that are not signed are believed from 127.0.0.0/8 and ::1 only. */
    | 'not-this-machine'
    /** Two that do not sign, at one address, could not be told apart. */
    | 'ambiguous';
  /** The address that is meant, where there are several. */
  readonly value?: string;
}

/** A client without its secret. */
export type ShownRadiusClient = Omit<RadiusClient, 'secret'>;

export type AddedRadiusClient =
  | {
      readonly kind: 'added';
      readonly client: ShownRadiusClient;
      /** Exists nowhere else from now on. */
      readonly secret: string;
    }
  | { readonly kind: 'refused'; readonly faults: readonly RadiusClientFault[] };

export interface RadiusClients {
  /** Adds one; says everything that is wrong at once and then adds nothing. `actor` is audited. */
  add(request: NewRadiusClient, actor: string): Promise<AddedRadiusClient>;
  list(): Promise<readonly ShownRadiusClient[]>;
  show(id: string): Promise<ShownRadiusClient | undefined>;
  /** Nothing of it is answered a few seconds later, on any node; false when there is none. */
  remove(id: string, actor: string): Promise<boolean>;
}

/** The stores that a change needs together. */
export interface RadiusClientStores {
  readonly radiusClients: RadiusClientStore;
  readonly audit: AuditStore;
}

const mostAddresses = 100;

/** Makes the service. `store` is read outside transactions. */
export function createRadiusClients(parts: {
  readonly store: RadiusClientStore;
  readonly transact: Transact<RadiusClientStores>;
  readonly clock: Clock;
  readonly random: Random;
}): RadiusClients {
  const { store, transact, clock, random } = parts;
  return {
    add: (request, actor) => {
      const client: RadiusClient = {
        // Lower-case letters and digits: it is typed on command lines.
        id: random.base32(16).toLowerCase(),
        name: request.name.trim(),
        addresses: [...new Set(request.addresses.map(spelling))],
        secret: request.secret ?? makeRadiusSecret(random),
        mode: request.mode,
        signs: request.signs ?? true,
        createdAt: clock.now(),
      };
      return transact(async (stores) => {
        const others = await stores.radiusClients.list();
        const faults = [...faultsOf(client), ...takenBy(client, others)];
        if (faults.length > 0) return { kind: 'refused', faults };
        await stores.radiusClients.add(client);
        const { id, name, createdAt: at } = client;
        await stores.audit.append(radiusClientChanged({ at, actor, change: 'added', id, name }));
        return { kind: 'added', client: shown(client), secret: client.secret };
      });
    },
    list: async () => (await store.list()).map(shown),
    show: async (id) => (await store.list()).filter((one) => one.id === id).map(shown)[0],
    remove: (id, actor) =>
      transact(async (stores) => {
        const name = (await stores.radiusClients.list()).find((one) => one.id === id)?.name ?? '';
        if (!(await stores.radiusClients.remove(id))) return false;
        const at = clock.now();
        await stores.audit.append(radiusClientChanged({ at, actor, change: 'removed', id, name }));
        return true;
      }),
  };
}

function shown(client: RadiusClient): ShownRadiusClient {
  const { id, name, addresses, mode, signs, createdAt } = client;
  return { id, name, addresses, mode, signs, createdAt };
}

function faultsOf(client: RadiusClient): readonly RadiusClientFault[] {
  const faults: RadiusClientFault[] = [];
  const { name, addresses } = client;
  if (name === '') faults.push({ field: 'name', reason: 'missing' });
  if ([...name].length > 60) faults.push({ field: 'name', reason: 'too-long' });
  if (hidesSomething(name)) faults.push({ field: 'name', reason: 'unreadable' });
  if (addresses.length === 0) faults.push({ field: 'addresses', reason: 'missing' });
  if (addresses.length > mostAddresses) faults.push({ field: 'addresses', reason: 'too-many' });
  for (const value of addresses) {
    const range = parseCidr(value);
    const reason = range === null ? 'not-a-range' : isTooWide(range) ? 'too-wide' : undefined;
    if (reason !== undefined) faults.push({ field: 'addresses', reason, value });
    else if (!client.signs && !isThisMachine(range)) {
      faults.push({ field: 'signs', reason: 'not-this-machine', value });
    }
  }
  const reason = radiusSecretFault(client.secret);
  if (reason !== undefined) faults.push({ field: 'secret', reason });
  return faults;
}

/** One name means one client, and one secret is known to one of them. */
function takenBy(
  { name, secret, signs, addresses }: RadiusClient,
  others: readonly RadiusClient[],
): readonly RadiusClientFault[] {
  const isNamed = others.some((one) => one.name.toLowerCase() === name.toLowerCase());
  const isKnown = others.some((one) => one.secret === secret);
  const unsigned = signs ? [] : others.filter((one) => !one.signs);
  const shared = addresses.filter((value) =>
    unsigned.some((other) => other.addresses.some((theirs) => overlaps(value, theirs))),
  );
  return [
    ...shared.map((value) => ({ field: 'signs', reason: 'ambiguous', value }) as const),
    ...(isNamed ? ([{ field: 'name', reason: 'taken' }] as const) : []),
    ...(isKnown ? ([{ field: 'secret', reason: 'taken' }] as const) : []),
  ];
}

/** An address in its one spelling, a range with its length; what is neither stays as it was typed. */
function spelling(typed: string): string {
  const range = parseCidr(typed);
  if (range === null) return typed.trim();
  const { address, prefix } = range;
  return prefix === bitsOf(range) ? address : `${address}/${prefix}`;
}

/** Whether one range lies in the other. */
function overlaps(one: string, other: string): boolean {
  const [left, right] = [parseCidr(one), parseCidr(other)];
  if (left === null || right === null) return false;
  return addressRanges([one]).has(right.address) || addressRanges([other]).has(left.address);
}

function isTooWide(range: Cidr): boolean {
  return range.prefix < bitsOf(range) / (bitsOf(range) === 32 ? 4 : 8);
}

function isThisMachine(range: Cidr | null): boolean {
  if (range === null || !thisMachine.has(range.address)) return false;
  return range.prefix >= (bitsOf(range) === 32 ? 8 : 128);
}

const thisMachine = addressRanges(['127.0.0.0/8', '::1']);

function bitsOf({ address }: Cidr): 32 | 128 {
  return address.includes(':') ? 128 : 32;
}
