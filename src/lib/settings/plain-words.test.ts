import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as z from 'zod';

import { plainWords } from './plain-words.ts';

describe('what is wrong with a value', () => {
  const schema = z.strictObject({
    hours: z.int().min(1).max(24),
    name: z.string().min(1).max(5),
    code: z.string().min(6),
    isOn: z.boolean(),
    role: z.enum(['user', 'help-desk']),
    groups: z.array(z.string()).max(2),
    mail: z.email(),
    number: z.string().regex(/^\d+$/),
    own: z.string().refine((text) => text === 'x', 'This is our own word.'),
    price: z.number().positive(),
  });
  const right = {
    hours: 1,
    name: 'Anna',
    code: '123456',
    isOn: true,
    role: 'user',
    groups: [],
    mail: 'anna@voorbeeld.example',
    number: '1',
    own: 'x',
    price: 1,
  };
  const told = (change: Readonly<Record<string, unknown>>): string => {
    const parsed = schema.safeParse({ ...right, ...change }, { error: plainWords });
    return parsed.error?.issues.map(({ message }) => message).join(' ') ?? '';
  };

  it('is said in plain English, with what to write instead', () => {
    const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
      [{}, ''],
      [{ hours: 25 }, 'Write 24 or less.'],
      [{ hours: 0 }, 'Write 1 or more.'],
      [{ hours: 1.5 }, 'Write a whole number.'],
      [{ hours: 'five' }, 'Write a number.'],
      [{ hours: undefined }, 'It is missing.'],
      [{ name: '' }, 'It is empty.'],
      [{ name: 'too long' }, 'Write no more than 5 characters.'],
      [{ code: '1' }, 'Write at least 6 characters.'],
      [{ isOn: 'yes' }, 'Write true or false.'],
      [{ role: 'boss' }, 'Write one of: user, help-desk.'],
      [{ groups: ['a', 'b', 'c'] }, 'Give no more than 2.'],
      [{ groups: 'a' }, 'Write a list.'],
      [{ mail: 'anna' }, 'Write one mail address.'],
      [{ number: 'one' }, 'It is not written as it should be.'],
      [{ own: 'y' }, 'This is our own word.'],
      [{ price: 0 }, 'Write more than 0.'],
      [{ price_: 1 }, 'There is no such setting: price_. Did you mean price?'],
    ];
    for (const [change, words] of wrong) assert.equal(told(change), words, JSON.stringify(change));
  });

  it('never says back what was written', () => {
    for (const name of Object.keys(right)) {
      assert.ok(!told({ [name]: { hunter2: 'hunter2' } }).includes('hunter2'), name);
    }
  });
});
