import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { decodeSpeech } from './g711.ts';
import { readRtp, timestampDistance, type RtpPacket } from './packet.ts';
import { offerOf, readAnswer, type RtpPeer } from './sdp.ts';
import { speakInCall, type Metronome, type Speaking } from './speaking.ts';
import { readEvent } from './telephone-events.ts';

const never = new AbortController().signal;

describe('what is sent in a call', () => {
  it('begins at once and is one packet every 20 ms, whatever the machine is late each time', () => {
    const { time, sent } = speaker();
    for (let wakes = 0; wakes < 3_000; wakes += 1) time.wakeLateBy((wakes * 7) % 17);
    const packets = sent();
    assert.equal(packets.length, Math.floor(time.now() / 20) + 1);
    for (const [at, { sentAt, sequence, timestamp, marker }] of packets.entries()) {
      assert.ok(sentAt >= at * 20 && sentAt <= at * 20 + 18, `${at} at ${sentAt}`);
      assert.equal(sequence, (65_000 + at) & 0xffff);
      assert.equal(timestamp, (0xffff_ff00 + at * 160) >>> 0);
      assert.equal(marker, at === 0);
    }
  });

  it('makes up for a short delay at once, and lets the time of a long one go', () => {
    const { time, sent, speaking } = speaker();
    void speaking.play(new Int16Array(160 * 30).fill(1_000), never);
    const after = (delay: number): number => {
      const before = sent().length;
      time.wakeLateBy(delay);
      return sent().length - before;
    };
    assert.equal(after(0), 1);
    assert.equal(after(65), 4);
    assert.equal(after(0), 1);
    assert.equal(after(400), 4);
    for (let wakes = 0; wakes < 50; wakes += 1) assert.equal(after(0), 1);

    const packets = sent();
    const [jump, ...others] = packets.filter(({ timestamp }, at) => {
      const last = packets[at - 1];
      return last !== undefined && timestampDistance(timestamp, last.timestamp) !== 160;
    });
    // The sound is whole, and goes on behind the gap that nobody could hear it in.
    assert.deepEqual(others, []);
    assert.equal(jump?.marker, true);
    assert.ok(packets.every(({ sequence }, at) => sequence === ((65_000 + at) & 0xffff)));
    assert.equal(spoken(packets).length, 160 * 30);
    const past = timestampDistance(packets.at(-1)?.timestamp ?? 0, packets[0]?.timestamp ?? 0);
    assert.equal(past / 160, Math.floor(time.now() / 20));
  });

  it('is the sound that is played, whole, and silence behind it', async () => {
    const { time, sent, speaking } = speaker();
    const sound = Int16Array.from({ length: 500 }, (_, at) => 8_000 - at * 16);
    let isOver = false;
    void speaking.play(sound, never).then(() => {
      isOver = true;
    });
    for (let wakes = 0; wakes < 4; wakes += 1) time.wakeLateBy(0);
    await Promise.resolve();
    assert.equal(isOver, false);
    time.wakeLateBy(0);
    await Promise.resolve();
    assert.equal(isOver, true);
    const heard = spoken(sent());
    assert.equal(heard.length, 640);
    assert.ok(sound.every((sample, at) => Math.abs((heard[at] ?? 0) - sample) <= sample / 32 + 8));
    assert.ok(heard.subarray(500).every((sample) => Math.abs(sample) <= 8));
    assert.ok(
      sent()
        .at(-1)
        ?.payload.every((byte) => byte === 0xd5),
    );
  });

  it('is a key as RFC 4733 has it: growing, of one time, and its end three times', () => {
    const { time, sent, speaking } = speaker();
    void speaking.dial('x5', never);
    for (let wakes = 0; wakes < 14; wakes += 1) time.wakeLateBy(0);
    const pressed = sent().filter(({ payloadType }) => payloadType === 101);
    assert.deepEqual(
      pressed.map(({ payload }) => readEvent(payload)),
      [160, 320, 480, 640, 800, 800, 800].map((duration) => ({
        event: 5,
        isEnd: duration === 800,
        duration,
      })),
    );
    assert.deepEqual(
      pressed.map(({ marker }) => marker),
      [true, ...Array<boolean>(6).fill(false)],
    );
    assert.equal(new Set(pressed.map(({ timestamp }) => timestamp)).size, 1);
    // The sound behind it is where it would be without the key, and begins anew.
    const next = sent()[8];
    assert.equal(next?.marker, true);
    assert.equal(timestampDistance(next.timestamp, sent()[0]?.timestamp ?? 0), 8 * 160);
  });

  it('waits between keys, and two seconds at a comma', () => {
    const { time, sent, speaking } = speaker();
    void speaking.dial('1,2', never);
    for (let wakes = 0; wakes < 130; wakes += 1) time.wakeLateBy(0);
    const begun = sent().filter(({ payloadType, marker }) => payloadType === 101 && marker);
    assert.deepEqual(
      begun.map(({ sentAt }) => sentAt),
      [20, 20 + 140 + 100 + 2_000],
    );
  });

  it('lets go of the key that is pressed when dialling is broken off, and presses no other', async () => {
    const { time, sent, speaking } = speaker();
    const stop = new AbortController();
    const dialled = speaking.dial('12', stop.signal);
    for (let wakes = 0; wakes < 3; wakes += 1) time.wakeLateBy(0);
    stop.abort();
    await dialled;
    for (let wakes = 0; wakes < 40; wakes += 1) time.wakeLateBy(0);
    const events = sent()
      .filter(({ payloadType }) => payloadType === 101)
      .map(({ payload }) => readEvent(payload));
    assert.ok(events.every((each) => each?.event === 1));
    assert.equal(events.at(-1)?.isEnd, true);
  });

  it('is nothing while the other side holds the call, and goes on where time has come to', () => {
    const { time, sent, speaking, peer } = speaker();
    void speaking.play(new Int16Array(160 * 10).fill(1_000), never);
    for (let wakes = 0; wakes < 4; wakes += 1) time.wakeLateBy(0);
    speaking.speakTo({ ...peer, isListening: false });
    for (let wakes = 0; wakes < 20; wakes += 1) time.wakeLateBy(0);
    assert.equal(sent().length, 5);
    speaking.speakTo(peer);
    time.wakeLateBy(0);
    const [before, after] = sent().slice(-2);
    assert.ok(before !== undefined && after !== undefined && after.marker);
    assert.equal(after.sequence, (before.sequence + 1) & 0xffff);
    assert.equal(timestampDistance(after.timestamp, before.timestamp), 21 * 160);
  });

  it('ends for good', async () => {
    const { time, sent, speaking, peer } = speaker();
    const playing = speaking.play(new Int16Array(1_600), never);
    speaking.stop();
    await playing;
    speaking.speakTo(peer);
    time.wakeLateBy(0);
    assert.equal(sent().length, 1);
  });
});

interface SentPacket extends RtpPacket {
  readonly sentAt: number;
}

/** Speaks to somebody, at a time that stands still until it is woken. */
function speaker(): {
  readonly time: Metronome & { readonly wakeLateBy: (ms: number) => void };
  readonly sent: () => readonly SentPacket[];
  readonly speaking: Speaking;
  readonly peer: RtpPeer;
} {
  let now = 0;
  let waiting: { readonly at: number; readonly act: () => void } | undefined;
  const time = {
    now: () => now,
    wake: (inMs: number, act: () => void) => {
      waiting = { at: now + inMs, act };
      return () => {
        waiting = undefined;
      };
    },
    wakeLateBy: (ms: number) => {
      const woken = waiting;
      waiting = undefined;
      now = (woken?.at ?? now) + ms;
      woken?.act();
    },
  };
  const packets: SentPacket[] = [];
  const peer = readAnswer(offerOf({ host: '192.0.2.1', port: 4_000, sessionId: 1 }));
  assert.ok(peer !== null);
  const speaking = speakInCall(
    { ssrc: 7, sequence: 65_000, timestamp: 0xffff_ff00 },
    (bytes) => {
      const packet = readRtp(bytes);
      if (packet !== undefined) packets.push({ ...packet, sentAt: now });
    },
    time,
  );
  speaking.speakTo(peer);
  return { time, sent: () => packets, speaking, peer };
}

/** All that was said, without the silent packets. */
function spoken(packets: readonly RtpPacket[]): Int16Array {
  const loud = packets.filter(({ payload }) => !payload.every((byte) => byte === 0xd5));
  return decodeSpeech('PCMA', Buffer.concat(loud.map(({ payload }) => payload)));
}
