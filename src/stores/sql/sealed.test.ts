import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createSecretBox, type SecretBox } from '../../lib/secret-box.ts';
import { createSeals, type Seals } from './sealed.ts';

const key = { id: 'test', key: Buffer.alloc(32, 1) };
const keys = { current: key, previous: [], hashKey: Buffer.alloc(32, 2) };

/** Seals, and how often something was opened with the key. */
function watchedSeals(): { readonly seals: Seals; readonly opened: () => number } {
  const box = createSecretBox(keys);
  let opened = 0;
  const watched: SecretBox = {
    ...box,
    open: (sealed, context) => {
      opened += 1;
      return box.open(sealed, context);
    },
  };
  return { seals: createSeals({ box: watched, report: () => {} }), opened: () => opened };
}

interface Note {
  readonly text: string | undefined;
  readonly at: Date;
}

describe('a sealed column that remembers', () => {
  const note: Note = { text: undefined, at: new Date(1_000) };

  it('gives back what it sealed itself without opening it, as it would read it', () => {
    const { seals, opened } = watchedSeals();
    const column = seals.sealed<Note>('note', 'detail', { remembers: 8 });
    const bytes = column.seal(note, 'one');
    const read = column.open(Buffer.from(bytes), 'one');
    assert.deepEqual(read, { at: new Date(1_000) });
    assert.equal('text' in read, false, 'as JSON keeps it');
    assert.equal(opened(), 0);
  });

  it('opens what somebody else sealed, and then knows it', () => {
    const { seals } = watchedSeals();
    const bytes = seals.sealed<Note>('note', 'detail').seal(note, 'one');
    const { seals: others, opened } = watchedSeals();
    const column = others.sealed<Note>('note', 'detail', { remembers: 8 });
    column.seal({ ...note, at: new Date(2_000) }, 'one');
    assert.deepEqual(column.open(bytes, 'one').at, note.at);
    assert.deepEqual(column.open(bytes, 'one').at, note.at);
    assert.equal(opened(), 1);
  });

  it('does not know a row by what another one says', () => {
    const { seals } = watchedSeals();
    const column = seals.sealed<Note>('note', 'detail', { remembers: 8 });
    const bytes = column.seal(note, 'one');
    assert.throws(() => column.open(bytes, 'two'), { code: 'RECORD_DAMAGED' });
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    assert.equal(column.openOr(Buffer.from(bytes), 'two'), undefined);
  });
});
