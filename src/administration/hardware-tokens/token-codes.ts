/**
 * Owns what the codes of a hardware token show, whoever types them: that it is at hand, from when on it proves its
 * owner, and how far its clock is off. Wrong ones are counted by token.
 */
import {
  tokenActivated,
  tokenActivationFailed,
  tokenResynchronised,
} from '../../audit/hardware-token-events.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { timeStep } from '../../lib/otp/one-time-password.ts';
import { matchConsecutive, matchStep } from '../../lib/otp/otp.ts';
import {
  appSecret,
  authenticatorApp,
  furthestResync,
  keyOf,
  type AppSecret,
} from '../../methods/authenticator-app.ts';
import { digitsTyped } from '../../methods/code.ts';
import type { KnownToken } from '../../registrations/hardware-token.ts';
import { isForSignIn } from '../../registrations/options.ts';
import { revokeEverything } from '../../signin/revoke-everything.ts';
import type { SigninStores } from '../../signin/stores.ts';
import { wrongTokenCodes } from '../../throttle/rules.ts';
import { raise, type Permission } from '../../throttle/throttle.ts';
import type { ActParts, Doing } from '../account-act.ts';

/** What came of a code that was to show that the token is at hand. */
export type Activation =
  | { readonly kind: 'activated' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'paused'; readonly untilAt: Date }
  /** Its owner has as many apps and tokens as there may be. */
  | { readonly kind: 'full' }
  /** It is activated already, or nobody's any more. */
  | { readonly kind: 'gone' };

/** What comes of the codes that set its clock right. */
export type Resynchronisation = Extract<
  Activation,
  { kind: 'activated' | 'wrong' | 'paused' | 'gone' }
>;

/** Counts a code of a token before it is looked at; a right one forgets the wrong ones. */
export async function counted<judged extends { readonly kind: string }>(
  parts: { readonly stores: Pick<SigninStores, 'throttle'>; readonly clock: Clock },
  tokenId: string,
  look: () => Promise<judged>,
): Promise<judged | Extract<Activation, { kind: 'paused' }>> {
  const { throttle } = parts.stores;
  const key = `${wrongTokenCodes.name}:${tokenId}`;
  const permission = await throttle.update<Permission>(key, (record) =>
    raise(wrongTokenCodes, record, parts.clock.now()),
  );
  if (!permission.allowed) return { kind: 'paused', untilAt: permission.until };
  const judged = await look();
  if (judged.kind === 'activated') await throttle.clear(key);
  return judged;
}

/** How far its clock may be off when it is new, in steps on each side. */
const furthestWhenNew = 10;
const offsetsWhenNew = Array.from(
  { length: 2 * furthestWhenNew + 1 },
  (_, index) => index - furthestWhenNew,
);

/**
 * Makes it a registration of its owner's, if the code is right; in the caller's transaction, with the code
 * counted. `keepSession` is the owner's own session, where they activate it themselves. Whoever calls tells them.
 */
export async function activateToken(
  parts: Pick<ActParts, 'methods' | 'random'>,
  doing: Doing,
  token: KnownToken,
  { code, keepSession }: { readonly code: string; readonly keepSession?: Buffer },
): Promise<Exclude<Activation, { kind: 'paused' }>> {
  const { held, user, at, who } = doing;
  if (token.status === 'activated') return { kind: 'gone' };
  const { id, version, serialNumber, wrongCodes } = token;
  const userId = user.id;
  const event = { at, ...who, userId, serialNumber };
  const secret = secretShown(token, code, at);
  if (secret === undefined) {
    const failed = { id, version, assignedTo: userId, registrationId: undefined };
    await held.hardwareTokens.save({ ...failed, wrongCodes: wrongCodes + 1 });
    await held.audit.append(tokenActivationFailed(event));
    return { kind: 'wrong' };
  }
  const registrations = await held.registrations.list(userId);
  const taken = registrations.filter(({ kind }) => kind === authenticatorApp.id);
  const slot = authenticatorApp.slots.find((one) => taken.every((each) => each.slot !== one));
  if (slot === undefined) return { kind: 'full' };
  const registrationId = parts.random.token(16);
  await held.registrations.add({
    id: registrationId,
    userId,
    kind: authenticatorApp.id,
    slot,
    secret,
    version: 1,
    createdAt: at,
    lastUsedAt: undefined,
  });
  const activated = { id, version, assignedTo: userId, registrationId, wrongCodes: 0 };
  if (!(await held.hardwareTokens.save(activated))) throw new TweestapError('BUSY');
  if (user.defaultMethod === undefined) {
    await held.users.setDefaultMethod(userId, { registrationId, methodId: 'authenticator-code' });
  }
  await held.audit.append(tokenActivated(event));
  // Trust was given for what was registered then.
  await held.trustedDevices.removeAll(userId);
  if (!registrations.some((one) => isForSignIn(one, parts.methods))) {
    // What the password alone had opened ends (attack ATK-34).
    await revokeEverything(held, {
      userId,
      reason: 'first-method-registered',
      ...who,
      appPasswords: false,
      at,
      ...(keepSession === undefined ? {} : { keepSession }),
    });
  }
  return { kind: 'activated' };
}

/** What is kept of a token that showed this code now; undefined where it is none of its codes. */
function secretShown(token: KnownToken, code: string, at: Date): AppSecret | undefined {
  const { secret, serialNumber, manufacturer, model } = token;
  const { digits, period, algorithm } = secret;
  const seconds = at.getTime() / 1000;
  const codes = { digits, period, algorithm, offsets: offsetsWhenNew };
  const step = matchStep(keyOf(secret), digitsTyped(code), seconds, codes);
  if (step === null) return undefined;
  return {
    ...secret,
    acceptedStep: step,
    drift: step - timeStep(seconds, period),
    token: { serialNumber, manufacturer, model },
  };
}

/** Sets its clock right by two codes in a row, in the caller's transaction, with them counted. */
export async function resynchroniseToken(
  { held, user, at, who }: Doing,
  { registrationId, serialNumber }: KnownToken,
  { first, second }: { readonly first: string; readonly second: string },
): Promise<Exclude<Resynchronisation, { kind: 'paused' }>> {
  const registration =
    registrationId === undefined ? undefined : await held.registrations.find(registrationId);
  if (registration?.userId !== user.id) return { kind: 'gone' };
  const secret = appSecret.parse(registration.secret);
  const { digits, period, algorithm } = secret;
  const seconds = at.getTime() / 1000;
  const codes = { digits, period, algorithm, within: furthestResync };
  const [one, next] = [digitsTyped(first), digitsTyped(second)];
  const step = matchConsecutive(keyOf(secret), one, next, seconds, codes);
  if (step === null || step <= secret.acceptedStep) return { kind: 'wrong' };
  const set = { ...secret, acceptedStep: step, drift: step - timeStep(seconds, period) };
  if (!(await held.registrations.replace(registration.id, registration.version, set))) {
    throw new TweestapError('BUSY');
  }
  await held.audit.append(tokenResynchronised({ at, ...who, userId: user.id, serialNumber }));
  return { kind: 'activated' };
}
