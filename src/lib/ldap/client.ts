/**
 * A connection to somebody else's directory (RFC 4511): encrypted before anything secret is said, every
 * question with an end, referrals not followed. Questions may be asked at the same time; whoever binds asks
 * nothing else meanwhile.
 */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { reasonOf } from '../deadline.ts';
import { readAnswer, type FoundEntry, type LdapOutcome } from './answer.ts';
import {
  createFramer,
  extensions,
  replaceRequest,
  writeMessage,
  type AnsweredAttribute,
  type Control,
  type LdapRequest,
  type SearchRequest,
} from './message.ts';

/** Where a directory is, and how it is spoken to. */
export interface LdapPlace {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte. `starttls`: before anything else is said, or not at all. */
  readonly security: 'tls' | 'starttls' | 'plain';
  /** Certificates (PEM) that vouch for it, and no others. Default: the usual authorities. */
  readonly authorities?: string | undefined;
}

/** Thrown where there is no answer: not reached, not who it should be, ended, or no LDAP at all. */
export class LdapConnectionError extends Error {
  override readonly name = 'LdapConnectionError';
}

/** What a search found. */
export interface LdapFindings extends LdapOutcome {
  readonly entries: readonly FoundEntry[];
}

/** Every question rejects with an `LdapConnectionError`; one that its signal ends takes the connection along. */
export interface LdapConnection {
  readonly isOpen: boolean;
  /** Questions without an answer yet. */
  readonly waiting: number;
  /** Binds by a name and a password. An empty password would be nobody's (RFC 4513 §5.1.2): a bug. */
  bind(
    name: string,
    password: string,
    signal: AbortSignal,
    controls?: readonly Control[],
  ): Promise<LdapOutcome>;
  search(
    looking: Pick<SearchRequest, 'base' | 'scope' | 'filter' | 'attributes'>,
    signal: AbortSignal,
    controls?: readonly Control[],
  ): Promise<LdapFindings>;
  /** Puts these values in the place of all that an attribute has. */
  replace(
    entry: string,
    attribute: AnsweredAttribute,
    signal: AbortSignal,
    controls?: readonly Control[],
  ): Promise<LdapOutcome>;
  extended(name: string, value: Buffer | undefined, signal: AbortSignal): Promise<LdapOutcome>;
  /** Says goodbye and ends it; what waits is told. */
  close(): void;
}

/** A group of a hundred thousand members is some ten megabytes. */
const longestAnswer = 64 * 1024 * 1024;

interface Waiting {
  readonly entries: FoundEntry[];
  resolve(findings: LdapFindings): void;
  reject(error: Error): void;
}

/** Connects, and encrypts; throws an `LdapConnectionError` where it did not by then. */
export async function connectLdap(place: LdapPlace, signal: AbortSignal): Promise<LdapConnection> {
  const { host, port, security, authorities } = place;
  const trusted = {
    host,
    // An address is no name (RFC 6066 §3): it has to stand in the certificate as it is.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(authorities === undefined ? {} : { ca: authorities }),
    minVersion: 'TLSv1.2' as const,
  };
  if (security === 'tls') {
    const secure = connectTls({ ...trusted, port });
    return speak(await ready(secure, 'secureConnect', signal));
  }
  const plain = await ready(connect({ host, port }), 'connect', signal);
  const connection = speak(plain);
  if (security === 'plain') return connection;
  const { code, message } = await connection.extended(extensions.startTls, undefined, signal);
  if (code !== 0) {
    connection.close();
    throw new LdapConnectionError(`The server does not encrypt (${code}): ${message}`);
  }
  const socket = connection.release();
  return speak(await ready(connectTls({ ...trusted, socket }), 'secureConnect', signal));
}

/** What Node says of a certificate, without its advice to start Node in another way. */
function withoutAdvice(message: string): string {
  return message.replace(/; if the root CA is installed locally, .*$/s, '');
}

/** The socket once it is ready; destroyed where it is not by the time the signal says. */
function ready<socket extends Socket>(
  socket: socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<socket> {
  return new Promise((resolve, reject) => {
    const stop = (): void => fail(reasonOf(signal));
    const fail = (cause: Error): void => {
      settle();
      socket.on('error', () => {});
      socket.destroy();
      reject(new LdapConnectionError(`No connection: ${withoutAdvice(cause.message)}`, { cause }));
    };
    const ended = (): void => fail(new Error('the server ended it'));
    const done = (): void => {
      settle();
      resolve(socket);
    };
    const settle = (): void => {
      signal.removeEventListener('abort', stop);
      socket.off('error', fail).off('close', ended).off(event, done);
    };
    socket.on('error', fail).on('close', ended).on(event, done);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

interface Speaking extends LdapConnection {
  /** Takes the socket back: nothing may have come that was not asked for. */
  release(): Socket;
}

function speak(socket: Socket): Speaking {
  const framer = createFramer(longestAnswer);
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let broken: Error | undefined;

  const end = (cause: Error, goodbye?: Buffer): void => {
    if (broken !== undefined) return;
    broken = new LdapConnectionError(`The connection ended: ${cause.message}`, { cause });
    if (goodbye === undefined) socket.destroy();
    else socket.end(goodbye, () => socket.destroy());
    for (const { reject } of waiting.values()) reject(broken);
    waiting.clear();
  };
  const hear = (chunk: Buffer): void => {
    try {
      for (const bytes of framer.push(chunk)) {
        const answer = readAnswer(bytes);
        if (answer.id === 0) throw new Error('the server said that it ends it');
        const asked = waiting.get(answer.id);
        if (asked === undefined) throw new Error('an answer to nothing that was asked');
        if (answer.kind === 'entry') asked.entries.push(answer.entry);
        if (answer.kind !== 'outcome') continue;
        waiting.delete(answer.id);
        asked.resolve({ ...answer.outcome, entries: asked.entries });
      }
    } catch (error) {
      end(error instanceof Error ? error : new Error('no LDAP', { cause: error }));
    }
  };
  const closed = (): void => end(new Error('the server ended it'));
  const failed = (error: Error): void => end(error);
  socket.on('data', hear).on('error', failed).on('close', closed);
  socket.setNoDelay(true);

  const ask = (write: (id: number) => Buffer, signal: AbortSignal): Promise<LdapFindings> =>
    new Promise((resolve, reject) => {
      if (broken !== undefined) {
        reject(broken);
        return;
      }
      lastId += 1;
      const id = lastId;
      // Whoever does not answer one question answers none: what came late would be another's answer.
      const stop = (): void => end(reasonOf(signal));
      const settle = (): void => signal.removeEventListener('abort', stop);
      waiting.set(id, {
        entries: [],
        resolve: (findings) => {
          settle();
          resolve(findings);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      else socket.write(write(id));
    });
  const request = (
    asked: LdapRequest,
    signal: AbortSignal,
    controls: readonly Control[] = [],
  ): Promise<LdapFindings> => ask((id) => writeMessage({ id, request: asked, controls }), signal);

  return {
    get isOpen() {
      return broken === undefined && !socket.destroyed && socket.writable;
    },
    get waiting() {
      return waiting.size;
    },
    bind: (name, password, signal, controls) => {
      if (password === '') throw new Error('An empty password would bind as nobody.');
      const proof = Buffer.from(password, 'utf8');
      return request({ kind: 'bind', version: 3, name, password: proof }, signal, controls);
    },
    search: ({ base, scope, filter, attributes }, signal, controls) =>
      request(
        {
          kind: 'search',
          base,
          scope,
          sizeLimit: 0,
          timeLimit: 0,
          typesOnly: false,
          filter,
          attributes,
        },
        signal,
        controls,
      ),
    replace: (entry, attribute, signal, controls) =>
      ask((id) => replaceRequest(id, entry, attribute, controls), signal),
    extended: (name, value, signal) => request({ kind: 'extended', name, value }, signal),
    close: () => {
      const goodbye = { id: lastId + 1, request: { kind: 'unbind' }, controls: [] } as const;
      end(new Error('we ended it'), writeMessage(goodbye));
    },
    release: () => {
      socket.off('data', hear).off('error', failed).off('close', closed);
      // What came behind the agreement to encrypt was said by nobody in particular.
      if (framer.isWaiting || socket.readableLength > 0) {
        socket.destroy();
        throw new LdapConnectionError('Something was said before it was encrypted.');
      }
      return socket;
    },
  };
}
