/** The people of a measurement: each with a password and an authenticator app of their own. */
import { createHash } from 'node:crypto';

import { encodeBase32 } from '../src/lib/otp/base32.ts';
import { appSecret } from '../src/methods/authenticator-app.ts';
import type { Installation } from '../src/installation/installation.ts';

export const password = 'correct horse battery';

/** A code opens one door, so more people than sign in within two time steps. */
export const peopleCount = 12_000;

/** The key of a person's app; the same as the bare model's, so that the loader does equal work. */
export function keyOf(person: number): Buffer {
  return createHash('sha1').update(`k${person}`).digest();
}

export function nameOf(person: number): string {
  return `user${person}@example.test`;
}

/** Adds everybody, in an empty installation. They share one hash: each check of it costs the same. */
export async function addPeople({ database, hasher, random, clock }: Installation): Promise<void> {
  const passwordHash = await hasher.hash(password);
  const now = clock.now();
  const together = 500;
  for (let first = 0; first < peopleCount; first += together) {
    await database.transact(async ({ users, registrations }) => {
      for (let person = first; person < Math.min(first + together, peopleCount); person += 1) {
        const id = random.token(16);
        const registrationId = random.token(16);
        await users.add({
          id,
          userPrincipalName: nameOf(person),
          displayName: `User ${person}`,
          mail: nameOf(person),
          otherMail: undefined,
          mobilePhone: undefined,
          businessPhone: undefined,
          businessPhoneExtension: undefined,
          preferredLanguage: undefined,
          role: 'user',
          groups: [],
          accountEnabled: true,
          blocked: undefined,
          passwordHash,
          mustChangePassword: false,
          perUserMfaState: 'enforced',
          mfaRequiredAt: now,
          defaultMethod: { registrationId, methodId: 'authenticator-code' },
          upstream: undefined,
          createdAt: now,
        });
        await registrations.add({
          id: registrationId,
          userId: id,
          kind: 'authenticator-app',
          slot: '1',
          secret: appSecret.parse({ key: encodeBase32(keyOf(person)) }),
          version: 1,
          createdAt: now,
          lastUsedAt: undefined,
        });
      }
    });
  }
}
