/** Owns what must be in order for requests to be sent here (`/readyz`). */
import type { UpstreamPasswords } from '../accounts/upstream/passwords.ts';
import type { ReadinessCheck } from '../http/operation.ts';
import { clockFault } from '../installation/clock-fault.ts';
import type { Installation } from '../installation/installation.ts';
import { systemClock, type Clock } from '../lib/clock.ts';

type Pinged = Pick<Installation['database'], 'ping'>;

/** The signing keys, as far as they are looked at: whether there is one. */
interface Published {
  published(): Promise<readonly unknown[]>;
}

/** What is looked at, in the order in which it is told. */
export function readinessOf(parts: {
  readonly database: Pinged;
  readonly clock: Clock;
  readonly keys: Published;
  readonly upstream: UpstreamPasswords | undefined;
}): readonly ReadinessCheck[] {
  const { database, clock, keys, upstream } = parts;
  return [
    { name: 'database', check: rarely(1_000, () => pingDatabase(database, clock)) },
    { name: 'keys', check: rarely(10_000, () => requireSigner(keys)) },
    ...(upstream === undefined ? [] : [directoryCheck(upstream)]),
  ];
}

/**
 * A check that is asked often and looks rarely; whoever asks meanwhile gets the last answer. After a
 * fault it looks again within a second, so that nobody stays away longer than it lasts.
 */
function rarely(everyMs: number, check: () => Promise<void>): () => Promise<void> {
  let last: { readonly answer: Promise<void>; nextAt: number } | undefined;
  return () => {
    if (last !== undefined && performance.now() < last.nextAt) return last.answer;
    const looked = { answer: check(), nextAt: performance.now() + everyMs };
    looked.answer.catch(() => {
      looked.nextAt = Math.min(looked.nextAt, performance.now() + afterFaultMs);
    });
    last = looked;
    return looked.answer;
  };
}

const afterFaultMs = 1_000;

/** It is the machine's own clock that is compared: the service's may be moved by whoever plays with the simulator. */
async function pingDatabase(database: Pinged, clock: Clock): Promise<void> {
  const { databaseTime } = await database.ping(clock.now());
  const fault = clockFault(systemClock.now(), databaseTime);
  if (fault !== undefined) throw new Error(fault);
}

async function requireSigner(keys: Published): Promise<void> {
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
