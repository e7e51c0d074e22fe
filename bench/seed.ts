/**
 * A large organisation, the same each time: people in groups with what they registered, a year of
 * sign-ins ending at one moment, and the events that go with them.
 *
 *   TWEESTAP_DATA=/tmp/large npx node bench/seed.ts [--people 100000] [--sign-ins 1000000]
 *
 * fills the data folder of a sample organisation that is not running; `reports.ts` fills its own.
 */
import { fileURLToPath } from 'node:url';

import { sampleUser } from '../src/accounts/user-store.contract.ts';
import type { User } from '../src/accounts/user.ts';
import {
  answerRejected,
  fraudReported,
  messageSettled,
  methodRegistered,
  passwordRejected,
  passwordReset,
  passwordUnlocked,
  resetRequested,
  signedIn,
  userBlocked,
  type Origin,
} from '../src/audit/audit.ts';
import type { SignInEvent, SignInStep } from '../src/audit/sign-in-event.ts';
import { loadSettings } from '../src/config.ts';
import { openInstallation } from '../src/installation/installation.ts';
import { processEnvironment } from '../src/lib/settings/settings.ts';
import type { Node } from '../src/lib/stores.contract.ts';
import type { AllStores } from '../src/stores/sql/stores.ts';
import { argument } from './figures.ts';

export interface Seeding {
  readonly people: number;
  readonly signIns: number;
  /** The moment of the last sign-in; the first is a year before. */
  readonly until: Date;
}

const together = 2_000;
const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
const first = ['Anna', 'Bram', 'Cas', 'Daan', 'Eva', 'Fleur', 'Guus', 'Hanna', 'Iris', 'Jan'];
const last = ['de Vries', 'Jansen', 'Bakker', 'Visser', 'Smit', 'Meijer', 'de Boer', 'Mulder'];
const groups = ['Verkoop', 'Zorg', 'Onderwijs', 'Techniek', 'Magazijn', 'Directie', 'Stagiairs'];
const applications = ['mail', 'intranet', 'hr', 'wiki', 'vpn', 'crm', 'lms', undefined];
const methods = [
  ['authenticator-code', 'authenticator-app'],
  ['notification', 'authenticator-app'],
  ['text-message', 'phone'],
  ['notification', 'authenticator-app'],
  ['phone-call', 'phone'],
  ['security-key', 'security-key'],
] as const;
const reasons = ['incorrect-code', 'expired', 'user-declined', 'incorrect-number', 'no-answer'];
const countries = ['NL', 'NL', 'NL', 'NL', 'BE', 'DE', 'FR'];

/** Adds it all; what was there stays. */
export async function seed(
  { transact }: Pick<Node<AllStores>, 'transact'>,
  { people, signIns, until }: Seeding,
): Promise<void> {
  const chance = createChance();
  const begin = until.getTime() - yearMs;
  for (let from = 0; from < people; from += together) {
    await transact(async ({ users, registrations }) => {
      for (let i = from; i < Math.min(from + together, people); i += 1) {
        await users.add(person(i, begin));
        for (const kind of kindsOf(i)) {
          await registrations.add({
            id: `seed-${i}-${kind}`,
            userId: `seed-${i}`,
            kind,
            slot: kind === 'phone' ? 'mobile' : '1',
            secret: {},
            version: 1,
            createdAt: new Date(begin + (i % 365) * dayMs),
            lastUsedAt: undefined,
          });
        }
      }
    });
  }
  for (let from = 0; from < signIns; from += together) {
    await transact(async ({ signInEvents, audit }) => {
      for (let i = from; i < Math.min(from + together, signIns); i += 1) {
        // In the order of time, as they would have come; fewer on two days of seven.
        const at = new Date(begin + Math.floor((i / signIns) * yearMs));
        const who = chance(people);
        const isWeekend = at.getUTCDay() % 6 === 0;
        if (isWeekend && chance(4) > 0) continue;
        const event = signInOf(i, who, at, chance);
        await signInEvents.put(event);
        for (const told of eventsOf(event, chance)) await audit.append(told);
      }
    });
  }
}

function person(i: number, begin: number): User {
  const given = first[i % first.length] ?? '';
  const family = last[Math.floor(i / first.length) % last.length] ?? '';
  return sampleUser({
    id: `seed-${i}`,
    userPrincipalName: `${given.toLowerCase()}.${i}@groot.example`,
    displayName: `${given} ${family}`,
    mail: undefined,
    otherMail: undefined,
    role: 'user',
    groups: [groups[i % groups.length] ?? '', ...(i % 10 === 0 ? ['Leidinggevenden'] : [])],
    blocked: undefined,
    passwordHash: undefined,
    perUserMfaState: i % 20 === 0 ? 'enabled' : 'enforced',
    defaultMethod: undefined,
    createdAt: new Date(begin),
  });
}

/** Two of thirteen people have nothing, most have an app, some a phone beside it. */
function kindsOf(i: number): readonly string[] {
  if ((i * 31) % 13 < 2) return [];
  const kind = methods[i % methods.length]?.[1] ?? 'phone';
  return i % 3 === 0 && kind !== 'phone' ? [kind, 'phone'] : [kind];
}

function signInOf(i: number, who: number, at: Date, chance: Chance): SignInEvent {
  const [method] = methods[who % methods.length] ?? ['text-message'];
  const step = (name: string, result: SignInStep['result'], reason: string): SignInStep => ({
    at,
    method: name,
    result,
    reason,
  });
  const base = {
    id: `seed-sign-in-${String(i).padStart(9, '0')}`,
    userId: `seed-${who}`,
    userPrincipalName: `${(first[who % first.length] ?? '').toLowerCase()}.${who}@groot.example`,
    applicationId: applications[chance(applications.length)],
    at,
    address: `10.${chance(4)}.${chance(256)}.${chance(256)}`,
    userAgent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
  };
  const password = step('password', 'success', 'ok');
  const drawn = chance(100);
  if (drawn < 86) {
    const steps = [password, step(method, 'success', 'ok')];
    return { ...base, result: 'success', reason: 'ok', steps };
  }
  if (drawn < 92) {
    const steps = [step('password', 'failure', 'wrong-password')];
    return { ...base, result: 'failure', reason: 'wrong-password', steps };
  }
  if (drawn < 96) return { ...base, result: 'interrupted', reason: 'challenge', steps: [password] };
  const reason = reasons[chance(reasons.length)] ?? 'expired';
  return { ...base, result: 'failure', reason, steps: [password, step(method, 'failure', reason)] };
}

function* eventsOf(event: SignInEvent, chance: Chance) {
  const origin: Origin = {
    at: event.at,
    userId: event.userId,
    attemptId: event.id,
    address: event.address,
  };
  const method = event.steps.at(-1)?.method ?? 'password';
  const act = { at: event.at, userId: event.userId ?? '', actor: 'seed-0' };
  if (method === 'text-message' || method === 'phone-call') {
    const kind = method === 'text-message' ? 'text' : 'call';
    const country = countries[chance(countries.length)] ?? 'NL';
    const result = chance(50) === 0 ? 'failed' : 'sent';
    yield messageSettled(origin, { kind, provider: 'seed', result, country });
  }
  if (event.result === 'success') yield signedIn(origin, 'second-step', ['pwd', 'otp']);
  else if (event.reason === 'wrong-password')
    yield passwordRejected(origin, event.userPrincipalName);
  else if (method !== 'password') yield answerRejected(origin, method, event.reason);
  const drawn = chance(2_000);
  if (drawn < 100) yield methodRegistered(origin, methods[drawn % 6]?.[1] ?? 'phone', '1');
  else if (drawn < 110) yield resetRequested(origin, event.userPrincipalName);
  else if (drawn < 118) yield passwordReset(origin, ['email', 'text-message']);
  else if (drawn < 120) yield passwordUnlocked(origin);
  else if (drawn === 120) yield fraudReported(origin, method);
  else if (drawn === 121) yield userBlocked({ ...act, reason: 'lost phone' });
}

/** A whole number below `limit`, each time the next of one sequence. */
type Chance = (limit: number) => number;

// Mulberry32: quick, the same everywhere, and good for nothing else.
function createChance(): Chance {
  let state = 20_261_121;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { settings } = loadSettings({
    mode: 'sample',
    file: undefined,
    environment: processEnvironment(),
  });
  if (settings === undefined) throw new Error('The settings have faults.');
  const installation = await openInstallation(settings, { synchronous: 'OFF' });
  await seed(installation.database, {
    people: argument('people', 100_000),
    signIns: argument('sign-ins', 1_000_000),
    until: new Date(),
  });
  await installation.close();
}
