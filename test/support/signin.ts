/** A whole sign-in hall on a real database, without HTTP: for tests of the state machine itself. */
import type { User } from '../../src/accounts/user.ts';
import {
  createAdministration,
  type Administration,
} from '../../src/administration/administration.ts';
import { createGoverning, type Governing } from '../../src/administration/governing.ts';
import {
  createHardwareTokens,
  type HardwareTokens,
} from '../../src/administration/hardware-tokens/hardware-tokens.ts';
import { createJobs, type Jobs } from '../../src/administration/jobs/jobs.ts';
import { createAppPasswords } from '../../src/app-passwords/app-passwords.ts';
import type { QueuedMessage } from '../../src/delivery/message.ts';
import { settableClock, type SettableClock } from '../../src/lib/clock.ts';
import { createPasswordHasher, type PasswordHasher } from '../../src/lib/password-hash.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { decodeBase32 } from '../../src/lib/otp/base32.ts';
import { totp } from '../../src/lib/otp/otp.ts';
import { createMethods } from '../../src/methods/method.ts';
import { methods } from '../../src/methods/registry.ts';
import { createSecurityInfo, type SecurityInfo } from '../../src/own-account/security-info.ts';
import {
  createTrustedDevices,
  type TrustedDevices,
} from '../../src/own-account/trusted-devices.ts';
import { createPolicies, type Policies } from '../../src/policies/policies.ts';
import { createSessions } from '../../src/sessions/sessions.ts';
import type { OpenRequest } from '../../src/signin/opening.ts';
import type { AttemptRef, Progress } from '../../src/signin/progress.ts';
import { createSignin, type Signin } from '../../src/signin/signin.ts';
import type { CurrentSession } from '../../src/signin/current-session.ts';
import type { SigninParts } from '../../src/signin/parts.ts';
import { createRestsOnTrust, type RestsOnTrust } from '../../src/signin/trust.ts';
import type { AllStores } from '../../src/stores/sql/stores.ts';
import { freshDatabase, type FreshDatabase } from './database.ts';

export const password = 'correct horse battery';
export const appKey = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** The cost does not matter to these tests; one hash serves everyone. */
let hashed: Promise<string> | undefined;
const hasher: PasswordHasher = createPasswordHasher();

export interface Hall {
  /** What everything here is made of, for services that only some tests need. */
  readonly parts: SigninParts;
  readonly signin: Signin;
  readonly securityInfo: SecurityInfo;
  readonly trustedDevices: TrustedDevices;
  /** Whether a session rests on a trusted device: what doors ask. */
  readonly restsOnTrust: RestsOnTrust;
  readonly policies: Policies;
  readonly administration: Administration;
  readonly governing: Governing;
  readonly hardwareTokens: HardwareTokens;
  readonly jobs: Jobs;
  readonly stores: AllStores;
  readonly clock: SettableClock;
  readonly database: FreshDatabase;
  /** Adds a person; `anna` by default: enforced, nothing registered. */
  person(change?: Partial<User>): Promise<User>;
  /** Registers a mobile phone for texts and calls, or an authenticator app. */
  phone(user: User, number?: string): Promise<void>;
  app(user: User): Promise<void>;
  /** The code that the app shows now. */
  appCode(): string;
  /** How often a password was hashed or compared here so far. */
  hashings(): number;
  /** Takes what is waiting in the outbox, as the delivery would. */
  sent(): Promise<readonly QueuedMessage[]>;
  /** Opens an attempt and proves name and password. */
  arrive(user: User, request?: Partial<OpenRequest['request']>): Promise<Arrival>;
  /** Signs in with the code of the app; what the pages know of whoever is signed in. */
  enter(user: User): Promise<CurrentSession>;
  close(): Promise<void>;
}

export interface Arrival {
  readonly ref: AttemptRef;
  readonly progress: Progress;
}

/** Builds a hall; close it at the end. `on` lets a second node share the first one's database. */
export async function startHall(
  on?: FreshDatabase,
  { upstream }: Pick<SigninParts, 'upstream'> = {},
): Promise<Hall> {
  const database = on ?? (await freshDatabase());
  const { stores, transact, box } = database;
  const clock = settableClock(new Date('2026-11-20T09:00:00Z'));
  const all = createMethods(methods);
  let hashings = 0;
  const countingHasher: PasswordHasher = {
    ...hasher,
    hash: (text) => {
      hashings += 1;
      return hasher.hash(text);
    },
    verify: (hash, text) => {
      hashings += 1;
      return hasher.verify(hash, text);
    },
  };
  const parts: SigninParts = {
    stores,
    transact,
    methods: all,
    policies: createPolicies({ store: stores.policies, methods: all }),
    sessions: createSessions({ store: stores.sessions, box, clock, random: systemRandom }),
    appPasswords: createAppPasswords({ box, clock, random: systemRandom }),
    hasher: countingHasher,
    upstream,
    box,
    clock,
    random: systemRandom,
    origin: 'http://localhost',
    wakeDelivery: () => {},
    signals: database.database.signals,
  };
  const signin = createSignin(parts);
  const register = async (
    user: User,
    kind: string,
    slot: string,
    secret: unknown,
    method: string,
  ) => {
    const id = systemRandom.token(16);
    await stores.registrations.add({
      id,
      userId: user.id,
      kind,
      slot,
      secret,
      version: 1,
      createdAt: clock.now(),
      lastUsedAt: undefined,
    });
    await stores.users.setDefaultMethod(user.id, { registrationId: id, methodId: method });
  };
  const appCode = (): string =>
    totp(decodeBase32(appKey) ?? new Uint8Array(), clock.now().getTime() / 1000);
  const arrive: Hall['arrive'] = async (user, request = {}) => {
    const opened = await signin.open(opening(request));
    await signin.identify(opened, user.userPrincipalName);
    const progress = await signin.password(opened, password, undefined);
    return { ref: { id: opened.id, browser: progress.browser ?? opened.browser }, progress };
  };
  const administration = createAdministration(parts);
  return {
    parts,
    signin,
    securityInfo: createSecurityInfo(parts),
    trustedDevices: createTrustedDevices(parts),
    restsOnTrust: createRestsOnTrust(parts),
    policies: parts.policies,
    administration,
    jobs: createJobs({
      ...parts,
      stores,
      transact,
      administration,
      report: ({ error }) => {
        throw error;
      },
    }),
    governing: createGoverning({ ...parts, transact }),
    hardwareTokens: createHardwareTokens({ ...parts, administration }),
    stores,
    clock,
    database,
    person: async (change = {}) => {
      hashed ??= hasher.hash(password);
      const user: User = {
        id: systemRandom.token(16),
        userPrincipalName: 'anna@voorbeeld.example',
        displayName: 'Anna de Vries',
        mail: 'anna@voorbeeld.example',
        otherMail: undefined,
        mobilePhone: undefined,
        businessPhone: undefined,
        businessPhoneExtension: undefined,
        preferredLanguage: undefined,
        role: 'user',
        groups: [],
        accountEnabled: true,
        blocked: undefined,
        passwordHash: await hashed,
        mustChangePassword: false,
        perUserMfaState: 'enforced',
        mfaRequiredAt: clock.now(),
        defaultMethod: undefined,
        upstream: undefined,
        createdAt: clock.now(),
        ...change,
      };
      await stores.users.add(user);
      return user;
    },
    phone: (user, number = '+31612345612') =>
      register(user, 'phone', 'mobile', { number, phoneType: 'mobile' }, 'text-message'),
    app: (user) => register(user, 'authenticator-app', '1', { key: appKey }, 'authenticator-code'),
    appCode,
    hashings: () => hashings,
    sent: async () => {
      const kinds = ['text', 'call', 'mail', 'push'] as const;
      const sent: QueuedMessage[] = [];
      for (;;) {
        // Mail to one address goes in its order: the next is due once the one before is sent.
        const messages = await stores.outbox.lease(clock.now(), 30, 100, kinds);
        if (messages.length === 0) return sent;
        for (const { id } of messages) {
          await stores.outbox.markSent(id, { provider: 'test', reference: id }, clock.now());
        }
        sent.push(...messages);
      }
    },
    arrive,
    enter: async (user) => {
      const { ref, progress } = await arrive(user);
      const { challenge } = progress.attempt;
      if (challenge !== undefined) await signin.answer(ref, challenge.id, { code: appCode() });
      const [session] = await stores.sessions.list(user.id, clock.now());
      const found = await stores.users.find(user.id);
      if (session === undefined || found === undefined) throw new Error('nobody got in');
      return { session, user: found };
    },
    close: () => database.close(),
  };
}

/** How somebody comes by themselves, from this machine and not signed in, unless the test says otherwise. */
export function opening(
  request: Partial<OpenRequest['request']> = {},
  from: Partial<Omit<OpenRequest, 'request'>> = {},
): OpenRequest {
  return {
    request: {
      applicationId: undefined,
      applicationName: undefined,
      required: 'password',
      anew: 'nothing',
      returnTo: '/',
      subject: undefined,
      ...request,
    },
    locale: 'en',
    address: '127.0.0.1',
    userAgent: 'test',
    session: undefined,
    ...from,
  };
}

/** The six digits in a text. */
export function codeIn(messages: readonly QueuedMessage[]): string {
  for (const { message } of messages) {
    const code = message.kind === 'text' ? /\b\d{6}\b/.exec(message.body)?.[0] : undefined;
    if (code !== undefined) return code;
  }
  throw new Error('no text with a code was sent');
}
