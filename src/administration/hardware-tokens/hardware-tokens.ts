/**
 * Owns what those in charge do with hardware tokens (rows ): put them on the shelf, give
 * them to people, take them back. A token proves nobody before a code of it was shown, to those in
 * charge here or by its owner (`own-account/own-hardware-tokens.ts`). Each act is one transaction with its event.
 */
import { tokenRemoved } from '../../audit/hardware-token-events.ts';
import { TweestapError } from '../../errors/errors.ts';
import { readTokenFile, type ReadToken } from '../../registrations/hardware-token-file.ts';
import { titleOfToken, type KnownToken } from '../../registrations/hardware-token.ts';
import type { SigninStores } from '../../signin/stores.ts';
import type { ActParts, Doing } from '../account-act.ts';
import { admit, admitToOrganisation, type By } from '../acting-admin.ts';
import type { Administration } from '../administration.ts';
import { admitToAssign, tellAssigned } from './assigning.ts';
import { inform } from '../informing.ts';
import { shelve } from './shelving.ts';
import {
  activateToken,
  counted,
  resynchroniseToken,
  type Activation,
  type Resynchronisation,
} from './token-codes.ts';
import { importTokens, type ImportedToken, type TokenImport } from './token-import.ts';

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
  ): Promise<Resynchronisation>;
  /** Takes it off the shelf for good, and back from whoever has it; false where it was gone. */
  remove(id: string, by: By): Promise<boolean>;
}

export interface HardwareTokenParts extends ActParts {
  readonly stores: Pick<SigninStores, 'hardwareTokens' | 'throttle'>;
  readonly administration: Pick<Administration, 'removeMethod'>;
}

/** Makes the service. */
export function createHardwareTokens(parts: HardwareTokenParts): HardwareTokens {
  const { stores, transact, administration, clock } = parts;

  /** One act on a token and on its owner, who is held until it is done; undefined where it is nobody's. */
  const actOnOwned = <result>(
    id: string,
    by: By,
    tokenAct: 'take-back' | 'activate' | 'resynchronise',
    work: (doing: Doing, token: KnownToken) => Promise<result>,
  ): Promise<result | undefined> =>
    transact(async (held) => {
      const ownerId = (await held.hardwareTokens.find(id))?.assignedTo;
      if (ownerId === undefined) return undefined;
      const user = await held.users.lock(ownerId);
      const token = await held.hardwareTokens.find(id);
      if (user === undefined || token?.assignedTo !== ownerId) return undefined;
      const at = clock.now();
      const values = { serialNumber: token.serialNumber, tokenAct };
      const who = await admit(parts, held, by, 'assign-token', user, at, { values });
      return work({ held, user, at, who }, token);
    });

  const takeBack = async (id: string, by: By): Promise<boolean> => {
    // What it proves ends first: a token that is nobody's must never prove anybody.
    const known = await stores.hardwareTokens.find(id);
    if (known?.assignedTo !== undefined && known.registrationId !== undefined) {
      await administration.removeMethod(known.assignedTo, known.registrationId, by);
    }
    const isTaken = await actOnOwned(id, by, 'take-back', async (doing, token) => {
      const { held, user, at, who } = doing;
      if (token.registrationId !== undefined) throw new TweestapError('BUSY');
      await shelve(held, token, user.id, { at, ...who });
      return true;
    });
    return isTaken ?? false;
  };

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

    activate: (id, code, by) =>
      counted(parts, id, async () => {
        const done = await actOnOwned(id, by, 'activate', async (doing, token) => {
          const { held, user, at } = doing;
          const activation = await activateToken(parts, doing, token, { code });
          if (activation.kind === 'activated') {
            await inform(parts, held, user, at, 'methodRegistered', titleOfToken(token));
          }
          return activation;
        });
        return done ?? { kind: 'gone' };
      }),

    resynchronise: (id, codes, by) =>
      counted(parts, id, async () => {
        const done = await actOnOwned(id, by, 'resynchronise', (doing, token) =>
          resynchroniseToken(doing, token, codes),
        );
        return done ?? { kind: 'gone' };
      }),

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
}
