import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { conjuncts, fits, pathsOf, type Filter } from '../filter/filter.ts';
import { readFilter } from './filter.ts';
import { queryOptions, readQuery } from './query.ts';

function filterOf(text: string): Filter {
  const read = readFilter(text);
  return 'filter' in read ? read.filter : assert.fail(`${text}: ${read.fault}`);
}

function faultOf(text: string): string {
  const read = readFilter(text);
  return 'fault' in read ? read.fault : assert.fail(`${text} was read`);
}

const anna = {
  displayName: "Anna d'Arc",
  accountEnabled: true,
  mail: null,
  age: 41,
  createdDateTime: '2026-11-21T10:00:00.000Z',
  status: { errorCode: 0 },
  methods: ['fido2', 'mobilePhone'],
  targets: [
    { id: 'a', kind: 'group' },
    { id: 'b', kind: 'user' },
  ],
};

describe('a filter', () => {
  const right = [
    "displayName eq 'anna d''arc'",
    "displayName ne 'Bram'",
    'accountEnabled eq true',
    'mail eq null',
    "mail ne 'a@b'",
    'age gt 40 and age lt 42 and age ge 41 and age le 41',
    'createdDateTime ge 2026-11-21T10:00:00Z',
    'createdDateTime lt 2026-11-21T12:00:00.5+01:00',
    'createdDateTime ge 2026-11-21 and createdDateTime lt 2026-11-22',
    '(createdDateTime gt 2026-11-21)',
    'status/errorCode eq 0',
    "startsWith(displayName,'ANNA')",
    "startswith( displayName , 'anna' ) and endswith(displayName,'arc') and contains(displayName,'d''')",
    "not startsWith(displayName,'b')",
    "not (displayName eq 'x' or age eq 1)",
    "displayName in ('x', 'Anna d''Arc')",
    "methods/any(m:m eq 'FIDO2')",
    "methods/any(m: startsWith(m,'mobile') or m eq 'x')",
    "targets/any(t:t/id eq 'b' and t/kind eq 'user')",
    "targets/any(t:t/id eq 'b' and accountEnabled eq true)",
    'methods/any()',
    "age eq 1 or age eq 41 and displayName ne 'x'",
    'nothing eq null',
  ];
  for (const text of right) {
    it(`finds Anna by ${text}`, () => assert.ok(fits(filterOf(text), anna)));
  }

  const wrong = [
    "displayName eq 'anna'",
    'accountEnabled eq false',
    "age eq '41'",
    'mail gt 1',
    'displayName gt 1',
    "methods/any(m:m eq 'email')",
    "displayName/any(m:m eq 'a')",
    '(age eq 1 or age eq 41) and age eq 2',
    "constructor eq 'x'",
    'age lt null',
    "startsWith(mail,'a')",
    'createdDateTime gt 2026-11-21T10:00:00Z',
    'createdDateTime lt 2026-11-21',
    'displayName eq 2026-11-21T10:00:00Z',
  ];
  for (const text of wrong) {
    it(`does not find Anna by ${text}`, () => assert.ok(!fits(filterOf(text), anna)));
  }

  const unreadable: readonly (readonly [string, RegExp])[] = [
    ['', /property is expected at the end/],
    ['displayName', /comparison is expected at the end/],
    ['displayName eq', /value is expected at the end/],
    ['displayName eq Anna', /value is expected before 'Anna': a text stands in single quotes/],
    ['displayName eq "Anna"', /Syntax error at position 14.*in single quotes/],
    ["displayName eq 'Anna", /position 14/],
    ["displayName eq 'a' 'b'", /Nothing more is expected/],
    ["(displayName eq 'a'", /'\)' is expected/],
    ['length(displayName) eq 3', /function 'length' is not supported/],
    ["methods/all(m:m eq 'a')", /function 'all' is not supported/],
    ['startsWith(displayName,3)', /asks for a text/],
    ["startsWith(methods/any(m:m eq 'a'),'b')", /no place here/],
    ['createdDateTime gt 2026-13-45T10:00:00Z', /no such time/],
    ["displayName eq 'a'; drop table user", /position 18/],
    [`${'('.repeat(12)}age eq 1${')'.repeat(12)}`, /too many parts/],
    [Array.from({ length: 70 }, () => 'age eq 1').join(' or '), /too many parts/],
    [`displayName eq '${'a'.repeat(2_000)}'`, /too long/],
  ];
  for (const [text, fault] of unreadable) {
    it(`says what is wrong with ${text.slice(0, 40)}`, () => assert.match(faultOf(text), fault));
  }

  it('tells which properties it names, and what must hold in any case', () => {
    const filter = filterOf(
      "accountEnabled eq true and (mail eq 'a' or not (age eq 1)) and targets/any(t:t/id eq 'b' or mail eq 'c')",
    );
    assert.deepEqual(
      pathsOf(filter).map((path) => path.join('/')),
      ['accountEnabled', 'mail', 'age', 'targets', 'mail'],
    );
    assert.deepEqual(
      conjuncts(filter).map(({ kind }) => kind),
      ['compare', 'or', 'any'],
    );
    assert.deepEqual(conjuncts(undefined), []);
  });

  it('is read or refused, whatever is written, and never takes long', { timeout: 60_000 }, () => {
    const words = "( ) , / : ' 'a' eq and or not in any m:m startsWith displayName methods 41 -1.5";
    const odd = 'null true __proto__ é 2026-11-21T10:00:00Z 2026 \u0000 %27 m ge';
    const pieces = fc.constantFrom(' ', ...words.split(' '), ...odd.split(' '));
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 40 }).map((all) => all.join(' ')),
      fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
      fc.string({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readFilter(text);
        if ('fault' in read) return read.fault.length > 0;
        pathsOf(read.filter);
        return typeof fits(read.filter, anna) === 'boolean';
      }),
      { numRuns: 100_000 },
    );
  });
});

describe('the options of a query', () => {
  const query = (fields: Readonly<Record<string, string>>) => readQuery(fields, queryOptions);

  it('are read with or without the dollar sign, in any case', () => {
    assert.deepEqual(
      query({ $Select: 'id, displayName,id', top: '5', $count: 'true', $orderBy: 'age DESC' }),
      {
        query: {
          filter: undefined,
          filterText: '',
          select: ['id', 'displayName'],
          top: 5,
          skipToken: undefined,
          count: true,
          orderBy: 'age desc',
        },
      },
    );
  });

  it('are refused by name where they are not known here', () => {
    const refused = {
      $expand: 'memberOf',
      $search: '"a"',
      $skip: '5',
      evil: '1',
      $top: '0',
      $count: 'yes',
      $select: 'a b',
      $orderby: 'a,b',
      $filter: 'x',
    };
    for (const [name, value] of Object.entries(refused)) {
      const read = query({ [name]: value });
      assert.ok('fault' in read, name);
      assert.ok(name === '$filter' || read.fault.includes(name), read.fault);
    }
    assert.ok('fault' in readQuery({ $filter: 'age eq 1' }, ['$select']));
    assert.ok('fault' in readQuery({ $top: 5 }, queryOptions));
  });
});
