/**
 * Owns the sound of one call: a port of ours, what is sent from it 50 times a second, and which pressed keys
 * are heard at it. Sends without a break from the first agreement to the end (silence where nothing is
 * played), so that nobody on the way takes the call for dead. Hears only the address that was agreed, and of
 * it one source at a time.
 */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

import { normaliseAddress } from '../ip.ts';
import { randomBelow, systemRandom, type Random } from '../random.ts';
import { decodeSpeech, encodeSpeech, sampleRate } from './g711.ts';
import { readRtp, sequenceDistance, writeRtp, type RtpPacket } from './packet.ts';
import { answerTo, offerOf, readAnswer, type OwnMedia, type RtpPeer } from './sdp.ts';
import { hearPress, keys, latestPackets, writeEvent, type HeardPress } from './telephone-events.ts';
import { listenForTones, toneOf, type ToneListener } from './tones.ts';
import { hearVoice, voiceMs, type Voice } from './voice.ts';

export interface MediaOptions {
  /** The IP address to listen on, of this machine. */
  readonly host: string;
  /** What the other side is told to send to; `host` unless told. */
  readonly announcedHost?: string;
  /** The ports that a firewall lets through, both ends among them; any free one unless told. */
  readonly ports?: { readonly from: number; readonly to: number };
  /** Chance; the machine's own unless told. */
  readonly random?: Random;
}

/** The sound of one call. */
export interface Media {
  /** Where it is heard: an even one. */
  readonly port: number;
  /** What we offer (SDP). */
  readonly offer: () => string;
  /** Takes the answer to our offer; false where there is nothing in common. */
  readonly connect: (answer: string) => boolean;
  /** Answers an offer of the other side during the call (SDP); null where there is nothing in common. */
  readonly answer: (offer: string) => string | null;
  /**
   * Plays samples (8,000 a second) behind whatever is still playing. Resolves when the last was sent; at once
   * when aborted or closed. Never rejects.
   */
  readonly play: (samples: Int16Array, signal: AbortSignal) => Promise<void>;
  /**
   * Dials `0`–`9`, `A`–`D`, `*`, `#`, and `,` for a pause of two seconds; anything else is passed over. As
   * events where the other side agreed to them, else as tones. Resolves as `play` does.
   */
  readonly dial: (keys: string, signal: AbortSignal) => Promise<void>;
  /** Who hears each pressed key, once. */
  readonly onKey: (heard: (key: string) => void) => void;
  /** When anything last came (`performance.now()`); when it was opened, where nothing ever did. */
  readonly lastHeardAt: () => number;
  /** When somebody, or a machine, last spoke there (`performance.now()`); undefined: nobody yet. */
  readonly lastVoiceAt: () => number | undefined;
  /** How many milliseconds the speech of this moment lasts, pauses below a second among them; 0 in silence. */
  readonly voiceMs: () => number;
  /** Ends it: nothing is sent or heard any more. Closing twice does no harm. */
  readonly close: () => void;
}

const packetMs = 20;
const packetSamples = (sampleRate * packetMs) / 1_000;
/** Whoever was held up sends at most so many at once and lets the rest of the time go. */
const mostAtOnce = 4;
/** A pressed key and the silence behind it. */
const pressMs = 100;
const betweenPressesMs = 100;
const pauseMs = 2_000;
/** A source that is quiet for so long may be followed by another of the same address. */
const quietSourceMs = 1_000;
/** Of a packet so many samples are heard at most: 100 ms. */
const longestSound = 800;

/** What is sent in one packet: sound, nothing in particular, or a key that is held. */
type Frame =
  | { readonly kind: 'sound'; readonly samples: Int16Array }
  | { readonly kind: 'silence' }
  | {
      readonly kind: 'key';
      readonly event: number;
      /** Which packet of the press this is, from 0. */
      readonly index: number;
      readonly duration: number;
      readonly isEnd: boolean;
    };

interface Job {
  readonly frames: Iterator<Frame, void>;
  readonly end: () => void;
}

/** Opens a port; throws where there is none. */
export async function openMedia(options: MediaOptions): Promise<Media> {
  const { host, announcedHost = host, random = systemRandom } = options;
  const { rtp, rtcp, port } = await openPorts(host, options.ports, random);
  const own: OwnMedia = { host: announcedHost, port, sessionId: random.bytes(4).readUInt32BE() };
  const ssrc = random.bytes(4).readUInt32BE();

  let peer: RtpPeer | undefined;
  let version = 1;
  let isClosed = false;

  // What is sent.
  let jobs: readonly Job[] = [];
  let sequence = random.bytes(2).readUInt16BE();
  let timestamp = random.bytes(4).readUInt32BE();
  let pressedAt = timestamp;
  let isAfterGap = true;
  let beganAt = 0;
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;

  // What is heard.
  let lastHeardAt = performance.now();
  let source: { readonly ssrc: number; readonly heardAt: number } | undefined;
  let press: HeardPress | undefined;
  let voice: Voice | undefined;
  let tones: { readonly listener: ToneListener; readonly sequence: number } | undefined;
  const listeners: ((key: string) => void)[] = [];

  const nextFrame = (): Frame => {
    for (;;) {
      const [job, ...others] = jobs;
      if (job === undefined) return { kind: 'silence' };
      const next = job.frames.next();
      if (next.done !== true) return next.value;
      jobs = others;
      job.end();
    }
  };

  const send = (to: RtpPeer, frame: Frame): void => {
    const isKey = frame.kind === 'key';
    if (isKey && frame.index === 0) pressedAt = timestamp;
    const payload = isKey
      ? writeEvent(frame)
      : encodeSpeech(to.codec, frame.kind === 'sound' ? frame.samples : silence);
    const packet = writeRtp({
      marker: isKey ? frame.index === 0 : isAfterGap,
      payloadType: isKey ? (to.eventPayloadType ?? to.payloadType) : to.payloadType,
      sequence,
      timestamp: isKey ? pressedAt : timestamp,
      ssrc,
      payload,
    });
    sequence = (sequence + 1) & 0xffff;
    // Whoever is not there is missed by the silence that follows, not by this.
    rtp.send(packet, to.port, to.host, () => undefined);
    isAfterGap = isKey;
  };

  const tick = (): void => {
    if (peer === undefined || isClosed) return;
    const due = Math.floor((performance.now() - beganAt) / packetMs) + 1 - sent;
    const lost = Math.max(due - mostAtOnce, 0);
    if (lost > 0) {
      // The time that went by is silence: what is played goes on behind it, whole.
      sent += lost;
      timestamp = (timestamp + lost * packetSamples) >>> 0;
      isAfterGap = true;
    }
    for (let left = due - lost; left > 0; left -= 1) {
      const frame = nextFrame();
      if (peer.isListening) send(peer, frame);
      else isAfterGap = true;
      timestamp = (timestamp + packetSamples) >>> 0;
      sent += 1;
    }
    timer = setTimeout(tick, Math.max(beganAt + sent * packetMs - performance.now(), 1));
  };

  const agree = (agreed: RtpPeer): void => {
    // A description that is only repeated changes nothing, least of all which presses were heard.
    if (agreed.host !== peer?.host || agreed.port !== peer.port) {
      source = undefined;
      press = undefined;
      tones = undefined;
    }
    peer = agreed;
    if (timer !== undefined || isClosed) return;
    beganAt = performance.now();
    tick();
  };

  const isFromSource = (packet: RtpPacket, now: number): boolean => {
    if (source !== undefined && source.ssrc !== packet.ssrc) {
      if (now - source.heardAt < quietSourceMs) return false;
      press = undefined;
      tones = undefined;
    }
    source = { ssrc: packet.ssrc, heardAt: now };
    return true;
  };

  const tell = (key: string): void => {
    for (const listener of listeners) listener(key);
  };

  /** Of packets that overtook one another only the newest count: a doubled one would be a doubled tone. */
  const hearTones = (packet: RtpPacket, samples: Int16Array): string => {
    const ahead = tones === undefined ? 1 : sequenceDistance(packet.sequence, tones.sequence);
    if (ahead <= 0 && ahead > -latestPackets) return '';
    const listener = tones?.listener ?? listenForTones();
    tones = { listener, sequence: packet.sequence };
    return listener.hear(samples);
  };

  rtp.on('message', (datagram, from) => {
    if (peer === undefined || isClosed) return;
    if (from.port !== peer.port || normaliseAddress(from.address) !== peer.host) return;
    const packet = readRtp(datagram);
    if (packet === undefined) return;
    const isPress = packet.payloadType === peer.eventPayloadType;
    if (!isPress && packet.payloadType !== peer.payloadType) return;
    const now = performance.now();
    if (!isFromSource(packet, now)) return;
    lastHeardAt = now;
    if (isPress) {
      const heard = hearPress(press, packet);
      press = heard.last;
      if (heard.key !== undefined) tell(heard.key);
      return;
    }
    const samples = decodeSpeech(peer.codec, packet.payload.subarray(0, longestSound));
    voice = hearVoice(voice, samples, now);
    // Where keys come as events, their tones may still be in the sound: those would be heard twice.
    if (peer.eventPayloadType === undefined)
      for (const key of hearTones(packet, samples)) tell(key);
  });

  const enqueue = (frames: Iterator<Frame, void>, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      if (signal.aborted || isClosed) {
        resolve();
        return;
      }
      signal.addEventListener('abort', end);
      jobs = [...jobs, { frames, end }];
    });

  return {
    port,
    offer: () => offerOf(own),
    connect: (answer) => {
      const agreed = readAnswer(answer);
      if (agreed !== null) agree(agreed);
      return agreed !== null;
    },
    answer: (offer) => {
      const answered = answerTo(offer, { ...own, version: version + 1 });
      if (answered === null) return null;
      version += 1;
      agree(answered.peer);
      return answered.sdp;
    },
    play: (samples, signal) => enqueue(soundFrames(samples, signal), signal),
    dial: (dialled, signal) =>
      enqueue(
        dialFrames(dialled, () => peer?.eventPayloadType !== undefined, signal),
        signal,
      ),
    onKey: (heard) => {
      listeners.push(heard);
    },
    lastHeardAt: () => lastHeardAt,
    lastVoiceAt: () => voice?.lastAt,
    voiceMs: () => voiceMs(voice, performance.now()),
    close: () => {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(timer);
      for (const job of jobs) job.end();
      jobs = [];
      rtp.close();
      rtcp?.close();
    },
  };
}

const silence = new Int16Array(packetSamples);

function* soundFrames(samples: Int16Array, signal: AbortSignal): Generator<Frame, void> {
  for (let at = 0; at < samples.length && !signal.aborted; at += packetSamples) {
    const part = samples.subarray(at, at + packetSamples);
    if (part.length === packetSamples) yield { kind: 'sound', samples: part };
    else {
      const last = new Int16Array(packetSamples);
      last.set(part);
      yield { kind: 'sound', samples: last };
    }
  }
}

/** A key that is being pressed is let go before the end, so that it does not sound on. */
function* dialFrames(
  dialled: string,
  hasEvents: () => boolean,
  signal: AbortSignal,
): Generator<Frame, void> {
  for (const key of dialled.toUpperCase()) {
    if (signal.aborted) return;
    const event = keys.indexOf(key);
    if (key === ',') yield* silentFrames(pauseMs, signal);
    if (event === -1) continue;
    if (hasEvents()) yield* pressFrames(event);
    else yield* soundFrames(toneOf(key, pressMs) ?? silence, signal);
    yield* silentFrames(betweenPressesMs, signal);
  }
}

/** The end is told three times (RFC 4733 §2.5.1.4). */
function* pressFrames(event: number): Generator<Frame, void> {
  const packets = pressMs / packetMs;
  for (let index = 0; index < packets + 2; index += 1) {
    yield {
      kind: 'key',
      event,
      index,
      duration: Math.min(index + 1, packets) * packetSamples,
      isEnd: index + 1 >= packets,
    };
  }
}

function* silentFrames(milliseconds: number, signal: AbortSignal): Generator<Frame, void> {
  for (let past = 0; past < milliseconds && !signal.aborted; past += packetMs) {
    yield { kind: 'silence' };
  }
}

/** How many ports are tried before there is none. */
const mostTries = 40;

/**
 * An even port for the sound and the next for its reports (RFC 3550 §11). We send no reports and read none,
 * but whoever sends us some is not turned away; where that port is taken, it goes without.
 */
async function openPorts(
  host: string,
  ports: MediaOptions['ports'],
  random: Random,
): Promise<{ readonly rtp: Socket; readonly rtcp: Socket | undefined; readonly port: number }> {
  let fault: unknown = new Error(`no even port is free on ${host}`);
  for (let tried = 0; tried < mostTries; tried += 1) {
    let rtp: Socket;
    try {
      rtp = await bound(host, ports === undefined ? 0 : evenPortOf(ports, random));
    } catch (error) {
      fault = error;
      if (ports === undefined) break;
      continue;
    }
    const { port } = rtp.address();
    if (port % 2 === 0) {
      const rtcp = await bound(host, port + 1).catch(() => undefined);
      return { rtp, rtcp, port };
    }
    rtp.close();
  }
  throw new Error(`no port for the sound of a call on ${host}`, { cause: fault });
}

/** Of the even ports whose next is within the range as well; throws where there is none. */
function evenPortOf(ports: NonNullable<MediaOptions['ports']>, random: Random): number {
  const first = Math.ceil(ports.from / 2);
  const last = Math.floor((ports.to - 1) / 2);
  return 2 * (first + randomBelow(random, last - first + 1));
}

function bound(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: isIPv6(host) ? 'udp6' : 'udp4',
      // Every address is one already: nothing is looked up.
      lookup: (address, _options, found) => found(null, address, isIPv6(address) ? 6 : 4),
    });
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, host, () => {
      socket.removeAllListeners('error');
      // What nobody took in comes back as an error of the socket; silence says the same.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
