/**
 * Owns one connection: messages come in, are answered one after the other, and what is no LDAP ends
 * it. Who is bound is a matter of this connection only, and is asked anew at every search: what was
 * revoked meanwhile finds nothing (attack ATK-72).
 */
import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';

import type { LdapClients, ShownLdapClient } from '../../applications/ldap-clients.ts';
import { ldapClientKnocked } from '../../audit/client-events.ts';
import type { AuditQueue } from '../../audit/audit-queue.ts';
import { TweestapError } from '../../errors/errors.ts';
import { BerFault } from '../../lib/ber.ts';
import type { Clock } from '../../lib/clock.ts';
import {
  bindAnswer,
  changeAnswer,
  compareAnswer,
  createFramer,
  entryAnswer,
  extendedAnswer,
  extensions,
  noticeOfDisconnection,
  pageControl,
  pagedResults,
  readMessage,
  readPage,
  searchDone,
  type BindRequest,
  type CompareRequest,
  type Control,
  type LdapMessage,
  type SearchRequest,
} from '../../lib/ldap/message.ts';
import { resultCodes, type LdapResult, type ResultCode } from '../../lib/ldap/result.ts';
import type { Doors, DoorOpened } from '../../signin/doors.ts';
import { answered, selectionOf } from './entries.ts';
import { compare, search, type Asker, type Directory, type Page } from './search.ts';
import type { Tree } from './tree.ts';

/** What every connection is given. */
export interface ConnectionParts {
  readonly doors: Pick<Doors, 'judge' | 'stillOpen'>;
  readonly clients: Pick<LdapClients, 'recognise' | 'has'>;
  readonly audit: AuditQueue;
  readonly clock: Clock;
  /** What is looked up in, as policy has it now. */
  readonly directory: () => Promise<Directory>;
  readonly tls: SecureContext;
  /** Whether passwords may come unencrypted from other machines. */
  readonly allowPlain: boolean;
  /** Hears of what should not have happened. */
  readonly report: (error: unknown) => void;
}

export interface Connection {
  /** Says that the server goes, lets what is being answered finish, and ends. */
  leave(): void;
  /** Whether nobody is known to be at the other end. */
  isStranger(): boolean;
  /** Ends it at once, without a word. */
  drop(): void;
}

/** How much and how long anybody may (attack ATK-70). */
export const connectionLimits = {
  messageBytes: 64 * 1024,
  /** Messages that wait; whoever sends more is not read until some are answered. */
  waiting: 32,
  /** As a stranger, whatever one does; and between two requests for whoever is known. */
  strangerSeconds: 60,
  idleSeconds: 15 * 60,
  handshakeSeconds: 10,
  /** Bytes that wait for somebody who reads slowly, before the next entry is looked for. */
  unsentBytes: 1024 * 1024,
} as const;

type Bound =
  | { readonly kind: 'stranger' }
  | { readonly kind: 'person'; readonly opened: DoorOpened }
  | { readonly kind: 'client'; readonly client: ShownLdapClient };

const stranger: Bound = { kind: 'stranger' };
const knownControls: ReadonlySet<string> = new Set([pagedResults]);

/** Serves a connection until either side ends it; resolves then. */
export function serve(
  parts: ConnectionParts,
  accepted: Socket,
  peer: { readonly address: string; readonly isThisMachine: boolean },
): Connection & { readonly ended: Promise<void> } {
  let socket: Socket = accepted;
  let isEncrypted = accepted instanceof TLSSocket;
  let bound = stranger;
  let framer = createFramer(connectionLimits.messageBytes);
  let queue: LdapMessage[] = [];
  let isWorking = false;
  let isLeaving = false;
  let farewell: ResultCode | undefined;
  let strangerTimer: NodeJS.Timeout | undefined;
  const abandoned = new Set<number>();

  let tellEnded: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });

  const send = (bytes: Buffer): void => {
    if (socket.writable) socket.write(bytes);
  };
  /** Ends the connection from our side, once what is being answered is. */
  const hangUp = (code: ResultCode): void => {
    if (isLeaving) return;
    isLeaving = true;
    queue = [];
    farewell = code;
    if (!isWorking) sayFarewell();
  };
  const sayFarewell = (): void => {
    if (farewell === undefined) return;
    send(noticeOfDisconnection({ code: farewell }));
    socket.end();
  };
  /** A stranger has only so long, however busy they keep us. */
  const watchStranger = (): void => {
    if (bound.kind !== 'stranger' || isLeaving) {
      clearTimeout(strangerTimer);
      strangerTimer = undefined;
      return;
    }
    strangerTimer ??= setTimeout(() => socket.destroy(), connectionLimits.strangerSeconds * 1000);
  };

  const hear = (chunk: Buffer): void => {
    if (isLeaving) return;
    try {
      for (const bytes of framer.push(chunk)) take(readMessage(bytes));
    } catch (error) {
      if (!(error instanceof BerFault)) parts.report(error);
      hangUp(resultCodes.protocolError);
      return;
    }
    if (queue.length >= connectionLimits.waiting) socket.pause();
    if (!isWorking) void work();
  };

  const take = (message: LdapMessage): void => {
    const { request } = message;
    if (request.kind === 'abandon') {
      queue = queue.filter(({ id }) => id !== request.id);
      // Only what is being answered now can still be given up.
      if (isWorking) abandoned.add(request.id);
    } else if (request.kind === 'unbind') {
      isLeaving = true;
      queue = [];
      socket.end();
    } else if (!isLeaving) queue.push(message);
  };

  const work = async (): Promise<void> => {
    isWorking = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        await answer(next);
      } catch (error) {
        if (error instanceof BerFault) hangUp(resultCodes.protocolError);
        else {
          const code = codeOf(error);
          if (code === resultCodes.other) parts.report(error);
          refuse(next, { code });
        }
      }
      abandoned.clear();
      if (socket.isPaused() && queue.length < connectionLimits.waiting / 2) socket.resume();
    }
    isWorking = false;
    sayFarewell();
    watchStranger();
  };

  const answer = async (message: LdapMessage): Promise<void> => {
    const { id, request, controls } = message;
    if (controls.some(({ isCritical, type }) => isCritical && !knownControls.has(type))) {
      refuse(message, { code: resultCodes.unavailableCriticalExtension });
      return;
    }
    switch (request.kind) {
      case 'bind':
        send(bindAnswer(id, await bind(request)));
        return;
      case 'search':
        return answerSearch(id, request, controls);
      case 'compare':
        return answerCompare(id, request);
      case 'extended':
        return extended(id, request.name);
      default:
        refuse(message, { code: resultCodes.unwillingToPerform });
    }
  };

  /** The right kind of answer to a request that is not done. */
  const refuse = ({ id, request }: LdapMessage, result: LdapResult): void => {
    switch (request.kind) {
      case 'bind':
        send(bindAnswer(id, result));
        return;
      case 'search':
        send(searchDone(id, result));
        return;
      case 'compare':
        send(compareAnswer(id, result));
        return;
      case 'change':
        send(changeAnswer(id, request.answer, result));
        return;
      case 'extended':
        send(extendedAnswer(id, result));
        return;
      default:
      // Nobody waits for an answer.
    }
  };

  const bind = async ({ version, name, password }: BindRequest): Promise<LdapResult> => {
    // Whatever comes of it: who was bound before is not any more (RFC 4511 §4.2.1).
    bound = stranger;
    if (version !== 3) return { code: resultCodes.protocolError };
    if (password === undefined) return { code: resultCodes.authMethodNotSupported };
    const typed = password.toString('utf8');
    if (name === '' && typed === '') return { code: resultCodes.success };
    // A name without a password proves nothing, and programs take its success for a proof
    // (RFC 4513 §5.1.2). To some of them NUL bytes are nothing as well.
    if (typed.replaceAll('\0', '') === '') return { code: resultCodes.unwillingToPerform };
    if (!isEncrypted && !peer.isThisMachine && !parts.allowPlain)
      return { code: resultCodes.confidentialityRequired };

    const { tree } = await parts.directory();
    const place = name.includes('=') ? tree.placeOf(name) : undefined;
    if (place?.kind === 'client') {
      const client = await parts.clients.recognise(place.name, typed);
      const result = client === undefined ? 'refused' : 'accepted';
      const at = parts.clock.now();
      const { address } = peer;
      await parts.audit.write(ldapClientKnocked({ at, address, result, name: client?.name ?? '' }));
      if (client === undefined) return { code: resultCodes.invalidCredentials };
      bound = { kind: 'client', client };
      return { code: resultCodes.success };
    }
    const verdict = await parts.doors.judge({
      door: 'ldap',
      name: place?.kind === 'person' ? tree.nameOfUid(place.name) : name,
      password: typed,
      address: peer.address,
    });
    if (verdict.kind === 'busy') return { code: resultCodes.busy };
    if (verdict.kind === 'refused') return { code: resultCodes.invalidCredentials };
    bound = { kind: 'person', opened: verdict };
    return { code: resultCodes.success };
  };

  /** Who asks, as they are now; whoever may not any more is a stranger. */
  const asker = async (): Promise<Asker> => {
    if (bound.kind === 'person') {
      const user = await parts.doors.stillOpen(bound.opened);
      if (user !== undefined) return { kind: 'person', user };
    }
    if (bound.kind === 'client' && (await parts.clients.has(bound.client)))
      return { kind: 'client' };
    bound = stranger;
    return { kind: 'stranger' };
  };

  const answerSearch = async (
    id: number,
    request: SearchRequest,
    controls: readonly Control[],
  ): Promise<void> => {
    const page = pageOf(controls);
    const selection = selectionOf(request.attributes);
    const isAbandoned = (): boolean => abandoned.has(id) || !socket.writable;
    const who = await asker();
    const found = search(await parts.directory(), who, request, page, isAbandoned);
    for (;;) {
      const { done, value } = await found.next();
      if (isAbandoned()) return;
      if (done === true) {
        const { next = '', ...result } = value;
        const told = page === undefined ? [] : [pageControl(0, Buffer.from(next, 'utf8'))];
        send(searchDone(id, result, told));
        return;
      }
      send(entryAnswer(id, value.dn, answered(value, selection, request.typesOnly)));
      if (socket.writableLength > connectionLimits.unsentBytes) await drained();
    }
  };

  /** Waits until somebody has read what was sent, or is gone. */
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      const go = (): void => {
        socket.off('drain', go);
        socket.off('close', go);
        resolve();
      };
      socket.on('drain', go);
      socket.on('close', go);
    });

  const answerCompare = async (id: number, request: CompareRequest): Promise<void> => {
    send(compareAnswer(id, await compare(await parts.directory(), await asker(), request)));
  };

  const extended = async (id: number, name: string): Promise<void> => {
    if (name === extensions.whoAmI) {
      await asker();
      const value = nameOf(bound, (await parts.directory()).tree);
      send(extendedAnswer(id, { code: resultCodes.success }, { value }));
      return;
    }
    if (name !== extensions.startTls) {
      send(extendedAnswer(id, { code: resultCodes.protocolError }));
      return;
    }
    // What came after the request came unencrypted, and would be taken for encrypted.
    const isAlone = queue.length === 0 && !framer.isWaiting;
    if (isEncrypted || !isAlone) {
      send(extendedAnswer(id, { code: resultCodes.operationsError }, { name }));
      return;
    }
    bound = stranger;
    accepted.off('data', hear);
    accepted.pause();
    // From here on the encrypted side has a life of its own; what lies below it looks idle.
    accepted.setTimeout(0);
    await new Promise<void>((sent) => {
      accepted.write(extendedAnswer(id, { code: resultCodes.success }, { name }), () => sent());
    });
    encrypt();
  };

  const encrypt = (): void => {
    isEncrypted = true;
    framer = createFramer(connectionLimits.messageBytes);
    const secure = new TLSSocket(accepted, { isServer: true, secureContext: parts.tls });
    const late = setTimeout(() => secure.destroy(), connectionLimits.handshakeSeconds * 1000);
    secure.once('secure', () => clearTimeout(late));
    secure.once('close', () => clearTimeout(late));
    socket = secure;
    listen(secure);
  };

  const listen = (to: Socket): void => {
    to.setTimeout(connectionLimits.idleSeconds * 1000);
    to.on('data', hear);
    to.on('timeout', () => to.destroy());
    // A client that is gone, or speaks no TLS: there is nobody to tell.
    to.on('error', () => to.destroy());
    to.on('end', () => to.end());
    to.on('close', () => {
      if (to !== socket) return;
      isLeaving = true;
      queue = [];
      watchStranger();
      tellEnded();
    });
  };

  socket.setNoDelay(true);
  listen(socket);
  watchStranger();
  return {
    ended,
    leave: () => hangUp(resultCodes.unavailable),
    isStranger: () => bound.kind === 'stranger',
    drop: () => socket.destroy(),
  };
}

/** Who is bound, as `whoami` says it (RFC 4532); nobody is nothing. */
function nameOf(bound: Bound, tree: Tree): string {
  switch (bound.kind) {
    case 'stranger':
      return '';
    case 'client':
      return `dn:${tree.clientDn(bound.client.name)}`;
    case 'person':
      return `dn:${tree.personDn(bound.opened.user.userPrincipalName)}`;
  }
}

/** The page that is asked for. Throws a `BerFault` for a control that says no such thing. */
function pageOf(controls: readonly Control[]): Page | undefined {
  const control = controls.find(({ type }) => type === pagedResults);
  if (control === undefined) return undefined;
  const { size, cookie } = readPage(control.value ?? Buffer.alloc(0));
  const after = cookie.toString('utf8');
  if (after !== '' && !/^(?:[pg]|c\d$)/.test(after)) throw new BerFault('No cookie of ours.');
  return { size, after: after === '' ? undefined : after };
}

function codeOf(error: unknown): ResultCode {
  if (!(error instanceof TweestapError)) return resultCodes.other;
  return error.code === 'STORE_UNAVAILABLE' ? resultCodes.unavailable : resultCodes.other;
}
