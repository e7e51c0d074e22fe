/**
 * Owns what those in charge do with hardware tokens (rows ): put them on the shelf, give
 * them to people, take them back. A token proves nobody before a code of it was shown, to those in
 * charge here or by its owner (`own-account/own-hardware-tokens.ts`). Each act is one transaction with its event.
 */
import type { User } from '../accounts/user.ts';
import {
  tokenActivated,
  tokenActivationFailed,
  tokenRemoved,
  tokenResynchronised,
} from '../audit/hardware-token-events.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Random } from '../lib/random.ts';
import { timeStep } from '../lib/otp/one-time-password.ts';
import { matchConsecutive, matchStep } from '../lib/otp/otp.ts';
import {
  appSecret,
  authenticatorApp,
  furthestResync,
  keyOf,
  type AppSecret,
} from '../methods/authenticator-app.ts';
import { digitsTyped } from '../methods/code.ts';
import type { Methods } from '../methods/method.ts';
import { readTokenFile, type ReadToken } from '../registrations/hardware-token-file.ts';
import type { HardwareToken, KnownToken } from '../registrations/hardware-token.ts';
import { isForSignIn } from '../registrations/options.ts';
import { revokeEverything } from '../signin/revoke-everything.ts';
import type { SigninStores } from '../signin/stores.ts';
import { wrongTokenCodes } from '../throttle/rules.ts';
import { raise, type Permission } from '../throttle/throttle.ts';
import type { ActParts } from './account-act.ts';
import { admit, admitToOrganisation, type Actor, type By } from './acting-admin.ts';
import type { Administration } from './administration.ts';
import { admitToAssign, tellAssigned } from './assigning.ts';
import { inform } from './informing.ts';
import { shelve } from './shelving.ts';
import { importTokens, type ImportedToken, type TokenImport } from './token-import.ts';

/** What came of a code that was to show that the token is at hand. */
export type Activation =
  | { readonly kind: 'activated' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'paused'; readonly untilAt: Date }
  /** Its owner has as many apps and tokens as there may be. */
  | { readonly kind: 'full' }
  /** It is activated already, or nobody's any more. */
  | { readonly kind: 'gone' };

/**
 * Every act of somebody at their pages may throw `NOT_SIGNED_IN`, `STEP_UP_REQUIRED` or `NOT_ALLOWED`;
 * nothing has happened then.
 */
export interface HardwareTokens {
  /**
   * Puts the tokens of a file on the shelf, and gives those to people whose user name stands beside
   * them. What is wrong with a line keeps that line out only. `isTrial` does all of it and undoes it.
   */
  importFile(
    file: Uint8Array,
    options: { readonly password?: string | undefined; readonly isTrial: boolean },
    by: By,
  ): Promise<TokenImport>;
  /** The same with tokens that were read already; what keeps one out is told in its place. */
  add(tokens: readonly ReadToken[], by: By): Promise<readonly ImportedToken[]>;
  /** Gives it to somebody, who is told by mail; false where it is somebody's, or gone. */
  assign(id: string, userId: string, by: By): Promise<boolean>;
  /** Takes it back: it proves its owner no more. False where it is nobody's. */
  unassign(id: string, by: By): Promise<boolean>;
  /** Looks at the code that it shows now. */
  activate(id: string, code: string, by: By): Promise<Activation>;
  /**
   * Sets its clock right by two codes in a row; false where they are none, or the token is not in
   * use. Counted like an activation.
   */
  resynchronise(
    id: string,
    codes: { readonly first: string; readonly second: string },
    by: By,
  ): Promise<Extract<Activation, { kind: 'activated' | 'wrong' | 'paused' | 'gone' }>>;
  /** Takes it off the shelf for good, and back from whoever has it; false where it was gone. */
  remove(id: string, by: By): Promise<boolean>;
}

export interface HardwareTokenParts extends ActParts {
  readonly stores: Pick<SigninStores, 'hardwareTokens' | 'throttle'>;
  readonly administration: Pick<Administration, 'removeMethod'>;
}

/** Makes the service. */
export function createHardwareTokens(parts: HardwareTokenParts): HardwareTokens {
  const { stores, transact, administration, methods, clock, random } = parts;

  /** One act on a token and on its owner, who is held until it is done. */
  const actOnOwned = <result>(
    id: string,
    by: By,
    tokenAct: 'take-back' | 'activate' | 'resynchronise',
    work: (held: SigninStores, token: KnownToken, owner: User, who: Actor) => Promise<result>,
  ): Promise<result | undefined> =>
    transact(async (held) => {
      const ownerId = (await held.hardwareTokens.find(id))?.assignedTo;
      if (ownerId === undefined) return undefined;
      const owner = await held.users.lock(ownerId);
      const token = await held.hardwareTokens.find(id);
      if (owner === undefined || token?.assignedTo !== ownerId) return undefined;
      return work(
        held,
        token,
        owner,
        await admit(parts, held, by, 'assign-token', owner, clock.now(), {
          values: { serialNumber: token.serialNumber, tokenAct },
        }),
      );
    });

  const counted = async (id: string): Promise<Permission> =>
    stores.throttle.update<Permission>(tokenKey(id), (record) =>
      raise(wrongTokenCodes, record, clock.now()),
    );

  return {
    add: (tokens, by) => {
      const numbered = tokens.map((token, index) => ({ line: index + 1, token }));
      return importTokens(parts, numbered, { by, isTrial: false });
    },

    importFile: async (file, { password, isTrial }, by) => {
      const read = await readTokenFile(file, { password });
      if (read.fault !== undefined) return read;
      const good = read.lines.filter((each) => each.fault === undefined);
      const bad = read.lines.filter((each) => each.fault !== undefined);
      const lines = [
        ...(await importTokens(parts, good, { by, isTrial })),
        ...bad.map((each) => ({ ...each, owner: undefined })),
      ];
      return { lines: lines.toSorted((one, other) => one.line - other.line) };
    },

    assign: (id, userId, by) =>
      transact(async (held) => {
        const owner = await held.users.lock(userId);
        const token = await held.hardwareTokens.find(id);
        if (owner === undefined || token === undefined) return false;
        const at = clock.now();
        const { assignedTo, version, serialNumber } = token;
        const who = await admitToAssign(parts, held, by, owner, serialNumber, at);
        if (assignedTo !== undefined) return false;
        const given = { id, version, assignedTo: userId, registrationId: undefined, wrongCodes: 0 };
        if (!(await held.hardwareTokens.save(given))) return false;
        await tellAssigned(parts, held, owner, serialNumber, { at, ...who });
        return true;
      }),

    unassign: (id, by) => takeBack(id, by),

    activate: async (id, code, by) => {
      const permission = await counted(id);
      if (!permission.allowed) return { kind: 'paused', untilAt: permission.until };
      const done = await actOnOwned(id, by, 'activate', (held, token, owner, who) =>
        activateFor(
          { held, methods, token, owner, code, random, at: clock.now() },
          who,
          async () => {
            await inform(parts, held, owner, clock.now(), 'methodRegistered', titleOfToken(token));
          },
        ),
      );
      if (done?.kind === 'activated') await stores.throttle.clear(tokenKey(id));
      return done ?? { kind: 'gone' };
    },

    resynchronise: async (id, { first, second }, by) => {
      const permission = await counted(id);
      if (!permission.allowed) return { kind: 'paused', untilAt: permission.until };
      const done = await actOnOwned(id, by, 'resynchronise', async (held, token, owner, who) => {
        const at = clock.now();
        const registration =
          token.registrationId === undefined
            ? undefined
            : await held.registrations.find(token.registrationId);
        if (registration?.userId !== owner.id) return { kind: 'gone' } as const;
        const secret = appSecret.parse(registration.secret);
        const seconds = at.getTime() / 1000;
        const { digits, period, algorithm } = secret;
        const step = matchConsecutive(
          keyOf(secret),
          digitsTyped(first),
          digitsTyped(second),
          seconds,
          {
            digits,
            period,
            algorithm,
            within: furthestResync,
          },
        );
        if (step === null || step <= secret.acceptedStep) return { kind: 'wrong' } as const;
        const set = { ...secret, acceptedStep: step, drift: step - timeStep(seconds, period) };
        if (!(await held.registrations.replace(registration.id, registration.version, set))) {
          throw new TweestapError('BUSY');
        }
        const { serialNumber } = token;
        await held.audit.append(
          tokenResynchronised({ at, ...who, userId: owner.id, serialNumber }),
        );
        return { kind: 'activated' } as const;
      });
      if (done?.kind === 'activated') await stores.throttle.clear(tokenKey(id));
      return done ?? { kind: 'gone' };
    },

    remove: async (id, by) => {
      await takeBack(id, by);
      return transact(async (held) => {
        const at = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'change-tokens', at);
        const token = await held.hardwareTokens.find(id);
        // Given to somebody else in between: whoever removes it looks once more.
        if (token === undefined || token.assignedTo !== undefined) return false;
        const { serialNumber } = token;
        await held.audit.append(tokenRemoved({ at, ...who, serialNumber }));
        return held.hardwareTokens.remove(id);
      });
    },
  };

  async function takeBack(id: string, by: By): Promise<boolean> {
    // What it proves ends first: a token that is nobody's must never prove anybody.
    const known = await stores.hardwareTokens.find(id);
    if (known?.assignedTo !== undefined && known.registrationId !== undefined) {
      await administration.removeMethod(known.assignedTo, known.registrationId, by);
    }
    const isTaken = await actOnOwned(id, by, 'take-back', async (held, token, owner, who) => {
      if (token.registrationId !== undefined) throw new TweestapError('BUSY');
      await shelve(held, token, owner.id, { at: clock.now(), ...who });
      return true;
    });
    return isTaken ?? false;
  }
}

/** Under which a token's wrong codes are counted. */
export function tokenKey(id: string): string {
  return `${wrongTokenCodes.name}:${id}`;
}

/** How a mail names it. */
export function titleOfToken({ serialNumber, manufacturer, model }: HardwareToken): string {
  return [manufacturer, model, serialNumber].filter((part) => part !== '').join(' ');
}

/** How far its clock may be off when it is new, in steps on each side. */
const furthestWhenNew = 10;

/**
 * Makes it a registration of its owner's, if the code is right; in the caller's transaction, with the
 * owner held and the code counted. `tellOwner` mails them.
 */
export async function activateFor(
  ask: {
    readonly held: SigninStores;
    readonly methods: Methods;
    readonly token: KnownToken;
    readonly owner: User;
    readonly code: string;
    readonly random: Random;
    readonly at: Date;
    /** The owner's own session, where they activate it themselves. */
    readonly keepSession?: Buffer;
  },
  who: Actor,
  tellOwner: () => Promise<void>,
): Promise<Extract<Activation, { kind: 'activated' | 'wrong' | 'full' | 'gone' }>> {
  const { held, methods, token, owner, code, random, at, keepSession } = ask;
  if (token.status === 'activated') return { kind: 'gone' };
  const { id, version, serialNumber, manufacturer, model, wrongCodes } = token;
  const event = { at, ...who, userId: owner.id, serialNumber };
  const seconds = at.getTime() / 1000;
  const { digits, period, algorithm } = token.secret;
  const offsets = Array.from({ length: 2 * furthestWhenNew + 1 }, (_, i) => i - furthestWhenNew);
  const step = matchStep(keyOf(token.secret), digitsTyped(code), seconds, {
    digits,
    period,
    algorithm,
    offsets,
  });
  if (step === null) {
    const failed = { id, version, assignedTo: owner.id, registrationId: undefined };
    await held.hardwareTokens.save({ ...failed, wrongCodes: wrongCodes + 1 });
    await held.audit.append(tokenActivationFailed(event));
    return { kind: 'wrong' };
  }
  const registrations = await held.registrations.list(owner.id);
  const taken = registrations.filter(({ kind }) => kind === authenticatorApp.id);
  const slot = authenticatorApp.slots.find((one) => taken.every((each) => each.slot !== one));
  if (slot === undefined) return { kind: 'full' };
  const secret: AppSecret = {
    ...token.secret,
    acceptedStep: step,
    drift: step - timeStep(seconds, period),
    token: { serialNumber, manufacturer, model },
  };
  const registrationId = random.token(16);
  await held.registrations.add({
    id: registrationId,
    userId: owner.id,
    kind: authenticatorApp.id,
    slot,
    secret,
    version: 1,
    createdAt: at,
    lastUsedAt: undefined,
  });
  const activated = { id, version, assignedTo: owner.id, registrationId, wrongCodes: 0 };
  if (!(await held.hardwareTokens.save(activated))) throw new TweestapError('BUSY');
  if (owner.defaultMethod === undefined) {
    await held.users.setDefaultMethod(owner.id, { registrationId, methodId: 'authenticator-code' });
  }
  await held.audit.append(tokenActivated(event));
  // Trust was given for what was registered then.
  await held.trustedDevices.removeAll(owner.id);
  if (!registrations.some((one) => isForSignIn(one, methods))) {
    // What the password alone had opened ends (attack ATK-34).
    await revokeEverything(held, {
      userId: owner.id,
      reason: 'first-method-registered',
      ...who,
      appPasswords: false,
      at,
      ...(keepSession === undefined ? {} : { keepSession }),
    });
  }
  await tellOwner();
  return { kind: 'activated' };
}
