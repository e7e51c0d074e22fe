import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { z } from 'zod';

import { readVectors } from '../../../test/vectors/read-vectors.ts';
import {
  BerFault,
  element,
  integer,
  objectIdentifier,
  octets,
  readElements,
  readInteger,
  sequence,
} from '../ber.ts';
import { formatDn, normalDn, parseDn, type Dn } from './dn.ts';
import {
  evaluate,
  filterLimits,
  readFilter,
  indexedValues,
  writeFilter,
  type Candidate,
  type Filter,
} from './filter.ts';
import {
  bindAnswer,
  createFramer,
  entryAnswer,
  pageControl,
  readMessage,
  readPage,
  writeMessage,
  type LdapMessage,
} from './message.ts';
import { resultCodes } from './result.ts';

/** Numbers that are the same in every run (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Dice = (below: number) => number;

const bytesOf = (dice: Dice): Buffer =>
  Buffer.from(Array.from({ length: dice(12) }, () => dice(256)));

const wordOf = (dice: Dice): string =>
  Array.from(
    { length: dice(6) },
    () => ['a', 'Z', ' ', ',', '+', '\\', '"', '#', 'é', '😀', '=', '<', '\0', '\r'][dice(14)],
  ).join('');

function filterOf(dice: Dice, depth = 0): Filter {
  const attribute = ['uid', 'cn', 'mail', 'memberof', 'x-unknown'][dice(5)] ?? 'uid';
  switch (dice(depth > 4 ? 4 : 7)) {
    case 0:
      return { kind: 'equal', attribute, value: bytesOf(dice) };
    case 1:
      return { kind: 'present', attribute };
    case 2:
      return {
        kind: 'substrings',
        attribute,
        initial: bytesOf(dice),
        any: [bytesOf(dice), bytesOf(dice)],
        final: dice(2) === 0 ? undefined : bytesOf(dice),
      };
    case 3:
      return {
        kind: 'extensible',
        rule: '2.5.13.2',
        attribute,
        value: bytesOf(dice),
        alsoInDn: true,
      };
    case 4:
      return { kind: 'not', part: filterOf(dice, depth + 1) };
    default: {
      const parts = Array.from({ length: dice(4) }, () => filterOf(dice, depth + 1));
      return { kind: dice(2) === 0 ? 'and' : 'or', parts };
    }
  }
}

function messageOf(dice: Dice): LdapMessage {
  const controls = dice(3) === 0 ? [pageControl(dice(1000), bytesOf(dice))] : [];
  const id = dice(2 ** 31 - 1);
  switch (dice(7)) {
    case 0:
      return {
        id,
        controls,
        request: { kind: 'bind', version: 3, name: 'uid=a', password: bytesOf(dice) },
      };
    case 1:
      return {
        id,
        controls,
        request: { kind: 'compare', entry: 'uid=a', attribute: 'cn', value: bytesOf(dice) },
      };
    case 2:
      return { id, controls, request: { kind: 'abandon', id: dice(2 ** 31 - 1) } };
    case 3:
      return { id, controls, request: { kind: 'extended', name: '1.2.3', value: bytesOf(dice) } };
    case 4:
      return { id, controls, request: { kind: 'change', answer: 0x6b } };
    case 5:
      return { id, controls, request: { kind: 'unbind' } };
    default:
      return {
        id,
        controls,
        request: {
          kind: 'search',
          base: 'dc=voorbeeld,dc=example',
          scope: 'subtree',
          sizeLimit: dice(100_000),
          timeLimit: dice(100),
          typesOnly: dice(2) === 0,
          filter: filterOf(dice),
          attributes: ['cn', 'mail', '*'].slice(dice(4)),
        },
      };
  }
}

const text = (value: Buffer | undefined): string | undefined => value?.toString('utf8');

describe('LDAP messages', () => {
  const vectors = readVectors(
    'rfc4511.json',
    z.object({
      requests: z.array(
        z.object({ of: z.string(), hex: z.string(), request: z.record(z.string(), z.unknown()) }),
      ),
      faults: z.array(z.object({ of: z.string(), hex: z.string() })),
    }),
  );

  it('are read as RFC 4511 writes them', () => {
    for (const { of, hex, request: expected } of vectors.requests) {
      const { request } = readMessage(Buffer.from(hex, 'hex'));
      const { filter, ...rest } = expected;
      const shown = {
        ...request,
        ...(request.kind === 'bind' ? { password: text(request.password) } : {}),
        ...(request.kind === 'extended' && request.value === undefined ? { value: '' } : {}),
      };
      for (const [key, value] of Object.entries(rest))
        assert.deepEqual(Reflect.get(shown, key), value, of);
      if (filter !== undefined && request.kind === 'search')
        assert.deepEqual(request.filter, { kind: 'present', attribute: 'objectclass' });
    }
  });

  it('that are none are refused', () => {
    for (const { of, hex } of vectors.faults)
      assert.throws(() => readMessage(Buffer.from(hex, 'hex')), BerFault, of);
  });

  it('are read back as they were written, whatever is in them', () => {
    const dice = seeded(1);
    for (let round = 0; round < 3000; round++) {
      const message = messageOf(dice);
      assert.deepEqual(readMessage(writeMessage(message)), message);
    }
  });

  it('are cut from a stream however it arrives', () => {
    const dice = seeded(2);
    const messages = Array.from({ length: 200 }, () => writeMessage(messageOf(dice)));
    const stream = Buffer.concat(messages);
    const framer = createFramer(65_536);
    const cut: Buffer[] = [];
    for (let at = 0; at < stream.length;) {
      const length = 1 + dice(90);
      cut.push(...framer.push(stream.subarray(at, at + length)));
      at += length;
    }
    assert.deepEqual(cut, messages);
    assert.equal(framer.isWaiting, false);
  });

  it('longer than allowed are refused before they are there', () => {
    const framer = createFramer(65_536);
    assert.throws(() => framer.push(Buffer.from('3084000100010201', 'hex')), BerFault);
    assert.throws(() => createFramer(65_536).push(Buffer.from('GET / HTTP/1.1')), BerFault);
  });

  it('damaged in any way are read or refused, and nothing else happens: 100,000 of them', () => {
    const dice = seeded(3);
    let read = 0;
    for (let round = 0; round < 100_000; round++) {
      const bytes = Buffer.from(
        round % 3 === 0
          ? Buffer.concat([Buffer.from([0x30]), bytesOf(dice), bytesOf(dice), bytesOf(dice)])
          : writeMessage(messageOf(dice)),
      );
      for (let change = 0; change <= dice(4); change++) bytes[dice(bytes.length)] = dice(256);
      const damaged = dice(5) === 0 ? bytes.subarray(0, dice(bytes.length)) : bytes;
      try {
        for (const one of createFramer(65_536).push(damaged)) {
          const { request } = readMessage(one);
          if (request.kind === 'search') evaluate(request.filter, anna);
          read += 1;
        }
      } catch (error) {
        assert.ok(error instanceof BerFault, `${damaged.toString('hex')}: ${String(error)}`);
      }
    }
    assert.ok(read > 1000, 'some of them were messages still');
  });

  it('answer with what happened', () => {
    const answer = bindAnswer(5, { code: resultCodes.invalidCredentials });
    assert.equal(answer.toString('hex'), '300c02010561070a013104000400');
    const entry = entryAnswer(2, 'uid=a', [{ name: 'cn', values: ['A'] }]);
    assert.equal(
      entry.toString('hex'),
      '301902010264' + '1404057569643d61300b30090402636e3103040141',
    );
  });

  it('tell of pages where they ended', () => {
    const { value } = pageControl(500, Buffer.from('p:anna'));
    assert.deepEqual(readPage(value ?? Buffer.alloc(0)), {
      size: 500,
      cookie: Buffer.from('p:anna'),
    });
  });
});

/** One entry to ask filters of. */
const known: Readonly<Record<string, readonly string[]>> = {
  uid: ['anna'],
  cn: ['Anna de Vries'],
  mail: ['anna@voorbeeld.example', 'a.devries@voorbeeld.example'],
  telephonenumber: [],
  memberof: ['cn=sales,ou=groups,dc=x'],
};
const anna: Candidate = {
  values: (attribute) => known[attribute]?.map((value) => Buffer.from(value)),
  matching: (attribute) => ({
    normal: (value) => value.toString('utf8').toLowerCase().replaceAll(/\s+/g, ' ').trim(),
    isOrdered: attribute === 'uid',
  }),
};

const equal = (attribute: string, value: string): Filter => ({
  kind: 'equal',
  attribute,
  value: Buffer.from(value),
});

describe('filters', () => {
  it('mean an entry by value, whatever the case', () => {
    assert.equal(evaluate(equal('uid', 'ANNA'), anna), true);
    assert.equal(evaluate(equal('uid', 'bram'), anna), false);
    assert.equal(evaluate(equal('mail', 'A.DeVries@voorbeeld.example'), anna), true);
  });

  it('never mean one by an attribute that nobody knows, not even by its absence', () => {
    const unknown = equal('x-unknown', 'a');
    assert.equal(evaluate(unknown, anna), undefined);
    assert.equal(evaluate({ kind: 'not', part: unknown }, anna), undefined);
    assert.equal(evaluate({ kind: 'or', parts: [unknown, equal('uid', 'anna')] }, anna), true);
    assert.equal(
      evaluate({ kind: 'and', parts: [unknown, equal('uid', 'anna')] }, anna),
      undefined,
    );
    assert.equal(evaluate({ kind: 'and', parts: [unknown, equal('uid', 'bram')] }, anna), false);
    assert.equal(evaluate({ kind: 'not', part: equal('telephonenumber', '1') }, anna), true);
  });

  it('of no parts are true of all, or of none (RFC 4526)', () => {
    assert.equal(evaluate({ kind: 'and', parts: [] }, anna), true);
    assert.equal(evaluate({ kind: 'or', parts: [] }, anna), false);
  });

  it('find pieces in their order, each beyond the one before', () => {
    const pieces = (initial: string, any: readonly string[], final: string): Filter => ({
      kind: 'substrings',
      attribute: 'cn',
      initial: initial === '' ? undefined : Buffer.from(initial),
      any: any.map((piece) => Buffer.from(piece)),
      final: final === '' ? undefined : Buffer.from(final),
    });
    assert.equal(evaluate(pieces('anna', [], 'VRIES'), anna), true);
    assert.equal(evaluate(pieces('', ['de', 'vr'], ''), anna), true);
    assert.equal(evaluate(pieces('', ['vr', 'de'], ''), anna), false);
    assert.equal(evaluate(pieces('anna de v', [], 'vries'), anna), false);
    assert.equal(evaluate(pieces('', ['vries'], 's'), anna), false);
  });

  it('compare by order only where there is one', () => {
    const atLeast = (attribute: string): Filter => ({
      kind: 'at-least',
      attribute,
      value: Buffer.from('am'),
    });
    assert.equal(evaluate(atLeast('uid'), anna), true);
    assert.equal(evaluate(atLeast('cn'), anna), undefined);
  });

  it('nested too deep, or of too many parts, are refused', () => {
    const nested = (depth: number): Filter =>
      depth === 1 ? equal('uid', 'a') : { kind: 'not', part: nested(depth - 1) };
    const read = (filter: Filter): Filter => readFilter(readElements(writeFilter(filter)).next());
    assert.deepEqual(read(nested(filterLimits.depth)), nested(filterLimits.depth));
    assert.throws(() => read(nested(filterLimits.depth + 1)), BerFault);
    const wide: Filter = {
      kind: 'or',
      parts: Array.from({ length: filterLimits.parts }, () => equal('uid', 'a')),
    };
    assert.throws(() => read(wide), BerFault);
  });

  it('say what to look for in an index', () => {
    const attributes = new Set(['uid', 'mail']);
    const either: Filter = { kind: 'or', parts: [equal('mail', 'a'), equal('uid', 'a')] };
    const person = equal('objectclass', 'person');
    const shown = (filter: Filter): readonly string[] | undefined =>
      indexedValues(filter, attributes)?.map(
        ({ attribute, value }) => `${attribute}=${text(value)}`,
      );
    assert.deepEqual(shown({ kind: 'and', parts: [person, equal('uid', 'anna')] }), ['uid=anna']);
    assert.deepEqual(shown({ kind: 'and', parts: [person, either] }), ['mail=a', 'uid=a']);
    assert.equal(shown({ kind: 'or', parts: [either, person] }), undefined);
    assert.equal(shown({ kind: 'not', part: equal('uid', 'bram') }), undefined);
    assert.deepEqual(shown({ kind: 'or', parts: [] }), []);
  });
});

describe('distinguished names', () => {
  const { names, faults } = readVectors(
    'rfc4514.json',
    z.object({
      names: z.array(
        z.object({
          text: z.string(),
          rdns: z.array(z.array(z.tuple([z.string(), z.string()]))),
        }),
      ),
      faults: z.array(z.string()),
    }),
  );

  it('are read as RFC 4514 writes them', () => {
    for (const { text: written, rdns } of names) {
      const expected = rdns.map((rdn) => rdn.map(([type, value]) => ({ type, value })));
      assert.deepEqual(parseDn(written), expected, written);
    }
  });

  it('that are none are refused', () => {
    for (const fault of faults) assert.equal(parseDn(fault), undefined, JSON.stringify(fault));
    assert.equal(parseDn(`cn=${'a'.repeat(3000)}`), undefined);
    assert.equal(parseDn('cn=\ud800'), undefined);
  });

  it('are read back as they were written, whatever is in them', () => {
    const dice = seeded(4);
    for (let round = 0; round < 5000; round++) {
      const dn: Dn = Array.from({ length: 1 + dice(3) }, () =>
        Array.from({ length: 1 + dice(2) }, (_, index) => ({
          type: ['cn', 'ou'][index] ?? 'cn',
          value: wordOf(dice),
        })),
      );
      assert.deepEqual(parseDn(formatDn(dn)), dn, formatDn(dn));
    }
  });

  it('are the same whatever the case and the blanks', () => {
    const of = (written: string): string => normalDn(parseDn(written) ?? assert.fail(written));
    assert.equal(of('UID=Anna , OU=People,dc=X'), of('uid=anna,ou=people,dc=x'));
    assert.equal(of('cn=Anna  de Vries+sn=x'), of('SN=X+cn=anna de vries'));
    assert.notEqual(of('uid=anna,ou=people'), of('uid=anna\\,ou=people'));
  });
});

describe('BER', () => {
  it('takes numbers and gives them back, at every length', () => {
    for (const value of [0, 1, -1, 127, 128, -128, -129, 255, 256, 65_535, 2 ** 31 - 1, 2 ** 31]) {
      assert.equal(readInteger(readElements(integer(value)).expect(0x02)), value);
    }
    assert.equal(integer(128).toString('hex'), '02020080');
    assert.throws(() => integer(0.5), RangeError);
  });

  it('takes contents of any length', () => {
    for (const length of [0, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = Buffer.alloc(length, 7);
      assert.deepEqual(readElements(octets(content)).expect(0x04), content);
    }
  });

  it('writes object identifiers as X.690 does', () => {
    assert.equal(objectIdentifier('1.2.840.113549').toString('hex'), '06062a864886f70d');
    assert.equal(objectIdentifier('2.5.4.3').toString('hex'), '0603550403');
  });

  it('never reads beyond what is there', () => {
    const inner = element(0x04, Buffer.from('abc'));
    const lying = Buffer.from(sequence(inner));
    lying[3] = 200;
    assert.throws(() => readElements(lying).enter(0x30).expect(0x04), BerFault);
    assert.throws(() => readElements(Buffer.from([0x1f, 0x01, 0x00])).next(), BerFault);
    assert.throws(() => readElements(Buffer.alloc(0)).next(), BerFault);
  });
});
