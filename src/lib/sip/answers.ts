/**
 * Owns the answers to one call (RFC 3261 §13.2.2.4): every 2xx is acknowledged, whichever telephone it comes
 * from and however often; the first is the call, and any other is hung up.
 */
import {
  dialogAddress,
  openDialog,
  pathOf,
  type DialogAddress,
  type OpenDialog,
} from './dialog.ts';
import type { Authenticator } from './digest.ts';
import type { Draft, Line } from './line.ts';
import type { Header, OutgoingRequest, SipResponse } from './message.ts';
import { askProving } from './proving.ts';
import type { Switchboard } from './switchboard.ts';

export interface AnswersParts {
  /** Our SDP. */
  readonly offer: string;
  readonly authenticator: Authenticator;
  readonly line: Pick<Line, 'ask' | 'acknowledgement' | 'write'>;
  readonly switchboard: Pick<Switchboard, 'answered' | 'last'>;
  /** A request of this call. */
  readonly draftOf: (method: string, more: Pick<Draft, 'number'> & Partial<Draft>) => Draft;
  /** The number of the next request. */
  readonly nextNumber: () => number;
  /** Value of Contact. */
  readonly contact: () => string;
  /** Whether nobody waits for the call any more. */
  readonly isBrokenOff: () => boolean;
}

export interface Answers {
  /** What was said before an answer, which may leave it out (SDP of a 1xx). */
  foretold(sdp: string): void;
  /** Whoever has this tag hung up, before we heard that they had answered. */
  hungUp(tag: string): void;
  /**
   * A 2xx to `sent`, an INVITE with these proofs. The call that it opens, be it one that is hung up at once;
   * undefined where this telephone had answered before.
   */
  accepted(
    sent: OutgoingRequest,
    proofs: readonly Header[],
    response: SipResponse,
  ): OpenDialog | undefined;
}

/** So many may answer one call; there is no such exchange that lets more ring. */
const mostTelephones = 16;

/** Those of one call. */
export function createAnswers(parts: AnswersParts): Answers {
  const { offer, authenticator, line, switchboard, draftOf, nextNumber, contact } = parts;
  let earlySdp = '';
  const hungUp = new Set<string>();
  /** By the tag of whoever answered; more than one where a call rang at several telephones. */
  const acks = new Map<string, Buffer>();
  let isAnswered = false;

  const bye = async (address: DialogAddress): Promise<void> => {
    const path = pathOf(address);
    await askProving(authenticator, { method: 'BYE', uri: path.uri }, async (proofs) => {
      const number = nextNumber();
      const draft = draftOf('BYE', { ...path, to: address.remote, number, headers: proofs });
      return { response: await line.ask(draft) };
    }).catch(() => undefined);
  };

  const open = (address: DialogAddress, response: SipResponse): OpenDialog => {
    const answer = response.body === '' ? earlySdp : response.body;
    const opened = openDialog(
      address,
      { response, offer, answer },
      {
        contact,
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

  /** Sends the ACK, again where it was sent before. Tells whether this telephone is new. */
  const acknowledge = (
    address: DialogAddress,
    number: number,
    proofs: readonly Header[],
  ): boolean => {
    const known = acks.get(address.remoteTag);
    if (known !== undefined) line.write(known);
    if (known !== undefined || acks.size >= mostTelephones) return false;
    const ack = line.acknowledgement(
      // The number and the proof of the INVITE: nobody may ask an ACK for one (§13.2.2.4, §22.1).
      draftOf('ACK', { ...pathOf(address), to: address.remote, number, headers: proofs }),
    );
    acks.set(address.remoteTag, ack);
    line.write(ack);
    return true;
  };

  return {
    foretold: (sdp) => {
      earlySdp = sdp;
    },
    hungUp: (tag) => {
      hungUp.add(tag);
    },
    accepted: (sent, proofs, response) => {
      const address = dialogAddress(sent, response);
      if (!acknowledge(address, response.sequence.number, proofs)) return undefined;
      const opened = open(address, response);
      if (parts.isBrokenOff() || isAnswered) void opened.dialog.bye();
      else if (hungUp.has(address.remoteTag)) opened.hungUp();
      isAnswered = true;
      return opened;
    },
  };
}
