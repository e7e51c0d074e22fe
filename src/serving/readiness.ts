/** Owns what must be in order for requests to be sent here (`/readyz`). */
import type { UpstreamPasswords } from '../accounts/upstream/passwords.ts';
import type { ReadinessCheck } from '../http/operation.ts';
import type { Installation } from '../installation/installation.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import type { SigningKeys } from '../protocols/oidc/keys.ts';

type Pinged = Pick<Installation['database'], 'ping'>;

/** What is looked at, in the order in which it is told. */
export function readinessOf(parts: {
  readonly database: Pinged;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly upstream: UpstreamPasswords | undefined;
}): readonly ReadinessCheck[] {
  const { database, clock, keys, upstream } = parts;
  return [
    { name: 'database', check: rarely(1_000, () => pingDatabase(database, clock)) },
    { name: 'keys', check: rarely(10_000, () => requireSigner(keys)) },
    ...(upstream === undefined ? [] : [directoryCheck(upstream)]),
  ];
}

/** A check that is asked often and looks rarely; whoever asks meanwhile gets the last answer. */
function rarely(everyMs: number, check: () => Promise<void>): () => Promise<void> {
  let last: { readonly at: number; readonly answer: Promise<void> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > everyMs) last = { at: now, answer: check() };
    return last.answer;
  };
}

/**
 * Times are compared across nodes, so a machine whose clock is off must not answer (attack ATK-95). It
 * is the machine's own that is compared: the service's may be moved by whoever plays with the simulator.
 */
async function pingDatabase(database: Pinged, clock: Clock): Promise<void> {
  const { databaseTime } = await database.ping(clock.now());
  const now = systemClock.now().getTime();
  const aheadMs = databaseTime === undefined ? 0 : now - databaseTime.getTime();
  if (Math.abs(aheadMs) > mostSkewMs) {
    throw new Error(`our clock is ${aheadMs} ms ahead of the database's`);
  }
}

const mostSkewMs = 2_000;

async function requireSigner(keys: SigningKeys): Promise<void> {
  if ((await keys.published()).length === 0) throw new Error('there is no signing key');
}

/** Shown, and no more: whoever the directory does not own signs in without it. */
function directoryCheck(upstream: UpstreamPasswords): ReadinessCheck {
  return {
    name: 'directory',
    isVital: false,
    check: async () => {
      const fault = upstream.fault();
      if (fault !== undefined) throw fault;
    },
  };
}
