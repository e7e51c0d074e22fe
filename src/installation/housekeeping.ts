/** Owns the housekeeping: what has run out goes, on every node, without anybody asking. */
import type { FastifyBaseLogger } from 'fastify';

import { showWithinMs } from '../app-passwords/app-password.ts';
import type { SigningKeys } from '../protocols/oidc/keys.ts';
import type { Installation } from './installation.ts';

/** Removes what has run out, on every node, about once a minute and not at the same moment. */
export function keepHouse(
  { database, clock }: Installation,
  keys: SigningKeys,
  logger: FastifyBaseLogger,
): { stop(): void } {
  const { appPasswords, attempts, registrations, sessions, trustedDevices } = database.stores;
  const { jobs, oidc, throttle, outbox, heard } = database.stores;
  const ago = (now: Date, hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
  const duties: Readonly<Record<string, (now: Date) => Promise<unknown>>> = {
    attempts: (now) => attempts.removeExpired(now),
    sessions: (now) => sessions.removeExpired(now),
    trustedDevices: (now) => trustedDevices.removeExpired(now),
    registrations: (now) => registrations.removeEnded(now),
    oidc: (now) => oidc.removeExpired(now),
    // Longer than any window and any pause.
    throttle: (now) => throttle.forget(ago(now, 72)),
    // What nobody came to see: the page that shows it waits for ten minutes.
    appPasswords: (now) => appPasswords.forgetPlains(new Date(now.getTime() - showWithinMs)),
    outbox: (now) => outbox.forget(ago(now, 30 * 24)),
    heard: (now) => heard.forget(ago(now, 24)),
    // A week to fetch what came of it.
    jobs: (now) => jobs.forget(ago(now, 7 * 24)),
    keys: () => keys.upkeep(),
  };
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const work = async (): Promise<void> => {
    for (const [duty, perform] of Object.entries(duties)) {
      if (isStopped) return;
      await perform(clock.now()).catch((error: unknown) => {
        logger.warn({ duty, err: error }, 'housekeeping failed');
      });
    }
    plan();
  };
  const plan = (): void => {
    if (isStopped) return;
    const pauseMs = 45_000 + Math.random() * 30_000;
    timer = setTimeout(() => void work(), pauseMs).unref();
  };
  plan();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
