/**
 * Owns by which attribute an entry of the directory is known for ever, and how programs that come from Microsoft's
 * directories write it: an objectGUID as its bytes in base64, as Entra ID keeps it (`onPremisesImmutableId`), and
 * any other id as it is.
 */
import { guidBytes, guidText } from '../../lib/guid.ts';
import type { UpstreamSettings } from './settings.ts';

type Kind = Pick<UpstreamSettings, 'kind' | 'attributes'>;

/** The one that holds 16 bytes, and no text. */
export const objectGuid = 'objectguid';

/** The name of the attribute, in lower case. */
export function idAttributeOf({ kind, attributes }: Kind): string {
  return attributes.id?.toLowerCase() ?? (kind === 'ldap' ? 'entryuuid' : objectGuid);
}

export interface ImmutableIds {
  /** Of the entry with this id. */
  of(entryId: string): string;
  /** The id of the entry that is written so; undefined where none can be. */
  entryId(immutableId: string): string | undefined;
}

/** As they are in this directory; undefined: none is configured any more, and ids are as they are. */
export function immutableIds(settings: Kind | undefined): ImmutableIds {
  if (settings === undefined || idAttributeOf(settings) !== objectGuid) {
    return { of: (id) => id, entryId: (id) => id };
  }
  return {
    of: (id) => guidBytes(id)?.toString('base64') ?? id,
    entryId: (written) => guidText(Buffer.from(written, 'base64')),
  };
}
