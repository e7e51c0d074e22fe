/**
 * Owns putting hardware tokens on the shelf (row A-060), and giving those to people whose user name stands beside
 * them. What is wrong with a line keeps that line out only.
 */
import type { User } from '../../accounts/user.ts';
import { tokenAdded } from '../../audit/hardware-token-events.ts';
import { TweestapError } from '../../errors/errors.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import type {
  ReadToken,
  TokenFileFault,
  TokenLineFault,
} from '../../registrations/hardware-token-file.ts';
import type { SigninStores } from '../../signin/stores.ts';
import type { ActParts } from '../account-act.ts';
import { admitToOrganisation, type Actor, type By } from '../acting-admin.ts';
import { admitToAssign, tellAssigned } from './assigning.ts';

/** What came of one line of a file. */
export interface ImportedToken {
  readonly line: number;
  readonly serialNumber: string;
  /** The user name it was for, as it stood there. */
  readonly owner: string | undefined;
  readonly fault:
    | TokenLineFault
    | 'already-here'
    | 'owner-unknown'
    /** Whoever imports may not act on that account. */
    | 'owner-above'
    | undefined;
}

export type TokenImport =
  | { readonly lines: readonly ImportedToken[]; readonly fault?: undefined }
  | { readonly fault: TokenFileFault; readonly column?: string };

/** A token, and the line on which it stood. */
export interface NumberedToken {
  readonly line: number;
  readonly token: ReadToken;
}

interface Importing {
  readonly by: By;
  /** Does all of it and undoes it. */
  readonly isTrial: boolean;
}

/** How many are put on the shelf in one transaction. */
const sliceSize = 200;

/** Puts them on the shelf; resolves to what came of each, in their order. Throws as every act does. */
export async function importTokens(
  parts: ActParts,
  all: readonly NumberedToken[],
  importing: Importing,
): Promise<readonly ImportedToken[]> {
  const lines: ImportedToken[] = [];
  for (let from = 0; from < all.length; from += sliceSize) {
    lines.push(...(await importSlice(parts, all.slice(from, from + sliceSize), importing)));
  }
  return lines;
}

async function importSlice(
  parts: ActParts,
  slice: readonly NumberedToken[],
  { by, isTrial }: Importing,
): Promise<readonly ImportedToken[]> {
  const lines: ImportedToken[] = [];
  const undone = new Error('only tried');
  try {
    await parts.transact(async (held) => {
      lines.length = 0;
      const at = parts.clock.now();
      const who = await admitToOrganisation(parts, held, by, 'change-tokens', at);
      const ownerOf = await holdOwners(
        held,
        slice.map(({ token }) => token),
      );
      // Each waits for whoever puts the same one on the shelf: these in one order too.
      for (const { line, token } of slice.toSorted(bySerialNumber)) {
        const { serialNumber, owner } = token;
        const fault = await shelveNew(parts, { held, by, at, who }, token, ownerOf(token));
        lines.push({ line, serialNumber, owner, fault });
      }
      lines.sort((one, other) => one.line - other.line);
      if (isTrial) throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  }
  return lines;
}

/** By code points, so that it is the same on every node; lines of the same one stay in their order. */
function bySerialNumber({ token: one }: NumberedToken, { token: other }: NumberedToken): number {
  if (one.serialNumber === other.serialNumber) return 0;
  return one.serialNumber < other.serialNumber ? -1 : 1;
}

/** Holds the owners whom lines name, in the order of their ids: two files never wait for one another. */
async function holdOwners(
  { users }: Pick<SigninStores, 'users'>,
  all: readonly ReadToken[],
): Promise<(read: ReadToken) => User | undefined> {
  const idsOfNames = new Map<string, string>();
  for (const { owner } of all) {
    const name = canonicalUserPrincipalName(owner ?? '');
    if (name === null || idsOfNames.has(name)) continue;
    const id = (await users.findByName(name))?.id;
    if (id !== undefined) idsOfNames.set(name, id);
  }
  const owners = new Map<string, User>();
  for (const id of [...new Set(idsOfNames.values())].toSorted()) {
    const owner = await users.lock(id);
    if (owner !== undefined) owners.set(id, owner);
  }
  return ({ owner }) => {
    const name = canonicalUserPrincipalName(owner ?? '');
    return owners.get(idsOfNames.get(name ?? '') ?? '');
  };
}

/** The transaction of a slice, and who imports. */
interface Held {
  readonly held: SigninStores;
  readonly by: By;
  readonly at: Date;
  readonly who: Actor;
}

/** One line, in a transaction that may yet be undone; resolves to what keeps it out. */
async function shelveNew(
  parts: ActParts,
  { held, by, at, who }: Held,
  read: ReadToken,
  owner: User | undefined,
): Promise<ImportedToken['fault']> {
  const { serialNumber, manufacturer, model, secret } = read;
  if (read.owner !== undefined && owner === undefined) return 'owner-unknown';
  if (owner !== undefined && !(await mayAssign(parts, { held, by, at }, owner, serialNumber))) {
    return 'owner-above';
  }
  const isAdded = await held.hardwareTokens.add({
    id: parts.random.token(16),
    serialNumber,
    manufacturer,
    model,
    secret,
    assignedTo: owner?.id,
    registrationId: undefined,
    wrongCodes: 0,
    version: 1,
    createdAt: at,
  });
  if (!isAdded) return 'already-here';
  await held.audit.append(tokenAdded({ at, ...who, serialNumber }));
  if (owner !== undefined) await tellAssigned(parts, held, owner, serialNumber, { at, ...who });
  return undefined;
}

async function mayAssign(
  parts: ActParts,
  { held, by, at }: Omit<Held, 'who'>,
  owner: User,
  serialNumber: string,
): Promise<boolean> {
  try {
    await admitToAssign(parts, held, by, owner, serialNumber, at);
    return true;
  } catch (error) {
    if (error instanceof TweestapError && error.code === 'NOT_ALLOWED') return false;
    throw error;
  }
}
