/** A directory at the edge, for tests of what is made of its answers: passwords by the ids of entries. */
import {
  upstreamPasswords,
  type UpstreamPasswords,
} from '../../src/accounts/upstream/passwords.ts';
import { watchUpstream } from '../../src/accounts/upstream/watching.ts';
import type { PasswordFinding, UpstreamDirectory } from '../../src/accounts/upstream/upstream.ts';
import { TweestapError } from '../../src/errors/errors.ts';
import { systemRandom } from '../../src/lib/random.ts';

export interface TestDirectory {
  readonly passwords: UpstreamPasswords;
  /** The password of each entry. */
  readonly kept: Map<string, string>;
  /** What it was asked about, as `<id> <password>`. */
  readonly asked: readonly string[];
  /** Who got which password, in this order. */
  readonly written: readonly string[];
  /** What it says of a right password from now on. */
  says(kind: Exclude<PasswordFinding['kind'], 'unavailable'>): void;
  /** Whether it answers. */
  answers(does: boolean): void;
  stop(): void;
}

/** Begins to answer at once. */
export async function startDirectory(
  settings: { readonly writes?: boolean; readonly url?: string } = {},
): Promise<TestDirectory> {
  const kept = new Map<string, string>();
  const asked: string[] = [];
  const written: string[] = [];
  let kind: Exclude<PasswordFinding['kind'], 'unavailable'> = 'right';
  let isThere = true;
  const gone = new Error('nobody answers');
  const directory: UpstreamDirectory = {
    check: async ({ id }, password) => {
      if (!isThere) return { kind: 'unavailable', cause: gone };
      asked.push(`${id} ${password}`);
      return { kind: kept.get(id) === password ? kind : 'wrong' };
    },
    changePassword: async ({ id }, password) => {
      if (!isThere) return { kind: 'unavailable', cause: gone };
      if (kept.get(id) === password) return { kind: 'refused' };
      kept.set(id, password);
      written.push(`${id} ${password}`);
      return { kind: 'changed' };
    },
    people: async function* () {},
    groups: async function* () {},
    probe: async () => {
      if (!isThere) throw new TweestapError('UPSTREAM_UNAVAILABLE', { cause: gone });
    },
    close: () => {},
  };
  const watched = watchUpstream(directory, systemRandom, () => {}, { everyMs: 5, againMs: 5 });
  return {
    passwords: upstreamPasswords(watched, {
      writePasswords: settings.writes ?? false,
      ...(settings.url === undefined ? {} : { passwordUrl: settings.url }),
      wrongPasswords: 4,
      wrongPasswordMinutes: 30,
    }),
    kept,
    asked,
    written,
    says: (now) => {
      kind = now;
    },
    answers: (does) => {
      isThere = does;
    },
    stop: watched.stop,
  };
}
