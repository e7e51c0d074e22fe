/**
 * What an administrator waits for who looks for somebody among a hundred thousand people: every way
 * to search and to narrow down, on SQLite. The claim: p95 is at most 200 ms, whatever is asked.
 */
import { sampleUser } from '../src/accounts/user-store.contract.ts';
import type { UserSearch } from '../src/accounts/user-store.ts';
import { freshDatabase } from '../test/support/database.ts';

const people = 100_000;
const rounds = 21;
const first = ['Anna', 'Bram', 'Cas', 'Daan', 'Eva', 'Fleur', 'Guus', 'Hanna', 'Iris', 'Jan'];
const last = ['Vries', 'Jansen', 'Bakker', 'Visser', 'Smit', 'Meijer', 'Boer', 'Mulder', 'Bos'];
const kinds = ['phone', 'security-key', 'authenticator-app'];

const searches: Readonly<Record<string, Partial<UserSearch>>> = {
  everybody: {},
  'a later page': { after: 'jan.visser5' },
  'one letter': { text: 'a' },
  'a whole name': { text: 'jan jansen' },
  'a user name': { text: 'jan.bos99' },
  'a family name': { text: 'jansen' },
  'a family name in a rare state': { text: 'jansen', state: 'enabled' },
  'a letter of many': { text: 'v' },
  nobody: { text: 'zzz' },
  'a rare state': { state: 'enabled' },
  'a common state and a letter': { text: 'j', state: 'enforced' },
  blocked: { blockedAt: new Date(5) },
  'switched off': { switchedOff: true },
  'never registered': { registered: { kinds, has: false } },
  'never registered and a name': { text: 'jan', registered: { kinds, has: false } },
  'a rare kind': { registered: { kinds: ['security-key'], has: true } },
  'a group of half of them': { group: 'staff' },
  'a later page of that group': { group: 'staff', after: 'jan.visser5' },
  'a group of twenty': { group: 'board' },
  'a group and a family name': { group: 'staff', text: 'jansen' },
  'a group and nothing registered': { group: 'staff', registered: { kinds, has: false } },
  'a rare role': { roles: ['global-admin'] },
  'a common role and a letter': { roles: ['user'], text: 'j' },
  'a kind that nobody has': { registered: { kinds: ['authenticator-app'], has: true } },
};

const { stores, transact, close } = await freshDatabase();
for (let from = 0; from < people; from += 5000) {
  await transact(async (held) => {
    for (let i = from; i < from + 5000; i += 1) await held.users.add(person(i));
    for (let i = from; i < from + 5000; i += 1) {
      if (i % 100 !== 0) await held.registrations.add(registrationOf(i));
    }
  });
}
const asked: Readonly<Record<string, () => Promise<unknown>>> = {
  ...Object.fromEntries(
    Object.entries(searches).map(([name, search]) => [
      name,
      () => stores.users.search({ text: '', limit: 51, ...search }),
    ]),
  ),
  'how far each group is': () => stores.users.groups(kinds),
};
for (const [name, ask] of Object.entries(asked)) {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await ask();
    times.push(performance.now() - begun);
  }
  times.sort((one, other) => one - other);
  const at = (share: number): string => (times[Math.floor(rounds * share)] ?? 0).toFixed(1);
  console.log(`${name.padEnd(30)} p50 ${at(0.5).padStart(6)} ms   p95 ${at(0.95).padStart(6)} ms`);
}
await close();

function person(i: number) {
  const given = first[i % first.length] ?? '';
  const family = last[Math.floor(i / first.length) % last.length] ?? '';
  const isBlocked = i % 2000 === 3;
  return sampleUser({
    id: `user-${i}`,
    userPrincipalName: `${given.toLowerCase()}.${family.toLowerCase()}${i}@voorbeeld.example`,
    displayName: `${given} ${family}`,
    perUserMfaState: i % 5000 === 0 ? 'enabled' : i % 3 === 0 ? 'disabled' : 'enforced',
    accountEnabled: i % 1000 !== 7,
    blocked: isBlocked ? { at: new Date(1), until: undefined, reason: 'lost' } : undefined,
    passwordHash: undefined,
    role: i % 20_000 === 11 ? 'global-admin' : 'user',
    groups: [...(i % 2 === 0 ? ['staff'] : []), ...(i % 5_000 === 1 ? ['board'] : [])],
  });
}

function registrationOf(i: number) {
  return {
    id: `registration-${i}`,
    userId: `user-${i}`,
    kind: i % 997 === 0 ? 'security-key' : 'phone',
    slot: 'mobile',
    secret: {},
    version: 1,
    createdAt: new Date(1),
    lastUsedAt: undefined,
  };
}
