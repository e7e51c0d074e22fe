import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseFilter } from './filter-text.ts';
import { readElements } from '../ber.ts';
import { filterLimits, readFilter, writeFilter } from './filter.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('a filter as text', () => {
  it('is read as RFC 4515 has it', () => {
    assert.deepEqual(parseFilter('(cn=Babs Jensen)'), {
      kind: 'equal',
      attribute: 'cn',
      value: bytes('Babs Jensen'),
    });
    assert.deepEqual(parseFilter('(!(cn=Tim Howes))'), {
      kind: 'not',
      part: { kind: 'equal', attribute: 'cn', value: bytes('Tim Howes') },
    });
    assert.deepEqual(parseFilter('(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))'), {
      kind: 'and',
      parts: [
        { kind: 'equal', attribute: 'objectclass', value: bytes('Person') },
        {
          kind: 'or',
          parts: [
            { kind: 'equal', attribute: 'sn', value: bytes('Jensen') },
            {
              kind: 'substrings',
              attribute: 'cn',
              initial: bytes('Babs J'),
              any: [],
              final: undefined,
            },
          ],
        },
      ],
    });
    assert.deepEqual(parseFilter('(o=univ*of*mich*)'), {
      kind: 'substrings',
      attribute: 'o',
      initial: bytes('univ'),
      any: [bytes('of'), bytes('mich')],
      final: undefined,
    });
    assert.deepEqual(parseFilter('(seeAlso=)'), {
      kind: 'equal',
      attribute: 'seealso',
      value: Buffer.alloc(0),
    });
    assert.deepEqual(parseFilter('(mail=*)'), { kind: 'present', attribute: 'mail' });
    assert.deepEqual(parseFilter('(age>=18)')?.kind, 'at-least');
    assert.deepEqual(parseFilter('(age<=18)')?.kind, 'at-most');
    assert.deepEqual(parseFilter('(cn~=babs)')?.kind, 'approximately');
  });

  it('matches by rules, as Active Directory wants it', () => {
    assert.deepEqual(parseFilter('(!(userAccountControl:1.2.840.113556.1.4.803:=2))'), {
      kind: 'not',
      part: {
        kind: 'extensible',
        rule: '1.2.840.113556.1.4.803',
        attribute: 'useraccountcontrol',
        value: bytes('2'),
        alsoInDn: false,
      },
    });
    const dn = parseFilter('(o:dn:=Ace Industry)');
    assert.ok(dn?.kind === 'extensible' && dn.alsoInDn && dn.rule === undefined);
    assert.equal(parseFilter('(:dn:2.4.6.8.10:=Dino)')?.kind, 'extensible');
  });

  it('has bytes of values escaped', () => {
    for (const [text, value] of [
      ['(o=Parens R Us \\28for all\\29)', bytes('Parens R Us (for all)')],
      ['(cn=\\2A)', bytes('*')],
      ['(bin=\\00\\00\\00\\04)', Buffer.from([0, 0, 0, 4])],
      ['(sn=Lu\\c4\\8di\\c4\\87)', bytes('Lučić')],
      ['(sn=Lučić)', bytes('Lučić')],
    ] as const) {
      const filter = parseFilter(text);
      assert.ok(filter?.kind === 'equal');
      assert.deepEqual(filter.value, value, text);
    }
  });

  it('is none where anything is missing, over, or beyond all bounds', () => {
    const deep = '(!'.repeat(filterLimits.depth) + '(cn=a)' + ')'.repeat(filterLimits.depth);
    const wide = `(&${'(cn=a)'.repeat(filterLimits.parts)})`;
    for (const text of [
      '',
      'cn=a',
      '(cn=a',
      '(cn=a))',
      '()',
      '(&)',
      '(cn)',
      '(=a)',
      '(cn=a\\2)',
      '(cn=a\\zz)',
      '(cn=a(b)',
      '(cn=a)(cn=b)',
      '(:=a)',
      deep,
      wide,
    ]) {
      assert.equal(parseFilter(text), undefined, text.slice(0, 40));
    }
  });

  it('goes onto the wire as it was meant', () => {
    const text =
      '(&(objectCategory=person)(!(userAccountControl:1.2.840.113556.1.4.803:=2))(|(cn=a*b)(mail=*)))';
    const filter = parseFilter(text);
    assert.ok(filter);
    assert.deepEqual(readFilter(readElements(writeFilter(filter)).next()), filter);
  });
});
