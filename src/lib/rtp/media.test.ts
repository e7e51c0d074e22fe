import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { describe, it, type TestContext } from 'node:test';

import { until } from '../../../test/support/poll.ts';
import { seededRandom } from '../random.ts';
import { decodeSpeech } from './g711.ts';
import { openMedia, type Media, type MediaOptions } from './media.ts';
import {
  readRtp,
  sequenceDistance,
  timestampDistance,
  writeRtp,
  type RtpPacket,
} from './packet.ts';
import { offerOf } from './sdp.ts';
import { writeEvent } from './telephone-events.ts';
import { toneOf } from './tones.ts';

const host = '127.0.0.1';
const never = new AbortController().signal;

describe('the sound of a call', { concurrency: true }, () => {
  it('carries dialled keys to the other side, each once and in order', async (t) => {
    const { caller, callee } = await connected(t);
    const heard = keysAt(callee);
    await caller.dial('12#', never);
    await until('the last key', () => heard().length === 3);
    assert.equal(heard(), '12#');
  });

  it('carries them both ways at once, encrypted, and nobody on the way reads them', async (t) => {
    const { caller, callee, seen } = await connected(t, { isEncrypted: true });
    const [atCallee, atCaller] = [keysAt(callee), keysAt(caller)];
    await Promise.all([caller.dial('0*9#', never), callee.dial('4711', never)]);
    await until('the last keys', () => atCallee().length === 4 && atCaller().length === 4);
    assert.equal(atCallee(), '0*9#');
    assert.equal(atCaller(), '4711');
    // The header is for all to see; what is behind it is a tag longer, and no silence.
    const sounds = seen().filter((each) => (each.readUInt8(1) & 0x7f) === 8);
    assert.ok(sounds.length > 20 && sounds.every((each) => each.length === 12 + 160 + 10));
    assert.ok(sounds.every((each) => !each.includes(Buffer.alloc(8, 0xd5))));
  });

  for (const isEncrypted of [false, true]) {
    it(`carries each key once over a line that loses, doubles and shuffles packets, ${isEncrypted ? 'encrypted' : 'open'}`, async (t) => {
      const { caller, callee } = await connected(t, { isEncrypted, line: 'bad' });
      const heard = keysAt(callee);
      const dialled = '1123580##*00';
      await caller.dial(dialled, never);
      await until('the last key', () => heard().length >= dialled.length);
      await caller.dial('5', never);
      await until('one key more', () => heard().length > dialled.length);
      assert.equal(heard(), `${dialled}5`);
    });
  }

  it('carries keys as tones where the other side knows no others, in a line that loses a few packets too', async (t) => {
    const { caller, callee, seen } = await connected(t, { hasEvents: false, line: 'fair' });
    const heard = keysAt(callee);
    await caller.dial('159*0#D', never);
    await until('the last key', () => heard().length === 7);
    assert.equal(heard(), '159*0#D');
    assert.ok(seen().every((each) => (each.readUInt8(1) & 0x7f) === 8));
  });

  it('hears no tones where keys come as events: they would be heard twice', async (t) => {
    const { caller, callee } = await connected(t);
    const heard = keysAt(callee);
    await caller.play(toneOf('5', 200) ?? new Int16Array(), never);
    await caller.dial('6', never);
    await until('a key', () => heard() !== '');
    assert.equal(heard(), '6');
  });

  it('plays a sound as long as it is, whole, and with unbroken numbers', async (t) => {
    const { media, packets } = await listened(t);
    const sound = Int16Array.from({ length: 8_000 + 30 }, (_, at) => 1_000 + (at % 4_000));
    const began = performance.now();
    await media.play(sound, never);
    assert.ok(performance.now() - began > 1_000);
    await until('the end', () => spoken(packets()).length >= 51 * 160);
    const heard = spoken(packets());
    assert.ok(sound.every((sample, at) => Math.abs((heard[at] ?? 0) - sample) <= sample / 32 + 8));
    assert.equal(heard.length, 51 * 160);
    assertUnbroken(packets());
  });

  it('plays what is asked for one after another, and silence where nothing is', async (t) => {
    const { media, packets } = await listened(t);
    await Promise.all([1_000, 2_000, 3_000].map((level) => media.play(levelOf(level, 2), never)));
    await until('silence', () => (packets().at(-1)?.payload ?? []).every((byte) => byte === 0xd5));
    const levels = spoken(packets()).map((sample) => Math.round(sample / 1_000));
    assert.deepEqual([...new Set(levels)], [1, 2, 3]);
    assertUnbroken(packets());
  });

  it('stops at once when it is told to, and goes on with what comes next', async (t) => {
    const { media, packets } = await listened(t);
    const stop = new AbortController();
    const playing = media.play(levelOf(1_000, 500), stop.signal);
    await until('the beginning', () => spoken(packets()).length > 0);
    stop.abort();
    await playing;
    await media.play(levelOf(2_000, 3), stop.signal);
    await media.play(levelOf(3_000, 3), never);
    await until('the next', () => spoken(packets()).some((sample) => sample > 2_500));
    const levels = spoken(packets()).map((sample) => Math.round(sample / 1_000));
    assert.deepEqual([...new Set(levels)], [1, 3]);
    assert.ok(levels.filter((level) => level === 1).length < 100 * 160);
  });

  it('hears nobody but the address and port that were agreed, and of them one source', async (t) => {
    const { media, socket, packets, press } = await listened(t);
    const heard = keysAt(media);
    const stranger = await udp(t, host);
    // Only Linux lends every address of its loopback.
    const elsewhere = process.platform === 'linux' ? '127.0.0.2' : host;
    const neighbour = await udp(t, elsewhere, elsewhere === host ? 0 : socket.address().port);
    await until('the first', () => packets().length > 0);
    stranger.send(press('1', 1), media.port, host);
    neighbour.send(press('2', 1), media.port, host);
    socket.send(press('3', 1), media.port, host);
    await until('a key', () => heard() !== '');
    // Another source at the same address, as of one who only writes it on his packets.
    socket.send(press('4', 2, 99), media.port, host);
    socket.send(Buffer.from('no packet at all'), media.port, host);
    socket.send(press('5', 30), media.port, host);
    await until('the next key', () => heard().length >= 2);
    assert.equal(heard(), '35');
  });

  it('hears another source of the same address once the first has been quiet', async (t) => {
    const { media, socket, packets, press } = await listened(t);
    const heard = keysAt(media);
    await until('the first', () => packets().length > 0);
    socket.send(press('1', 1), media.port, host);
    await until('a key', () => heard() === '1');
    await until('the other source', () => {
      socket.send(press('2', 1, 99), media.port, host);
      return heard().length > 1;
    });
    assert.equal(heard(), '12');
  });

  it('goes where the other side moves to, is silent on hold, and forgets nothing where all stays the same', async (t) => {
    const { media, socket, packets, press } = await listened(t);
    const heard = keysAt(media);
    const offerAt = (port: number, version: number): string =>
      offerOf({ host, port, sessionId: 5, version });
    socket.send(press('1', 1), media.port, host);
    await until('a key', () => heard() === '1');
    assert.match(media.answer(offerAt(socket.address().port, 2)) ?? '', /^o=- \d+ 2 /m);
    socket.send(press('1', 2), media.port, host);

    const other = await udp(t, host);
    const moved = recorded(other);
    assert.ok(media.answer(offerAt(other.address().port, 3)));
    await until('packets at the new place', () => moved().length > 2);
    other.send(press('2', 1, 98), media.port, host);
    await until('a key from there', () => heard().length > 1);
    assert.equal(heard(), '12');
    const [before, after] = [packets().at(-1), moved()[0]];
    assert.ok(before !== undefined && after !== undefined);
    assert.ok(sequenceDistance(after.sequence, before.sequence) >= 1);

    const held = offerAt(other.address().port, 4).replace('a=sendrecv', 'a=sendonly');
    assert.match(media.answer(held) ?? '', /^a=recvonly\r$/m);
    const count = moved().length;
    await media.play(levelOf(1_000, 10), never);
    assert.ok(moved().length <= count + 5);
    assert.equal(media.answer('v=0\r\n'), null);
  });

  it('lets its holder hear what is said, in its order, whatever the line does', async (t) => {
    const { caller, callee } = await connected(t, { line: 'bad' });
    const heard: number[] = [];
    callee.onSound((samples) => {
      assert.equal(samples.length, 160);
      heard.push(Math.round((samples[0] ?? 0) / 1_000));
    });
    await caller.play(
      Int16Array.from({ length: 20 * 160 }, (_, at) => 1_000 * (1 + Math.floor(at / 160))),
      never,
    );
    await until('the last words', () => heard.some((level) => level > 17));
    const words = heard.filter((level) => level > 0);
    assert.ok(words.length >= 10 && words.length <= 20);
    assert.deepEqual(
      words,
      [...new Set(words)].toSorted((a, b) => a - b),
    );
  });

  it('agrees to nothing that is only half of what was asked', async (t) => {
    const [secret, open] = [await opened(t, { isEncrypted: true }), await opened(t)];
    assert.equal(secret.connect(open.offer()), false);
    assert.equal(open.connect(secret.offer()), false);
    assert.equal(secret.answer(open.offer()), null);
    assert.equal(open.connect(offerOf({ host: '::1', port: 4_000, sessionId: 1 })), false);
  });

  it('opens even ports of the range that it was given, and none where all are taken', async (t) => {
    const free = await opened(t);
    free.close();
    const ports = { from: free.port - 1, to: free.port + 1 };
    const media = await opened(t, { ports });
    assert.equal(media.port, free.port);
    await assert.rejects(openMedia({ host, ports }), /no port/);
    media.close();
    assert.match(
      (await opened(t, { announcedHost: '192.0.2.1' })).offer(),
      /^c=IN IP4 192\.0\.2\.1\r$/m,
    );
  });

  it('is over when it is closed: who waits for a sound waits no longer', async () => {
    const media = await openMedia({ host });
    const playing = media.play(levelOf(1_000, 100), never);
    media.close();
    media.close();
    await playing;
    await media.play(levelOf(1_000, 100), never);
    assert.equal(media.connect(offerOf({ host, port: 4_000, sessionId: 1 })), true);
  });
});

async function opened(t: TestContext, options: Partial<MediaOptions> = {}): Promise<Media> {
  const media = await openMedia({ host, ...options });
  t.after(() => media.close());
  return media;
}

/** Two of ours, and a line between them that can be a bad one. */
async function connected(
  t: TestContext,
  call: {
    readonly isEncrypted?: boolean;
    readonly hasEvents?: boolean;
    readonly line?: keyof typeof lines;
  } = {},
): Promise<{
  readonly caller: Media;
  readonly callee: Media;
  /** What went from the caller to the callee. */
  readonly seen: () => readonly Buffer[];
}> {
  const { isEncrypted = false, hasEvents = true, line = 'good' } = call;
  const caller = await opened(t, { isEncrypted });
  const callee = await opened(t, { isEncrypted });
  const towardsCaller = await udp(t, host);
  const towardsCallee = await udp(t, host);
  const seen: Buffer[] = [];
  const [there, back] = [lines[line](), lines[line]()];
  // Each side knows the other by the relay's port that stands before it.
  relay(towardsCaller, towardsCallee, callee.port, (bytes) => {
    seen.push(bytes);
    return there();
  });
  relay(towardsCallee, towardsCaller, caller.port, back);
  const at = (sdp: string, socket: Socket): string => {
    const through = sdp.replace(/^m=audio \d+/m, `m=audio ${socket.address().port}`);
    return hasEvents ? through : through.replace(/ 101\r/, '\r');
  };
  const answer = callee.answer(at(caller.offer(), towardsCallee));
  assert.ok(answer !== null && caller.connect(at(answer, towardsCaller)));
  return { caller, callee, seen: () => seen };
}

/** What comes at one socket leaves from the other, as often and as late as the line says. */
function relay(
  from: Socket,
  through: Socket,
  to: number,
  line: (bytes: Buffer) => readonly number[],
): void {
  let isOpen = true;
  through.on('close', () => {
    isOpen = false;
  });
  from.on('message', (bytes) => {
    for (const delay of line(bytes)) {
      const pass = (): void => {
        if (isOpen) through.send(bytes, to, host, () => undefined);
      };
      if (delay === 0) pass();
      else setTimeout(pass, delay);
    }
  });
}

/** After how many milliseconds a packet arrives: never, once, or twice. */
const lines = {
  good: () => () => [0],
  /** One in seven is lost, one in five doubled. */
  fair: () => {
    let count = 0;
    return () => {
      count += 1;
      if (count % 7 === 0) return [];
      return count % 5 === 0 ? [0, 0] : [0];
    };
  },
  /** One in ten is lost, one in ten doubled, one in ten overtaken by the next two. */
  bad: () => {
    const random = seededRandom('line');
    return () => {
      const [lost = 0, doubled = 0, late = 0] = random.bytes(3);
      if (lost < 26) return [];
      const delay = late < 26 ? 45 : 0;
      return doubled < 26 ? [delay, delay + 30] : [delay];
    };
  },
};

/** One of ours, and a plain socket that is its other side. */
async function listened(t: TestContext): Promise<{
  readonly media: Media;
  readonly socket: Socket;
  readonly packets: () => readonly RtpPacket[];
  readonly press: (key: string, sequence: number, ssrc?: number) => Buffer;
}> {
  const media = await opened(t);
  const socket = await udp(t, host);
  const packets = recorded(socket);
  assert.ok(media.connect(offerOf({ host, port: socket.address().port, sessionId: 5 })));
  const press = (key: string, sequence: number, ssrc = 7): Buffer =>
    writeRtp({
      marker: true,
      payloadType: 101,
      sequence,
      // Of the key, so that only the same key is the same press.
      timestamp: Number(key) * 10_000,
      ssrc,
      payload: writeEvent({ event: Number(key), isEnd: false, duration: 160 }),
    });
  return { media, socket, packets, press };
}

async function udp(t: TestContext, address: string, port = 0): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(port, address, resolve));
  t.after(() => socket.close());
  return socket;
}

function recorded(socket: Socket): () => readonly RtpPacket[] {
  const packets: RtpPacket[] = [];
  socket.on('message', (bytes: Buffer, _from: RemoteInfo) => {
    const packet = readRtp(bytes);
    if (packet !== undefined) packets.push(packet);
  });
  return () => packets;
}

function keysAt(media: Media): () => string {
  let heard = '';
  media.onKey((key) => {
    heard += key;
  });
  return () => heard;
}

/** All that was said, without the silent packets. */
function spoken(packets: readonly RtpPacket[]): Int16Array {
  const loud = packets.filter(({ payload }) => !payload.every((byte) => byte === 0xd5));
  return decodeSpeech('PCMA', Buffer.concat(loud.map(({ payload }) => payload)));
}

function levelOf(value: number, packets: number): Int16Array {
  return new Int16Array(packets * 160).fill(value);
}

/** Where the machine was held up, time went by and is said to. */
function assertUnbroken(packets: readonly RtpPacket[]): void {
  for (const [at, { sequence, timestamp, ssrc, marker }] of packets.entries()) {
    const last = packets[at - 1];
    if (last === undefined) continue;
    assert.equal(sequence, (last.sequence + 1) & 0xffff);
    const past = timestampDistance(timestamp, last.timestamp);
    assert.ok(past === 160 || (marker && past > 160 && past % 160 === 0), `${past}`);
    assert.equal(ssrc, last.ssrc);
  }
}
