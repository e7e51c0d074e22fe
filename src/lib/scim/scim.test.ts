import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { fits } from '../filter/filter.ts';
import { attributeDocument, commonAttributes, type ResourceSchema } from './attributes.ts';
import { isExact, readScimFilter, readValuePath } from './filter.ts';
import { canonicalResource, patched, readOperations, type Json, type PatchFault } from './patch.ts';
import { readSelection } from './selection.ts';

const values = (name: string): ResourceSchema['attributes'][number] => ({
  name,
  type: 'complex',
  multiValued: true,
  description: '',
  subAttributes: [
    { name: 'value', type: 'string', description: '' },
    { name: 'type', type: 'string', description: '' },
    { name: 'display', type: 'string', description: '' },
  ],
});

/** The user of RFC 7643 §8.2, as far as its examples go. */
const schema: ResourceSchema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: '',
  attributes: [
    ...commonAttributes,
    { name: 'userName', type: 'string', description: '' },
    { name: 'displayName', type: 'string', description: '' },
    { name: 'nickName', type: 'string', description: '' },
    { name: 'active', type: 'boolean', description: '' },
    {
      name: 'name',
      type: 'complex',
      description: '',
      subAttributes: [
        { name: 'formatted', type: 'string', description: '' },
        { name: 'familyName', type: 'string', description: '' },
      ],
    },
    values('emails'),
    values('addresses'),
    { ...values('members'), name: 'members' },
    { ...values('groups'), name: 'groups', mutability: 'readOnly' },
  ],
  unkept: ['title', 'name.givenName', 'phoneNumbers', 'emails.primary'],
};

const babs: Json = {
  id: '2819c223',
  externalId: 'BJ',
  userName: 'bjensen@example.com',
  displayName: 'Babs Jensen',
  active: true,
  name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen' },
  emails: [
    { value: 'bjensen@example.com', type: 'work' },
    { value: 'babs@jensen.org', type: 'home' },
  ],
  meta: { resourceType: 'User', created: '2010-01-23T04:56:22Z' },
};

const finds = (text: string): boolean => {
  const read = readScimFilter(text, schema);
  return 'filter' in read ? fits(read.filter, babs, isExact) : assert.fail(read.fault);
};

describe('a SCIM filter', () => {
  // RFC 7644 §3.4.2.2, the examples that our attributes can answer, and their opposites.
  const right = [
    'userName eq "bjensen@example.com"',
    'userName Eq "BJENSEN@example.com"',
    'name.familyName co "ens"',
    'userName sw "B"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "b"',
    'displayName pr',
    'meta.created gt "2009-05-13T04:42:34Z"',
    'meta.created ge "2010-01-23T04:56:22Z" and meta.created le "2010-01-23T04:56:22Z"',
    'displayName pr and userName ew "example.com"',
    'userName eq "x" or active eq true',
    'active eq "True"',
    'emails co "example.com"',
    'emails.type eq "home" and not (emails.type eq "fax")',
    'emails[type eq "work" and value co "@example.com"]',
    'emails[type eq "fax"] or emails[type eq "home"]',
    'emails pr and not (groups pr)',
    'id eq "2819c223" and externalId eq "BJ"',
    'userName ne "x" and nickName eq null',
    'USERNAME eq "bjensen@example.com"',
    'displayName eq "\\u0042abs Jensen"',
  ];
  for (const text of right) it(`finds Babs by ${text}`, () => assert.ok(finds(text)));

  const wrong = [
    'userName eq "bjensen"',
    'nickName pr',
    'externalId eq "bj"',
    'emails[type eq "work" and value co "jensen.org"]',
    'active eq false',
    'meta.created lt "2009-05-13T04:42:34Z"',
    'emails eq "nobody@example.com"',
    'userName eq "x" and active eq true or userName eq "y"',
  ];
  for (const text of wrong) it(`does not find her by ${text}`, () => assert.ok(!finds(text)));

  const unreadable: readonly (readonly [string, RegExp])[] = [
    ['', /expected at the end/],
    ['userName', /comparison is expected/],
    [
      'userName eq not-a-name.',
      /value is expected before 'not-a-name': a text stands in double quotes, as in userName eq "anna@example\.org"\./,
    ],
    ['userName eq anna@voorbeeld.example', /position 16.*in double quotes/],
    ["userName eq 'bjensen'", /position 11.*in double quotes/],
    ['userName eq "x', /position 11/],
    ['userName eq "\\x"', /malformed/],
    ['shoeSize eq 44', /nothing to filter by/],
    ['title pr', /nothing to filter by/],
    ['name eq "x"', /has parts/],
    ['userName co 3', /asks for a text/],
    ['active eq "yes"', /true or false/],
    ['meta.created gt "soon"', /is a time/],
    ['userName[type eq "x"]', /no values to choose/],
    ['emails[shoe eq "x"]', /no attribute/],
    ['emails[emails[type eq "x"]]', /no attribute/],
    [`${'('.repeat(12)}active eq true${')'.repeat(12)}`, /too many parts/],
    [`userName eq "${'a'.repeat(2_000)}"`, /too long/],
  ];
  for (const [text, fault] of unreadable) {
    it(`says what is wrong with ${text.slice(0, 40)}`, () => {
      const read = readScimFilter(text, schema);
      assert.match('fault' in read ? read.fault : '', fault);
    });
  }

  it('is read or refused, whatever is written', { timeout: 60_000 }, () => {
    const words =
      '( ) [ ] . " "a" "True" eq co pr and or not userName emails type value meta.created';
    const odd = 'urn:x:y null true -1.5 é \\ \u0000 constructor __proto__ "2026-11-21T10:00:00Z"';
    const pieces = fc.constantFrom(' ', ...words.split(' '), ...odd.split(' '));
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 40 }).map((all) => all.join(' ')),
      fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
      fc.string({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        readValuePath(text, schema);
        const read = readScimFilter(text, schema);
        if ('fault' in read) return read.fault.length > 0;
        return typeof fits(read.filter, babs, isExact) === 'boolean';
      }),
      { numRuns: 20_000 },
    );
  });
});

const patchOf = (...operations: readonly unknown[]): unknown => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

function outcomeOf(resource: Json, ...operations: readonly unknown[]): Json | PatchFault {
  const read = readOperations(patchOf(...operations));
  if ('fault' in read) return read.fault;
  const done = patched(resource, read.operations, schema);
  return 'fault' in done ? done.fault : done.resource;
}

function after(resource: Json, ...operations: readonly unknown[]): Json {
  const outcome = outcomeOf(resource, ...operations);
  return 'scimType' in outcome ? assert.fail(String(outcome['detail'])) : outcome;
}

describe('a patch of RFC 7644 §3.5.2', () => {
  const member = (value: string, display = '') => ({ display, value });
  const group: Json = { members: [member('2819c223', 'Babs'), member('902c246b', 'James')] };

  it('adds a value to a list, and no value twice', () => {
    const add = { op: 'add', path: 'members', value: [member('new', 'Ann'), member('902c246b')] };
    assert.deepEqual(after(group, add)['members'], [
      member('2819c223', 'Babs'),
      member('902c246b', 'James'),
      member('new', 'Ann'),
    ]);
  });

  it('adds attributes without naming a path', () => {
    const value = {
      emails: [{ value: 'babs@work.org', type: 'home' }],
      nickname: 'Babs',
      name: { familyName: 'Smith' },
    };
    const result = after(babs, { op: 'add', value });
    assert.equal(result['nickName'], 'Babs');
    assert.deepEqual(result['name'], {
      formatted: 'Ms. Barbara J Jensen III',
      familyName: 'Smith',
    });
    assert.equal([result['emails']].flat().length, 3);
  });

  it('removes one value, several, or all of them', () => {
    const one = after(group, { op: 'remove', path: 'members[value eq "2819c223"]' });
    assert.deepEqual(one['members'], [member('902c246b', 'James')]);
    assert.deepEqual(after(group, { op: 'remove', path: 'members' })['members'], []);
    const path = 'emails[type eq "work" and value ew "example.com"]';
    assert.deepEqual(after(babs, { op: 'remove', path })['emails'], [
      { value: 'babs@jensen.org', type: 'home' },
    ]);
    assert.equal(after(babs, { op: 'remove', path: 'displayName' })['displayName'], undefined);
  });

  it('removes one and adds another in one go', () => {
    const result = after(
      group,
      { op: 'remove', path: 'members[value eq "2819c223"]' },
      { op: 'add', path: 'members', value: [member('08e1d05d', 'Smith')] },
    );
    assert.deepEqual(result['members'], [member('902c246b', 'James'), member('08e1d05d', 'Smith')]);
  });

  it('replaces a whole list, one value of it, or a part of that', () => {
    const value = [member('only')];
    assert.deepEqual(after(group, { op: 'replace', path: 'members', value })['members'], value);
    const work: Json = {
      addresses: [
        { type: 'work', value: '911 Universal City Plaza', display: 'x' },
        { type: 'home', value: '456 Hollywood Blvd' },
      ],
    };
    const street = {
      op: 'replace',
      path: 'addresses[type eq "work"].value',
      value: '1010 Broadway',
    };
    assert.deepEqual(after(work, street)['addresses'], [
      { type: 'work', value: '1010 Broadway', display: 'x' },
      { type: 'home', value: '456 Hollywood Blvd' },
    ]);
    const whole = {
      op: 'replace',
      path: 'addresses[type eq "home"]',
      value: { type: 'home', value: '1 Main', display: 'y' },
    };
    const [, home] = [after(work, whole)['addresses']].flat();
    assert.deepEqual(home, { type: 'home', value: '1 Main', display: 'y' });
  });

  it('replaces several attributes without naming a path', () => {
    const value = { emails: [{ value: 'b@x.org', type: 'work' }], nickName: 'Barbara' };
    const result = after(babs, { op: 'replace', value });
    assert.deepEqual(result['emails'], [{ value: 'b@x.org', type: 'work' }]);
    assert.equal(result['nickName'], 'Barbara');
    assert.equal(result['displayName'], 'Babs Jensen', 'what is not named stays');
  });

  it('says with the words of §3.12 why it is none', () => {
    const faults: readonly (readonly [string, unknown])[] = [
      ['noTarget', { op: 'replace', path: 'emails[type eq "fax"].value', value: 'x' }],
      ['noTarget', { op: 'remove' }],
      ['invalidPath', { op: 'add', path: 'shoeSize', value: 44 }],
      ['invalidPath', { op: 'add', path: 'emails[', value: 'x' }],
      ['invalidPath', { op: 'add', path: 'emails[type eq "a"].shoe', value: 'x' }],
      ['invalidPath', { op: 'add', path: 7, value: 'x' }],
      ['mutability', { op: 'replace', path: 'id', value: 'x' }],
      ['mutability', { op: 'add', path: 'groups', value: [{ value: 'x' }] }],
      ['mutability', { op: 'remove', path: 'meta.created' }],
      ['invalidSyntax', { op: 'move', path: 'nickName' }],
      ['invalidValue', { op: 'add', value: 'x' }],
      ['invalidValue', { op: 'add', path: 'name', value: 'x' }],
      ['invalidValue', { op: 'add', path: 'emails', value: Array.from({ length: 101 }, () => 1) }],
    ];
    for (const [scimType, operation] of faults) {
      assert.equal(outcomeOf(babs, operation)['scimType'], scimType, JSON.stringify(operation));
    }
    for (const body of [null, [], {}, { schemas: ['x'], Operations: [] }, patchOf()]) {
      assert.ok('fault' in readOperations(body), JSON.stringify(body));
    }
    assert.ok('fault' in readOperations(patchOf(...Array.from({ length: 201 }, () => ({})))));
  });
});

describe('a patch as Entra ID and Okta send it', () => {
  it('writes op with a capital, and false as a text, in a list or not', () => {
    const plain = after(babs, { op: 'Replace', path: 'active', value: 'False' });
    assert.equal(plain['active'], 'False', 'what that means is said where it is read');
    const wrapped = { op: 'Replace', path: 'active', value: [{ $ref: null, value: 'False' }] };
    assert.equal(after(babs, wrapped)['active'], 'False');
  });

  it('adds a value by a path with a filter, where there is none yet', () => {
    const path = 'emails[type eq "other"].value';
    const result = after(babs, { op: 'Add', path, value: 'b@home.org' });
    assert.deepEqual([result['emails']].flat().at(-1), { type: 'other', value: 'b@home.org' });
    const again = after(result, { op: 'Add', path, value: 'c@home.org' });
    assert.equal([again['emails']].flat().length, 3);
  });

  it('names paths as members of a value', () => {
    const value = {
      'emails[type eq "work"].value': 'b@x.org',
      'name.familyName': 'Smith',
      'name.givenName': 'Barbara',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department': 'Sales',
      'addresses[type eq "work"].value': null,
      id: '2819c223',
      schemas: ['x'],
    };
    const result = after(babs, { op: 'Replace', value });
    assert.deepEqual(result['name'], {
      formatted: 'Ms. Barbara J Jensen III',
      familyName: 'Smith',
    });
    assert.deepEqual([result['emails']].flat()[0], { value: 'b@x.org', type: 'work' });
    assert.equal(result['id'], '2819c223');
    assert.deepEqual(
      Object.keys(result).toSorted(),
      [...Object.keys(babs), 'addresses'].toSorted(),
    );
  });

  it('leaves out what nothing here keeps, wherever it stands', () => {
    const result = after(
      babs,
      { op: 'Add', path: 'title', value: 'Tour Guide' },
      { op: 'Add', path: 'phoneNumbers[type eq "work"].value', value: '1' },
      { op: 'Add', path: 'emails[type eq "work"].primary', value: true },
      { op: 'Add', path: 'urn:ietf:params:scim:schemas:extension:x:2.0:User:y', value: 'z' },
    );
    assert.deepEqual(result, babs);
  });

  it('says in the value which members are to go', () => {
    const group: Json = { members: [{ value: 'a' }, { value: 'b' }] };
    const remove = { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] };
    assert.deepEqual(after(group, remove)['members'], [{ value: 'b' }]);
  });
});

describe('a resource as it is sent', () => {
  it('is read whatever the case of its names, without what nobody knows', () => {
    const sent: Json = {
      schemas: [schema.id],
      USERNAME: 'x',
      Name: { FAMILYNAME: 'Jensen', givenName: 'Barbara' },
      emails: [{ Value: 'a@b', TYPE: 'work' }],
      nickName: null,
      shoeSize: 44,
      [schema.id]: { displayName: 'X' },
    };
    assert.deepEqual(canonicalResource(sent, schema), {
      userName: 'x',
      name: { familyName: 'Jensen' },
      emails: [{ value: 'a@b', type: 'work' }],
      displayName: 'X',
    });
  });
});

describe('a selection of attributes', () => {
  const shown = (asked: Parameters<typeof readSelection>[1]): Json =>
    readSelection(schema, asked)?.of({ schemas: [], ...babs }) ?? assert.fail();

  it('answers what was asked for, and what always belongs to it', () => {
    assert.deepEqual(shown({ attributes: 'USERNAME, emails.value,shoe' }), {
      schemas: [],
      id: '2819c223',
      userName: 'bjensen@example.com',
      emails: [{ value: 'bjensen@example.com' }, { value: 'babs@jensen.org' }],
    });
  });

  it('leaves out what was not wanted, but never the id', () => {
    const { emails, id, name, ...others } = shown({
      excluded: 'id,emails.type,displayName,meta,externalId,active,userName,name.formatted',
    });
    assert.equal(id, '2819c223');
    assert.deepEqual(name, { familyName: 'Jensen' });
    assert.deepEqual(emails, [{ value: 'bjensen@example.com' }, { value: 'babs@jensen.org' }]);
    assert.deepEqual(others, { schemas: [] });
  });

  it('is not both', () => {
    assert.equal(readSelection(schema, { attributes: 'id', excluded: 'id' }), undefined);
  });
});

describe('the document of an attribute', () => {
  it('says everything, also where nothing was said', () => {
    const [id] = commonAttributes;
    assert.deepEqual(attributeDocument(id ?? assert.fail()), {
      name: 'id',
      type: 'string',
      multiValued: false,
      description: 'Never changes, and is never anybody else’s.',
      required: false,
      caseExact: true,
      mutability: 'readOnly',
      returned: 'always',
      uniqueness: 'server',
    });
  });
});
