/**
 * Owns the sample organisation *Voorbeeld*: somebody in every state one can be in, made once in an
 * empty database. All names and numbers are made up, and in sample mode nothing leaves this machine.
 * The passwords are random; they are kept sealed so that a second start can tell them again.
 */
import { z } from 'zod';

import { generatePassword } from '../accounts/generated-password.ts';
import type { PerUserMfaState, Role, User } from '../accounts/user.ts';
import { userAdded } from '../audit/audit.ts';
import { policyChanged } from '../audit/policy-event.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Locale } from '../i18n/locale.ts';
import { decodeBase32 } from '../lib/otp/base32.ts';
import { otpauthUri } from '../lib/otp/otpauth-uri.ts';
import type { AppSecret } from '../methods/authenticator-app.ts';
import type { PhoneSecret } from '../methods/phone.ts';
import { createPolicies } from '../policies/policies.ts';
import { changesBetween } from '../policies/policy-changes.ts';
import type { Registration } from '../registrations/registration.ts';
import type { Installation } from '../installation/installation.ts';
import type { SampleAccount } from '../server.ts';

const domain = 'voorbeeld.example';
const organisation = 'Voorbeeld';
const actor = 'sample';
/** Members may use a security key and nothing else. */
const securityKeyOnly = 'security-key-only';

const policy = {
  organisation: { name: organisation, domain, country: 'NL' },
  methods: {
    'text-message': { excludedGroups: [securityKeyOnly], settings: { reply: true } },
    'phone-call': { excludedGroups: [securityKeyOnly] },
    'authenticator-code': { excludedGroups: [securityKeyOnly] },
    notification: { excludedGroups: [securityKeyOnly] },
    'security-key': { settings: { passwordless: true } },
  },
  appPasswords: { allowed: true },
  trustedDevices: { allowed: true },
  // One gate, so that everybody with anything registered can try it.
  reset: { allowedFor: 'all', gates: 1 },
  delivery: { countries: ['NL', 'BE', 'DE', 'FR', 'GB', 'US'] },
} as const;

interface Sample {
  readonly name: string;
  readonly displayName: string;
  readonly state: PerUserMfaState;
  readonly accountEnabled?: false;
  readonly role?: Role;
  readonly groups?: readonly string[];
  /** Last two digits of the mobile number +31 6 123456··. */
  readonly mobile: string;
  readonly officeExtension?: string;
  readonly registered: readonly ('mobile' | 'app')[];
  /** One line for the terminal. */
  readonly summary: string;
  /** What one can see with this account. */
  readonly note: Readonly<Record<Locale, string>>;
}

const samples: readonly Sample[] = [
  {
    name: 'anna',
    displayName: 'Anna de Vries',
    state: 'enabled',
    mobile: '01',
    officeExtension: '12',
    registered: [],
    summary: 'nothing registered yet: the first sign-in sets it up',
    note: {
      en: 'Enabled, nothing registered: the first sign-in asks to set up additional security verification. The directory has an office phone with an extension.',
      nl: 'Ingeschakeld, niets geregistreerd: bij de eerste aanmelding wordt aanvullende beveiligingsverificatie ingesteld. De adreslijst heeft een bureautelefoon met een toestelnummer.',
    },
  },
  {
    name: 'bram',
    displayName: 'Bram Jansen',
    state: 'enforced',
    mobile: '02',
    registered: ['mobile'],
    summary: 'text message to the mobile phone',
    note: {
      en: 'Enforced, with a mobile phone: a text is sent, which can also be answered by a reply, or a call can be asked for.',
      nl: 'Afgedwongen, met een mobiele telefoon: er komt een sms, waarop ook geantwoord kan worden, of er wordt op verzoek gebeld.',
    },
  },
  {
    name: 'chris',
    displayName: 'Chris Bakker',
    state: 'enforced',
    mobile: '03',
    registered: ['app', 'mobile'],
    summary: 'code of an authenticator app (the simulator shows it), and a backup phone',
    note: {
      en: 'Enforced, with an authenticator app and a backup phone.',
      nl: 'Afgedwongen, met een authenticator-app en een reservetelefoon.',
    },
  },
  {
    name: 'dewi',
    displayName: 'Dewi Smit',
    state: 'enforced',
    groups: [securityKeyOnly],
    mobile: '04',
    registered: [],
    summary:
      'security key or passkey only: the first sign-in registers one, which then replaces the password',
    note: {
      en: 'Enforced, and policy allows a security key only: the first sign-in registers one. A passkey of this device will do, and from then on it signs in without a password, from the first page.',
      nl: 'Afgedwongen, en alleen een beveiligingssleutel is toegestaan: bij de eerste aanmelding wordt er een geregistreerd. Een wachtwoordsleutel van dit apparaat is ook goed, en daarna gaat het aanmelden ermee zonder wachtwoord, vanaf de eerste pagina.',
    },
  },
  {
    name: 'els',
    displayName: 'Els Visser',
    state: 'disabled',
    mobile: '05',
    registered: [],
    summary: 'password only',
    note: {
      en: 'Disabled: the password alone is enough.',
      nl: 'Uitgeschakeld: alleen het wachtwoord is genoeg.',
    },
  },
  {
    name: 'frits',
    displayName: 'Frits Meijer',
    state: 'enforced',
    accountEnabled: false,
    mobile: '06',
    registered: [],
    summary: 'the account is disabled',
    note: {
      en: 'The account is disabled: nobody gets in with it.',
      nl: 'Het account is uitgeschakeld: niemand komt ermee binnen.',
    },
  },
  {
    name: 'helpdesk',
    displayName: 'Help desk',
    state: 'enforced',
    role: 'help-desk',
    mobile: '07',
    registered: ['mobile'],
    summary: 'help desk role, text message',
    note: {
      en: 'Help desk role, with a mobile phone.',
      nl: 'Rol helpdesk, met een mobiele telefoon.',
    },
  },
  {
    name: 'admin',
    displayName: 'Admin',
    state: 'enforced',
    role: 'global-admin',
    mobile: '08',
    registered: ['app'],
    summary: 'global admin, code of an authenticator app (the simulator shows it)',
    note: {
      en: 'Global admin, with an authenticator app.',
      nl: 'Globale beheerder, met een authenticator-app.',
    },
  },
];

/** What is kept, sealed, of what cannot be read back from the accounts. */
const keptSchema = z.record(
  z.string(),
  z.strictObject({ password: z.string(), key: z.string().exactOptional() }),
);
type Kept = z.infer<typeof keptSchema>;
const sealContext = ['meta', 'value', 'sample-passwords'];

/**
 * Makes the organisation in an empty database, all of it or nothing; does nothing where it was made
 * before. Throws `CONFIGURATION_FAULTY` in a database that belongs to somebody else.
 */
export async function makeSampleOrganisation(installation: Installation): Promise<void> {
  const { database, box, hasher, random, clock, methods } = installation;
  const { meta, users } = database.stores;
  if ((await meta.read('sample-passwords')) !== undefined) return;
  if ((await users.count()) > 0) {
    throw new TweestapError('CONFIGURATION_FAULTY', {
      details: {
        reason: `${installation.settings.dataFolder} holds another organisation: --sample makes one in an empty data folder only`,
      },
    });
  }
  const now = clock.now();
  const people = await Promise.all(
    samples.map(async (sample) => {
      const password = generatePassword(random);
      const key = sample.registered.includes('app') ? random.base32(32) : undefined;
      const passwordHash = await hasher.hash(password);
      const user = accountOf(sample, { id: random.token(16), passwordHash, now });
      const registrations = sample.registered.map((kind) =>
        registrationOf(kind, { id: random.token(16), user, key, now }),
      );
      return { sample, password, key, user, registrations };
    }),
  );
  const kept: Kept = Object.fromEntries(
    people.map(({ sample, password, key }) => [
      sample.name,
      { password, ...(key === undefined ? {} : { key }) },
    ]),
  );
  const sealed = box.seal(JSON.stringify(kept), sealContext).toString('base64url');

  await database.transact(async (stores) => {
    // Two starts at once: whoever settles first makes the people.
    if ((await stores.meta.settle('sample-passwords', sealed)) !== sealed) return;
    await createPolicies({ store: stores.policies, methods }).change(() => policy);
    await stores.audit.append(
      policyChanged({ at: now, actor, changes: changesBetween({}, policy) }),
    );
    for (const { user, registrations } of people) {
      await stores.users.add(user);
      await stores.audit.append(userAdded({ at: now, userId: user.id, actor }));
      for (const registration of registrations) await stores.registrations.add(registration);
      const [first] = registrations;
      if (first !== undefined) {
        const methodId = first.kind === 'phone' ? 'text-message' : 'authenticator-code';
        await stores.users.setDefaultMethod(user.id, { registrationId: first.id, methodId });
      }
    }
  });
}

/** Who there is, with the passwords they were given; nobody where there is no sample organisation. */
export async function samplePeople(installation: Installation): Promise<readonly SampleAccount[]> {
  const { database, box, administration } = installation;
  const sealed = await database.stores.meta.read('sample-passwords');
  if (sealed === undefined) return [];
  const opened = box.open(Buffer.from(sealed, 'base64url'), sealContext).toString('utf8');
  const kept = keptSchema.parse(JSON.parse(opened));
  const people = await Promise.all(
    samples.map(async (sample) => {
      const user = await administration.find(`${sample.name}@${domain}`);
      const own = kept[sample.name];
      return user === undefined || own === undefined ? undefined : shown(sample, user, own);
    }),
  );
  return people.filter((person) => person !== undefined);
}

function shown(sample: Sample, user: User, own: Kept[string]): SampleAccount {
  const { mobilePhone, businessPhone, businessPhoneExtension } = user;
  const { key } = own;
  return {
    userPrincipalName: user.userPrincipalName,
    displayName: user.displayName,
    password: own.password,
    mobilePhone,
    businessPhone:
      businessPhone === undefined || businessPhoneExtension === undefined
        ? businessPhone
        : `${businessPhone} x${businessPhoneExtension}`,
    mail: user.mail,
    otherMail: user.otherMail,
    note: sample.note,
    app: key === undefined ? undefined : { key, address: appUri(user, key) },
    summary: sample.summary,
  };
}

function appUri(user: User, key: string): string {
  return otpauthUri({
    issuer: organisation,
    account: user.userPrincipalName,
    key: decodeBase32(key) ?? Buffer.alloc(0),
  });
}

function accountOf(
  sample: Sample,
  made: { readonly id: string; readonly passwordHash: string; readonly now: Date },
): User {
  const { officeExtension } = sample;
  return {
    id: made.id,
    userPrincipalName: `${sample.name}@${domain}`,
    displayName: sample.displayName,
    mail: `${sample.name}@${domain}`,
    otherMail: `${sample.name}@thuis.example`,
    mobilePhone: mobileOf(sample),
    businessPhone: officeExtension === undefined ? undefined : '+31201234567',
    businessPhoneExtension: officeExtension,
    preferredLanguage: undefined,
    role: sample.role ?? 'user',
    groups: sample.groups ?? [],
    accountEnabled: sample.accountEnabled ?? true,
    blocked: undefined,
    passwordHash: made.passwordHash,
    mustChangePassword: false,
    perUserMfaState: sample.state,
    mfaRequiredAt: sample.state === 'disabled' ? undefined : made.now,
    defaultMethod: undefined,
    upstream: undefined,
    createdAt: made.now,
  };
}

function registrationOf(
  kind: 'mobile' | 'app',
  of: {
    readonly id: string;
    readonly user: User;
    readonly key: string | undefined;
    readonly now: Date;
  },
): Registration {
  const { id, user, now } = of;
  const common = { id, userId: user.id, version: 1, createdAt: now, lastUsedAt: undefined };
  if (kind === 'mobile') {
    const secret: PhoneSecret = { number: user.mobilePhone ?? '', phoneType: 'mobile' };
    return { ...common, kind: 'phone', slot: 'mobile', secret };
  }
  const secret: AppSecret = {
    key: of.key ?? '',
    digits: 6,
    period: 30,
    algorithm: 'sha1',
    // It was proved, at a time that no code of today comes from.
    acceptedStep: 0,
    drift: 0,
  };
  return { ...common, kind: 'authenticator-app', slot: '1', secret };
}

function mobileOf({ mobile }: Sample): string {
  return `+316123456${mobile}`;
}
