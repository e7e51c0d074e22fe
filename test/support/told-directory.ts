/** A directory that says what a test wants it to say, for tests of the synchronisation with it. */
import type { UpstreamGroup, UpstreamPerson } from '../../src/accounts/upstream/upstream.ts';
import type { SyncSource } from '../../src/administration/directory/sync-parts.ts';

export interface ToldDirectory {
  people: UpstreamPerson[];
  groups: UpstreamGroup[];
  /** Called before each person that is read; what it throws ends the reading. */
  before: (index: number) => void | Promise<void>;
}

/** A directory with nobody in it, and what is read of it. */
export function newDirectory(): { readonly directory: ToldDirectory; readonly source: SyncSource } {
  const directory: ToldDirectory = { people: [], groups: [], before: () => {} };
  return {
    directory,
    source: {
      people: async function* () {
        for (const [index, one] of directory.people.entries()) {
          await directory.before(index);
          yield one;
        }
      },
      groups: async function* () {
        yield* directory.groups;
      },
    },
  };
}

/** Somebody in it: `uid=<name>`, who signs in as `<name>@voorbeeld.example`. */
export function toldPerson(name: string, fields: Partial<UpstreamPerson> = {}): UpstreamPerson {
  return {
    id: `entry-${name}`,
    dn: `uid=${name},ou=people,dc=x`,
    userPrincipalName: `${name}@voorbeeld.example`,
    shortName: name,
    displayName: `${name} of the directory`,
    mail: `${name}@voorbeeld.example`,
    telephoneNumber: undefined,
    mobile: undefined,
    enabled: true,
    memberOf: [],
    ...fields,
  };
}

/** A group of these people. */
export function toldGroup(name: string, ...members: readonly UpstreamPerson[]): UpstreamGroup {
  return {
    id: `group-${name}`,
    dn: `cn=${name},ou=groups,dc=x`,
    name,
    members: members.map(({ dn }) => dn),
    memberNames: [],
  };
}
