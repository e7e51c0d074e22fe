/**
 * Owns calling people by SIP, through the organisation's own telephone exchange or a trunk. A call lives in the
 * node that made it, to its end (`placing.ts`).
 *
 * `send` resolves once the exchange has taken the call; how it went is told later. The Call-ID is derived
 * from the message's id, but no exchange promises to call once for two requests with the same: what it may
 * have is not sent again.
 */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { locales, type Locale } from '../../../i18n/locale.ts';
import type { Clock } from '../../../lib/clock.ts';
import { atMost, unlessAborted } from '../../../lib/deadline.ts';
import { openMedia, type MediaOptions } from '../../../lib/rtp/media.ts';
import { openUserAgent, type SipTarget, type SipUserAgent } from '../../../lib/sip/user-agent.ts';
import type { QueuedMessage, Receipt } from '../../message.ts';
import type { Provider, ProviderEar } from '../../provider.ts';
import { refuseIfPerhapsTaken, remembering } from '../../receipts.ts';
import { deliveryRefused } from '../../refusal.ts';
import type { ConversationParts } from './conversation.ts';
import { checkFault, unreachedAt } from './faults.ts';
import { placeCall, type Placed } from './placing.ts';
import { dialledAs, isSrtp, portsIn, type SipSettings } from './settings.ts';
import { createSpeech, SpeechFault } from './speech.ts';
import { createVoice, lackOf, type SoundKeeper } from './voice.ts';

/** The name under which receipts of this provider are known. */
const sipName = 'sip';

export interface SipParts {
  readonly settings: SipSettings;
  readonly clock: Clock;
  /** The organisation's own sounds; undefined: none are played. */
  readonly sounds?: SoundKeeper | undefined;
  /** How long a second of a call lasts, in milliseconds; 1,000 unless a test is in a hurry. */
  readonly second?: number;
}

/** Makes the provider; it connects to nobody before it has to. */
export function sipProvider({ settings, clock, sounds, second = 1_000 }: SipParts): Provider {
  const voiceOf = createVoice(
    settings.speech === undefined ? undefined : createSpeech(settings.speech),
    sounds,
  );
  const ongoing = new Set<Placed>();
  let preparing = 0;
  let ear: ProviderEar | undefined;
  let agent: Promise<SipUserAgent> | undefined;
  const stopping = new AbortController();

  /** One for all calls. It connects anew by itself; where it never did, the next call opens another. */
  const open = (): Promise<SipUserAgent> => {
    agent ??= openUserAgent(targetOf(settings), { signal: stopping.signal }).catch(
      (error: unknown) => {
        agent = undefined;
        throw error;
      },
    );
    return agent;
  };

  /** Tells, a few times where it is not heard: a database may be on its way back. */
  const tellerOf =
    (messageId: string, reference: string): ConversationParts['tell'] =>
    async (what, event) => {
      const eventId = `${reference}:${what}`;
      for (const pause of [...tellAgainMs, undefined]) {
        try {
          return (await ear?.about({ eventId, reference, messageId, event })) ?? {};
        } catch {
          if (pause !== undefined) await sleep(pause, undefined, { ref: false });
        }
      }
      // Nobody heard it: whoever is on the line may press again.
      return {};
    };

  /** Whatever fails here has called nobody. */
  async function place(
    { id, message, deliverBefore }: QueuedMessage,
    callId: string,
    signal: AbortSignal,
  ): Promise<Placed> {
    if (message.kind !== 'call') {
      const fault = `a ${message.kind} is no call`;
      throw deliveryRefused({ retry: false, reason: 'refused', fault });
    }
    try {
      // First: a call that has nothing to say is not made.
      const voice = await unlessAborted(signal, voiceOf(message));
      // Whoever gave up meanwhile may have closed the line behind them: none is opened then.
      const opened = await unlessAborted(signal, open());
      const media = await openMedia(mediaOf(settings, opened.localHost));
      return placeCall({
        agent: opened,
        media,
        to: dialledAs(message.to, settings.numbers),
        callId,
        secondsLeft: (deliverBefore.getTime() - clock.now().getTime()) / 1_000,
        script: message,
        voice,
        tell: tellerOf(id, callId),
        extensionPauseSeconds: settings.extensionPauseSeconds,
        machineSpeechSeconds: settings.machineDetection ? settings.machineSpeechSeconds : undefined,
        second,
      });
    } catch (error) {
      throw deliveryRefused({ retry: true, reason: 'unreachable', fault: whyOf(error) }, error);
    }
  }

  const send = async (queued: QueuedMessage, signal: AbortSignal): Promise<Receipt> => {
    refuseIfPerhapsTaken(sipName, queued);
    if (ongoing.size + preparing >= settings.mostCalls) {
      const fault = `${settings.mostCalls} calls are under way`;
      throw deliveryRefused({ retry: true, reason: 'unreachable', isAboutMessage: true, fault });
    }
    const reference = callIdOf(queued.id);
    preparing += 1;
    const placed = await place(queued, reference, signal).finally(() => {
      preparing -= 1;
    });
    ongoing.add(placed);
    void placed.done.then(() => ongoing.delete(placed));
    signal.addEventListener('abort', placed.giveUp, { once: true });
    if (signal.aborted) placed.giveUp();
    try {
      await placed.taken;
      return { provider: sipName, reference };
    } finally {
      signal.removeEventListener('abort', placed.giveUp);
    }
  };

  return {
    name: sipName,
    kinds: ['call'],
    send: remembering(send),
    check: () => check(settings, sounds),
    listen: (heard) => {
      ear = heard;
      return async () => {
        stopping.abort();
        const calls = [...ongoing];
        for (const { stop } of calls) stop();
        await atMost(stopMilliseconds, Promise.all(calls.map(({ done }) => done)));
        const last = agent;
        agent = undefined;
        // What was not opened by now is nobody's any more.
        const closed = last?.then((opened) => opened.close()).catch(() => undefined);
        await atMost(stopMilliseconds, closed ?? Promise.resolve());
      };
    },
  };
}

/** How long we wait for calls to end, and for the exchange to know. */
const stopMilliseconds = 800;
const probeMilliseconds = 5_000;
const tellAgainMs = [200, 800];

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
  const ports = soundPorts === undefined ? undefined : portsIn(soundPorts);
  return {
    host: ownAddress === undefined ? localHost : isIPv6(ownAddress) ? '::' : '0.0.0.0',
    ...(ownAddress === undefined ? {} : { announcedHost: ownAddress }),
    ...(ports === undefined ? {} : { ports }),
    isEncrypted: isSrtp(settings),
  };
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the call could not be begun';
}

/**
 * Asks the exchange whether it is there (OPTIONS), has the program speak, and looks whether the
 * organisation's sounds can be played. It calls nobody, so whether the exchange lets us call stays open.
 */
async function check(settings: SipSettings, sounds: SoundKeeper | undefined): Promise<void> {
  await probe(settings);
  const { speech } = settings;
  // Anew: what was spoken before says nothing of the program now.
  const speak = speech === undefined ? undefined : createSpeech(speech);
  for (const language of locales) {
    await speak?.(tryingWords[language], language).catch((error: unknown) => {
      const { message, detail } =
        error instanceof SpeechFault ? error : { message: whyOf(error), detail: '' };
      throw checkFault(`${message}, in ${language}${detail === '' ? '.' : `: ${detail}`}`, error);
    });
  }
  const lack = sounds === undefined ? undefined : await lackOf(sounds, speech !== undefined);
  if (lack?.isFault === true) throw checkFault(lack.message);
}

/** By a way of its own, which ends with it. */
async function probe(settings: SipSettings): Promise<void> {
  const status = await answerTo(settings).catch((error: unknown) => {
    throw checkFault(unreachedAt(targetOf(settings), error), error);
  });
  if ([401, 403, 407].includes(status)) {
    throw checkFault(
      `The exchange does not take this account (${status}): look at user, password and realm.`,
    );
  }
  // 404, 405 and 501 say that it is there and does not talk about itself.
  if (status >= 500 && status !== 501) throw checkFault(`The exchange answered ${status}.`);
}

async function answerTo(settings: SipSettings): Promise<number> {
  const agent = await openUserAgent(targetOf(settings));
  try {
    return await agent.probe(AbortSignal.timeout(probeMilliseconds));
  } finally {
    await agent.close();
  }
}

/** Nobody hears them. */
const tryingWords: Readonly<Record<Locale, string>> = { en: 'One, two.', nl: 'Een, twee.' };
