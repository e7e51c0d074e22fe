import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Begun, Setup } from './method.ts';
import {
  beginPhone,
  maskPhone,
  phoneDestination,
  phoneInput,
  phoneName,
  phoneSecret,
  provedPhone,
  type PhoneInput,
  type PhoneSecret,
  type PhoneUse,
} from './phone.ts';

const call: PhoneUse = { by: 'call', officeTyped: true };
const text: PhoneUse = { by: 'text', officeTyped: true };

describe('an authentication phone', () => {
  it('is read with the country that was chosen, however it is written', () => {
    for (const number of ['06 12345612', '06-12345612', '+31 6 1234 5612', '0031612345612']) {
      assert.deepEqual(begin({ number }), {
        kind: 'begun',
        slot: 'mobile',
        secret: { number: '+31612345612', phoneType: 'mobile' },
      });
    }
  });

  it('may be the alternate one, in a place of its own', () => {
    const begun = begin({ phoneType: 'alternateMobile', number: '06 12345612' });
    assert.equal(begun.kind === 'begun' && begun.slot, 'alternateMobile');
  });

  it('loses an extension that was typed, and can say so', () => {
    for (const typed of [
      { number: '06 12345612 x123' },
      { number: '06 12345612', extension: '123' },
      { number: '06 12345612', extension: 'tst. 123' },
    ]) {
      const secret = secretOf(begin(typed));
      assert.equal(secret.extension, undefined);
      assert.equal(secret.removedExtension, '123');
      assert.deepEqual(provedPhone(secret), {
        kind: 'verified',
        secret: { number: '+31612345612', phoneType: 'mobile' },
      });
    }
  });

  it('may be a landline that is called, which then gets no texts', () => {
    assert.equal(secretOf(begin({ number: '020 555 1234' })).landline, true);
    assertRefused(
      begin({ number: '020 555 1234' }, { use: text }),
      'number',
      /cannot receive text/,
    );
  });

  it('is refused in plain words when it is no number that we would call', () => {
    assertRefused(begin({ number: '' }), 'number', /Type the phone number/);
    assertRefused(begin({ number: 'call me maybe' }), 'number', /not a phone number/);
    assertRefused(begin({ number: '06 12' }), 'number', /too short/);
    assertRefused(begin({ number: '06 1234 5612 3456 7890' }), 'number', /too long/);
  });

  it('is never a number that costs extra', () => {
    for (const number of ['0900 1234567', '0906 1234567', '+31 900 1234567']) {
      assertRefused(begin({ number }), 'number', /cost extra/);
    }
  });

  it('is in a country that the organisation allows', () => {
    assertRefused(
      begin({ number: '+32 470 12 34 56' }),
      'number',
      /numbers in Belgium\. Type a number in Netherlands/,
    );
    const both = { countries: ['NL', 'BE'] };
    assert.equal(begin({ number: '+32 470 12 34 56' }, both).kind, 'begun');
    assert.equal(begin({ country: 'BE', number: '0470 12 34 56' }, both).kind, 'begun');
    const many = { countries: ['NL', 'DE', 'FR', 'LU', 'GB', 'IE'] };
    assertRefused(begin({ number: '+32 470 12 34 56' }, many), 'number', /ask your admin which/);
    assertRefused(begin({ number: '+32 470 12 34 56' }, { countries: [] }), 'number', /Belgium/);
  });

  it('is not a satellite phone or another number without a country', () => {
    assertRefused(begin({ number: '+870 773 111 632' }), 'number', /that kind of number/);
  });

  it('is one of the three phones there are', () => {
    assertRefused(begin({ phoneType: 'fax', number: '06 12345612' }), 'phoneType', /which phone/);
    assertRefused(begin({ phoneType: '', number: '' }), 'phoneType', /which phone/);
  });

  it('is explained in Dutch as well', () => {
    const refused = begin({ number: '+32 470 12 34 56' }, { locale: 'nl' });
    assertRefused(refused, 'number', /nummers in België.* in Nederland,/);
  });
});

describe('an office phone', () => {
  const fromDirectory = (businessPhone: string, businessPhoneExtension?: string) => ({
    directory: { mobilePhone: undefined, businessPhone, businessPhoneExtension },
  });

  it('is the directory’s number, whatever was typed', () => {
    const begun = begin(
      { phoneType: 'office', number: '06 12345612', extension: '999' },
      fromDirectory('+31205551234', '12'),
    );
    assert.deepEqual(begun, {
      kind: 'begun',
      slot: 'office',
      secret: { number: '+31205551234', extension: '12', phoneType: 'office' },
    });
  });

  it('can be corrected by the admin only', () => {
    for (const number of ['+32470123456', '+319001234567', 'unknown']) {
      assertRefused(
        begin({ phoneType: 'office' }, fromDirectory(number)),
        'phoneType',
        /Ask your admin to correct it/,
      );
    }
  });

  it('is typed with its extension where the directory has none', () => {
    for (const typed of [
      { number: '020 555 1234', extension: '12' },
      { number: '020 555 1234 tst. 12', extension: '' },
      { number: '020 555 1234 x99', extension: 'x12' },
    ]) {
      assert.deepEqual(secretOf(begin({ phoneType: 'office', ...typed })), {
        number: '+31205551234',
        extension: '12',
        phoneType: 'office',
      });
    }
    assert.deepEqual(secretOf(begin({ phoneType: 'office', number: '020 555 1234' })), {
      number: '+31205551234',
      phoneType: 'office',
    });
  });

  it('has an extension of seven digits at most', () => {
    for (const extension of ['12345678', 'reception']) {
      assertRefused(
        begin({ phoneType: 'office', number: '020 555 1234', extension }),
        'extension',
        /1 to 7 digits/,
      );
    }
  });

  it('is not typed where the organisation does not want that', () => {
    assertRefused(
      begin(
        { phoneType: 'office', number: '020 555 1234' },
        { use: { by: 'call', officeTyped: false } },
      ),
      'phoneType',
      /only your admin can add one/,
    );
  });

  it('gets no texts', () => {
    assertRefused(
      begin({ phoneType: 'office', number: '06 12345612' }, { use: text }),
      'phoneType',
      /cannot receive text messages/,
    );
  });
});

describe('a registered phone', () => {
  const mobile: PhoneSecret = { number: '+31612345612', phoneType: 'mobile' };
  const office: PhoneSecret = { number: '+31205551234', extension: '123', phoneType: 'office' };

  it('shows its owner enough and others nothing', () => {
    assert.equal(maskPhone(mobile), '+31\u00a0··\u00a0··\u00a0··\u00a012');
    assert.equal(maskPhone(office), '+31\u00a0··\u00a0··\u00a0··\u00a034\u00a0x·23');
    assert.equal(
      maskPhone({ ...office, extension: '7' }),
      '+31\u00a0··\u00a0··\u00a0··\u00a034\u00a0x7',
    );
  });

  it('is called by its place', () => {
    assert.equal(phoneName(office, 'en'), 'Office phone');
    assert.equal(phoneName(office, 'nl'), 'Bureautelefoon');
    assert.equal(phoneName(mobile, 'nl'), 'Verificatietelefoon');
  });

  it('is counted by itself behind a switchboard', () => {
    assert.equal(phoneDestination(mobile), '+31612345612');
    assert.equal(phoneDestination(office), '+31205551234x123');
  });

  it('stays as it is when it proves itself', () => {
    assert.deepEqual(provedPhone(office), { kind: 'verified' });
  });

  it('has a number, an extension and a place, and nothing else', () => {
    assert.equal(phoneSecret.safeParse(office).success, true);
    for (const damaged of [
      { ...office, number: '020 5551234' },
      { ...office, number: '+31' },
      { ...office, extension: '12;34' },
      { ...office, phoneType: 'fax' },
      { ...office, owner: 'anna' },
    ]) {
      assert.equal(phoneSecret.safeParse(damaged).success, false);
    }
  });
});

interface Circumstances extends Partial<Pick<Setup, 'directory' | 'countries'>> {
  readonly use?: PhoneUse;
  readonly locale?: 'en' | 'nl';
}

/** The form as the page sends it, for a mobile phone in the Netherlands unless told. */
function begin(typed: Partial<PhoneInput>, around: Circumstances = {}): Begun<PhoneSecret> {
  const { use = call, locale = 'en', countries = ['NL'] } = around;
  const { directory = nothingKnown } = around;
  const input = phoneInput.parse({ phoneType: 'mobile', country: 'NL', ...typed });
  return beginPhone(use, { directory, countries }, input, locale);
}

const nothingKnown = {
  mobilePhone: undefined,
  businessPhone: undefined,
  businessPhoneExtension: undefined,
};

function secretOf(begun: Begun<PhoneSecret>): PhoneSecret {
  assert.ok(begun.kind === 'begun', JSON.stringify(begun));
  return begun.secret;
}

function assertRefused(begun: Begun<PhoneSecret>, field: string, message: RegExp): void {
  assert.ok(begun.kind === 'refused', JSON.stringify(begun));
  assert.equal(begun.field, field);
  assert.match(begun.message, message);
}
