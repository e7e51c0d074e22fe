/** A client of LDAP for tests: it says whatever it is told, also what no decent client would. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { readElements, readInteger, tags } from '../../src/lib/ber.ts';
import type { Filter } from '../../src/lib/ldap/filter.ts';
import {
  createFramer,
  extensions,
  pageControl,
  pagedResults,
  readPage,
  writeMessage,
  type Control,
  type LdapRequest,
  type Scope,
} from '../../src/lib/ldap/message.ts';

export interface FoundEntry {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export interface LdapAnswer {
  readonly id: number;
  /** 0x61 for a bind, 0x65 for the end of a search … */
  readonly tag: number;
  readonly code: number;
  readonly matchedDn: string;
  /** The value of an extended answer. */
  readonly value: string | undefined;
  /** The cookie of the page; undefined where there was no control. */
  readonly cookie: string | undefined;
  readonly entries: readonly FoundEntry[];
}

export interface Looking {
  readonly base?: string;
  readonly scope?: Scope;
  readonly filter?: Filter;
  readonly attributes?: readonly string[];
  readonly sizeLimit?: number;
  readonly page?: { readonly size: number; readonly cookie?: string };
  readonly controls?: readonly Control[];
}

export interface LdapClient {
  bind(name: string, password: string | Buffer): Promise<number>;
  search(looking: Looking): Promise<LdapAnswer>;
  compare(entry: string, attribute: string, value: string): Promise<number>;
  whoAmI(): Promise<string | undefined>;
  /** Goes on encrypted where the server agrees; resolves to its code. */
  startTls(ca: string): Promise<number>;
  ask(request: LdapRequest, controls?: readonly Control[]): Promise<LdapAnswer>;
  /** Sends bytes and waits for nothing. */
  send(bytes: Buffer): void;
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<void>;
  /** The code that the server said before it ended the connection. */
  notice(): number | undefined;
  close(): void;
}

/** `(uid=anna)` as a filter. */
export const equalTo = (attribute: string, value: string): Filter => ({
  kind: 'equal',
  attribute,
  value: Buffer.from(value, 'utf8'),
});

/** Connects to a port of this machine; `ca`: by TLS, believing this certificate. */
export async function connectLdap(port: number, ca?: string): Promise<LdapClient> {
  let socket: Socket = await connected(port, ca);
  let framer = createFramer(16 * 1024 * 1024);
  let id = 0;
  let noticed: number | undefined;
  let entries: FoundEntry[] = [];
  const waiting = new Map<number, (answer: LdapAnswer) => void>();
  const gone = new Map<number, (error: Error) => void>();
  let tellEnded: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });

  const hear = (chunk: Buffer): void => {
    for (const bytes of framer.push(chunk)) {
      const message = readElements(bytes).enter(tags.sequence);
      const of = readInteger(message.expect(tags.integer));
      const { tag, content } = message.next();
      const reader = readElements(content);
      if (tag === 0x64) {
        entries.push(readEntry(content));
        continue;
      }
      const code = readInteger(reader.expect(tags.enumerated));
      const matchedDn = reader.expect(tags.octetString).toString('utf8');
      reader.expect(tags.octetString);
      let value: string | undefined;
      while (!reader.isAtEnd) {
        const more = reader.next();
        if (more.tag === 0x8b) value = more.content.toString('utf8');
      }
      let cookie: string | undefined;
      if (message.peek() === 0xa0) {
        const control = message.enter(0xa0).enter(tags.sequence);
        if (control.expect(tags.octetString).toString('latin1') === pagedResults)
          cookie = readPage(control.expect(tags.octetString)).cookie.toString('utf8');
      }
      if (of === 0) noticed = code;
      waiting.get(of)?.({ id: of, tag, code, matchedDn, value, cookie, entries });
      waiting.delete(of);
      entries = [];
    }
  };
  const listen = (to: Socket): void => {
    to.on('data', hear);
    to.on('error', () => to.destroy());
    to.on('close', () => {
      if (to !== socket) return;
      for (const fail of gone.values()) fail(new Error('the server ended the connection'));
      tellEnded();
    });
  };
  listen(socket);

  const ask: LdapClient['ask'] = (request, controls = []) => {
    id += 1;
    const own = id;
    return new Promise((resolve, reject) => {
      waiting.set(own, resolve);
      gone.set(own, reject);
      socket.write(writeMessage({ id: own, request, controls }));
    });
  };

  return {
    ask,
    ended,
    notice: () => noticed,
    send: (bytes) => void socket.write(bytes),
    close: () => socket.destroy(),
    bind: async (name, password) => {
      const proof = typeof password === 'string' ? Buffer.from(password, 'utf8') : password;
      return (await ask({ kind: 'bind', version: 3, name, password: proof })).code;
    },
    search: ({ page, controls = [], ...looking }) =>
      ask(
        {
          kind: 'search',
          base: 'dc=voorbeeld,dc=example',
          scope: 'subtree',
          sizeLimit: 0,
          timeLimit: 0,
          typesOnly: false,
          filter: { kind: 'present', attribute: 'objectclass' },
          attributes: [],
          ...looking,
        },
        page === undefined
          ? controls
          : [...controls, pageControl(page.size, Buffer.from(page.cookie ?? '', 'utf8'))],
      ),
    compare: async (entry, attribute, value) =>
      (await ask({ kind: 'compare', entry, attribute, value: Buffer.from(value, 'utf8') })).code,
    whoAmI: async () =>
      (await ask({ kind: 'extended', name: extensions.whoAmI, value: undefined })).value,
    startTls: async (ca_) => {
      const request = { kind: 'extended', name: extensions.startTls, value: undefined } as const;
      const { code } = await ask(request);
      if (code !== 0) return code;
      const plain = socket;
      plain.removeAllListeners('data');
      framer = createFramer(16 * 1024 * 1024);
      socket = await new Promise<Socket>((resolve, reject) => {
        const secure = connectTls({ socket: plain, ca: ca_, servername: 'localhost' }, () =>
          resolve(secure),
        );
        secure.once('error', reject);
      });
      listen(socket);
      return code;
    },
  };
}

function connected(port: number, ca: string | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket: Socket =
      ca === undefined
        ? connect({ port, host: '127.0.0.1' }, () => resolve(socket))
        : connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca }, () =>
            resolve(socket),
          );
    socket.once('error', reject);
  });
}

function readEntry(content: Buffer): FoundEntry {
  const reader = readElements(content);
  const dn = reader.expect(tags.octetString).toString('utf8');
  const listed = reader.enter(tags.sequence);
  const attributes: Record<string, readonly string[]> = {};
  while (!listed.isAtEnd) {
    const one = listed.enter(tags.sequence);
    const name = one.expect(tags.octetString).toString('utf8');
    const values = one.enter(tags.set);
    const texts: string[] = [];
    while (!values.isAtEnd) texts.push(values.expect(tags.octetString).toString('utf8'));
    attributes[name] = texts;
  }
  return { dn, attributes };
}
