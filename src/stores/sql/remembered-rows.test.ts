import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { rememberedRows } from './remembered-rows.ts';

interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly secret: Buffer;
}

const anna: Row = { id: 'a', name: 'Anna', secret: Buffer.from('one') };
const bram: Row = { id: 'b', name: 'Bram', secret: Buffer.from('two') };

/** Reads rows, and tells how often one was made. */
function reading(most: number) {
  let made = 0;
  const read = rememberedRows(most, ({ name, secret }: Row) => {
    made += 1;
    if (name === null) throw new Error('nobody');
    return { name, secret: secret.toString() };
  });
  return { read, made: () => made };
}

describe('rows that are remembered', () => {
  it('are made once while every column is the same', () => {
    const { read, made } = reading(2);
    const first = read(anna);
    assert.deepEqual(first, { name: 'Anna', secret: 'one' });
    assert.equal(read({ ...anna, secret: Buffer.from('one') }), first);
    assert.equal(made(), 1);
  });

  it('are made anew whatever changed, and back again', () => {
    const { read } = reading(2);
    read(anna);
    assert.equal(read({ ...anna, name: 'Ann' }).name, 'Ann');
    assert.equal(read({ ...anna, secret: Buffer.from('six') }).secret, 'six');
    assert.deepEqual(read(anna), { name: 'Anna', secret: 'one' });
  });

  it('are refused each time where they cannot be made', () => {
    const { read } = reading(2);
    read(anna);
    assert.throws(() => read({ ...anna, name: null }), /nobody/);
    assert.throws(() => read({ ...anna, name: null }), /nobody/);
    assert.equal(read(anna).name, 'Anna');
  });

  it('are forgotten beyond so many', () => {
    const { read, made } = reading(1);
    read(anna);
    read(bram);
    read(anna);
    assert.equal(made(), 3);
  });
});
