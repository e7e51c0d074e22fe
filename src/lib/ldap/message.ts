/**
 * LDAP messages (RFC 4511): requests are read, answers are written; and both ways round, so that the
 * same code can stand on the other side in a test. What is not LDAP throws a `BerFault`.
 */
import {
  BerFault,
  boolean,
  element,
  elementLength,
  integer,
  octets,
  readBoolean,
  readElements,
  readInteger,
  sequence,
  set,
  tags,
  type Element,
  type ElementReader,
} from '../ber.ts';
import { readFilter, writeFilter, type Filter } from './filter.ts';
import type { LdapResult } from './result.ts';

export const scopes = ['base', 'one', 'subtree'] as const;
export type Scope = (typeof scopes)[number];

export interface Control {
  readonly type: string;
  readonly isCritical: boolean;
  readonly value: Buffer | undefined;
}

export interface BindRequest {
  readonly kind: 'bind';
  readonly version: number;
  readonly name: string;
  /** The password of a simple bind; undefined for SASL, of which we know none. */
  readonly password: Buffer | undefined;
}

export interface SearchRequest {
  readonly kind: 'search';
  readonly base: string;
  readonly scope: Scope;
  /** How many entries at most; 0 = as many as there are. */
  readonly sizeLimit: number;
  /** For how many seconds at most; 0 = as long as it takes. */
  readonly timeLimit: number;
  readonly typesOnly: boolean;
  readonly filter: Filter;
  /** As they were asked for; empty: all that entries have. */
  readonly attributes: readonly string[];
}

export interface CompareRequest {
  readonly kind: 'compare';
  readonly entry: string;
  readonly attribute: string;
  readonly value: Buffer;
}

export type LdapRequest =
  | BindRequest
  | SearchRequest
  | CompareRequest
  | { readonly kind: 'unbind' }
  | { readonly kind: 'abandon'; readonly id: number }
  | { readonly kind: 'extended'; readonly name: string; readonly value: Buffer | undefined }
  /** Add, delete, modify, rename: known well enough to be refused. */
  | { readonly kind: 'change'; readonly answer: number };

export interface LdapMessage {
  readonly id: number;
  readonly request: LdapRequest;
  readonly controls: readonly Control[];
}

const operations = {
  bind: 0x60,
  unbind: 0x42,
  search: 0x63,
  modify: 0x66,
  add: 0x68,
  delete: 0x4a,
  rename: 0x6c,
  compare: 0x6e,
  abandon: 0x50,
  extended: 0x77,
} as const;

const answers = {
  bind: 0x61,
  entry: 0x64,
  done: 0x65,
  compare: 0x6f,
  extended: 0x78,
} as const;

/** The tag of the controls behind an operation. */
export const controlsTag = 0xa0;
const longestMessageId = 2 ** 31 - 1;
const mostControls = 16;
const mostAttributes = 256;

/** Cuts a stream of bytes into messages. */
export interface Framer {
  /** The messages that are whole now. Throws a `BerFault` for what can never become one. */
  push(chunk: Buffer): readonly Buffer[];
  /** Whether a part of a message waits for the rest. */
  readonly isWaiting: boolean;
}

/** Makes a framer for messages of at most so many bytes. */
export function createFramer(longest: number): Framer {
  let kept: Buffer = Buffer.alloc(0);
  return {
    get isWaiting() {
      return kept.length > 0;
    },
    push: (chunk) => {
      kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      const messages: Buffer[] = [];
      for (;;) {
        if (kept.length > 0 && kept[0] !== tags.sequence) throw new BerFault('No LDAP.');
        const length = elementLength(kept);
        if (length !== undefined && length > longest) throw new BerFault('Too long a message.');
        if (length === undefined || length > kept.length) return messages;
        messages.push(kept.subarray(0, length));
        kept = kept.subarray(length);
      }
    },
  };
}

/** Reads one request. */
export function readMessage(bytes: Buffer): LdapMessage {
  const outer = readElements(bytes);
  const reader = outer.enter(tags.sequence);
  outer.end();
  const id = readInteger(reader.expect(tags.integer));
  if (id < 0 || id > longestMessageId) throw new BerFault('No id of a message.');
  const request = readRequest(reader.next());
  const controls = reader.peek() === controlsTag ? readControls(reader.enter(controlsTag)) : [];
  return { id, request, controls };
}

function readRequest({ tag, content }: Element): LdapRequest {
  switch (tag) {
    case operations.bind:
      return readBind(readElements(content));
    case operations.unbind:
      return { kind: 'unbind' };
    case operations.search:
      return readSearch(readElements(content));
    case operations.compare:
      return readCompare(readElements(content));
    case operations.abandon:
      return { kind: 'abandon', id: readInteger(content) };
    case operations.extended:
      return readExtended(readElements(content));
    case operations.delete:
      return { kind: 'change', answer: 0x6b };
    case operations.modify:
    case operations.add:
    case operations.rename:
      return { kind: 'change', answer: tag + 1 };
    default:
      throw new BerFault('An operation that nobody knows.');
  }
}

function readBind(reader: ElementReader): BindRequest {
  const version = readInteger(reader.expect(tags.integer));
  const name = text(reader.expect(tags.octetString));
  const { tag, content } = reader.next();
  reader.end();
  if (tag !== 0x80 && tag !== 0xa3) throw new BerFault('A way to bind that nobody knows.');
  return { kind: 'bind', version, name, password: tag === 0x80 ? content : undefined };
}

function readSearch(reader: ElementReader): SearchRequest {
  const base = text(reader.expect(tags.octetString));
  const scope = scopes[readInteger(reader.expect(tags.enumerated))];
  if (scope === undefined) throw new BerFault('No scope.');
  readInteger(reader.expect(tags.enumerated));
  const sizeLimit = readInteger(reader.expect(tags.integer));
  const timeLimit = readInteger(reader.expect(tags.integer));
  if (sizeLimit < 0 || timeLimit < 0) throw new BerFault('Less than nothing.');
  const typesOnly = readBoolean(reader.expect(tags.boolean));
  const filter = readFilter(reader.next());
  const listed = reader.enter(tags.sequence);
  reader.end();
  const attributes: string[] = [];
  while (!listed.isAtEnd) attributes.push(text(listed.expect(tags.octetString)));
  if (attributes.length > mostAttributes) throw new BerFault('Too many attributes.');
  return { kind: 'search', base, scope, sizeLimit, timeLimit, typesOnly, filter, attributes };
}

function readCompare(reader: ElementReader): CompareRequest {
  const entry = text(reader.expect(tags.octetString));
  const assertion = reader.enter(tags.sequence);
  reader.end();
  const attribute = text(assertion.expect(tags.octetString));
  const value = assertion.expect(tags.octetString);
  assertion.end();
  return { kind: 'compare', entry, attribute, value };
}

function readExtended(reader: ElementReader): LdapRequest {
  const name = reader.expect(0x80).toString('latin1');
  const value = reader.peek() === 0x81 ? reader.expect(0x81) : undefined;
  reader.end();
  return { kind: 'extended', name, value };
}

/** Reads the controls of a message, from the content of their element. */
export function readControls(reader: ElementReader): readonly Control[] {
  const controls: Control[] = [];
  while (!reader.isAtEnd) {
    const one = reader.enter(tags.sequence);
    const type = one.expect(tags.octetString).toString('latin1');
    const isCritical = one.peek() === tags.boolean ? readBoolean(one.expect(tags.boolean)) : false;
    const value = one.peek() === tags.octetString ? one.expect(tags.octetString) : undefined;
    one.end();
    controls.push({ type, isCritical, value });
    if (controls.length > mostControls) throw new BerFault('Too many controls.');
  }
  return controls;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function text(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new BerFault('No UTF-8.');
  }
}

/** An attribute of an entry as it is answered. */
export interface AnsweredAttribute {
  readonly name: string;
  readonly values: readonly (Buffer | string)[];
}

const noBytes: readonly Buffer[] = [];

function message(id: number, operation: Buffer, controls: readonly Control[] = []): Buffer {
  const parts = controls.length === 0 ? noBytes : [element(controlsTag, ...controls.map(written))];
  return sequence(integer(id), operation, ...parts);
}

function written({ type, isCritical, value }: Control): Buffer {
  return sequence(
    octets(type),
    ...(isCritical ? [boolean(true)] : noBytes),
    ...(value === undefined ? noBytes : [octets(value)]),
  );
}

function result({ code, matchedDn = '', message: told = '' }: LdapResult): readonly Buffer[] {
  return [integer(code, tags.enumerated), octets(matchedDn), octets(told)];
}

/** The answer to a bind. */
export function bindAnswer(id: number, came: LdapResult, controls?: readonly Control[]): Buffer {
  return message(id, element(answers.bind, ...result(came)), controls);
}

/** One entry that was found. */
export function entryAnswer(
  id: number,
  dn: string,
  attributes: readonly AnsweredAttribute[],
): Buffer {
  const listed = attributes.map(({ name, values }) =>
    sequence(octets(name), set(...values.map((value) => octets(value)))),
  );
  return message(id, element(answers.entry, octets(dn), sequence(...listed)));
}

/** The end of a search. */
export function searchDone(id: number, came: LdapResult, controls?: readonly Control[]): Buffer {
  return message(id, element(answers.done, ...result(came)), controls);
}

/** The answer to a comparison. */
export function compareAnswer(id: number, came: LdapResult): Buffer {
  return message(id, element(answers.compare, ...result(came)));
}

/** The answer to a request to change something; `answer` is its tag, from the request. */
export function changeAnswer(id: number, answer: number, came: LdapResult): Buffer {
  return message(id, element(answer, ...result(came)));
}

/** The answer to an extended request. */
export function extendedAnswer(
  id: number,
  came: LdapResult,
  response: { readonly name?: string; readonly value?: string } = {},
): Buffer {
  const { name, value } = response;
  return message(
    id,
    element(
      answers.extended,
      ...result(came),
      ...(name === undefined ? noBytes : [octets(name, 0x8a)]),
      ...(value === undefined ? noBytes : [octets(value, 0x8b)]),
    ),
  );
}

/** Extended operations, by what they are called on the wire. */
export const extensions = {
  startTls: '1.3.6.1.4.1.1466.20037',
  /** RFC 3062. */
  modifyPassword: '1.3.6.1.4.1.4203.1.11.1',
  whoAmI: '1.3.6.1.4.1.4203.1.11.3',
  noticeOfDisconnection: '1.3.6.1.4.1.1466.20036',
} as const;

/** What is said before a connection is closed that nobody asked to be (RFC 4511 §4.4.1). */
export function noticeOfDisconnection(came: LdapResult): Buffer {
  return extendedAnswer(0, came, { name: extensions.noticeOfDisconnection });
}

/** The control that asks for a search page by page (RFC 2696). */
export const pagedResults = '1.2.840.113556.1.4.319';

/** Reads its value: how many entries, and where the page before ended. */
export function readPage(value: Buffer): { readonly size: number; readonly cookie: Buffer } {
  const reader = readElements(value).enter(tags.sequence);
  const size = readInteger(reader.expect(tags.integer));
  const cookie = reader.expect(tags.octetString);
  reader.end();
  if (size < 0) throw new BerFault('Less than nothing.');
  return { size, cookie };
}

/** The control with this value; an empty cookie says that there is no more. */
export function pageControl(size: number, cookie: Uint8Array): Control {
  return {
    type: pagedResults,
    isCritical: false,
    value: sequence(integer(size), octets(cookie)),
  };
}

/** The request to put these values in the place of all that an attribute of an entry has. */
export function replaceRequest(
  id: number,
  entry: string,
  { name, values }: AnsweredAttribute,
  controls: readonly Control[] = [],
): Buffer {
  const attribute = sequence(octets(name), set(...values.map((value) => octets(value))));
  const change = sequence(integer(2, tags.enumerated), attribute);
  return message(id, element(operations.modify, octets(entry), sequence(change)), controls);
}

/** The value of a request by `extensions.modifyPassword` for an entry (RFC 3062 §2). */
export function newPasswordValue(entry: string, password: string): Buffer {
  return sequence(octets(entry, 0x80), octets(password, 0x82));
}

/** A request in BER: what a client sends. */
export function writeMessage({ id, request, controls }: LdapMessage): Buffer {
  return message(id, writeRequest(request), controls);
}

function writeRequest(request: LdapRequest): Buffer {
  switch (request.kind) {
    case 'bind': {
      const { version, name, password } = request;
      const proof =
        password === undefined ? element(0xa3, octets('EXTERNAL')) : octets(password, 0x80);
      return element(operations.bind, integer(version), octets(name), proof);
    }
    case 'unbind':
      return element(operations.unbind);
    case 'search':
      return element(
        operations.search,
        octets(request.base),
        integer(scopes.indexOf(request.scope), tags.enumerated),
        integer(0, tags.enumerated),
        integer(request.sizeLimit),
        integer(request.timeLimit),
        boolean(request.typesOnly),
        writeFilter(request.filter),
        sequence(...request.attributes.map((name) => octets(name))),
      );
    case 'compare':
      return element(
        operations.compare,
        octets(request.entry),
        sequence(octets(request.attribute), octets(request.value)),
      );
    case 'abandon':
      return integer(request.id, operations.abandon);
    case 'extended':
      return element(
        operations.extended,
        octets(request.name, 0x80),
        ...(request.value === undefined ? noBytes : [octets(request.value, 0x81)]),
      );
    case 'change':
      return request.answer === 0x6b ? octets('', operations.delete) : element(request.answer - 1);
  }
}
