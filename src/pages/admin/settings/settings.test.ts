import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { Role, User } from '../../../accounts/user.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

describe('the settings', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person({ role: 'global-admin' });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  });
  afterEach(() => pages.close());

  const becomes = async (role: Role): Promise<void> => {
    await pages.stores.users.change(anna.id, { role });
  };
  const policy = async () => {
    pages.policies.forget();
    return pages.policies.current();
  };

  it('are found from the navigation, each group with its page', async () => {
    await visitor.open('/admin/users');
    await visitor.follow('Settings');
    assert.equal(visitor.page.heading, 'Settings');
    await visitor.open('/admin/settings/sessions');
    assert.match(visitor.page.text, /A session that is not used ends after From 1 to 43,200\./);
    assert.match(visitor.page.html, /name="sessions.idleMinutes"[^>]* value="60"/);
  });

  it('are saved, told and put back', async () => {
    await visitor.open('/admin/settings/sessions');
    await visitor.press('Save', {
      'sessions.idleMinutes': '30',
      'sessions.staySignedIn.allowed': '1',
      'sessions.absoluteHours': '7,5',
    });
    assert.match(visitor.page.text, /Saved\. It holds everywhere/);
    assert.match(visitor.page.text, /A session that is not used ends after 60 minutes 30 minutes/);
    assert.match(visitor.page.text, /at the latest after 24 hours 7\.5 hours/);
    assert.match(visitor.page.text, /Ask “Stay signed in\?” Off On/);
    assert.equal((await policy()).sessions.idleMinutes, 30);
    const [event] = await pages.stores.audit.list({ limit: 1 });
    assert.equal(event?.kind, 'policy-changed');
    assert.match(String(event?.details['paths']), /sessions\.idleMinutes/);
    await visitor.press('Undo puts back what was so before');
    assert.match(visitor.page.text, /ends after 30 minutes 60 minutes/);
    const { sessions } = await policy();
    assert.deepEqual(
      [sessions.idleMinutes, sessions.staySignedIn.allowed, sessions.absoluteHours],
      [60, false, 24],
    );
    await visitor.press('Save');
    assert.match(visitor.page.text, /There was nothing to change/);
  });

  it('say what is wrong at each field, and keep what was typed', async () => {
    await visitor.open('/admin/settings/sessions');
    await visitor.press('Save', {
      'sessions.idleMinutes': 'an hour',
      'sessions.adminIdleMinutes': '20',
      'passwords.banned': 'tweestap\nab\n\nvoorbeeld',
    });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.title, /^Error: /);
    assert.match(visitor.page.text, /Type a whole number from 1 to 43,200\./);
    assert.match(visitor.page.text, /Line 2 cannot be used here/);
    assert.match(visitor.page.html, /value="an hour"/);
    assert.match(visitor.page.html, /value="20"/);
    assert.match(visitor.page.html, /href="#sessions-idleMinutes"/);
    assert.equal((await policy()).sessions.adminIdleMinutes, 15, 'nothing is saved by halves');
  });

  it('change nothing that stands in no field of the form', async () => {
    await pages.governing.changePolicy('test', (now) => ({
      ...now,
      methods: { email: { enabled: false } },
      appPasswords: { ...now.appPasswords, allowed: true },
    }));
    await visitor.open('/admin/settings/reset');
    await visitor.press('Save', { 'reset.reconfirmDays': '90' });
    const { methods, appPasswords, reset } = await policy();
    assert.equal(methods['email']?.enabled, false);
    assert.equal(appPasswords.allowed, true);
    assert.equal(reset.reconfirmDays, 90);
    assert.equal(reset.methods, undefined, 'all of them, also those to come');
  });

  it('keep what somebody else changed meanwhile, and what was typed', async () => {
    await visitor.open('/admin/settings/fraud');
    await pages.governing.changePolicy('test', (now) => ({
      ...now,
      fraud: { ...now.fraud, blockDays: 7 },
    }));
    await visitor.press('Save', { 'fraud.blockDays': '30' });
    assert.equal(visitor.page.status, 409);
    assert.match(visitor.page.text, /Such a block lasts at most: 7 days/);
    assert.equal((await policy()).fraud.blockDays, 7);
    await visitor.press('Save');
    assert.equal((await policy()).fraud.blockDays, 30);
  });

  it('say who has nothing else before a method is switched off', async () => {
    const bram = await pages.person({ userPrincipalName: 'bram@voorbeeld.example' });
    await pages.phone(bram);
    await visitor.open('/admin/settings/service');
    const { html } = visitor.page;
    assert.match(html, /name="methods.text-message.enabled"[^>]* checked/);
    await visitor.press('Save', {}, ['methods.text-message.enabled', 'methods.phone-call.enabled']);
    assert.equal(visitor.page.heading, 'Are you sure?');
    assert.match(
      visitor.page.text,
      /Call to phone is switched off\. 1 person has registered something for it; 1 of them has nothing else/,
    );
    assert.equal((await policy()).methods['text-message'], undefined);
    await visitor.press('Save it all the same');
    assert.match(visitor.page.text, /Text message to phone On Off/);
    assert.equal((await policy()).methods['text-message']?.enabled, false);
  });

  it('say what becomes of the app passwords there are before they end sooner', async () => {
    await pages.governing.changePolicy('test', (now) => ({
      ...now,
      appPasswords: { ...now.appPasswords, allowed: true },
    }));
    const sees = async (expiryDays: string): Promise<string> => {
      await visitor.open('/admin/settings/service');
      await visitor.press('Save', { 'appPasswords.expiryDays': expiryDays });
      return visitor.page.heading;
    };
    assert.equal(await sees('90'), 'Are you sure?');
    assert.match(visitor.page.text, /older than the new number of days end at once/);
    await visitor.press('Save it all the same');
    assert.equal((await policy()).appPasswords.expiryDays, 90);
    assert.notEqual(await sees('120'), 'Are you sure?');
    assert.equal(await sees('60'), 'Are you sure?');
    assert.notEqual(await sees('0'), 'Are you sure?');
  });

  it('refuse what would leave nobody, or whoever saves it, without a method', async () => {
    await visitor.open('/admin/settings/service');
    await visitor.press('Save', {}, ['methods.authenticator-code.enabled']);
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /You yourself would have no method left/);
    await pages.governing.changePolicy('test', (now) => ({
      ...now,
      methods: { 'security-key': { enabled: false } },
    }));
    await visitor.open('/admin/settings/service');
    await visitor.press('Save', {}, [
      'methods.authenticator-code.enabled',
      'methods.notification.enabled',
      'methods.phone-call.enabled',
      'methods.text-message.enabled',
    ]);
    assert.match(visitor.page.text, /Nobody could prove who they are any more/);
  });

  it('ask once more before the whole world is trusted, or one’s own place no longer', async () => {
    await visitor.open('/admin/settings/service');
    assert.match(visitor.page.text, /Your address now is 127\.0\.0\.1\. It is in none of these/);
    await visitor.press('Save', { trustedIps: '127.0.0.0/8\n10.0.0.0/99' });
    assert.match(visitor.page.text, /Line 2 cannot be used here/);
    await visitor.press('Save', { trustedIps: '127.0.0.0/8\n2001:db8::/32' });
    assert.match(visitor.page.text, /Saved/);
    assert.deepEqual((await policy()).trustedIps, ['127.0.0.0/8', '2001:db8::/32']);
    await visitor.press('Save', { trustedIps: '0.0.0.0/0\n::/0' });
    assert.match(visitor.page.text, /0\.0\.0\.0\/0 is every address there is/);
    assert.match(visitor.page.text, /::\/0 is every address there is/);
    await visitor.open('/admin/settings/service');
    await visitor.press('Save', { trustedIps: '' });
    assert.match(visitor.page.text, /You come from 127\.0\.0\.1, which was trusted/);
    const many = Array.from({ length: 51 }, (_, index) => `10.0.${index}.0/24`).join('\n');
    await visitor.open('/admin/settings/service');
    await visitor.press('Save', { trustedIps: many });
    assert.match(visitor.page.text, /Give no more than 50 lines/);
  });

  it('are shown to those who only look, without a field', async () => {
    await becomes('help-desk');
    await visitor.open('/admin/settings/reset');
    assert.match(visitor.page.text, /Your role looks, and changes nothing/);
    assert.match(visitor.page.text, /Self-service password reset Nobody/);
    assert.deepEqual(
      visitor.buttons().filter((label) => label === 'Save'),
      [],
    );
  });

  it('ask for a group only where one group may reset', async () => {
    await visitor.open('/admin/settings/reset');
    await visitor.press('Save', { 'reset.allowedFor': 'group' });
    assert.match(visitor.page.text, /Choose the group whose members may\./);
    await visitor.press('Save', { 'reset.allowedFor': 'group', 'reset.group': 'staff' });
    assert.match(visitor.page.text, /Nobody is in a group called staff/);
    await visitor.press('Save it all the same');
    assert.match(visitor.page.text, /Nobody Only members of one group/);
    assert.equal((await policy()).reset.group, 'staff');
  });

  it('let one choose that group among those that there are', async () => {
    const groups = ['finance', 'staff of the northern branch who work at night'];
    await pages.person({ userPrincipalName: 'bram@voorbeeld.example', groups });
    const path = '/admin/settings/reset';
    await visitor.open(path);
    const { body } = await visitor.ask(path);
    assert.match(body, /<select[^>]*name="reset\.group"/);
    for (const name of groups) assert.ok(body.includes(`<option value="${name}">`), name);
    await visitor.press('Save', { 'reset.allowedFor': 'group', 'reset.group': 'finance' });
    assert.equal((await policy()).reset.group, 'finance');
    // A group that nobody is in any more stays chosen.
    await pages.stores.users.change(anna.id, { groups: ['staff'] });
    const bram = await pages.stores.users.findByName('bram@voorbeeld.example');
    await pages.stores.users.change(bram?.id ?? '', { groups: [] });
    assert.match((await visitor.ask(path)).body, /<option value="finance" selected/);
  });

  it('of a method are on its page: who may use it, what it costs, how it works', async () => {
    const bram = await pages.person({
      userPrincipalName: 'bram@voorbeeld.example',
      groups: ['staff'],
    });
    await pages.phone(bram);
    await visitor.open('/admin/settings');
    await visitor.follow('Methods Which there are, for which groups, and how each works');
    assert.match(visitor.page.text, /Text message to phone On Everybody 1 person/);
    await visitor.follow('Text message to phone');
    assert.match(visitor.page.text, /at the price of your provider/);
    await visitor.press('Save', {
      'methods.text-message.excludedGroups:staff': '1',
      'methods.text-message.excludedGroups': 'bord\nstaff',
    });
    assert.match(visitor.page.text, /no longer for staff, which has 1 member\. 1 of them has/);
    assert.match(visitor.page.text, /Nobody is in a group called bord/);
    await visitor.press('Save it all the same');
    assert.match(visitor.page.text, /Not for members of these groups None bord and staff/);
    assert.deepEqual((await policy()).methods['text-message']?.excludedGroups, ['bord', 'staff']);
    await visitor.press('Save', {}, ['methods.text-message.settings.reply']);
    assert.match(visitor.page.text, /reply to the text with the two digits on the page On Off/);
    await visitor.open('/admin/settings/methods');
    assert.match(visitor.page.text, /Text message to phone On Everybody but bord and staff/);
    assert.equal((await visitor.open('/admin/settings/methods/pigeon')).status, 404);
  });

  it('of a method are judged by its own schema', async () => {
    await visitor.open('/admin/settings/methods/security-questions');
    await visitor.press('Save', {
      'methods.security-questions.settings.register': '3',
      'methods.security-questions.settings.reset': '5',
    });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /No more can be asked than are registered/);
    assert.match(visitor.page.html, /href="#methods-security-questions-settings-reset"/);
  });

  it('of authentication strengths: one is made, changed, deleted and brought back', async () => {
    await visitor.open('/admin/settings/strengths');
    assert.match(
      visitor.page.text,
      /Phishing-resistant phishing-resistant Always there 1 combination/,
    );
    await visitor.follow('New authentication strength');
    pages.clock.advanceSeconds(301);
    await visitor.press('Save', { name: 'Vault', id: 'passwordless' });
    await visitor.press('Verify', { code: pages.appCode() });
    assert.match(visitor.page.html, /value="Vault"/, 'what was typed is still there');
    await visitor.press('Save');
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /Another strength is called like this/);
    await visitor.press('Save', { id: 'vault' });
    assert.match(visitor.page.text, /Choose at least one combination/);
    await visitor.press('Save', { combinations: 'password + recovery' });
    assert.match(visitor.page.text, /names a method that does not prove a sign-in/);
    assert.match(visitor.page.html, /password \+ recovery<\/textarea>/);
    await visitor.press('Save', {
      'combinations:security-key': '1',
      combinations: 'Password+text-message + security-key\n',
    });
    assert.match(visitor.page.text, /Saved.*Vault vault 2 combinations/);
    assert.deepEqual((await policy()).strengths, [
      {
        id: 'vault',
        name: 'Vault',
        combinations: [['security-key'], ['password', 'text-message', 'security-key']],
      },
    ]);
    await visitor.follow('Vault');
    await visitor.press('Save', {}, ['combinations:security-key']);
    assert.match(visitor.page.text, /Vault vault 1 combination/);
    await visitor.follow('Vault');
    await visitor.press('Delete this strength');
    assert.deepEqual((await policy()).strengths, []);
    await visitor.press('Undo puts back what was so before');
    assert.match(visitor.page.text, /Vault vault 1 combination/);
    await visitor.follow('Passwordless');
    assert.match(visitor.page.text, /It is always there and cannot be changed.*Security key/);
  });

  it('are not lost while whoever saves them proves themselves again', async () => {
    await visitor.open('/admin/settings/fraud');
    pages.clock.advanceSeconds(301);
    await visitor.press('Save', { 'fraud.blockDays': '14' }, ['fraud.blockOnReport']);
    assert.equal(visitor.page.heading, 'Enter the verification code from the mobile app');
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Fraud and lockout');
    assert.match(visitor.page.text, /What you typed is still here; save it now/);
    assert.equal((await policy()).fraud.blockDays, 90);
    const { path } = visitor.page;
    const kept = Buffer.from(/draft=([\w-]+)/.exec(path)?.[1] ?? '', 'base64url').toString('utf8');
    assert.match(kept, /"fraud.blockDays":"14"/);
    assert.doesNotMatch(kept, /csrf/);
    await visitor.press('Save');
    assert.match(visitor.page.text, /Saved/);
    const { fraud } = await policy();
    assert.deepEqual([fraud.blockDays, fraud.blockOnReport], [14, false]);

    // An address like that which we did not make fills in nothing.
    const draft = Buffer.from(JSON.stringify({ 'fraud.blockDays': '1' })).toString('base64url');
    const mac = path.split('.').at(-1) ?? '';
    await visitor.open(`/admin/settings/fraud?draft=${draft}.${mac}`);
    assert.doesNotMatch(visitor.page.text, /still here/);
    assert.match(visitor.page.html, /name="fraud.blockDays"[^>]* value="14"/);
  });

  it('say before a reset is promised that nobody could do', async () => {
    await visitor.open('/admin/settings/reset');
    const others = ['text-message', 'phone-call', 'authenticator-code', 'security-key', 'email'];
    await visitor.press(
      'Save',
      { 'reset.allowedFor': 'all', 'reset.gates': '1' },
      [...others, 'recovery-codes', 'security-questions'].map((id) => `reset.methods:${id}`),
    );
    assert.match(visitor.page.text, /Nobody could reset their password/);
    assert.equal((await policy()).reset.allowedFor, 'nobody');
    await visitor.press('Save it all the same');
    assert.deepEqual((await policy()).reset.methods, ['notification']);
  });

  it('say when a first method could be registered from nowhere', async () => {
    await visitor.open('/admin/settings/registration');
    await visitor.press('Save', { 'registration.fromTrustedIpsOnly': '1' });
    assert.match(visitor.page.text, /nobody registers a first method without a Temporary Access/);
  });

  it('of deliveries take and tell prices as the language writes them', async () => {
    const prices = async (): Promise<readonly (string | undefined)[]> => {
      const { textPrice, callPrice } = (await policy()).delivery;
      return [textPrice, callPrice];
    };
    const path = '/admin/settings/deliveries';
    const dutch = newVisitor(pages.server, { language: 'nl' });
    await dutch.open('/sign-in');
    await dutch.press('Volgende', { name: anna.userPrincipalName });
    await dutch.press('Aanmelden', { password });
    pages.clock.advanceSeconds(31);
    await dutch.press('Verifiëren', { code: pages.appCode() });
    await dutch.open(path);
    await dutch.press('Opslaan', { 'delivery.textPrice': '0,085', 'delivery.callPrice': '0.12' });
    assert.deepEqual(await prices(), ['0.085', '0.12'], 'either way of writing it');
    assert.match(dutch.page.text, /ongeveer kost Niet ingesteld 0,085/);
    assert.match((await dutch.ask(path)).body, /name="delivery\.textPrice"[^>]*value="0,085"/);
    await dutch.press('Opslaan', { 'delivery.textPrice': '8 cent' });
    assert.match(dutch.page.text, /Typ een prijs in alleen cijfers, zoals 0,08/);
    assert.deepEqual(await prices(), ['0.085', '0.12']);
    await dutch.press('Opslaan', { 'delivery.currency': 'euro', 'delivery.dayBudget': '-5' });
    assert.match(dutch.page.text, /Typ de drie hoofdletters van een munteenheid, zoals EUR/);
    assert.match(dutch.page.text, /Typ een heel getal, 0 of meer/);
  });

  it('of deliveries take countries as people type them', async () => {
    await visitor.open('/admin/settings/deliveries');
    await visitor.press('Save', { 'delivery.countries': 'nl\n be' });
    assert.match(visitor.page.text, /may go to None Netherlands and Belgium/);
    assert.deepEqual((await policy()).delivery.countries, ['NL', 'BE']);
    await visitor.press('Save', { 'delivery.countries': 'NL\nBelgium' });
    assert.match(visitor.page.text, /Line 2 cannot be used here/);
  });
});
