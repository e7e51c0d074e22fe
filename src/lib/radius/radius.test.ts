import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import { z } from 'zod';

import { readVectors } from '../../../test/vectors/read-vectors.ts';
import {
  beginsWithMessageAuthenticator,
  judgeMessageAuthenticator,
} from './message-authenticator.ts';
import {
  attributes,
  decodeText,
  longestPacket,
  readPacket,
  textOf,
  valueOf,
  valuesOf,
  type Packet,
} from './packet.ts';
import { hidePassword, longestPassword, revealPassword } from './user-password.ts';
import {
  longestValue,
  readAnswer,
  responseAuthenticator,
  textAttributes,
  writeAnswer,
  writeRequest,
} from './writing.ts';

const hex = z.string().transform((text) => Buffer.from(text, 'hex'));
const vectors = readVectors(
  'rfc2865-radius.json',
  z.object({
    source: z.string(),
    secret: z.string().transform((text) => Buffer.from(text)),
    exchanges: z.array(
      z.object({
        name: z.string(),
        request: hex,
        userName: z.string(),
        password: z.string().exactOptional(),
        state: z.string().exactOptional(),
        answer: hex,
        answerCode: z.number(),
        replyMessage: z.string().exactOptional(),
      }),
    ),
  }),
);

const secret = Buffer.from('a secret of sixteen bytes or more');
const authenticator = Buffer.alloc(16, 7);

describe('the examples of RFC 2865', () => {
  for (const one of vectors.exchanges) {
    it(`are read as they are meant: ${one.name}`, () => {
      const request = read(one.request);
      const answer = read(one.answer);
      assert.equal(request.code, 1);
      assert.equal(textOf(request, 'user-name'), one.userName);
      assert.equal(answer.code, one.answerCode);
      assert.deepEqual(
        responseAuthenticator(answer, request, vectors.secret),
        answer.authenticator,
      );
      const hidden = valueOf(request, 'user-password');
      if (one.password === undefined) {
        assert.equal(hidden, undefined);
        assert.equal(valuesOf(request, 'chap-password').length, 1);
      } else {
        assert.ok(hidden !== undefined);
        const { password } = one;
        const plain = revealPassword(hidden, vectors.secret, request.authenticator);
        assert.equal(plain?.toString(), password);
        assert.deepEqual(
          hidePassword(Buffer.from(password), vectors.secret, request.authenticator),
          hidden,
        );
      }
      const asked = one.answerCode === 11 ? answer : request;
      assert.equal(textOf(asked, 'state'), one.state);
      assert.equal(textOf(answer, 'reply-message'), one.replyMessage);
    });

    it(`are no answers that we would believe, nor requests: ${one.name}`, () => {
      const request = read(one.request);
      assert.equal(judgeMessageAuthenticator(request, vectors.secret), 'absent');
      assert.equal(readAnswer(one.answer, request, vectors.secret), undefined);
    });
  }
});

describe('a packet', () => {
  it('is read without what stands behind it', () => {
    const request = requestWith([userName('anna')]);
    const padded = Buffer.concat([request, Buffer.from('more')]);
    assert.deepEqual(read(padded).bytes, request);
  });

  it('is none that is shorter than it says, too long, or whose attributes do not fit', () => {
    const request = requestWith([userName('anna')]);
    const changed = (change: (bytes: Buffer) => void): Buffer => {
      const bytes = Buffer.from(request);
      change(bytes);
      return bytes;
    };
    const broken = [
      Buffer.alloc(0),
      Buffer.alloc(19, 1),
      request.subarray(0, request.length - 1),
      changed((bytes) => bytes.writeUInt16BE(19, 2)),
      changed((bytes) => bytes.writeUInt16BE(longestPacket + 1, 2)),
      changed((bytes) => bytes.writeUInt16BE(request.length - 1, 2)),
      changed((bytes) => bytes.writeUInt8(0, 21)),
      changed((bytes) => bytes.writeUInt8(1, 21)),
      changed((bytes) => bytes.writeUInt8(255, 21)),
      changed((bytes) => bytes.writeUInt8(0, 20)),
    ];
    for (const bytes of broken) assert.equal(readPacket(bytes), undefined, bytes.toString('hex'));
  });

  it('has nothing where an attribute that may stand there once stands there twice', () => {
    const request = read(requestWith([userName('anna'), userName('bram')]));
    assert.equal(textOf(request, 'user-name'), undefined);
    assert.equal(valuesOf(request, 'user-name').length, 2);
  });

  it('has no text where the bytes are none, or end before they end', () => {
    assert.equal(decodeText(Buffer.from([0xff, 0xfe])), undefined);
    assert.equal(decodeText(Buffer.from('anna\0bram')), undefined);
    assert.equal(decodeText(Buffer.from('Zoë')), 'Zoë');
  });
});

describe('a request', () => {
  it('is believed with its Message-Authenticator alone, wherever that stands', () => {
    const request = read(requestWith([userName('anna')]));
    assert.equal(judgeMessageAuthenticator(request, secret), 'valid');
    assert.equal(judgeMessageAuthenticator(request, Buffer.from('another secret')), 'wrong');
    const twice = Buffer.concat([request.bytes, request.bytes.subarray(20, 38)]);
    twice.writeUInt16BE(twice.length, 2);
    assert.equal(judgeMessageAuthenticator(read(twice), secret), 'wrong');
  });

  it('is not believed after one bit of it was changed', () => {
    const request = requestWith([userName('anna'), state('a state')]);
    fc.assert(
      fc.property(fc.nat(request.length * 8 - 1), (bit) => {
        const changed = Buffer.from(request);
        const at = Math.floor(bit / 8);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit % 8)), at);
        const packet = readPacket(changed);
        if (packet !== undefined) {
          assert.notEqual(judgeMessageAuthenticator(packet, secret), 'valid');
        }
      }),
    );
  });
});

describe('a password', () => {
  it('comes out as it went in, whatever its length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: longestPassword }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (typed, random) => {
          // The NULs at its end cannot be told from the filling.
          const password = Buffer.from(typed.map((byte) => (byte === 0 ? 1 : byte)));
          const request = Buffer.from(random);
          const hidden = hidePassword(password, secret, request);
          assert.equal(hidden.length % 16, 0);
          assert.deepEqual(revealPassword(hidden, secret, request), password);
        },
      ),
    );
  });

  it('is none in a value of another length', () => {
    for (const length of [0, 1, 15, 17, 127, 129, 144, 253]) {
      assert.equal(revealPassword(Buffer.alloc(length), secret, authenticator), undefined);
    }
  });

  it('is noise to whoever has another secret', () => {
    const hidden = hidePassword(Buffer.from('correct horse'), secret, authenticator);
    const seen = revealPassword(hidden, Buffer.from('another secret'), authenticator);
    assert.ok(seen !== undefined && !seen.includes('horse'));
  });
});

describe('an answer', () => {
  it('begins with its Message-Authenticator and fits its own request only', () => {
    const request = read(requestWith([userName('anna')]));
    const answer = writeAnswer(request, secret, {
      code: 'access-accept',
      attributes: textAttributes('reply-message', 'Welcome'),
    });
    const seen = readAnswer(answer, request, secret);
    assert.ok(seen !== undefined && beginsWithMessageAuthenticator(seen));
    assert.equal(textOf(seen, 'reply-message'), 'Welcome');
    const other = read(requestWith([userName('anna')], Buffer.alloc(16, 8)));
    assert.equal(readAnswer(answer, other, secret), undefined);
    assert.equal(readAnswer(answer, request, Buffer.from('another secret')), undefined);
  });

  it('is not believed where the Message-Authenticator is missing or stands last (BlastRADIUS)', () => {
    const request = read(requestWith([userName('anna')]));
    const answer = writeAnswer(request, secret, { code: 'access-reject', attributes: [] });
    const withoutIt = Buffer.from(answer.subarray(0, 20));
    withoutIt.writeUInt16BE(20, 2);
    const forged = signedAnew(withoutIt, request);
    assert.equal(readAnswer(forged, request, secret), undefined);

    const last = writeAnswer(request, secret, {
      code: 'access-reject',
      attributes: textAttributes('reply-message', 'No'),
    });
    const moved = Buffer.concat([last.subarray(0, 20), last.subarray(38), last.subarray(20, 38)]);
    assert.equal(readAnswer(signedAnew(moved, request), request, secret), undefined);
  });

  it('gives back every Proxy-State as it came, in order, behind everything else', () => {
    const proxyStates = ['first', 'second', ''].map((value) => ({
      type: attributes['proxy-state'],
      value: Buffer.from(value),
    }));
    const request = read(
      requestWith([...proxyStates.slice(0, 1), userName('anna'), ...proxyStates.slice(1)]),
    );
    const answer = read(
      writeAnswer(request, secret, {
        code: 'access-challenge',
        attributes: textAttributes('reply-message', 'The code?'),
      }),
    );
    assert.deepEqual(
      answer.attributes.slice(2).map(({ type, value }) => [type, value.toString()]),
      proxyStates.map(({ type, value }) => [type, value.toString()]),
    );
  });

  it('cuts a long text between its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 900 }), (text) => {
        const pieces = textAttributes('reply-message', text.toWellFormed());
        assert.ok(pieces.every(({ value }) => value.length > 0 && value.length <= longestValue));
        const read = pieces.map(({ value }) => value.toString('utf8')).join('');
        assert.equal(read, text.toWellFormed());
      }),
    );
  });

  it('is never longer than a packet may be', () => {
    const request = read(requestWith([userName('anna')]));
    const attributesTooMany = textAttributes('reply-message', 'x'.repeat(longestPacket));
    assert.throws(
      () => writeAnswer(request, secret, { code: 'access-reject', attributes: attributesTooMany }),
      RangeError,
    );
  });
});

describe('whatever anybody sends', () => {
  it('is read or is none, a hundred thousand times, and never believed', () => {
    const seed = 20_261_121;
    const random = mulberry32(seed);
    const samples = [
      requestWith([userName('anna'), state('x'.repeat(40))]),
      ...vectors.exchanges.flatMap(({ request, answer }) => [request, answer]),
    ];
    let packets = 0;
    for (let round = 0; round < 100_000; round += 1) {
      const datagram = malformed(samples[round % samples.length] ?? Buffer.alloc(0), random);
      const packet = readPacket(datagram);
      if (packet === undefined) continue;
      packets += 1;
      for (const name of ['user-name', 'state', 'reply-message'] as const) textOf(packet, name);
      const hidden = valueOf(packet, 'user-password');
      if (hidden !== undefined) revealPassword(hidden, secret, packet.authenticator);
      if (judgeMessageAuthenticator(packet, vectors.secret) === 'valid') {
        assert.fail(`forged: ${datagram.toString('hex')} (seed ${seed})`);
      }
      const answer = writeAnswer(packet, secret, { code: 'access-reject', attributes: [] });
      assert.ok(readPacket(answer) !== undefined);
    }
    assert.ok(packets > 10_000, `only ${packets} were packets: the fuzzing finds nothing`);
  });
});

function requestWith(
  list: readonly { readonly type: number; readonly value: Buffer }[],
  random = authenticator,
): Buffer {
  return writeRequest({
    code: 'access-request',
    identifier: 9,
    authenticator: random,
    secret,
    attributes: list,
  });
}

function userName(name: string): { readonly type: number; readonly value: Buffer } {
  return { type: attributes['user-name'], value: Buffer.from(name) };
}

function state(value: string): { readonly type: number; readonly value: Buffer } {
  return { type: attributes.state, value: Buffer.from(value) };
}

function read(bytes: Buffer): Packet {
  return readPacket(bytes) ?? assert.fail('this is no packet');
}

/** With the right Response Authenticator, as whoever finds a collision of MD5 could have it. */
function signedAnew(answer: Buffer, request: Packet): Buffer {
  const bytes = Buffer.from(answer);
  request.authenticator.copy(bytes, 4);
  createHash('md5').update(Buffer.from(bytes)).update(secret).digest().copy(bytes, 4);
  return bytes;
}

/** A packet with a few bytes changed, cut, repeated or made up. */
function malformed(sample: Buffer, random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  const bytes = Buffer.from(sample);
  const changes = 1 + below(4);
  for (let change = 0; change < changes && bytes.length > 0; change += 1) {
    bytes[below(bytes.length)] = below(256);
  }
  switch (below(5)) {
    case 0:
      return bytes.subarray(0, below(bytes.length + 1));
    case 1: {
      const longer = Buffer.concat([bytes, bytes.subarray(below(bytes.length))]);
      if (below(2) === 0 && longer.length >= 4) longer.writeUInt16BE(longer.length, 2);
      return longer;
    }
    case 2: {
      const noise = Buffer.from(Array.from({ length: 20 + below(60) }, () => below(256)));
      noise.writeUInt16BE(noise.length, 2);
      return noise;
    }
    default:
      return bytes;
  }
}

/** Small and seeded: the same packets every time. */
function mulberry32(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
