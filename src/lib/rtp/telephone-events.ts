/**
 * Owns pressed keys as they travel beside the sound (RFC 4733): how one is told to the other side, and how
 * each press is heard once, whatever was lost, doubled or overtaken on the way.
 */
import { sequenceDistance, timestampDistance, type RtpPacket } from './packet.ts';

/** Every key of a telephone, in the order of its event (RFC 4733 §3.2). */
export const keys = '0123456789*#ABCD';

export interface TelephoneEvent {
  /** 0 to 255; the first sixteen are `keys`. */
  readonly event: number;
  readonly isEnd: boolean;
  /** How long it is pressed until now, in samples: 0 to 65,535. */
  readonly duration: number;
}

/** In −dBm0: as loud as keys usually are. */
const volume = 10;

/** The payload of a packet (RFC 4733 §2.3). */
export function writeEvent({ event, isEnd, duration }: TelephoneEvent): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt8(event, 0);
  bytes.writeUInt8((isEnd ? 0x80 : 0) | volume, 1);
  bytes.writeUInt16BE(Math.min(duration, 0xffff), 2);
  return bytes;
}

/** Reads a payload; undefined where it is none. Only the first event of one that packs several. */
export function readEvent(payload: Uint8Array): TelephoneEvent | undefined {
  const [event, flags, high, low] = payload;
  if (event === undefined || flags === undefined || high === undefined || low === undefined) {
    return undefined;
  }
  return { event, isEnd: (flags & 0x80) !== 0, duration: high * 256 + low };
}

/** The press that was heard last. */
export interface HeardPress extends TelephoneEvent {
  /** When it began: of a long one, when its newest segment did. */
  readonly timestamp: number;
  /** The newest packet of it. */
  readonly sequence: number;
}

/** Packets that come later than this many others are of a stream that began anew (RFC 3550 appendix A.1). */
export const latestPackets = 100;
/** A segment of a long press begins where the last one ended; so many samples of it may be lost. */
const lostBetweenSegments = 480;

/**
 * Hears one packet. `key` is there where a press begins: by the first packet that arrives of it, so that no
 * lost end matters; all others of that press, its triple end among them, only carry it on.
 */
export function hearPress(
  last: HeardPress | undefined,
  packet: Pick<RtpPacket, 'marker' | 'sequence' | 'timestamp' | 'payload'>,
): { readonly last: HeardPress | undefined; readonly key: string | undefined } {
  const event = readEvent(packet.payload);
  const key = event === undefined ? undefined : keys[event.event];
  if (event === undefined || key === undefined) return { last, key: undefined };
  const { sequence, timestamp } = packet;
  if (last === undefined) return { last: { ...event, sequence, timestamp }, key };

  const ahead = sequenceDistance(sequence, last.sequence);
  if (timestamp === last.timestamp && event.event === last.event) {
    return {
      last: {
        ...last,
        isEnd: last.isEnd || event.isEnd,
        duration: Math.max(last.duration, event.duration),
        sequence: ahead > 0 ? sequence : last.sequence,
      },
      key: undefined,
    };
  }
  if (ahead <= 0 && ahead > -latestPackets) return { last, key: undefined };
  const press = { ...event, sequence, timestamp };
  return { last: press, key: goesOn(last, press, packet.marker) ? undefined : key };
}

/**
 * Whether this is one more segment of the same long press (RFC 4733 §2.5.1.3). Some senders move the
 * timestamp with every packet; they are understood by the same rule.
 */
function goesOn(last: HeardPress, press: HeardPress, marker: boolean): boolean {
  if (marker || last.isEnd || press.event !== last.event) return false;
  const gap = timestampDistance(press.timestamp, last.timestamp) - last.duration;
  return timestampDistance(press.timestamp, last.timestamp) > 0 && gap <= lostBetweenSegments;
}
