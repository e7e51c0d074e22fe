/**
 * Owns one call from its INVITE to its answer (RFC 3261 §13.2, §9.1, §22): asked again with a password
 * where one is wanted, broken off where nobody waits for it any more, and every answer acknowledged,
 * whichever telephone it comes from.
 */
import { cancelOf } from './client-transaction.ts';
import {
  allowed,
  dialogAddress,
  openDialog,
  optionsAnswer,
  pathOf,
  type DialogAddress,
  type OpenDialog,
  type SipDialog,
} from './dialog.ts';
import type { Authenticator } from './digest.ts';
import { SipFault } from './fault.ts';
import type { Draft, Inviting, Line } from './line.ts';
import type { Header, OutgoingRequest, SipRequest, SipResponse } from './message.ts';
import { askProving } from './proving.ts';
import { brokenOff, refusalOf } from './refusal.ts';
import type { Answer } from './server-transaction.ts';
import { patienceMs } from './timing.ts';

/** A call that is wanted. */
export interface Call {
  /** Whom: a number or name at the exchange's domain, or a whole `sip:` address. */
  readonly to: string;
  /** Unique for good; given by the caller, who may want to recognise it. */
  readonly callId: string;
  /** SDP. */
  readonly offer: string;
  /** The name shown beside our number, where the exchange shows it. */
  readonly displayName?: string;
  /** Aborted: the call is broken off, whatever became of it. */
  readonly signal: AbortSignal;
  /** 1xx: 180 rings; with SDP where something can be heard already. */
  readonly onProgress?: (status: number, sdp: string | undefined) => void;
}

/** The call in the exchange's words. */
export interface Invitation {
  readonly call: Call;
  readonly uri: string;
  /** Value of From, without a tag. */
  readonly from: string;
  readonly localTag: string;
  /** The user part of our own address. */
  readonly user: string;
  readonly authenticator: Authenticator;
}

/** Where calls are known, so that requests of the other side find theirs. */
export interface Switchboard {
  /** A call that is under way; returns what forgets it. */
  ringing(callId: string, localTag: string, early: (request: SipRequest) => Answer): () => void;
  /** A call that was answered; returns what forgets it. */
  answered(address: DialogAddress, dialog: OpenDialog): () => void;
  /** What still has to be said before the line may be closed. */
  last(work: Promise<unknown>): void;
}

/** Calls. Rejects with a `SipFault`; with an aborted signal at once, while the rest goes on by itself. */
export function invite(
  invitation: Invitation,
  line: Line,
  switchboard: Switchboard,
): Promise<SipDialog> {
  const { signal } = invitation.call;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(brokenOff(false));
      return;
    }
    const under = callUnderWay(invitation, line, switchboard);
    const stop = (): void => reject(brokenOff(under.breakOff()));
    signal.addEventListener('abort', stop, { once: true });
    void under
      .answered()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

/** So many may answer one call; there is no such exchange that lets more ring. */
const mostTelephones = 16;

interface UnderWay {
  /** Asks until there is an answer for good. */
  answered(): Promise<SipDialog>;
  /** Ends it whatever comes; tells whether anything was sent. */
  breakOff(): boolean;
}

function callUnderWay(
  { call, uri, from, localTag, user, authenticator }: Invitation,
  line: Line,
  switchboard: Switchboard,
): UnderWay {
  let number = 0;
  let isBrokenOff = false;
  let current: (Inviting & { isCancelled: boolean }) | undefined;
  let earlySdp = '';
  /** Whoever hung up before we heard that they had answered: their tags. */
  const hungUp = new Set<string>();
  /** By the tag of whoever answered; more than one where a call rang at several telephones. */
  const acks = new Map<string, Buffer>();
  let isAnswered = false;

  const draftOf = (method: string, more: Partial<Draft>): Draft => ({
    method,
    uri,
    routes: [],
    from: `${from};tag=${localTag}`,
    to: `<${uri}>`,
    callId: call.callId,
    number,
    headers: [],
    body: '',
    ...more,
  });
  const contact = (): Header => ({ name: 'contact', value: line.contact(user) });

  const cancel = (inviting: NonNullable<typeof current>): void => {
    if (inviting.isCancelled) return;
    inviting.isCancelled = true;
    line.askOnBranch(cancelOf(inviting.invite)).catch(() => undefined);
    // §9.1: who does not even answer that has forgotten the call.
    const forgotten = new SipFault('the exchange did not answer', { isSent: true });
    setTimeout(() => inviting.transaction.fail(forgotten), patienceMs(line.timing)).unref();
  };

  const acknowledge = (
    sent: OutgoingRequest,
    proofs: readonly Header[],
    response: SipResponse,
  ): OpenDialog | undefined => {
    const address = dialogAddress(sent, response);
    const known = acks.get(address.remoteTag);
    if (known !== undefined) line.write(known);
    if (known !== undefined || acks.size >= mostTelephones) return undefined;
    const ack = line.acknowledgement(
      // The number and the proof of the INVITE: nobody may ask an ACK for one (§13.2.2.4, §22.1).
      draftOf('ACK', {
        ...pathOf(address),
        to: address.remote,
        number: response.sequence.number,
        headers: proofs,
      }),
    );
    acks.set(address.remoteTag, ack);
    line.write(ack);
    const answer = response.body === '' ? earlySdp : response.body;
    const opened = openDialog(
      address,
      { response, offer: call.offer, answer },
      {
        contact: () => line.contact(user),
        sendBye: (now) => {
          const said = bye(now);
          switchboard.last(said);
          return said;
        },
        forget: () => forget(),
      },
    );
    const forget = switchboard.answered(address, opened);
    return opened;
  };

  const bye = async (address: DialogAddress): Promise<void> => {
    const path = pathOf(address);
    await askProving(authenticator, { method: 'BYE', uri: path.uri }, async (proofs) => {
      number += 1;
      const draft = draftOf('BYE', { ...path, to: address.remote, headers: proofs });
      return { response: await line.ask(draft) };
    }).catch(() => undefined);
  };

  /** One INVITE, up to its last word. */
  const once = async (proofs: readonly Header[]): Promise<Heard> => {
    await line.ready();
    if (isBrokenOff) throw brokenOff(current !== undefined);
    number += 1;
    const draft = draftOf('INVITE', {
      headers: [
        contact(),
        ...proofs,
        { name: 'allow', value: allowed },
        { name: 'accept', value: 'application/sdp' },
        { name: 'content-type', value: 'application/sdp' },
      ],
      body: call.offer,
    });
    return new Promise((resolve, reject) => {
      const inviting = {
        isCancelled: false,
        ...line.invite(draft, {
          onProvisional: (response) => {
            if (isBrokenOff) cancel(inviting);
            else {
              const sdp = response.body === '' ? undefined : response.body;
              earlySdp = sdp ?? earlySdp;
              call.onProgress?.(response.status, sdp);
            }
          },
          onFinal: (response) => {
            const opened =
              response.status < 300 ? accepted(inviting.invite, proofs, response) : undefined;
            resolve({ response, opened });
          },
          onFault: reject,
        }),
      };
      current = inviting;
    });
  };
  /** A 2xx: of the one call that was wanted, or of one too many, which is hung up. */
  const accepted = (
    sent: OutgoingRequest,
    proofs: readonly Header[],
    response: SipResponse,
  ): OpenDialog | undefined => {
    const opened = acknowledge(sent, proofs, response);
    if (opened === undefined) return undefined;
    if (isBrokenOff || isAnswered) void opened.dialog.bye();
    else if (hungUp.has(opened.address().remoteTag)) opened.hungUp();
    isAnswered = true;
    return opened;
  };

  const early = ({ method, from: whose, body }: SipRequest): Answer => {
    switch (method) {
      case 'BYE':
        hungUp.add(whose.parameters.get('tag') ?? '');
        return { status: 200 };
      case 'INVITE':
        return { status: 491 };
      case 'UPDATE':
        // Our offer is not answered yet (RFC 3311 §5.2).
        return body === '' ? { status: 200, headers: [contact()] } : { status: 491 };
      case 'INFO':
        return { status: 200 };
      case 'OPTIONS':
        return optionsAnswer;
      default:
        return { status: 405, headers: [{ name: 'allow', value: allowed }] };
    }
  };

  return {
    answered: async () => {
      const forget = switchboard.ringing(call.callId, localTag, early);
      const asking = askProving(authenticator, { method: 'INVITE', uri }, once, () => !isBrokenOff);
      switchboard.last(asking);
      try {
        const { heard, unanswered } = await asking;
        if (heard.opened === undefined) throw refusalOf(heard.response, unanswered);
        return heard.opened.dialog;
      } finally {
        forget();
      }
    },
    breakOff: () => {
      isBrokenOff = true;
      // §9.1: what nobody answered yet cannot be cancelled; it must not begin to ring later either.
      if (current?.transaction.isHeard() === true) cancel(current);
      else current?.transaction.calm();
      return current !== undefined;
    },
  };
}

/** What an INVITE came to. */
interface Heard {
  readonly response: SipResponse;
  /** Undefined where it was refused. */
  readonly opened: OpenDialog | undefined;
}
