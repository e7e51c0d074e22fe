/** For those whose browser runs no script, and for those who use no mouse: the same journeys. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { arrives, chooses, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { codeOfApp, newPerson, type Person } from '../support/people.ts';

describe('a sign-in', { skip: withoutChromium }, () => {
  const visits = startVisits();

  describe('without script', () => {
    it('sets up a phone by a text, and lets it in', async () => {
      const person = await newPerson(visits.tweestap, { user: { perUserMfaState: 'enabled' } });
      const { interrupt, contact, next, step, prove, appPassword } = person.words.registration;
      const window = await visits.sitsDown(person, { script: false });
      await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
      await window.sees(interrupt.heading);
      await window.press(interrupt.setUp);
      await window.sees(step(1, contact.heading));
      await window.page.locator('#number').fill(person.mobilePhone);
      await window.press(next);
      await window.sees(step(2, prove.text));
      await typesCode(window, person, await person.phone.code());
      await window.sees(step(3, appPassword.heading));
      // There is nothing that a button without script could copy.
      assert.equal(await window.page.getByRole('button', { name: /^Copy/ }).count(), 0);
      await window.press(appPassword.done);
      await window.sees(person.words.profile.title);
    });

    it('neemt op en drukt op hekje: de pagina gaat vanzelf verder', async () => {
      const person = await newPerson(visits.tweestap, { registered: ['phone'], language: 'nl' });
      const { text, call, profile } = person.words;
      const window = await visits.sitsDown(person, { script: false });
      await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
      await window.sees(text.challenge.title);
      await visits.tweestap.advanceSeconds(31);
      await chooses(window, person, /^Bellen naar /);
      await window.sees(call.challenge.title);
      const ringing = await person.phone.call();
      await ringing.answer();
      await ringing.keys('#');
      await window.sees(profile.title);
    });

    it('says what was wrong with a code, and takes the next one', async () => {
      const person = await newPerson(visits.tweestap, { registered: ['phone'] });
      const { text, profile } = person.words;
      const window = await visits.sitsDown(person, { script: false });
      await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
      await window.sees(text.challenge.title);
      const code = await person.phone.code();
      await typesCode(window, person, 'no digits');
      await window.reads(text.rejections.unreadable);
      await typesCode(window, person, `${code.slice(0, 3)} ${code.slice(3)}`);
      await window.sees(profile.title);
    });
  });

  describe('without a mouse', () => {
    let window: Window;
    const typesHere = async (text: string): Promise<void> => {
      await window.page.keyboard.type(text);
      await window.page.keyboard.press('Enter');
    };
    const somebody = async (registered: readonly ('app' | 'phone')[]): Promise<Person> => {
      const person = await newPerson(visits.tweestap, {
        registered,
        user: { perUserMfaState: registered.length === 0 ? 'enabled' : 'enforced' },
      });
      window = await visits.sitsDown(person);
      return person;
    };

    it('is name, Enter, password, Enter, code, Enter', async () => {
      const person = await somebody(['app']);
      const { signIn, app, profile } = person.words;
      await window.open(`${visits.tweestap.origin}/sign-in`);
      await window.isAt(signIn.name.label);
      await typesHere(person.userPrincipalName);
      await window.isAt(signIn.password.label);
      await typesHere(person.password);
      await window.isAt(app.challenge.code);
      await typesHere(person.appCode());
      await window.sees(profile.title);
    });

    it('reaches the other ways, and back to who it is', async () => {
      const person = await somebody(['app', 'phone']);
      const { signIn, app, text } = person.words;
      await arrives(window, person, `${visits.tweestap.origin}/sign-in`);
      await window.isAt(app.challenge.code);
      await window.tabsTo('button', signIn.challenge.anotherWay);
      await window.page.keyboard.press('Enter');
      await window.sees(signIn.choose.title);
      await window.tabsTo('button', /^Text /);
      await window.page.keyboard.press('Enter');
      await window.isAt(text.challenge.code);
      await window.tabsTo('button', 'Not you?');
      await window.page.keyboard.press('Enter');
      await window.isAt(signIn.name.label);
    });

    it('sets up an app: from the drop-down over the code typed by hand to Done', async () => {
      const person = await somebody([]);
      const { signIn, registration, app } = person.words;
      const { interrupt, contact, backup, appPassword, step, prove } = registration;
      await window.open(`${visits.tweestap.origin}/sign-in`);
      await window.isAt(signIn.name.label);
      await typesHere(person.userPrincipalName);
      await window.isAt(signIn.password.label);
      await typesHere(person.password);
      await window.sees(interrupt.heading);
      await window.tabsTo('button', interrupt.setUp);
      await window.page.keyboard.press('Enter');
      await window.sees(step(1, contact.heading));
      await window.tabsTo('combobox', contact.way);
      // A drop-down takes the first letters of what is meant.
      await window.page.keyboard.type(contact.ways.app.slice(0, 3));
      // Within a group of choices the arrows lead from one to the next.
      await window.page.keyboard.press('Tab');
      await window.page.keyboard.press('ArrowDown');
      await window.tabsTo('button', contact.setUp);
      await window.page.keyboard.press('Enter');
      await window.sees(step(2, prove.code));
      const summary = window.page.getByText(app.draft.cannotScan);
      for (let presses = 0; presses < 20; presses += 1) {
        if ((await summary.and(window.page.locator(':focus')).count()) === 1) break;
        await window.page.keyboard.press('Tab');
      }
      await window.page.keyboard.press('Enter');
      const key = await window.page.locator('.secret:visible code').first().innerText();
      await window.tabsTo('textbox', app.challenge.code);
      await typesHere(codeOfApp(key.replaceAll(/\s/g, ''), visits.tweestap.now()));
      await window.sees(step(3, backup.heading));
      await window.tabsTo('button', backup.skip);
      await window.page.keyboard.press('Enter');
      await window.sees(step(4, appPassword.heading));
      await window.tabsTo('button', appPassword.done);
      await window.page.keyboard.press('Enter');
      await window.sees(person.words.profile.title);
    });

    it('skips to the content with the first Tab', async () => {
      await somebody([]);
      await window.open(`${visits.tweestap.origin}/signed-out`);
      await window.page.keyboard.press('Tab');
      await window.page
        .getByRole('link', { name: 'Skip to main content' })
        .and(window.page.locator(':focus'))
        .waitFor();
      await window.page.keyboard.press('Enter');
      await window.page.locator('main:focus').waitFor();
    });
  });
});
