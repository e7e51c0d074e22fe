import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { CallMessage } from '../../delivery/message.ts';
import { ring } from '../../delivery/providers/simulator/call.ts';
import type { ArrivedCall, ArrivedText } from '../../delivery/providers/simulator/network.ts';
import { phonesOf } from './phones.ts';
import type { SamplePerson } from './sample-person.ts';

const start = new Date('2026-11-20T09:00:00Z');

function person(name: string, change: Partial<SamplePerson>): SamplePerson {
  return {
    userPrincipalName: `${name}@voorbeeld.example`,
    displayName: name,
    password: 'secret',
    mobilePhone: undefined,
    businessPhone: undefined,
    mail: undefined,
    otherMail: undefined,
    note: { en: '', nl: '' },
    app: undefined,
    ...change,
  };
}

function text(id: string, to: string, at = start): ArrivedText {
  return {
    kind: 'text',
    id,
    reference: id,
    at,
    to,
    from: '+3197010240000',
    language: 'en',
    text: id,
    status: 'delivered',
  };
}

function call(id: string, to: string, extension?: string): ArrivedCall {
  const script: CallMessage = {
    kind: 'call',
    to,
    ...(extension === undefined ? {} : { extension }),
    language: 'en',
    greeting: '',
    instruction: '',
    thanks: '',
    refused: '',
  };
  return {
    kind: 'call',
    id,
    reference: id,
    at: start,
    to,
    from: '+3197010240000',
    language: 'en',
    call: ring(script, start),
  };
}

const anna = person('Anna', {
  mobilePhone: '+31 6 12345678',
  businessPhone: '+31 (20) 123-4567 x12',
});
const bram = person('Bram', { businessPhone: '+31 20 123 4567 x14' });

describe('the phones of the simulator', () => {
  it('are those of the directory, mobile and office, in the order of the people', () => {
    const phones = phonesOf([anna, bram, person('Els', {})], [], []);
    assert.deepEqual(
      phones.map(({ owner, kind, number, extension }) => [
        owner?.displayName,
        kind,
        number,
        extension,
      ]),
      [
        ['Anna', 'mobile', '+31612345678', undefined],
        ['Anna', 'office', '+31201234567', '12'],
        ['Bram', 'office', '+31201234567', '14'],
      ],
    );
  });

  it('ring on the desk whose extension is dialled', () => {
    const phones = phonesOf([anna, bram], [call('1', '+31201234567', '14')], []);
    assert.deepEqual(
      phones.map(({ call: ringing }) => ringing?.id),
      [undefined, undefined, '1'],
    );
  });

  it('are joined by one for each other number that something is sent to', () => {
    const phones = phonesOf(
      [anna],
      [text('1', '+31699999999'), call('2', '+31699999999'), call('3', '+31201234567', '99')],
      [],
    );
    assert.deepEqual(
      phones.slice(2).map(({ owner, kind, number, extension }) => [owner, kind, number, extension]),
      [
        [undefined, 'mobile', '+31699999999', undefined],
        [undefined, 'office', '+31201234567', '99'],
      ],
    );
  });

  it('show texts, replies and calls in the order they came', () => {
    const later = new Date(start.getTime() + 1_000);
    const [phone] = phonesOf(
      [anna],
      [text('1', '+31612345678'), text('3', '+31612345678', later)],
      [{ id: '2', at: start, from: '+31612345678', text: '42' }],
    );
    assert.deepEqual(
      phone?.entries.map(({ id }) => id),
      ['1', '2', '3'],
    );
  });

  it('show no text on a desk telephone', () => {
    const phones = phonesOf([bram], [text('1', '+31201234567')], []);
    assert.deepEqual(
      phones.map(({ kind, entries }) => [kind, entries.length]),
      [
        ['office', 0],
        ['mobile', 1],
      ],
    );
  });
});
