import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { operationOf, requestFaults as twilioFaults } from './twilio-description.ts';
import { requestFaults as vonageFaults } from './vonage-description.ts';

const account = `AC${'1'.repeat(32)}`;

describe("a provider's published description", () => {
  const message = {
    To: '+31612345678',
    From: '+3197010240000',
    Body: 'Your code is 123456.',
    ValidityPeriod: '180',
    StatusCallback: 'https://login.example.org/webhooks/twilio/texts/message-1',
  };
  const faultsOf = (change: Readonly<Record<string, string>>): readonly string[] =>
    twilioFaults('CreateMessage', new URLSearchParams({ ...message, ...change }));

  it('says nothing against a request to Twilio that it would understand', () => {
    assert.deepEqual(faultsOf({}), []);
    assert.deepEqual(faultsOf({ From: 'Voorbeeld' }), []);
  });

  it('says what Twilio would not understand', () => {
    for (const change of [
      { to: '+31612345678' },
      { To: '31612345678' },
      { ValidityPeriod: '40000' },
      { ValidityPeriod: 'three minutes' },
      { ApplicationSid: 'AP1' },
      { ContentRetention: 'forget' },
      { SmartEncoded: 'yes' },
      { Body: 'x'.repeat(1_601) },
      { StatusCallback: 'https://login_1.example.org/' },
    ]) {
      assert.equal(faultsOf(change).length > 0, true, JSON.stringify(change));
    }
    assert.deepEqual(twilioFaults('CreateMessage', new URLSearchParams({ Body: 'x' })), [
      'To is missing',
      'one of From, MessagingServiceSid is missing',
    ]);
    const twice = new URLSearchParams([...Object.entries(message), ['Body', 'another']]);
    assert.equal(twilioFaults('CreateMessage', twice).length > 0, true);
  });

  it('says which operation of Twilio a request is', () => {
    const path = `/2010-04-01/Accounts/${account}/Messages.json`;
    assert.equal(operationOf('POST', path)?.name, 'CreateMessage');
    assert.equal(operationOf('GET', path)?.name, 'ListMessage');
    assert.equal(operationOf('POST', path)?.in['AccountSid'], account);
    assert.equal(operationOf('DELETE', path), undefined);
    assert.equal(operationOf('POST', path.replace(account, 'AC1')), undefined);
    assert.equal(operationOf('POST', `${path}x`), undefined);
  });

  it('says what Vonage would not understand', () => {
    const text = {
      message_type: 'text',
      channel: 'sms',
      to: '31612345678',
      from: 'Voorbeeld',
      text: 'x',
    };
    const call = {
      to: [{ type: 'phone', number: '31612345678' }],
      from: { type: 'phone', number: '3197010250001' },
      answer_url: ['https://login.example.org/x'],
      ringing_timer: 60,
    };
    assert.deepEqual(vonageFaults('SendMessage', text), []);
    assert.deepEqual(vonageFaults('createCall', call), []);
    assert.deepEqual(vonageFaults('getCalls', new URLSearchParams({ page_size: '1' })), []);
    assert.equal(vonageFaults('getCalls', new URLSearchParams({ page_size: '0' })).length, 1);
    for (const change of [
      { to: '+31612345678' },
      { channel: 'mail' },
      { ttl: 1 },
      { webhook_version: 'v2' },
      { webhook_url: 'here' },
      { text: undefined },
    ]) {
      assert.equal(vonageFaults('SendMessage', { ...text, ...change }).length > 0, true);
    }
    for (const change of [
      { ringing_timer: 121 },
      { ringing_timer: '60' },
      { machine_detection: 'listen' },
      { answer_url: 'https://login.example.org/x' },
      { to: [{ type: 'sip', number: '31612345678' }] },
      { to: [{ type: 'phone', number: '+31612' }] },
      { answerUrl: [] },
    ]) {
      assert.equal(
        vonageFaults('createCall', { ...call, ...change }).length > 0,
        true,
        JSON.stringify(change),
      );
    }
    const { answer_url: _address, ...silent } = call;
    assert.deepEqual(vonageFaults('createCall', silent), ['answer_url is missing']);
  });
});
