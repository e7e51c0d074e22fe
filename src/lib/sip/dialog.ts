/**
 * Owns a call that was answered (RFC 3261 §12, §14, §15): how it is addressed, what the other side asks
 * within it, and who ended it.
 */
import { readAddress, readList, readParameters, uriParameters } from './fields.ts';
import {
  headerOf,
  valuesOf,
  type Header,
  type OutgoingRequest,
  type SipRequest,
  type SipResponse,
} from './message.ts';
import type { Answer } from './server-transaction.ts';

/** Who ended a call; `lost`: its connection died, or nobody said any more that it lives. */
export type Ended = 'by-them' | 'by-us' | 'lost';

/** A call that was answered. */
export interface SipDialog {
  /** SDP of the answer; `''` where there was none. */
  readonly answer: string;
  /** Resolves once: who ended it. */
  readonly ended: Promise<Ended>;
  /** What comes by INFO (RFC 6086): its type, such as `application/dtmf-relay`, in lower case. */
  readonly onInfo: (heard: (contentType: string, body: string) => void) => void;
  /**
   * Says what is answered to a new offer: re-INVITE or UPDATE. `null` or an error: that it is not acceptable,
   * and all stays as it was; the same as long as nobody says. Of a re-INVITE without an offer it is given
   * their answer to our last SDP, and what it returns goes nowhere.
   */
  readonly onReinvite: (answerTo: (offer: string) => string | null) => void;
  /** Hangs up. Resolves once the exchange knows, or does not answer. */
  readonly bye: () => Promise<void>;
}

/** How a dialog is addressed (§12.1.2), from our INVITE and its 2xx. */
export interface DialogAddress {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Value of From. */
  readonly local: string;
  /** Value of To, with their tag. */
  readonly remote: string;
  readonly target: string;
  /** Values of Route. */
  readonly routes: readonly string[];
}

/** The dialog that a 2xx (or 1xx) makes of an INVITE. */
export function dialogAddress(invite: OutgoingRequest, response: SipResponse): DialogAddress {
  return {
    callId: response.callId,
    localTag: response.from.parameters.get('tag') ?? '',
    remoteTag: response.to.parameters.get('tag') ?? '',
    local: headerOf(invite, 'from') ?? '',
    remote: headerOf(response, 'to') ?? '',
    target: contactOf(response) ?? invite.uri,
    routes: valuesOf(response, 'record-route').toReversed(),
  };
}

/** Request line and Route headers towards the other side (§12.2.1.1), past strict routers too. */
export function pathOf({ target, routes }: Pick<DialogAddress, 'target' | 'routes'>): {
  readonly uri: string;
  readonly routes: readonly Header[];
} {
  const asHeaders = (values: readonly string[]): readonly Header[] =>
    values.map((value) => ({ name: 'route', value }));
  const [first, ...rest] = routes;
  const next = first === undefined ? undefined : readAddress(first)?.uri;
  if (next === undefined || uriParameters(next).has('lr')) {
    return { uri: target, routes: asHeaders(routes) };
  }
  return { uri: next, routes: asHeaders([...rest, `<${target}>`]) };
}

/** What a dialog needs of the one who speaks for it. */
export interface DialogVoice {
  /** Our Contact. */
  contact(): string;
  /** Sends BYE; resolves whatever comes of it. */
  sendBye(address: DialogAddress): Promise<void>;
  /** It is over: nothing reaches it any more. */
  forget(): void;
}

/** A dialog, with what its user need not see. */
export interface OpenDialog {
  readonly dialog: SipDialog;
  readonly address: () => DialogAddress;
  receive(request: SipRequest): Answer;
  /** The ACK of a re-INVITE that was answered. */
  acknowledged(ack: SipRequest): void;
  /** Ends it as theirs: they hung up before their answer came. */
  hungUp(): void;
  /** Ends it as lost; hangs up too, as far as that is heard. */
  lose(): void;
}

/** Methods that are understood: what Allow says. */
export const allowed = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE';

/** Opens the dialog of an answered INVITE. `offer` is our SDP, `answer` theirs. */
export function openDialog(
  first: DialogAddress,
  { response, offer, answer }: { response: SipResponse; offer: string; answer: string },
  voice: DialogVoice,
): OpenDialog {
  let address = first;
  let remoteSequence = -1;
  let ourSdp = offer;
  let isOpen = true;
  /** Of a re-INVITE without an offer: its ACK brings their answer to ours. */
  let owedAnswer: number | undefined;
  let onInfo: (contentType: string, body: string) => void = () => {};
  let answerTo: (offer: string) => string | null = () => null;
  let goodbye: Promise<void> | undefined;
  const { promise: ended, resolve: resolveEnded } = Promise.withResolvers<Ended>();

  const end = (who: Ended): void => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(expiring);
    voice.forget();
    resolveEnded(who);
  };
  const hangUp = (who: Ended): Promise<void> => {
    if (isOpen) {
      end(who);
      goodbye = voice.sendBye(address);
    }
    return goodbye ?? Promise.resolve();
  };
  const lose = (): void => void hangUp('lost');

  // RFC 4028: where they give signs of life, they say how long a call is one without.
  let expiring: NodeJS.Timeout | undefined;
  const refreshed = (message: SipRequest | SipResponse): void => {
    const expires = headerOf(message, 'session-expires') ?? '';
    const seconds = Number(/^\d{1,7}/.exec(expires)?.[0] ?? 0);
    const they = message.kind === 'request' ? 'uac' : 'uas';
    const isTheirs = readParameters(expires).get('refresher') === they;
    clearTimeout(expiring);
    expiring = undefined;
    if (seconds === 0 || !isTheirs || !isOpen) return;
    // §10: a little before, so that both sides mean the same.
    const untilMs = (seconds - Math.min(32, seconds / 3)) * 1000;
    expiring = setTimeout(lose, Math.min(untilMs, 0x7fff_ffff));
    expiring.unref();
  };
  refreshed(response);

  const sdpAnswer = (their: string): string | null => {
    try {
      return answerTo(their);
    } catch {
      return null;
    }
  };
  const withSdp = (body: string): Answer => ({
    status: 200,
    headers: [
      { name: 'contact', value: voice.contact() },
      { name: 'allow', value: allowed },
      { name: 'content-type', value: 'application/sdp' },
    ],
    body,
  });
  const refresh = (request: SipRequest): void => {
    const target = contactOf(request);
    if (target !== undefined) address = { ...address, target };
    refreshed(request);
  };
  const offered = (request: SipRequest): Answer => {
    if (request.body === '') {
      refresh(request);
      if (request.method === 'UPDATE') {
        return { status: 200, headers: [{ name: 'contact', value: voice.contact() }] };
      }
      owedAnswer = request.sequence.number;
      return withSdp(ourSdp);
    }
    if (mediaTypeOf(request) !== 'application/sdp') {
      return { status: 415, headers: [{ name: 'accept', value: 'application/sdp' }] };
    }
    const sdp = sdpAnswer(request.body);
    if (sdp === null) return { status: 488 };
    refresh(request);
    ourSdp = sdp;
    return withSdp(sdp);
  };

  return {
    dialog: {
      answer,
      ended,
      onInfo: (heard) => {
        onInfo = heard;
      },
      onReinvite: (answers) => {
        answerTo = answers;
      },
      bye: () => hangUp('by-us'),
    },
    address: () => address,
    receive: (request) => {
      if (request.sequence.number < remoteSequence) return { status: 500 };
      remoteSequence = request.sequence.number;
      switch (request.method) {
        case 'BYE':
          end('by-them');
          return { status: 200 };
        case 'INFO': {
          const type = mediaTypeOf(request);
          if (type !== '') onInfo(type, request.body);
          return { status: 200 };
        }
        case 'INVITE':
        case 'UPDATE':
          return offered(request);
        case 'OPTIONS':
          return optionsAnswer;
        default:
          return { status: 405, headers: [{ name: 'allow', value: allowed }] };
      }
    },
    acknowledged: (ack) => {
      if (owedAnswer !== ack.sequence.number) return;
      owedAnswer = undefined;
      if (ack.body !== '') sdpAnswer(ack.body);
    },
    hungUp: () => end('by-them'),
    lose,
  };
}

/** What we can do (§11.2). */
export const optionsAnswer: Answer = {
  status: 200,
  headers: [
    { name: 'allow', value: allowed },
    { name: 'accept', value: 'application/sdp, application/dtmf-relay' },
  ],
};

/** The address in Contact that requests go to from now on. */
function contactOf(message: SipRequest | SipResponse): string | undefined {
  const [value] = readList(headerOf(message, 'contact') ?? '');
  const uri = value === undefined ? undefined : readAddress(value)?.uri;
  return uri !== undefined && /^sips?:/i.test(uri) ? uri : undefined;
}

function mediaTypeOf(request: SipRequest): string {
  return (headerOf(request, 'content-type') ?? '').replace(/;.*$/s, '').trim().toLowerCase();
}
