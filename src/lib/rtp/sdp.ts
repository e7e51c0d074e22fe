/**
 * Owns what two sides of a call agree on about its sound (SDP, RFC 8866; offer and answer, RFC 3264): one
 * stream of G.711, with pressed keys beside it where the other side can, encrypted where we ask for it
 * (RFC 4568). What others write is read tolerantly and within bounds.
 */
import { isIPv6 } from 'node:net';

import { normaliseAddress } from '../ip.ts';
import type { Codec } from './g711.ts';
import { keyAndSaltLength } from './srtp.ts';

/** How the other side sends and wants to be sent to. */
export interface RtpPeer {
  /** An IP address, as `normaliseAddress` writes it. */
  readonly host: string;
  readonly port: number;
  readonly codec: Codec;
  /** Of the sound that we send. */
  readonly payloadType: number;
  /** Everything that it may send, by its payload type. */
  readonly codecs: ReadonlyMap<number, Codec>;
  /** Of pressed keys (RFC 4733); undefined where they come as tones in the sound. */
  readonly eventPayloadType: number | undefined;
  /** Whether it wants to hear us now: not while the call is on hold. */
  readonly isListening: boolean;
  /** Whether we hear it now. */
  readonly isSpeaking: boolean;
  /** With which key it encrypts what it sends; undefined where it does not. */
  readonly srtp: SrtpKey | undefined;
}

/** A key of SDES (RFC 4568 §6.1). */
export interface SrtpKey {
  /** Which of the offered lines it is. */
  readonly tag: number;
  /** 16 bytes of master key and 14 of master salt. */
  readonly keyAndSalt: Buffer;
}

/** Our side. */
export interface OwnMedia {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
  /** The same for the whole call. */
  readonly sessionId: number;
  /** One more with each description that differs from the last; 1 unless told. */
  readonly version?: number;
  /** Our key, in which case the sound is encrypted or there is none. */
  readonly srtpKey?: Buffer;
}

/** What we call pressed keys where we have the choice. */
export const ownEventPayloadType = 101;
/** The one way of encrypting that every telephone has (RFC 4568 §6.2.1). */
const suite = 'AES_CM_128_HMAC_SHA1_80';

/** What we offer: A-law first, µ-law, and pressed keys beside them; packets of 20 ms. */
export function offerOf(own: OwnMedia): string {
  return described(own, [
    ...audioLines(own, {
      sounds: [
        [8, 'PCMA'],
        [0, 'PCMU'],
      ],
      eventPayloadType: ownEventPayloadType,
      direction: 'sendrecv',
      srtpTag: 1,
    }),
  ]);
}

/**
 * Reads the answer to our offer; null where there is nothing in common. `isEncrypted` says that we offered
 * encryption: then an answer without it is none.
 */
export function readAnswer(
  sdp: string,
  { isEncrypted = false }: { readonly isEncrypted?: boolean } = {},
): RtpPeer | null {
  for (const section of readSections(sdp)) {
    const peer = peerOf(section, isEncrypted);
    if (peer !== null) return peer;
  }
  return null;
}

/**
 * Answers an offer of the other side, made in the middle of a call (hold, another telephone): its first
 * stream that we can, and none of the others. Null where there is nothing in common.
 */
export function answerTo(
  offer: string,
  own: OwnMedia,
): { readonly peer: RtpPeer; readonly sdp: string } | null {
  let chosen: RtpPeer | undefined;
  const lines: string[] = [];
  for (const section of readSections(offer)) {
    const peer = chosen === undefined ? peerOf(section, own.srtpKey !== undefined) : null;
    if (peer === null) {
      lines.push(`m=${section.kind} 0 ${section.protocol} ${section.formats.join(' ')}`);
    } else {
      chosen = peer;
      lines.push(
        ...audioLines(own, {
          sounds: [[peer.payloadType, peer.codec]],
          eventPayloadType: peer.eventPayloadType,
          direction: directionOf(peer),
          srtpTag: peer.srtp?.tag ?? 1,
        }),
      );
    }
  }
  return chosen === undefined ? null : { peer: chosen, sdp: described(own, lines) };
}

function described(own: OwnMedia, media: readonly string[]): string {
  const address = `IN ${isIPv6(own.host) ? 'IP6' : 'IP4'} ${own.host}`;
  const lines = [
    'v=0',
    `o=- ${own.sessionId} ${own.version ?? 1} ${address}`,
    's=-',
    `c=${address}`,
    't=0 0',
    ...media,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function audioLines(
  own: OwnMedia,
  agreed: {
    readonly sounds: readonly (readonly [type: number, codec: Codec])[];
    readonly eventPayloadType: number | undefined;
    readonly direction: string;
    readonly srtpTag: number;
  },
): readonly string[] {
  const { sounds, eventPayloadType: event, direction, srtpTag } = agreed;
  const formats = [...sounds.map(([type]) => type), ...(event === undefined ? [] : [event])];
  const key = own.srtpKey?.toString('base64');
  return [
    `m=audio ${own.port} ${key === undefined ? 'RTP/AVP' : 'RTP/SAVP'} ${formats.join(' ')}`,
    ...sounds.map(([type, codec]) => `a=rtpmap:${type} ${codec}/8000`),
    ...(event === undefined
      ? []
      : [`a=rtpmap:${event} telephone-event/8000`, `a=fmtp:${event} 0-15`]),
    ...(key === undefined ? [] : [`a=crypto:${srtpTag} ${suite} inline:${key}`]),
    'a=ptime:20',
    `a=${direction}`,
  ];
}

function directionOf({ isListening, isSpeaking }: RtpPeer): string {
  if (isListening) return isSpeaking ? 'sendrecv' : 'sendonly';
  return isSpeaking ? 'recvonly' : 'inactive';
}

/** What a payload type means where nobody says it (RFC 3551 §6). */
const staticNames: Readonly<Record<number, Codec>> = { 0: 'PCMU', 8: 'PCMA' };

/** One stream of a description. */
interface Section {
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Of this stream, or of the whole. */
  readonly host: string;
  readonly direction: string;
  /** `a=` lines of this stream, as they came. */
  readonly attributes: readonly string[];
}

/** Nobody has more to say; what is longer is read no further. */
const longestDescription = 65_536;
const mostLines = 1_000;
const mostSections = 16;
const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** The streams of a description, in their order. What makes no sense is passed over. */
function readSections(sdp: string): readonly Section[] {
  const lines = sdp.slice(0, longestDescription).split(/\r\n|\n|\r/, mostLines);
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith('m=')) parts.push([]);
    parts.at(-1)?.push(line);
  }
  const [session = [], ...streams] = parts;
  const whole = commonOf(session, { host: '', direction: 'sendrecv' });
  return streams.slice(0, mostSections).flatMap((stream) => {
    const media = /^m=([!-~]+) +(\d{1,5})(?:\/\d+)? +([!-~]+) +(.*)$/.exec(stream[0] ?? '');
    const [, kind = '', port = '', protocol = '', formats = ''] = media ?? [];
    if (media === null) return [];
    return {
      kind,
      port: Number(port),
      protocol,
      formats: formats.split(' ').filter((format) => /^[!-~]+$/.test(format)),
      ...commonOf(stream, whole),
      attributes: stream
        .filter((line) => line.startsWith('a='))
        .map((line) => line.slice(2).trim()),
    };
  });
}

function commonOf(
  lines: readonly string[],
  otherwise: { readonly host: string; readonly direction: string },
): { readonly host: string; readonly direction: string } {
  let { host, direction } = otherwise;
  for (const line of lines) {
    // An address may have a time to live and a count behind it, of which neither is meant for us.
    const address = /^c=IN +IP[46] +([^\s/]+)/i.exec(line)?.[1];
    if (address !== undefined) host = normaliseAddress(address) ?? '';
    const named = line.startsWith('a=') ? line.slice(2).trim().toLowerCase() : '';
    if (directions.includes(named)) direction = named;
  }
  return { host, direction };
}

function peerOf(section: Section, isEncrypted: boolean): RtpPeer | null {
  const { kind, port, protocol, formats, host, direction, attributes } = section;
  if (kind.toLowerCase() !== 'audio' || port === 0 || port > 65_535) return null;
  const wanted = isEncrypted ? /^RTP\/SAVPF?$/i : /^RTP\/AVPF?$/i;
  if (!wanted.test(protocol) || !isOneHost(host)) return null;
  const names = new Map(
    attributes.flatMap((line) => {
      const map = /^rtpmap: *(\d{1,3}) +([^/\s]+)\/(\d+)/i.exec(line);
      return map === null ? [] : [[Number(map[1]), `${map[2]}/${map[3]}`.toUpperCase()] as const];
    }),
  );
  const types = formats.filter((format) => /^\d{1,3}$/.test(format)).map(Number);
  if (types.some((type) => type > 127)) return null;
  const nameOf = (type: number): string => names.get(type) ?? `${staticNames[type] ?? ''}/8000`;
  const codecs = new Map(
    types.flatMap((type) => {
      const codec = codecNamed(nameOf(type));
      return codec === undefined ? [] : [[type, codec] as const];
    }),
  );
  const [agreed] = codecs;
  const srtp = isEncrypted ? keyIn(attributes) : undefined;
  if (agreed === undefined || (isEncrypted && srtp === undefined)) return null;
  const [payloadType, codec] = agreed;
  // An address of nothing is the old way to hold a call (RFC 3264 §8.4).
  const isHeld = host === '0.0.0.0' || host === '::';
  return {
    host,
    port,
    codec,
    payloadType,
    codecs,
    eventPayloadType: types.find((type) => nameOf(type) === 'TELEPHONE-EVENT/8000'),
    isListening: !isHeld && (direction === 'sendrecv' || direction === 'recvonly'),
    isSpeaking: direction === 'sendrecv' || direction === 'sendonly',
    srtp,
  };
}

function codecNamed(name: string): Codec | undefined {
  if (name === 'PCMA/8000') return 'PCMA';
  return name === 'PCMU/8000' ? 'PCMU' : undefined;
}

/** No groups and no broadcast: whoever writes a description must not make us flood a network. */
function isOneHost(host: string): boolean {
  if (host === '' || host === '255.255.255.255') return false;
  return isIPv6(host) ? !host.startsWith('ff') : Number(host.split('.')[0]) < 224;
}

/**
 * The first key that we can use (RFC 4568 §9.1). Lines with several keys, with an index of keys in the
 * packets, or with wishes beyond the usual are none of ours.
 */
function keyIn(attributes: readonly string[]): SrtpKey | undefined {
  for (const line of attributes) {
    const read = /^crypto: *(\d{1,9}) +(\w+) +inline:([A-Za-z0-9+/=]+)(?:\|(?:2\^)?\d+)?$/i.exec(
      line,
    );
    const keyAndSalt = Buffer.from(read?.[3] ?? '', 'base64');
    if (read?.[2]?.toUpperCase() === suite && keyAndSalt.length === keyAndSaltLength) {
      return { tag: Number(read[1]), keyAndSalt };
    }
  }
  return undefined;
}
