/**
 * Owns calling people by SIP, through the organisation's own telephone exchange or a trunk: from the INVITE
 * to the goodbye, and what is told of it on the way. A call lives in the node that made it.
 *
 * `send` resolves once the exchange has taken the call; how it went is told later. The Call-ID is derived
 * from the message's id, but no exchange promises to call once for two requests with the same: what it may
 * have is not sent again.
 */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

import { locales, type Locale } from '../../../i18n/locale.ts';
import type { Clock } from '../../../lib/clock.ts';
import { openMedia, type Media, type MediaOptions } from '../../../lib/rtp/media.ts';
import type { SipDialog } from '../../../lib/sip/dialog.ts';
import { SipFault } from '../../../lib/sip/fault.ts';
import { openUserAgent, type SipTarget, type SipUserAgent } from '../../../lib/sip/user-agent.ts';
import { ringSeconds, type CallTurn } from '../../call-script.ts';
import { atMost } from '../../deadline.ts';
import type { CallMessage, DeliveryEvent, QueuedMessage, Receipt } from '../../message.ts';
import type { Provider, ProviderEar } from '../../provider.ts';
import { refuseIfPerhapsTaken, remembering } from '../../receipts.ts';
import { deliveryRefused } from '../../refusal.ts';
import { converse, type Conversation, type Line } from './conversation.ts';
import { checkFault, meaningOf, type Unanswered } from './faults.ts';
import { dialledAs, isSrtp, type SipSettings } from './settings.ts';
import { createSpeech, SpeechFault } from './speech.ts';
import { createVoice, unplayable, type SoundKeeper } from './voice.ts';

/** The name under which receipts of this provider are known. */
export const sipName = 'sip';

export interface SipParts {
  readonly settings: SipSettings;
  readonly clock: Clock;
  /** The organisation's own sounds; undefined: none are played. */
  readonly sounds?: SoundKeeper | undefined;
  /** How long a second of a call lasts, in milliseconds; 1,000 unless a test is in a hurry. */
  readonly second?: number;
}

/** A call that is under way. */
interface Ongoing {
  /** Ends it because we stop. */
  readonly stop: () => void;
  readonly done: Promise<void>;
}

/** Makes the provider; it connects to nobody before it has to. */
export function sipProvider({ settings, clock, sounds, second = 1_000 }: SipParts): Provider {
  const speak = settings.speech === undefined ? undefined : createSpeech(settings.speech);
  const voiceOf = createVoice(speak, sounds);
  const ongoing = new Map<string, Ongoing>();
  let preparing = 0;
  let ear: ProviderEar | undefined;
  let agent: Promise<SipUserAgent> | undefined;

  /** One for all calls; whoever finds that it is of no use has the next one open another. */
  const open = (): Promise<SipUserAgent> => {
    const opening =
      agent ??
      openUserAgent(targetOf(settings)).catch((error: unknown) => {
        forget(opening);
        throw error;
      });
    agent = opening;
    return opening;
  };
  const forget = (opened: Promise<SipUserAgent> | undefined): void => {
    if (agent === opened) agent = undefined;
  };

  const tellerOf =
    ({ id: messageId }: QueuedMessage, reference: string) =>
    async (what: string, event: DeliveryEvent): Promise<CallTurn> =>
      (await ear?.about({ eventId: `${reference}:${what}`, reference, messageId, event })) ?? {};

  const send = async (queued: QueuedMessage, signal: AbortSignal): Promise<Receipt> => {
    const { message } = queued;
    if (message.kind !== 'call') {
      const fault = `a ${message.kind} is no call`;
      throw deliveryRefused({ retry: false, reason: 'refused', fault });
    }
    refuseIfPerhapsTaken(sipName, queued);
    if (ongoing.size + preparing >= settings.mostCalls) {
      const fault = `${settings.mostCalls} calls are under way`;
      throw deliveryRefused({ retry: true, reason: 'unreachable', isAboutMessage: true, fault });
    }
    preparing += 1;
    let released = false;
    const release = (): void => {
      if (!released) preparing -= 1;
      released = true;
    };
    try {
      return await begin(queued, message, signal, release);
    } finally {
      release();
    }
  };

  async function begin(
    queued: QueuedMessage,
    message: CallMessage,
    signal: AbortSignal,
    release: () => void,
  ): Promise<Receipt> {
    const reference = callIdOf(queued.id);
    const tell = tellerOf(queued, reference);
    // First: a call that has nothing to say is not made.
    const voice = await voiceOf(message).catch((error: unknown) => {
      throw surelyNot(whyOf(error), error);
    });
    const opening = open();
    const sip = await opening.catch((error: unknown) => {
      throw surelyNot(whyOf(error), error);
    });
    const media = await openMedia(mediaOf(settings, sip.localHost)).catch((error: unknown) => {
      throw surelyNot('there is no free port for the sound of a call', error);
    });
    const giveUp = new AbortController();
    const taken = Promise.withResolvers<void>();
    let isTaken = false;
    let grace: NodeJS.Timeout | undefined;
    const take = (): void => {
      isTaken = true;
      taken.resolve();
    };
    const left = (queued.deliverBefore.getTime() - clock.now().getTime()) / 1_000;
    const longest = Math.max(shortestRingSeconds, Math.min(ringSeconds, left));
    /** Why we broke it off before anybody answered. */
    let why: Unanswered | undefined;
    const breakOff = (because: Unanswered): void => {
      why ??= because;
      giveUp.abort();
    };
    const noAnswer = setTimeout(() => breakOff(nobodyAnswers), longest * second);
    const unanswered = setTimeout(() => breakOff(nothingHeard), answerMilliseconds);
    let conversation: Conversation | undefined;

    const dialling = sip.invite({
      to: dialledAs(message.to, settings.numbers),
      callId: reference,
      offer: media.offer(),
      signal: giveUp.signal,
      onProgress: (status) => {
        clearTimeout(unanswered);
        // That it tries says little: what it cannot reach it tells within a moment.
        if (status >= 180) take();
        else grace ??= setTimeout(take, graceMilliseconds);
      },
    });
    const hearOut = async (): Promise<void> => {
      let line: Line | undefined;
      try {
        line = await lineOf(media, await dialling);
        take();
        clearTimeout(noAnswer);
        conversation = converse({
          script: message,
          voice,
          line,
          tell,
          extensionPauseSeconds: settings.extensionPauseSeconds,
          machineSpeechSeconds: settings.machineDetection
            ? settings.machineSpeechSeconds
            : undefined,
          second,
        });
        // It was answered while we were about to break it off.
        if (why !== undefined) conversation.stop();
        await conversation.done;
      } catch (error) {
        await line?.hangUp();
        const meaning = why ?? meaningOf(error);
        if (meaning.kind === 'telephone') {
          take();
          await tell('unanswered', meaning.event).catch(() => undefined);
        } else if (isTaken) {
          const { retry } = meaning.refusal;
          const reason = retry ? 'unreachable' : 'refused';
          await tell('failed', { kind: 'failed', reason }).catch(() => undefined);
        } else {
          taken.reject(deliveryRefused(meaning.refusal, error));
        }
      } finally {
        clearTimeout(noAnswer);
        clearTimeout(unanswered);
        clearTimeout(grace);
        media.close();
        ongoing.delete(queued.id);
      }
    };
    const done = hearOut();
    ongoing.set(queued.id, {
      done,
      stop: () => {
        breakOff(stopping);
        conversation?.stop();
      },
    });
    release();
    const leave = (): void => {
      if (!isTaken) breakOff(nothingHeard);
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      await taken.promise;
      return { provider: sipName, reference };
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  return {
    name: sipName,
    kinds: ['call'],
    send: remembering(send),
    check: () => check(settings, sounds, open, forget),
    listen: (heard) => {
      ear = heard;
      return async () => {
        const calls = [...ongoing.values()];
        for (const { stop } of calls) stop();
        await atMost(stopMilliseconds, Promise.all(calls.map(({ done }) => done)));
        const last = agent;
        agent = undefined;
        await atMost(stopMilliseconds, last?.then((opened) => opened.close()) ?? Promise.resolve());
      };
    },
  };
}

/** A call that is worth something for less time is not worth an interruption, but it was asked for. */
const shortestRingSeconds = 5;
/** An exchange that says nothing at all is not there. */
const answerMilliseconds = 5_000;
/** How long after "Trying" the exchange may still say that it cannot, so that another provider is asked. */
const graceMilliseconds = 1_200;
const stopMilliseconds = 800;
const probeMilliseconds = 5_000;

const nobodyAnswers: Unanswered = {
  kind: 'telephone',
  event: { kind: 'ended', reason: 'no-answer' },
};
const nothingHeard: Unanswered = {
  kind: 'exchange',
  refusal: {
    retry: true,
    reason: 'unreachable',
    isUnsure: true,
    fault: 'the exchange does not answer',
  },
};
const stopping: Unanswered = {
  kind: 'exchange',
  refusal: { retry: true, reason: 'unreachable', fault: 'the service is stopping' },
};

/** The same for the same message, and nothing that could be guessed of another. */
function callIdOf(messageId: string): string {
  return createHash('sha256').update(`sip call ${messageId}`).digest('base64url').slice(0, 32);
}

function targetOf(settings: SipSettings): SipTarget {
  const { transport, host, port, domain, user, password, realm, from, ownAddress, authorities } =
    settings;
  return {
    transport,
    host,
    port: port ?? (transport === 'tls' ? 5061 : 5060),
    domain: domain ?? host,
    user,
    ...(from === undefined ? {} : { from: dialledAs(from, settings.numbers) }),
    ...(password === undefined ? {} : { password }),
    ...(realm === undefined ? {} : { realm }),
    ...(ownAddress === undefined ? {} : { localHost: ownAddress }),
    ...(authorities === undefined ? {} : { ca: authorities }),
  };
}

function mediaOf(settings: SipSettings, localHost: string): MediaOptions {
  const { ownAddress, soundPorts } = settings;
  const [from, to] = (soundPorts ?? '').split('-').map(Number);
  return {
    host: ownAddress === undefined ? localHost : isIPv6(ownAddress) ? '::' : '0.0.0.0',
    ...(ownAddress === undefined ? {} : { announcedHost: ownAddress }),
    ...(from === undefined || to === undefined ? {} : { ports: { from, to } }),
    isEncrypted: isSrtp(settings),
  };
}

/** The line to a telephone that has answered; hangs up where the two have no language in common. */
async function lineOf(media: Media, dialog: SipDialog): Promise<Line> {
  if (!media.connect(dialog.answer)) {
    await dialog.bye();
    throw new SipFault('the exchange took the call without a sound that we have', {
      status: 488,
      isSent: true,
    });
  }
  dialog.onReinvite((offer) => media.answer(offer));
  return {
    play: media.play,
    dial: media.dial,
    onKey: (heard) => {
      media.onKey(heard);
      // Some exchanges tell keys beside the sound; who tells them in it would be heard twice.
      if (/\btelephone-event\//i.test(dialog.answer)) return;
      dialog.onInfo((type, body) => {
        const key = keyIn(type, body);
        if (key !== undefined) heard(key);
      });
    },
    onSound: media.onSound,
    ended: dialog.ended,
    hangUp: async () => {
      await dialog.bye();
    },
  };
}

/** A key in the body of an INFO: `Signal=5` (application/dtmf-relay), or the key alone (application/dtmf). */
function keyIn(type: string, body: string): string | undefined {
  if (/^application\/dtmf-relay\b/i.test(type))
    return /^Signal *= *([0-9*#])\s*$/im.exec(body)?.[1];
  return /^application\/dtmf\b/i.test(type) ? /^\s*([0-9*#])\s*$/.exec(body)?.[1] : undefined;
}

function surelyNot(fault: string, cause: unknown): Error {
  return deliveryRefused({ retry: true, reason: 'unreachable', fault }, cause);
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the exchange cannot be reached';
}

/**
 * Asks the exchange whether it is there (OPTIONS), has the program speak, and looks whether the
 * organisation's sounds can be played. It calls nobody, so whether the exchange lets us call stays open.
 */
async function check(
  { speech }: SipSettings,
  sounds: SoundKeeper | undefined,
  open: () => Promise<SipUserAgent>,
  forget: (opened: Promise<SipUserAgent>) => void,
): Promise<void> {
  const opening = open();
  try {
    const status = await (await opening).probe(AbortSignal.timeout(probeMilliseconds));
    if ([401, 403, 407].includes(status)) {
      throw checkFault(`The exchange does not take this account (${status}).`);
    }
    // 404, 405 and 501 say that it is there and does not talk about itself.
    if (status >= 500 && status !== 501) throw checkFault(`The exchange answered ${status}.`);
  } catch (error) {
    if (!(error instanceof SipFault)) throw error;
    forget(opening);
    throw checkFault(error.message, error);
  }
  // Anew: what was spoken before says nothing of the program now.
  const speak = speech === undefined ? undefined : createSpeech(speech);
  for (const language of locales) {
    await speak?.(tryingWords[language], language).catch((error: unknown) => {
      const { message, detail } =
        error instanceof SpeechFault ? error : { message: whyOf(error), detail: '' };
      throw checkFault(`${message}, in ${language}${detail === '' ? '.' : `: ${detail}`}`, error);
    });
  }
  const fault = sounds === undefined ? undefined : await unplayable(sounds);
  if (fault !== undefined) throw checkFault(fault);
}

/** Nobody hears them. */
const tryingWords: Readonly<Record<Locale, string>> = { en: 'One, two.', nl: 'Een, twee.' };
