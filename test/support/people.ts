/** The people of the tests: each has a browser, a language, a password, phones, and does what people do. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

import type { User } from '../../src/accounts/user.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import { decodeBase32 } from '../../src/lib/otp/base32.ts';
import { totp } from '../../src/lib/otp/otp.ts';
import { wordsIn as appWords } from '../../src/methods/authenticator-code/words.ts';
import { wordsIn as callWords } from '../../src/methods/phone-call/words.ts';
import { wordsIn as textWords } from '../../src/methods/text-message/words.ts';
import { wordsIn as challengeWords } from '../../src/pages/challenge/words.ts';
import { wordsIn as securityInfoWords } from '../../src/pages/my-profile/security-info/words.ts';
import { wordsIn as profileWords } from '../../src/pages/my-profile/words.ts';
import { wordsIn as registrationWords } from '../../src/pages/registration/words.ts';
import { wordsIn as signInWords } from '../../src/pages/sign-in/words.ts';
import type { Browser } from './browser.ts';
import type { Page } from './page.ts';
import type { Phone } from './phones.ts';
import type { Tweestap } from './tweestap.ts';

/** Every word that people look for on a page, in one language. */
export function wordsOf(locale: Locale) {
  return {
    locale,
    signIn: signInWords(locale),
    challenge: challengeWords(locale),
    registration: registrationWords(locale),
    profile: profileWords(locale),
    securityInfo: securityInfoWords(locale),
    app: appWords(locale),
    call: callWords(locale),
    text: textWords(locale),
  };
}
export type Words = ReturnType<typeof wordsOf>;

/** What somebody can be told apart by, and knows by heart. */
export interface Identity {
  readonly userPrincipalName: string;
  readonly password: string;
  readonly mobilePhone: string;
  readonly officePhone?: string | undefined;
  /** Of the authenticator app, in base32. */
  readonly key?: string | undefined;
}

export interface Person extends Identity {
  readonly words: Words;
  readonly browser: Browser;
  readonly phone: Phone;
  /** Types the name on the page that asks for it. */
  typesName(name?: string): Promise<Page>;
  typesPassword(password?: string): Promise<Page>;
  /** Opens an address, and types name and password where these are asked for. */
  arrives(address?: string): Promise<Page>;
  typesCode(code: string): Promise<Page>;
  /** What the authenticator app shows now. */
  appCode(): string;
  /** Arrives, and types the code of the app or of the text that comes. */
  signsIn(address?: string): Promise<Page>;
}

/** Somebody at a browser of their own. */
export function personAt(
  tweestap: Tweestap,
  identity: Identity,
  options: { readonly language?: Locale; readonly browser?: Browser } = {},
): Person {
  const { language = 'en' } = options;
  const words = wordsOf(language);
  const browser = options.browser ?? tweestap.browser({ language });
  const phone = tweestap.phones.phone(identity.mobilePhone);
  const { signIn, challenge } = words;

  const person: Person = {
    ...identity,
    words,
    browser,
    phone,
    typesName: (name = identity.userPrincipalName) => browser.press(signIn.name.next, { name }),
    typesPassword: (password = identity.password) =>
      browser.press(signIn.password.signIn, { password }),
    arrives: async (address = '/sign-in') => {
      await browser.open(address);
      await person.typesName();
      return person.typesPassword();
    },
    typesCode: (code) => browser.press(challenge.verify, { code }),
    appCode: () => codeOfApp(identity.key ?? assert.fail('has no app'), tweestap.now()),
    signsIn: async (address) => {
      await person.arrives(address);
      return person.typesCode(identity.key === undefined ? await phone.code() : person.appCode());
    },
  };
  return person;
}

/** Somebody of the sample organisation: `anna`, `bram`, … */
export function samplePerson(
  tweestap: Tweestap,
  name: string,
  options: { readonly language?: Locale; readonly browser?: Browser } = {},
): Person {
  const found = tweestap.server.people.find(({ userPrincipalName }) =>
    userPrincipalName.startsWith(`${name}@`),
  );
  assert.ok(found, `nobody is called ${name}`);
  const number = (text: string | undefined): string =>
    (text ?? '').replace(/ x\d+$/, '').replaceAll(/[^+\d]/g, '');
  return personAt(
    tweestap,
    {
      userPrincipalName: found.userPrincipalName,
      password: found.password,
      mobilePhone: number(found.mobilePhone),
      officePhone: found.businessPhone === undefined ? undefined : number(found.businessPhone),
      key: found.app?.key,
    },
    options,
  );
}

const password = 'een heel eigen wachtwoord';
let hashed: Promise<string> | undefined;
let count = 0;

/** Adds somebody nobody else in the test run is, registered as told: `app`, `phone`, or neither. */
export async function newPerson(
  tweestap: Tweestap,
  options: {
    readonly registered?: readonly ('app' | 'phone')[];
    readonly language?: Locale;
    readonly user?: Partial<User>;
  } = {},
): Promise<Person> {
  const { registered = [], language, user: change = {} } = options;
  const identity = await addUser(tweestap, registered, change);
  return personAt(tweestap, identity, language === undefined ? {} : { language });
}

/** Adds somebody whose only method is a call to an office phone behind an exchange. */
export async function personAtOffice(
  tweestap: Tweestap,
  number: string,
  extension: string,
): Promise<Person> {
  const identity = await addUser(tweestap, []);
  const { database, random, clock } = tweestap.installation;
  const registrationId = random.token(16);
  await database.transact(async (stores) => {
    await stores.registrations.add({
      id: registrationId,
      userId: identity.id,
      kind: 'phone',
      slot: 'office',
      secret: { number, extension, phoneType: 'office' },
      version: 1,
      createdAt: clock.now(),
      lastUsedAt: undefined,
    });
    await stores.users.setDefaultMethod(identity.id, { registrationId, methodId: 'phone-call' });
  });
  return personAt(tweestap, identity);
}

/** The account of `newPerson`, without anybody at a browser. */
export async function addUser(
  { installation }: Pick<Tweestap, 'installation'>,
  registered: readonly ('app' | 'phone')[],
  change: Partial<User> = {},
): Promise<Identity & { readonly id: string }> {
  const { database, hasher, random, clock } = installation;
  // All of them have one password, since nobody guesses here and a hash takes its time.
  hashed ??= hasher.hash(password);
  count += 1;
  const now = clock.now();
  const id = random.token(16);
  const userPrincipalName = `person-${count}-${random.base32(6).toLowerCase()}@voorbeeld.example`;
  const mobilePhone = `+31611${random.digits(6)}`;
  const user: User = {
    id,
    userPrincipalName,
    displayName: `Person ${count}`,
    mail: userPrincipalName,
    otherMail: undefined,
    mobilePhone,
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
    mfaRequiredAt: now,
    defaultMethod: undefined,
    upstream: undefined,
    createdAt: now,
    ...change,
  };
  const key = registered.includes('app') ? random.base32(32) : undefined;
  await database.transact(async (stores) => {
    await stores.users.add(user);
    for (const kind of registered) {
      const registrationId = random.token(16);
      const isApp = kind === 'app';
      await stores.registrations.add({
        id: registrationId,
        userId: id,
        kind: isApp ? 'authenticator-app' : 'phone',
        slot: isApp ? '1' : 'mobile',
        secret: isApp ? { key, acceptedStep: 0 } : { number: mobilePhone, phoneType: 'mobile' },
        version: 1,
        createdAt: now,
        lastUsedAt: undefined,
      });
      if (kind !== registered[0]) continue;
      const methodId = isApp ? 'authenticator-code' : 'text-message';
      await stores.users.setDefaultMethod(id, { registrationId, methodId });
    }
  });
  const { userPrincipalName: name, mobilePhone: mobile = mobilePhone } = user;
  return { id, userPrincipalName: name, password, mobilePhone: mobile, key };
}

const oathtool = process.env['TWEESTAP_TEST_OATHTOOL'];

/** What an authenticator app shows: oathtool where there is one, which is not of our making. */
export function codeOfApp(key: string, now: Date): string {
  if (oathtool === undefined) {
    const bytes = decodeBase32(key) ?? assert.fail('the key is no base32');
    return totp(bytes, now.getTime() / 1000);
  }
  const at = `@${Math.floor(now.getTime() / 1000)}`;
  const { status, stdout, stderr } = spawnSync(oathtool, ['--totp', '--base32', '--now', at, key], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

/** The key that a page shows for an app to scan, in base32. */
export function keyOnPage(html: string): string {
  return /secret=([A-Z2-7]+)/.exec(html)?.[1] ?? assert.fail('there is no key on the page');
}

/** A code that is surely not this one. */
export function otherThan(code: string): string {
  return String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
}
