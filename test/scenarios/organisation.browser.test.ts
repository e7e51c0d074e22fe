/**
 * An administrator hands out a hardware token, connects an application, asks what would happen, has a
 * second administrator agree, looks at what was sent and changes what calls say. Every page is held to what all pages promise.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import type { Locale } from '../../src/i18n/locale.ts';
import { wordsIn as applicationWords } from '../../src/pages/admin/applications/words.ts';
import { wordsIn as approvalWords } from '../../src/pages/admin/approvals/words.ts';
import { wordsIn as directoryWords } from '../../src/pages/admin/directory/words.ts';
import { wordsIn as deliveryWords } from '../../src/pages/admin/deliveries/words.ts';
import { wordsIn as greetingWords } from '../../src/pages/admin/greetings/words.ts';
import { wordsIn as tokenWords } from '../../src/pages/admin/tokens/words.ts';
import { wordsIn as whatIfWords } from '../../src/pages/admin/what-if/words.ts';
import { wordsIn as adminWords } from '../../src/pages/admin/words.ts';
import { arrives, startVisits, typesCode } from '../support/at-a-window.ts';
import { withoutChromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { newPerson, type Person } from '../support/people.ts';

const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('an organisation in a browser', { skip: withoutChromium }, () => {
  const visits = startVisits();
  let review: Reviewer;
  afterEach(() => assertNothingFound(review));

  const look = ({ page }: Window, name: string): Promise<void> =>
    review.look(page, `organisation-${name}`);
  const admin = (displayName: string, language: Locale): Promise<Person> =>
    newPerson(visits.tweestap, {
      registered: ['app'],
      language,
      user: { preferredLanguage: language, role: 'global-admin', displayName },
    });
  const goes = (window: Window, path: string): Promise<void> =>
    window.page.locator(`nav a[href="${path}"]`).first().click();
  const enters = async (person: Person): Promise<Window> => {
    const window = await visits.sitsDown(person);
    await arrives(window, person, `${visits.tweestap.origin}/sign-in?to=/admin`);
    await typesCode(window, person, person.appCode());
    await window.sees(adminWords(person.words.locale).users.title);
    return window;
  };

  const runs = async (language: Locale): Promise<void> => {
    review = startReview(language);
    const words = adminWords(language);
    const tokens = tokenWords(language);
    const applications = applicationWords(language);
    const whatIf = whatIfWords(language);
    const approvals = approvalWords(language);
    const deliveries = deliveryWords(language);
    const greetings = greetingWords(language);
    const bea = await admin(`Bea (${language})`, language);
    const window = await enters(await admin(`Ad (${language})`, language));

    await goes(window, '/admin/directory');
    await window.sees(directoryWords(language).title);
    await look(window, 'directory');

    await goes(window, '/admin/tokens');
    await window.follow(tokens.add);
    await window.sees(tokens.import.title);
    await window.page.locator('input[type="file"]').setInputFiles({
      name: 'tokens.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        `upn,serial number,secret key,time interval,manufacturer,model\r\n,${language}-1,${key},30,Acme,One\r\n,,${key},30,,\r\n`,
      ),
    });
    await window.press(tokens.import.do);
    await window.reads(tokens.import.done(1, 2));
    await look(window, 'token-import');
    await goes(window, '/admin/tokens');
    await look(window, 'tokens');
    await window.follow(`${language}-1`.toUpperCase());
    await window.follow(tokens.acts.assign.confirm);
    await window.type(tokens.person, bea.userPrincipalName);
    await look(window, 'token-assign');
    await window.press(tokens.acts.assign.confirm);
    await window.reads(tokens.done.assign);
    await look(window, 'token');

    await goes(window, '/admin/applications');
    await look(window, 'applications');
    await window.follow(applications.add.app);
    await window.sees(applications.new.app.title);
    await window.type(applications.fields.name, `Intranet (${language})`);
    await window.press(applications.new.confirm);
    await window.reads(applications.missing(applications.fields.redirectUris));
    await look(window, 'application-form');
    await window.type(applications.fields.redirectUris, 'https://intranet.example/callback');
    await window.press(applications.new.confirm);
    await window.sees(applications.secret.title(`Intranet (${language})`));
    await look(window, 'application-secret');
    await window.follow(applications.secret.go);
    await look(window, 'application');

    await goes(window, '/admin/what-if');
    await window.type(whatIf.person, bea.userPrincipalName);
    await window.press(whatIf.ask);
    await window.reads(whatIf.result(`Bea (${language})`));
    await look(window, 'what-if');

    const { code, error } = await visits.tweestap.command(
      'policy',
      'set',
      'administration.secondApproval',
      'true',
    );
    assert.equal(code, 0, error);
    const target = await visits.tweestap.installation.administration.find(bea.userPrincipalName);
    assert.ok(target);
    await holds(window, `/admin/users/${target.id}/revoke-sessions`, words, approvals.ask.title);
    await look(window, 'approval-ask');
    await window.type(approvals.ask.why, 'x');
    await window.press(approvals.ask.confirm);
    await window.reads(approvals.asked);
    await look(window, 'approvals');
    const second = await enters(await admin(`Cas (${language})`, language));
    await goes(second, '/admin/approvals');
    // The newest stands first.
    const asked = approvals.acts['revoke-sessions'];
    await second.page.getByRole('link', { name: asked, exact: true }).first().click();
    await look(second, 'approval');
    await second.press(approvals.one.agree);
    await second.reads(approvals.decided.agreed);
    await visits.tweestap.command('policy', 'set', 'administration.secondApproval', 'false');

    await goes(window, '/admin/deliveries');
    await window.sees(deliveries.title);
    await look(window, 'deliveries');
    await window.page.locator('tbody th a').first().click();
    await window.reads(deliveries.columns.provider);
    await look(window, 'delivery');
    await window.open(`${visits.tweestap.origin}/admin/settings/greetings/${language}/thanks`);
    await window.type(greetings.words, '{organisation}: {person}, dank u.');
    await look(window, 'greeting');
    await window.press(greetings.keepWords);
    await window.reads(greetings.done);
    await look(window, 'greetings');
  };

  /** The service hears of a changed policy within two seconds: until then the act would be done. */
  const holds = async (
    window: Window,
    path: string,
    words: ReturnType<typeof adminWords>,
    heading: string,
  ): Promise<void> => {
    for (;;) {
      const { administration } = await visits.tweestap.server.parts.installation.policies.current();
      if (administration.secondApproval) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await window.open(`${visits.tweestap.origin}${path}`);
    await window.press(words.acts['revoke-sessions'].confirm);
    await window.sees(heading);
  };

  it('is run from the portal, and a second administrator agrees', () => runs('en'));
  it('wordt bestuurd vanuit de portal, en een tweede beheerder gaat akkoord', () => runs('nl'));
});
