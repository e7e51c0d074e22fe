import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { contactChanges, judgeContact, type AskedContact } from './contact.ts';
import { sampleUser } from './user-store.contract.ts';

const nothing: AskedContact = {
  mobilePhone: '',
  businessPhone: '',
  businessPhoneExtension: '',
  preferredLanguage: '',
};
const judged = (asked: Partial<AskedContact>) => judgeContact({ ...nothing, ...asked }, 'NL');
const contactOf = (asked: Partial<AskedContact>) => {
  const found = judged(asked);
  assert.equal(found.kind, 'contact');
  return found.contact;
};
const faultsOf = (asked: Partial<AskedContact>): readonly string[] => {
  const found = judged(asked);
  assert.equal(found.kind, 'refused');
  return found.faults.map(({ field, reason }) => `${field}: ${reason}`);
};

describe('what the directory knows of how to reach somebody', () => {
  it('says what somebody is called, where that is asked', () => {
    assert.equal(contactOf({ displayName: ' Anna Bos ' }).displayName, 'Anna Bos');
    assert.equal('displayName' in contactOf({}), false);
    assert.deepEqual(faultsOf({ displayName: ' ' }), ['displayName: not-a-name']);
    assert.deepEqual(faultsOf({ displayName: 'Anna\u202ebos' }), ['displayName: not-a-name']);
  });

  it('keeps the joiners that names of other scripts and emoji are written with', () => {
    for (const displayName of ['علی\u200cرضا', 'ශ්\u200dරී', '👩🏽\u200d💻 Sanne']) {
      assert.equal(contactOf({ displayName }).displayName, displayName);
    }
    for (const displayName of ['An\u200cna', '\u200dAnna', 'علی\u200c', '\u200d']) {
      assert.deepEqual(faultsOf({ displayName }), ['displayName: not-a-name']);
    }
  });

  it('is read as people write it', () => {
    assert.deepEqual(
      contactOf({
        mobilePhone: '06 12 34 56 12',
        businessPhone: '020-123 4567 toestel 5',
        otherMail: ' anna@home.example ',
        preferredLanguage: 'nl',
      }),
      {
        mobilePhone: '+31612345612',
        businessPhone: '+31201234567',
        businessPhoneExtension: '5',
        otherMail: 'anna@home.example',
        preferredLanguage: 'nl',
      },
    );
  });

  it('has the extension of its own field before one that stands behind the number', () => {
    const { businessPhoneExtension } = contactOf({
      businessPhone: '020 123 4567 x5',
      businessPhoneExtension: '88',
    });
    assert.equal(businessPhoneExtension, '88');
  });

  it('is cleared by an empty field, and left alone where none was shown', () => {
    const contact = contactOf({ preferredLanguage: 'xx', otherMail: '' });
    assert.equal(contact.otherMail, undefined);
    assert.ok('otherMail' in contact);
    assert.equal(contact.preferredLanguage, undefined);
    assert.ok(!('otherMail' in contactOf({})));
  });

  it('says everything that is wrong at once', () => {
    assert.deepEqual(
      faultsOf({ mobilePhone: 'no', businessPhoneExtension: '12345678', otherMail: 'anna' }),
      [
        'mobilePhone: not-a-number',
        'businessPhoneExtension: not-an-extension',
        'otherMail: not-an-address',
      ],
    );
    assert.deepEqual(faultsOf({ businessPhoneExtension: '12' }), [
      'businessPhoneExtension: no-office-phone',
    ]);
  });

  it('tells what is different', () => {
    const anna = sampleUser();
    assert.deepEqual(contactChanges(anna, { mobilePhone: anna.mobilePhone }), []);
    assert.deepEqual(contactChanges(anna, { mobilePhone: undefined, otherMail: undefined }), [
      'mobilePhone',
      'otherMail',
    ]);
  });
});
