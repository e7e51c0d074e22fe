/**
 * A stand-in for Active Directory that speaks the real protocol: its sub-codes, its ids, its passwords in
 * UTF-16, its values 1,500 at a time (here 3), its pages. It knows what the tests put in, and what was done.
 */
import { createServer, type Socket } from 'node:net';

import { readElements, readInteger, tags } from '../../src/lib/ber.ts';
import type { Filter } from '../../src/lib/ldap/filter.ts';
import {
  bindAnswer,
  changeAnswer,
  createFramer,
  entryAnswer,
  pageControl,
  pagedResults,
  readMessage,
  readPage,
  searchDone,
  type AnsweredAttribute,
  type LdapMessage,
} from '../../src/lib/ldap/message.ts';
import { resultCodes } from '../../src/lib/ldap/result.ts';

export interface AdEntry {
  readonly dn: string;
  /** 32 hexadecimal digits, as they stand on the wire. */
  readonly guid: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export interface ActiveDirectory {
  readonly port: number;
  readonly serviceDn: string;
  readonly servicePassword: string;
  /**
   * What it says to a bind of this entry: a sub-code such as `52e`; undefined: the password is right. With
   * `password` to that one alone, and to any other `52e`, as a real one does; without to whatever is sent.
   */
  answers(dn: string, subCode: string | undefined, password?: string): void;
  /** What it says to a new password: a result code, and its words. */
  refuses(code: 0 | 50 | 53, message?: string): void;
  /** The names that were bound by with a password, in order; without those of the service account. */
  readonly binds: readonly string[];
  /** The passwords that were set, by whose they are. */
  readonly passwords: ReadonlyMap<string, string>;
  /** Moves an entry: its id stays. */
  move(dn: string, to: string): void;
  close(): Promise<void>;
}

const serviceDn = 'CN=Tweestap,CN=Users,DC=voorbeeld,DC=example';
const servicePassword = 'service password';
/** Of values and of entries, so many come at once. */
const most = 3;

/** Listens on a free port, unencrypted. */
export async function startActiveDirectory(entries: readonly AdEntry[]): Promise<ActiveDirectory> {
  let known = [...entries];
  const subCodes = new Map<string, { readonly code: string; readonly password?: string }>();
  const binds: string[] = [];
  const passwords = new Map<string, string>();
  let refusal: { readonly code: 0 | 50 | 53; readonly message: string } = {
    code: 0,
    message: '',
  };

  const bind = ({ id, request }: LdapMessage): Buffer => {
    if (request.kind !== 'bind') throw new Error('no bind');
    const password = request.password?.toString('utf8');
    // What a real one does (RFC 4513 §5.1.2): whoever asks so must never take it for a proof.
    if (password === '') return bindAnswer(id, { code: resultCodes.success });
    if (request.name === serviceDn) {
      return bindAnswer(id, {
        code: password === servicePassword ? resultCodes.success : resultCodes.invalidCredentials,
      });
    }
    binds.push(request.name);
    const said = subCodes.get(request.name);
    const isMeant = said?.password === undefined || said.password === password;
    const subCode = isMeant ? said?.code : '52e';
    if (subCode === undefined) return bindAnswer(id, { code: resultCodes.success });
    const message = `80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, data ${subCode}, v4563\0`;
    return bindAnswer(id, { code: resultCodes.invalidCredentials, message });
  };

  const search = ({ id, request, controls }: LdapMessage): readonly Buffer[] => {
    if (request.kind !== 'search') throw new Error('no search');
    const { base, scope, filter, attributes } = request;
    const there = known.filter(({ dn }) =>
      scope === 'base' ? dn === base : dn.toLowerCase().endsWith(base.toLowerCase()),
    );
    const found = there.filter((entry) => means(filter, entry));
    if (scope === 'base' && there.length === 0)
      return [searchDone(id, { code: resultCodes.noSuchObject })];
    const asked = controls.find(({ type }) => type === pagedResults)?.value;
    const from = asked === undefined ? 0 : Number(readPage(asked).cookie.toString() || 0);
    const page = asked === undefined ? found : found.slice(from, from + most);
    const next = from + most < found.length && asked !== undefined ? `${from + most}` : '';
    return [
      ...page.map((entry) => entryAnswer(id, entry.dn, answered(entry, attributes))),
      searchDone(
        id,
        { code: resultCodes.success },
        asked === undefined ? [] : [pageControl(0, Buffer.from(next))],
      ),
    ];
  };

  const modify = (id: number, bytes: Buffer): Buffer => {
    const message = readElements(bytes).enter(tags.sequence);
    readInteger(message.expect(tags.integer));
    const operation = message.enter(0x66);
    const dn = operation.expect(tags.octetString).toString('utf8');
    const change = operation.enter(tags.sequence).enter(tags.sequence);
    const how = readInteger(change.expect(tags.enumerated));
    const attribute = change.enter(tags.sequence);
    const name = attribute.expect(tags.octetString).toString('utf8');
    const value = attribute.enter(tags.set).expect(tags.octetString).toString('utf16le');
    if (how !== 2 || name !== 'unicodePwd') throw new Error('another change than was expected');
    const { code } = refusal;
    if (code === 0) passwords.set(dn, value);
    return changeAnswer(id, 0x67, refusal);
  };

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    const framer = createFramer(1024 * 1024);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      for (const bytes of framer.push(chunk)) {
        const message = readMessage(bytes);
        const { kind } = message.request;
        if (kind === 'bind') socket.write(bind(message));
        else if (kind === 'search') for (const each of search(message)) socket.write(each);
        else if (kind === 'change') socket.write(modify(message.id, bytes));
        else socket.end();
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    serviceDn,
    servicePassword,
    answers: (dn, code, password) => {
      if (code === undefined) subCodes.delete(dn);
      else subCodes.set(dn, password === undefined ? { code } : { code, password });
    },
    refuses: (code, message = '') => {
      refusal = { code, message };
    },
    binds,
    passwords,
    move: (dn, to) => {
      known = known.map((entry) => (entry.dn === dn ? { ...entry, dn: to } : entry));
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function means(filter: Filter, { guid, attributes }: AdEntry): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => means(part, { dn: '', guid, attributes }));
    case 'equal': {
      if (filter.attribute === 'objectguid') return filter.value.toString('hex') === guid;
      const wanted = filter.value.toString('utf8').toLowerCase();
      const values = attributes[filter.attribute] ?? [];
      return values.some((value) => value.toLowerCase() === wanted);
    }
    default:
      return filter.kind === 'present';
  }
}

function answered(
  { guid, attributes }: AdEntry,
  asked: readonly string[],
): readonly AnsweredAttribute[] {
  return asked.flatMap((name): AnsweredAttribute[] => {
    const [plain = '', range] = name.toLowerCase().split(';range=');
    if (plain === 'objectguid') return [{ name: 'objectGUID', values: [Buffer.from(guid, 'hex')] }];
    const values = attributes[plain];
    if (values === undefined) return [];
    if (values.length <= most) return [{ name: plain, values }];
    const from = Number(range?.split('-')[0] ?? 0);
    const some = values.slice(from, from + most);
    const isLast = from + most >= values.length;
    const to = isLast ? '*' : `${from + most - 1}`;
    const part = { name: `${plain};range=${from}-${to}`, values: some };
    // So does Windows: the attribute itself is there, and empty.
    return range === undefined ? [{ name: plain, values: [] }, part] : [part];
  });
}
