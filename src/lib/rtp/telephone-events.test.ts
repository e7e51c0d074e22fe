import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { hearPress, keys, readEvent, writeEvent, type HeardPress } from './telephone-events.ts';

interface Sent {
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payload: Buffer;
}

describe('a pressed key beside the sound', () => {
  it('stands on the wire as RFC 4733 draws it', () => {
    assert.equal(
      writeEvent({ event: 11, isEnd: false, duration: 160 }).toString('hex'),
      '0b0a00a0',
    );
    assert.equal(writeEvent({ event: 9, isEnd: true, duration: 800 }).toString('hex'), '098a0320');
    assert.deepEqual(readEvent(Buffer.from('098a0320', 'hex')), {
      event: 9,
      isEnd: true,
      duration: 800,
    });
    assert.equal(readEvent(Buffer.from('098a03', 'hex')), undefined);
  });

  it('is heard when it is pressed, and not again at its threefold end', () => {
    const heard = press('5', { sequence: 10, timestamp: 1_000 }).map(listening());
    assert.equal(heard.join(''), '5');
    assert.equal(heard[0], '5');
  });

  it('is heard from whichever packets arrive of it, each key of a telephone', () => {
    for (const key of keys) {
      const packets = press(key, { sequence: 65_533, timestamp: 0xffff_ffff });
      for (const only of packets) assert.equal(listening()(only), key);
      assert.equal(packets.slice(2, 4).map(listening()).join(''), key);
    }
  });

  it('is heard twice where it is pressed twice, even where every end of the first was lost', () => {
    const [first, second] = [
      press('1', { sequence: 10, timestamp: 1_000 }),
      press('1', { sequence: 25, timestamp: 3_400 }),
    ];
    assert.equal([...first, ...second].map(listening()).join(''), '11');
    assert.equal([...first.slice(0, 4), ...second].map(listening()).join(''), '11');
    assert.equal([...first.slice(0, 3), ...second.slice(4)].map(listening()).join(''), '11');
  });

  it('is one press however long it is held, also over the longest that a packet can tell', () => {
    // Twenty seconds; segments of 0xffff samples follow one another without a marker (RFC 4733 §2.5.1.3).
    const packets = Array.from({ length: 1_000 }, (_, at): Sent => {
      const past = (at + 1) * 160;
      const segment = Math.floor((past - 1) / 0xffff);
      return {
        marker: at === 0,
        sequence: at,
        timestamp: 5_000 + segment * 0xffff,
        payload: writeEvent({ event: 3, isEnd: false, duration: past - segment * 0xffff }),
      };
    });
    assert.equal(packets.map(listening()).join(''), '3');
    const lossy = packets.filter((_, at) => at % 10 !== 9 && at % 410 > 1);
    assert.equal(lossy.map(listening()).join(''), '3');
  });

  it('is one press for those who move its timestamp with every packet', () => {
    const packets = press('8', { sequence: 1, timestamp: 0 }).map((packet, at) => ({
      ...packet,
      timestamp: at < 5 ? at * 160 : 640,
    }));
    assert.equal(packets.map(listening()).join(''), '8');
  });

  it('does not come back where a packet of it is late', () => {
    const first = press('1', { sequence: 10, timestamp: 1_000 });
    const second = press('2', { sequence: 20, timestamp: 2_600 });
    const [late, ...others] = first;
    assert.ok(late !== undefined);
    assert.equal([...others, ...second, late, ...first].map(listening()).join(''), '12');
  });

  it('is heard from a stream that begins anew with other numbers', () => {
    const before = press('1', { sequence: 50_000, timestamp: 900_000 });
    const after = press('2', { sequence: 7, timestamp: 160 });
    assert.equal([...before, ...after].map(listening()).join(''), '12');
  });

  it('is not what is no key: a flash of the hook, tones of the line', () => {
    for (const payload of ['10000000', '20000000', 'ff8a0320', '01', '']) {
      const packet = { marker: true, sequence: 1, timestamp: 1 };
      assert.equal(listening()({ ...packet, payload: Buffer.from(payload, 'hex') }), '');
    }
  });

  it('arrives once and in order whatever the network loses, doubles or shuffles a little', () => {
    const network = fc.record({
      dialled: fc.array(fc.constantFrom(...keys.split('')), { minLength: 1, maxLength: 12 }),
      losses: fc.array(fc.nat(99), { minLength: 200, maxLength: 200 }),
      doubles: fc.array(fc.nat(99), { minLength: 200, maxLength: 200 }),
      delays: fc.array(fc.nat(3), { minLength: 200, maxLength: 200 }),
      begin: fc.nat(0xffff),
    });
    fc.assert(
      fc.property(network, ({ dialled, losses, doubles, delays, begin }) => {
        const sent = dialled.flatMap((key, at) =>
          // Between two presses there are five packets of sound.
          press(key, { sequence: begin + at * 12, timestamp: 0xffff_f000 + at * 1_920 }),
        );
        const arriving = sent.flatMap((packet, at) => {
          // Of each press at least one arrives.
          const isLost = (losses[at] ?? 0) < 10 && at % 7 !== begin % 7;
          const when = packet.sequence + (delays[at] ?? 0);
          const again = (doubles[at] ?? 0) < 10 ? [{ packet, when: when + 2 }] : [];
          return isLost ? again : [{ packet, when }, ...again];
        });
        const heard = arriving
          .toSorted((a, b) => a.when - b.when)
          .map(({ packet }) => wrapped(packet))
          .map(listening());
        assert.equal(heard.join(''), dialled.join(''));
      }),
    );
  });

  it('is heard in any packets without stumbling', () => {
    const packets = fc.record({
      marker: fc.boolean(),
      sequence: fc.nat(0xffff),
      timestamp: fc.nat(0xffff_ffff),
      payload: fc.uint8Array({ maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.array(packets), (all) => {
        const hear = listening();
        for (const packet of all) assert.match(hear(packet), /^[0-9A-D*#]?$/);
      }),
    );
  });
});

/** Hears packets one after another; the keys that begin with each. */
function listening(): (packet: Omit<Sent, 'payload'> & { readonly payload: Uint8Array }) => string {
  let last: HeardPress | undefined;
  return (packet) => {
    const heard = hearPress(last, packet);
    last = heard.last;
    return heard.key ?? '';
  };
}

/** A press of 100 ms as we tell it: five packets, the last three times. */
function press(key: string, at: { readonly sequence: number; readonly timestamp: number }): Sent[] {
  return [1, 2, 3, 4, 5, 5, 5].map((part, index) => ({
    marker: index === 0,
    sequence: at.sequence + index,
    timestamp: at.timestamp,
    payload: writeEvent({ event: keys.indexOf(key), isEnd: part === 5, duration: part * 160 }),
  }));
}

function wrapped(packet: Sent): Sent {
  return {
    ...packet,
    sequence: packet.sequence & 0xffff,
    timestamp: packet.timestamp >>> 0,
  };
}
