/**
 * Owns our side of SIP (RFC 3261) towards one exchange: it calls people, keeps the calls that were
 * answered, and takes no calls itself. It knows nothing of what is said in them.
 */
import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';

import { atMost, unlessAborted } from '../deadline.ts';
import { allowed, optionsAnswer, type SipDialog } from './dialog.ts';
import { credentialsOf } from './digest.ts';
import { quoted } from './fields.ts';
import { invite, type Call } from './invite.ts';
import { openLine } from './line.ts';
import { valuesOf, type SipRequest } from './message.ts';
import { askProving } from './proving.ts';
import { brokenOff } from './refusal.ts';
import type { Answer } from './server-transaction.ts';
import { createSwitchboard } from './switchboard.ts';
import { standardTiming, type Timing } from './timing.ts';

/** Where an exchange is reached, and as whom. */
export interface SipTarget {
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** The exchange, its trunk, or the proxy before it: everything goes there and comes from there. */
  readonly host: string;
  readonly port: number;
  /** Of From and To; usually the host. */
  readonly domain: string;
  /** The name that goes with the password. */
  readonly user: string;
  /** Whom calls are from: the user part of our own address, such as a number. Default: `user`. */
  readonly from?: string;
  /** Proved by digest, where the exchange asks (RFC 8760); undefined: it knows us by our address. */
  readonly password?: string;
  /**
   * The only realm that hears of the password. Undefined: the first that asks. Name it where the exchange
   * does not always ask, or whoever is called could.
   */
  readonly realm?: string;
  /** What we call ourselves where the machine's own address is not where we are reached. */
  readonly localHost?: string;
  /** PEM for `tls`; undefined: the authorities that this machine trusts. The name is checked always. */
  readonly ca?: string;
}

export interface SipUserAgent {
  /** The address our side is reached at, for SDP. */
  readonly localHost: string;
  /**
   * Calls somebody; resolves once they answered. Rejects with a `SipFault`: at once where the signal is
   * aborted, while the call is broken off behind it (CANCEL, or BYE where they answered meanwhile).
   */
  readonly invite: (call: Call) => Promise<SipDialog>;
  /**
   * Asks whether the exchange is there (OPTIONS); resolves to the status it answered, 401 or 407 where it
   * does not take our password. Rejects with a `SipFault` where no answer comes.
   */
  readonly probe: (signal: AbortSignal) => Promise<number>;
  /** Hangs up and breaks off whatever there is, and ends the connection. */
  readonly close: () => Promise<void>;
}

/** How long goodbyes may take, in milliseconds. */
const goodbyeMs = 1_000;

/**
 * Opens the way to the exchange; over UDP that says nothing of whether it is there. A connection that
 * broke is opened again by the next call. An aborted signal ends every wait for a connection; what there is by
 * then is ended by `close`.
 *
 * @throws a `SipFault` where it is not reached, a `TypeError` where the target cannot be written down in SIP
 */
export async function openUserAgent(
  target: SipTarget,
  {
    timing = standardTiming,
    signal: opening,
  }: { readonly timing?: Timing; readonly signal?: AbortSignal } = {},
): Promise<SipUserAgent> {
  const { transport, host, port, ca, password, realm } = target;
  const user = userPart(target.from ?? target.user);
  const domain = domainPart(target.domain);
  const from = `<sip:${user}@${domain}>`;
  const username = withoutQuotes(target.user);
  const credentials = credentialsOf({ username, password, realm });
  const closing = new AbortController();

  const switchboard = createSwitchboard();
  const answerOf = (request: SipRequest): Answer => {
    const { method, to } = request;
    const required = valuesOf(request, 'require').join(', ');
    if (required !== '' && method !== 'CANCEL') {
      return { status: 420, headers: [{ name: 'unsupported', value: required }] };
    }
    if (to.parameters.has('tag')) {
      const dialog = switchboard.dialogOf(request);
      // A CANCEL comes too late: whatever they ask is answered at once.
      if (method === 'CANCEL') return { status: dialog === undefined ? 481 : 200 };
      const early = switchboard.ringingOf(request);
      return dialog?.receive(request) ?? early?.(request) ?? { status: 481 };
    }
    if (method === 'OPTIONS') return optionsAnswer;
    if (method === 'INVITE') return { status: 403 };
    if (method === 'BYE' || method === 'CANCEL') return { status: 481 };
    return { status: 405, headers: [{ name: 'allow', value: allowed }] };
  };
  const line = await openLine(
    { transport, host, port, ca },
    { timing, localHost: target.localHost, signal: opening },
    {
      onRequest: answerOf,
      onAck: (ack) => switchboard.dialogOf(ack)?.acknowledged(ack),
      onUnacknowledged: (request) => switchboard.dialogOf(request)?.lose(),
      onBroken: () => {
        for (const dialog of switchboard.dialogs()) dialog.lose();
      },
      isTalking: () => switchboard.dialogs().length > 0,
      isNeeded: () => !switchboard.isEmpty(),
    },
  );

  return {
    get localHost() {
      return line.localHost();
    },
    invite: async (call) => {
      const signal = AbortSignal.any([call.signal, closing.signal]);
      const uri = addressOf(call.to, domain);
      if (!/^[\w.\-+!%*`'~()<>:\\"/[\]?{}@]{1,200}$/.test(call.callId)) {
        throw new TypeError('This cannot be the id of a call.');
      }
      const name = call.displayName === undefined ? '' : `${quoted(call.displayName)} `;
      return invite(
        {
          call: { ...call, signal },
          uri,
          from: `${name}${from}`,
          localTag: randomBytes(12).toString('hex'),
          user,
          authenticator: credentials.begin(),
        },
        line,
        switchboard,
      );
    },
    probe: async (signal) => {
      const uri = `sip:${domain}`;
      const tagged = `${from};tag=${randomBytes(12).toString('hex')}`;
      const callId = randomBytes(16).toString('hex');
      let number = 0;
      const asking = askProving(
        credentials.begin(),
        { method: 'OPTIONS', uri },
        async (proofs) => {
          number += 1;
          const contact = { name: 'contact', value: line.contact(user) };
          const headers = [contact, { name: 'accept', value: 'application/sdp' }, ...proofs];
          const draft = { from: tagged, to: `<${uri}>`, callId, number, headers, body: '' };
          return { response: await line.ask({ method: 'OPTIONS', uri, routes: [], ...draft }) };
        },
        () => !signal.aborted,
      );
      const { heard } = await unlessAborted(signal, asking).catch((error: unknown) => {
        throw signal.aborted ? brokenOff(true) : error;
      });
      return heard.response.status;
    },
    close: async () => {
      closing.abort();
      for (const { dialog } of switchboard.dialogs()) void dialog.bye();
      await atMost(goodbyeMs, switchboard.silence());
      await line.close();
    },
  };
}

/** A user part (§25.1): what is no letter of it is escaped. */
function userPart(text: string): string {
  if (!/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(text)) throw new TypeError('This is nobody’s name in SIP.');
  return text.replaceAll(/[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/gu, (letter) =>
    encodeURIComponent(letter),
  );
}

function domainPart(text: string): string {
  const host = isIPv6(text) ? `[${text}]` : text;
  if (/^(?:\[[\dA-Fa-f:.]+\]|[A-Za-z\d.\-_]{1,253})(?::\d{1,5})?$/.test(host)) return host;
  throw new TypeError('This is no domain of SIP.');
}

/** A whole address stays as it is. */
function addressOf(to: string, domain: string): string {
  if (!/^sips?:/i.test(to)) return `sip:${userPart(to)}@${domain}`;
  if (!/^sips?:[!-~]{1,500}$/i.test(to) || /[<>"]/.test(to)) {
    throw new TypeError('This is no address of SIP.');
  }
  return to;
}

function withoutQuotes(username: string): string {
  // How those would be hashed, nobody agrees on (RFC 7616 §3.4.2).
  if (!/^[^"\\\p{Cc}]+$/u.test(username))
    throw new TypeError('This name cannot go with a password.');
  return username;
}
