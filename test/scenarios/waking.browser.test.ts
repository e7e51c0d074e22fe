/** A page that waits for a phone goes on the moment the phone has answered, and lets the service stop. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { arrives, chooses, startVisits } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { newPerson, type Person } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startTweestap } from '../support/tweestap.ts';

describe('a page that waits for a phone', { skip: withoutChromium }, () => {
  const visits = startVisits();

  /** Somebody who waits at their text. `rests`: until the page hears the stream, and has asked once. */
  const waitsForText = async (): Promise<{
    readonly person: Person;
    readonly window: Window;
    readonly asked: () => number;
    readonly rests: (after: number) => Promise<void>;
  }> => {
    const person = await newPerson(visits.tweestap, { registered: ['phone'] });
    const window = await visits.sitsDown(person);
    let asked = 0;
    let streams = 0;
    window.page.on('response', (response) => {
      if (response.url().endsWith('/events') && response.ok()) streams += 1;
      // Its next question is ten seconds away, once the stream is there.
      if (response.url().endsWith('/status') && streams > 0) asked += 1;
    });
    await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
    await window.sees(person.words.text.challenge.title);
    const rests = async (after: number): Promise<void> => {
      await until('a question of its own', () => asked > after, 20_000);
    };
    return { person, window, asked: () => asked, rests };
  };
  /** Soon enough that nothing but the stream can have told it, also where the machine is busy. */
  const isSoon = (startedAt: number): void => {
    const tookMs = Math.round(performance.now() - startedAt);
    assert.ok(tookMs < 8_000, `it took ${tookMs} ms`);
  };

  it('goes on when the text is answered, by the one question that it was told to ask', async () => {
    const { person, window, asked, rests } = await waitsForText();
    await person.phone.text();
    const digits = await window.page.locator('.number-match strong').innerText();
    await rests(0);
    const before = asked();
    const startedAt = performance.now();
    await person.phone.replies(digits);
    await window.sees(person.words.profile.title);
    isSoon(startedAt);
    assert.equal(asked(), before + 1);
  });

  it('follows a call as it is answered and # is pressed', async () => {
    const { person, window, asked, rests } = await waitsForText();
    await visits.tweestap.advanceSeconds(31);
    const before = asked();
    await chooses(window, person, /^Call /);
    const ringing = await person.phone.call();
    await rests(before);
    const startedAt = performance.now();
    await ringing.answer();
    await window.reads(person.words.call.challenge.answered);
    await ringing.keys('#');
    await window.sees(person.words.profile.title);
    isSoon(startedAt);
  });

  it('lets the service stop in two seconds, and ends in order', async () => {
    const tweestap = await startTweestap();
    try {
      const person = await newPerson(tweestap, { registered: ['phone'] });
      await person.arrives();
      const tabs = Array.from({ length: 3 }, () => person.browser.listens());
      const all = await Promise.all(tabs);
      await until('all to hear', () => all.every(({ heard }) => heard('hello') === 1));
      const startedAt = performance.now();
      await tweestap.stop();
      const tookMs = Math.round(performance.now() - startedAt);
      assert.ok(tookMs < 2_000, `it took ${tookMs} ms`);
      await until('the end', () => all.every((each) => each.isOver()));
    } finally {
      await tweestap.close();
    }
  });
});
