import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Filter } from '../../../lib/filter/filter.ts';
import { readFilter } from '../../../lib/odata/filter.ts';
import { spanOf, textAt } from './moments.ts';

function filterOf(text: string): Filter {
  const read = readFilter(text);
  return 'filter' in read ? read.filter : assert.fail(read.fault);
}

describe('what a filter says of moments', () => {
  const noon = '2026-11-21T12:00:00Z';
  const one = '2026-11-21T13:00:00Z';
  const after = (text: string): Date => new Date(Date.parse(text) + 1);

  it('leaves out no moment that fits', () => {
    assert.deepEqual(spanOf(filterOf(`at ge ${noon} and at lt ${one}`), 'at'), {
      from: new Date(noon),
      before: after(one),
    });
    assert.deepEqual(spanOf(filterOf(`at eq ${noon}`), 'at'), {
      from: new Date(noon),
      before: after(noon),
    });
    assert.deepEqual(spanOf(filterOf(`at gt ${noon} and at ge ${one} and at le ${one}`), 'at'), {
      from: new Date(one),
      before: after(one),
    });
  });

  it('says nothing where it need not hold', () => {
    const loose = [`at ge ${noon} or id eq 'a'`, `not (at ge ${noon})`, `other ge ${noon}`];
    for (const text of loose) assert.deepEqual(spanOf(filterOf(text), 'at'), {}, text);
    assert.deepEqual(spanOf(undefined, 'at'), {});
  });
});

describe('a text that must be there', () => {
  it('is found at its place', () => {
    assert.equal(textAt(filterOf("status/code eq 'a' and id eq 'b'"), 'status/code'), 'a');
    for (const text of ["id ne 'a'", "id eq 'a' or id eq 'b'", 'id eq 3', "startsWith(id,'a')"]) {
      assert.equal(textAt(filterOf(text), 'id'), undefined, text);
    }
  });
});
