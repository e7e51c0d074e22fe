import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { createGreetings } from '../../../administration/greetings.ts';
import type { CallMessage, OutgoingMessage } from '../../../delivery/message.ts';
import { createSoundPath, soundRoutes } from '../../../protocols/webhooks/sounds.ts';
import { httpServerForTests, testOrigin } from '../../../../test/support/http-server.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { mp3, wav } from '../../../../test/support/sounds.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

describe('the greetings of calls', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person({ role: 'authentication-policy-admin' });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    await pages.sent();
  });
  afterEach(() => pages.close());

  const uploads = async (bytes: Buffer): Promise<void> => {
    await visitor.open('/admin/settings/greetings/en/thanks');
    await visitor.press('Play this sound', { sound: { name: 'thanks.wav', text: bytes } });
  };
  it('say what the organisation types, with the names in it, until it takes that back', async () => {
    await visitor.open('/admin/settings');
    await visitor.follow('Greetings of phone calls What calls say, in your own words or voice');
    assert.match(visitor.page.text, /Number that calls come from \+31201234567/);
    assert.match(visitor.page.text, /Greeting: who is calling Built in This is Tweestap\./);
    await visitor.open('/admin/settings/greetings/en/greeting');
    await visitor.press('Speak these words', { words: 'Hello {person}, {code}.' });
    assert.match(visitor.page.text, /Only \{organisation\} and \{person\} stand for something/);
    await visitor.press('Speak these words', { words: 'Hello {person}, this is {organisation}.' });
    assert.match(visitor.page.text, /Calls say so from now on\..*Own words Hello \{person\}/);
    const [event] = await pages.stores.audit.list({ kind: 'greeting-changed', limit: 1 });
    assert.deepEqual(event?.details, { language: 'en', moment: 'greeting', to: 'words' });
    await visitor.open('/admin/settings/greetings/en/greeting');
    await visitor.press('Back to the built-in words');
    assert.doesNotMatch(visitor.page.text, /Own words/);
  });

  it('play a sound that is one by its bytes, is short, and is fetched at an address of ours alone', async () => {
    await uploads(Buffer.from('<svg onload="alert(1)"/>'));
    assert.match(visitor.page.text, /neither a WAV nor an MP3/);
    await uploads(wav(20));
    assert.match(visitor.page.text, /20 seconds or longer/);
    await uploads(Buffer.concat([wav(1), Buffer.alloc(1_048_576)]));
    assert.match(visitor.page.text, /larger than 1 MB/);
    await uploads(wav(19.9));
    assert.match(visitor.page.text, /Own sound Listen/);
    const [first] = await pages.stores.greetings.list();
    await uploads(mp3(20));
    const [second] = await pages.stores.greetings.list();
    assert.ok(first !== undefined && 'soundId' in first.says);
    assert.ok(second !== undefined && 'soundId' in second.says);
    assert.notEqual(first.says.soundId, second.says.soundId);

    const { box } = pages.parts;
    const server = httpServerForTests();
    soundRoutes(server, { greetings: pages.stores.greetings, box });
    const soundAt = createSoundPath(box);
    const fetched = async (url: string) =>
      server.inject({ url, headers: { host: new URL(testOrigin).host } });
    const heard = await fetched(soundAt(second.says.soundId));
    assert.equal(heard.statusCode, 200);
    assert.equal(heard.headers['content-type'], 'audio/mpeg');
    assert.deepEqual(heard.rawPayload, mp3(20));
    assert.match(String(heard.headers['content-security-policy']), /sandbox/);
    assert.equal((await fetched(soundAt(first.says.soundId))).statusCode, 404);
    assert.equal(
      (await fetched(soundAt(second.says.soundId).replace(/.{22}$/, 'A'.repeat(22)))).statusCode,
      404,
    );
    await server.close();
  });

  it('are in the call that goes out, in the language of the person, and hold no code', async () => {
    const greetings = createGreetings(pages.parts);
    const by = 'command-line';
    await greetings.change('en', 'greeting', { words: '{organisation} calls {person}.' }, by);
    await greetings.change('en', 'press-hash', { sound: wav(2) }, by);
    await greetings.change('nl', 'greeting', { words: 'Nederlands' }, by);
    const bram = await pages.person({
      userPrincipalName: 'bram.bakker@voorbeeld.example',
      preferredLanguage: 'en',
    });
    await pages.phone(bram);
    const chosen = (await pages.stores.users.find(bram.id))?.defaultMethod;
    assert.ok(chosen !== undefined);
    await pages.stores.users.setDefaultMethod(bram.id, { ...chosen, methodId: 'phone-call' });
    const other = newVisitor(pages.server);
    await other.open('/sign-in');
    await other.press('Next', { name: bram.userPrincipalName });
    await other.press('Sign in', { password });
    const call = (await pages.sent()).map(({ message }) => message).find(isCall);
    assert.ok(call !== undefined);
    assert.equal(call.greeting, 'Tweestap calls bram bakker.');
    assert.ok(call.sounds?.instruction !== undefined);
    assert.equal(call.sounds.greeting, undefined);
    assert.match(call.instruction, /press the hash key/);
  });
});

function isCall(message: OutgoingMessage): message is CallMessage {
  return message.kind === 'call';
}
