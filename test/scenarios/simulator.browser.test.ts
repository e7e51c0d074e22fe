/** The phones and the mailbox of the sample organisation, used as the page for them is meant to be. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Locator } from 'playwright-core';

import { wordsIn } from '../../src/pages/simulator/words.ts';
import { arrives, chooses, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { samplePerson, type Person } from '../support/people.ts';
import { until } from '../support/poll.ts';

describe('the simulator in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let bram: Person;
  /** Where bram signs in, and the desk with everybody's phones. */
  let window: Window;
  let desk: Window;

  const begins = async (language: 'en' | 'nl' = 'en', script = true): Promise<void> => {
    bram = samplePerson(visits.tweestap, 'bram', { language });
    // A new day: a phone gets only so many texts and calls in one.
    await visits.tweestap.advanceSeconds(90_000);
    window = await visits.sitsDown(bram);
    desk = await visits.sitsDown(bram, { script });
    await desk.open(`${visits.tweestap.origin}/simulator`);
    await desk.sees('Simulator');
  };

  const phone = (): Locator => desk.page.getByRole('article', { name: 'Bram Jansen' });
  const signInAddress = (): string => `${visits.tweestap.origin}/sign-in`;

  const asksForCall = async (): Promise<void> => {
    await arrives(window, bram, signInAddress());
    await window.sees(bram.words.text.challenge.title);
    await visits.tweestap.advanceSeconds(31);
    await chooses(window, bram, bram.words.locale === 'en' ? /^Call / : /^Bellen /);
    await window.sees(bram.words.call.challenge.title);
  };

  /** The newest text on the screen of the phone, which came without anybody pressing anything. */
  const readsCode = async (): Promise<string> => {
    const bubble = phone().locator('.received .bubble').last();
    await bubble.waitFor();
    return /\d{6}/.exec(await bubble.innerText())?.[0] ?? assert.fail('no code in the text');
  };

  it('shows a text as it arrives; its code lets somebody in', async () => {
    await begins();
    const before = await phone().locator('.received').count();
    await arrives(window, bram, signInAddress());
    await phone().locator('.received').nth(before).waitFor();
    await typesCode(window, bram, await readsCode());
    await window.sees(bram.words.profile.title);
  });

  it('sends a reply, and the page of the sign-in moves on', async () => {
    await begins();
    const words = wordsIn('en');
    await arrives(window, bram, signInAddress());
    await window.sees(bram.words.text.challenge.title);
    const digits = await window.page.locator('.number-match strong').innerText();
    await phone().getByPlaceholder(words.reply).fill(digits);
    await phone().getByRole('button', { name: words.send }).click();
    await window.sees(bram.words.profile.title);
    await phone().locator('.replied .bubble', { hasText: digits }).waitFor();
    assert.equal(await phone().getByPlaceholder(words.reply).inputValue(), '');
  });

  it('gaat over, wordt opgenomen, en hoort hekje', async () => {
    await begins('nl');
    const words = wordsIn('nl');
    await asksForCall();
    await desk.page.getByRole('status').getByText(words.ringing('')).first().waitFor();
    await phone().getByRole('button', { name: words.answer }).click();
    await phone().getByText(bram.words.call.call.hash.instruction).waitFor();
    await window.reads(bram.words.call.challenge.answered);
    await phone()
      .getByRole('button', { name: `# ${words.hashKey}` })
      .click();
    await window.sees(bram.words.profile.title);
    await phone().getByText(words.ends.completed).last().waitFor();
  });

  it('lets a call go to voicemail, or declines it, and the sign-in says what to do', async () => {
    await begins();
    const words = wordsIn('en');
    await asksForCall();
    await phone().getByRole('button', { name: words.voicemail }).click();
    await window.reads(bram.words.call.rejections['went-to-voicemail']);
    await visits.tweestap.advanceSeconds(31);
    await window.page.reload();
    await window.press(bram.words.challenge.repeat.call);
    await phone().getByRole('button', { name: words.decline }).click();
    await window.reads(bram.words.call.rejections.busy);
  });

  it('can be used without a mouse: answer, keypad and reply', async () => {
    await begins();
    const words = wordsIn('en');
    await asksForCall();
    await phone().getByRole('button', { name: words.answer }).waitFor();
    // The line on top leads to the phone that rings; from there on it is Tab and Enter.
    await desk.tabsTo('link', words.ringing(words.mobileOf('Bram Jansen')));
    await desk.page.keyboard.press('Enter');
    await desk.tabsTo('button', words.answer);
    await desk.page.keyboard.press('Enter');
    await phone().getByText(bram.words.call.call.hash.instruction).last().waitFor();
    await phone().locator('.captions').and(desk.page.locator(':focus')).waitFor();
    await desk.tabsTo('button', `# ${words.hashKey}`);
    await desk.page.keyboard.press('Enter');
    await window.sees(bram.words.profile.title);
    const field = desk.page.getByLabel(words.replyTo(words.mobileOf('Bram Jansen')));
    await field.waitFor();
    await desk.tabsTo('textbox', words.replyTo(words.mobileOf('Bram Jansen')));
    await desk.page.keyboard.type('Thank you');
    await desk.page.keyboard.press('Enter');
    await phone().locator('.replied', { hasText: 'Thank you' }).waitFor();
    await field.and(desk.page.locator(':focus')).waitFor();
  });

  it('shows a mail as it arrives, formatted and as text', async () => {
    await begins();
    const words = wordsIn('en');
    const anna = samplePerson(visits.tweestap, 'anna');
    const { interrupt, contact, next } = anna.words.registration;
    await arrives(window, anna, signInAddress());
    await window.press(interrupt.setUp);
    await window.type(contact.number, anna.mobilePhone);
    await window.press(next);
    await typesCode(window, anna, await anna.phone.code());
    const mail = desk.page.locator('.mail-list a', { hasText: anna.userPrincipalName }).first();
    await mail.click();
    const frame = desk.page.frameLocator('iframe.mail-page');
    await frame.getByText('Voorbeeld').first().waitFor();
    await desk.follow(words.asText);
    const text = desk.page.locator('.mail-text');
    await text.waitFor();
    assert.match(await text.innerText(), /Anna|anna@voorbeeld\.example/);
  });

  it('does all of it without script, too', async () => {
    await begins('en', false);
    const words = wordsIn('en');
    await asksForCall();
    await desk.follow(words.refresh);
    await phone().getByRole('button', { name: words.answer }).click();
    await phone()
      .getByRole('button', { name: `# ${words.hashKey}` })
      .click();
    await window.sees(bram.words.profile.title);
  });

  it('makes a network misbehave and moves the clock', async () => {
    await begins();
    const { faults } = wordsIn('en');
    const before = visits.tweestap.now().getTime();
    await desk.type(faults.advance, '600');
    await desk.press(faults.move);
    await until('the clock to move', () => visits.tweestap.now().getTime() - before >= 600_000);
    await desk.page
      .getByLabel(faults.channel.text, { exact: true })
      .selectOption(faults.fault.down);
    await desk.page
      .getByRole('button', { name: `${faults.apply} ${faults.applyTo(faults.channel.text)}` })
      .click();
    const { network } = visits.tweestap.server.parts;
    await until('the fault', () => network?.faults().text.fault === 'down');
    await visits.tweestap.phones.fault('text', 'none');
  });
});
