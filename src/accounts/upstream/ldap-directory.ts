/**
 * Owns speaking to the organisation's directory by LDAP. Entries are looked up on one connection, which is
 * our service account's and carries many questions at once; passwords are checked on others, each for one
 * person at a time, since to bind is to become that person. Connections are kept for whoever comes next.
 */
import {
  LdapConnectionError,
  connectLdap,
  type LdapConnection,
  type LdapFindings,
} from '../../lib/ldap/client.ts';
import type { FoundEntry } from '../../lib/ldap/answer.ts';
import type { Filter } from '../../lib/ldap/filter.ts';
import { createKeptConnection, idleMs } from '../../lib/ldap/kept-connection.ts';
import {
  extensions,
  newPasswordValue,
  pageControl,
  pagedResults,
  readPage,
} from '../../lib/ldap/message.ts';
import { resultCodes } from '../../lib/ldap/result.ts';
import { createGate } from '../../lib/fifo.ts';
import { systemRandom } from '../../lib/random.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { UpstreamEntry } from '../user.ts';
import {
  entryFilter,
  groupAttributes,
  groupOf,
  idOf,
  layoutOf,
  personAttributes,
  personOf,
} from './entries.ts';
import { changeOf, passwordPolicy, policyHints, refusal } from './findings.ts';
import { withAllValues } from './long-values.ts';
import { placesOf } from './places.ts';
import { createProofs } from './proofs.ts';
import type { UpstreamSettings } from './settings.ts';
import type { PasswordChange, PasswordFinding, UpstreamDirectory } from './upstream.ts';

const pageSize = 500;
/** Nobody waits for a page of people, and a directory may take its time. */
const pageMs = 60_000;

/** A directory as the settings describe it; nothing is asked yet. */
export function createLdapDirectory(settings: UpstreamSettings): UpstreamDirectory {
  const { kind, bindDn, bindPassword, baseDn, groupsBaseDn = baseDn } = settings;
  const layout = layoutOf(settings);
  const places = placesOf(settings);
  const waitMs = settings.timeoutSeconds * 1_000;
  const gate = createGate({ concurrency: settings.maxConnections });
  const idle: { readonly connection: LdapConnection; readonly since: number }[] = [];
  const proofs = createProofs(kind, systemRandom);
  let first = 0;
  let isClosed = false;

  /** Connects to the first that lets us, beginning with the one that did the last time. */
  const connect = async (signal: AbortSignal): Promise<LdapConnection> => {
    if (isClosed) throw new LdapConnectionError('It was closed.');
    let fault: unknown;
    for (const [turn] of places.entries()) {
      const at = (first + turn) % places.length;
      const place = places[at];
      if (place === undefined) continue;
      try {
        // Each has its share of the time: behind one that hangs the next is asked as well.
        const share = AbortSignal.any([signal, AbortSignal.timeout(waitMs / places.length)]);
        const connection = await connectLdap(place, share);
        first = at;
        return connection;
      } catch (error) {
        fault ??= error;
        if (signal.aborted) break;
      }
    }
    throw fault;
  };

  const signedIn = async (signal: AbortSignal): Promise<LdapConnection> => {
    const connection = await connect(signal);
    const outcome = await connection.bind(bindDn, bindPassword, signal);
    if (outcome.code === resultCodes.success) return connection;
    connection.close();
    throw refusal('The account of Tweestap was not let in', outcome);
  };

  const service = createKeptConnection(signedIn);

  /** Asks as the service account; once more where a connection that had been kept turns out to be gone. */
  const asService = async <result>(
    signal: AbortSignal,
    ask: (connection: LdapConnection) => Promise<result>,
  ): Promise<result> => {
    const { connection, isNew } = await service.get(signal);
    try {
      return await ask(connection);
    } catch (error) {
      if (isNew || signal.aborted || !(error instanceof LdapConnectionError)) throw error;
      return await ask((await service.get(signal)).connection);
    }
  };

  /** Where the entry is by now: mostly where it was, and the question costs the same. */
  const locate = async (entry: UpstreamEntry, signal: AbortSignal): Promise<string | undefined> => {
    const filter = entryFilter(entry.id, layout.attributes.id);
    const attributes = [layout.attributes.id];
    const looking = { filter, attributes } as const;
    return await asService(signal, async (connection) => {
      const there = await connection.search({ ...looking, base: entry.dn, scope: 'base' }, signal);
      const found = there.entries.find((one) => idOf(one, layout.attributes.id) === entry.id);
      if (found !== undefined) return found.dn;
      const anywhere = await connection.search(
        { ...looking, base: baseDn, scope: 'subtree' },
        signal,
      );
      if (anywhere.code !== resultCodes.success) throw refusal('Nobody could be found', anywhere);
      return anywhere.entries.find((one) => idOf(one, layout.attributes.id) === entry.id)?.dn;
    });
  };

  const takeIdle = (): LdapConnection | undefined => {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      const isFresh = performance.now() - kept.since < idleMs;
      if (kept.connection.isOpen && isFresh) return kept.connection;
      kept.connection.close();
    }
    return undefined;
  };

  const tryBind = async (
    dn: string,
    password: string,
    signal: AbortSignal,
  ): Promise<PasswordFinding> => {
    const leave = await gate.enter(signal);
    try {
      const kept = takeIdle();
      const bindBy = async (connection: LdapConnection): Promise<PasswordFinding> => {
        const finding = await proofs.find(password, (one) =>
          connection.bind(dn, one, signal, kind === 'ldap' ? [passwordPolicy] : []),
        );
        if (finding.kind === 'unavailable' || isClosed) connection.close();
        else idle.push({ connection, since: performance.now() });
        return finding;
      };
      if (kept !== undefined) {
        try {
          return await bindBy(kept);
        } catch (error) {
          // A connection that was kept may be gone; what was asked on it was heard by nobody.
          if (signal.aborted || !(error instanceof LdapConnectionError)) throw error;
        }
      }
      return await bindBy(await connect(signal));
    } finally {
      leave();
    }
  };

  const setPassword = async (
    dn: string,
    password: string,
    signal: AbortSignal,
  ): Promise<PasswordChange> => {
    // Not asked twice: the first may have been heard, and history would refuse the same again.
    const { connection } = await service.get(signal);
    if (kind === 'ldap') {
      const value = newPasswordValue(dn, password);
      return changeOf(kind, await connection.extended(extensions.modifyPassword, value, signal));
    }
    const values = [Buffer.from(`"${password}"`, 'utf16le')];
    const attribute = { name: 'unicodePwd', values };
    return changeOf(kind, await connection.replace(dn, attribute, signal, [policyHints]));
  };

  const soon = (): AbortSignal => AbortSignal.timeout(waitMs);

  /** All entries below a name, page by page, on a connection of their own. */
  async function* everything(
    base: string,
    filter: Filter,
    attributes: readonly string[],
  ): AsyncGenerator<FoundEntry> {
    let connection: LdapConnection | undefined;
    try {
      connection = await signedIn(soon());
      let cookie: Buffer = Buffer.alloc(0);
      do {
        const signal = AbortSignal.timeout(pageMs);
        const looking = { base, scope: 'subtree', filter, attributes } as const;
        const page = await connection.search(looking, signal, [pageControl(pageSize, cookie)]);
        if (page.code !== resultCodes.success) throw refusal('Nothing was found', page);
        for (const entry of page.entries) yield await withAllValues(connection, entry);
        cookie = cookieOf(page);
      } while (cookie.length > 0);
    } catch (error) {
      throw TweestapError.from(error, 'UPSTREAM_UNAVAILABLE');
    } finally {
      connection?.close();
    }
  }

  return {
    check: async (entry, password) => {
      if (password === '') return { kind: 'wrong' };
      const signal = soon();
      try {
        const dn = await locate(entry, signal);
        if (dn === undefined) return { kind: 'gone' };
        return await tryBind(dn, password, signal);
      } catch (error) {
        return unavailable(error);
      }
    },
    changePassword: async (entry, password) => {
      const signal = soon();
      try {
        const dn = await locate(entry, signal);
        return dn === undefined ? { kind: 'gone' } : await setPassword(dn, password, signal);
      } catch (error) {
        return unavailable(error);
      }
    },
    people: async function* () {
      for await (const entry of everything(baseDn, layout.people, personAttributes(layout))) {
        const person = personOf(entry, layout);
        if (person !== undefined) yield person;
      }
    },
    groups: async function* () {
      for await (const entry of everything(groupsBaseDn, layout.groups, groupAttributes(layout))) {
        const group = groupOf(entry, layout);
        if (group !== undefined) yield group;
      }
    },
    probe: async () => {
      const signal = soon();
      try {
        for (const base of new Set([baseDn, groupsBaseDn])) {
          const found = await asService(signal, (connection) =>
            connection.search(
              {
                base,
                scope: 'base',
                filter: { kind: 'present', attribute: 'objectclass' },
                attributes: ['1.1'],
              },
              signal,
            ),
          );
          if (found.code !== resultCodes.success) throw refusal(`${base} was not found`, found);
          if (found.entries.length === 0) throw new Error(`${base} may not be read.`);
        }
      } catch (error) {
        throw TweestapError.from(error, 'UPSTREAM_UNAVAILABLE');
      }
    },
    close: () => {
      isClosed = true;
      service.close();
      for (const { connection } of idle.splice(0)) connection.close();
    },
  };
}

function unavailable(error: unknown): { readonly kind: 'unavailable'; readonly cause: Error } {
  return {
    kind: 'unavailable',
    cause: error instanceof Error ? error : new Error('no answer', { cause: error }),
  };
}

function cookieOf({ controls }: LdapFindings): Buffer {
  const value = controls.find(({ type }) => type === pagedResults)?.value;
  // A directory that knows no pages has sent everything at once.
  return value === undefined ? Buffer.alloc(0) : readPage(value).cookie;
}
