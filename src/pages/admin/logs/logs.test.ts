import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { sampleApplication } from '../../../applications/application-store.contract.ts';
import { policyChanged } from '../../../audit/policy-event.ts';
import { readCsv } from '../../../lib/csv.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';
import { wordsIn } from '../words.ts';

describe('the logs', () => {
  let pages: Pages;
  let anna: User;
  let bram: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person({ role: 'reports-reader' });
    bram = await pages.person({
      userPrincipalName: 'bram@voorbeeld.example',
      displayName: 'Bram Bakker',
    });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    pages.clock.advanceSeconds(60);
  });
  afterEach(() => pages.close());

  const tries = async (name: string, typed = 'not the right one'): Promise<Visitor> => {
    const browser = newVisitor(pages.server);
    await browser.open('/sign-in');
    await browser.press('Next', { name });
    await browser.press('Sign in', { password: typed });
    return browser;
  };
  const csvOf = async (path: string): Promise<readonly (readonly string[])[]> => {
    const { body } = await visitor.ask(path);
    const rows: (readonly string[])[] = [];
    for await (const record of readCsv([Buffer.from(body)])) {
      rows.push(record.fault === undefined ? record.fields : assert.fail(record.fault));
    }
    return rows;
  };

  describe('of sign-ins', () => {
    it('tell who, what, how it went, what decided it and from where', async () => {
      await tries(bram.userPrincipalName);
      await visitor.open('/admin/users');
      await visitor.follow('Sign-in log');
      assert.equal(visitor.page.heading, 'Sign-in log');
      assert.match(
        visitor.page.text,
        /Bram Bakker bram@voorbeeld\.example Tweestap Refused Wrong password Password 127\.0\.0\.1/,
      );
      assert.match(visitor.page.text, /Anna de Vries .* Signed in Verification code from an app/);
    });

    it('are narrowed down by everything, in the address', async () => {
      await tries(bram.userPrincipalName);
      await tries('nobody@voorbeeld.example');
      const shown = async (fields: string): Promise<string> => {
        await visitor.open(`/admin/sign-ins?${fields}`);
        const found = [/Anna de Vries/, /Bram Bakker/, /nobody@voorbeeld/].filter((name) =>
          name.test(
            visitor.page.text.replace(/Nobody is called[^;]+;/, '').split('on this page')[1] ?? '',
          ),
        );
        return found.map(({ source }) => source.slice(0, 4)).join(' ');
      };
      assert.equal(await shown('person=bram@voorbeeld.example'), 'Bram');
      assert.equal(await shown('person=Bakker'), 'Bram', 'a name that one person has');
      assert.equal(await shown(`person=${bram.id}`), 'Bram');
      assert.equal(await shown('person=NOBODY@voorbeeld.example'), 'nobo');
      assert.match(visitor.page.text, /Nobody is called NOBODY@voorbeeld\.example/);
      assert.equal(await shown('result=success'), 'Anna');
      assert.equal(await shown('reason=wrong-password'), 'Bram nobo');
      assert.equal(await shown('method=authenticator-code'), 'Anna');
      assert.equal(await shown('application=-'), 'Anna Bram nobo');
      assert.equal(await shown('application=intranet'), '');
      assert.equal(await shown('address=192.0.2.1'), '');
      assert.equal(await shown('from=2020-01-01&to=2020-12-31'), '');
      assert.match(visitor.page.text, /There are no sign-ins to show/);
      await visitor.follow('Show everything');
      assert.match(visitor.page.text, /3 on this page/);
      assert.match(
        await shown('from=yesterday').then(() => visitor.page.text),
        /Type a day such as/,
      );
    });

    it('go on page by page, and back to the newest', async () => {
      const [first] = await pages.stores.signInEvents.list({ limit: 1 });
      assert.ok(first);
      for (let i = 0; i < 60; i += 1) {
        const at = new Date(first.at.getTime() - 1000 - Math.floor(i / 3));
        await pages.stores.signInEvents.put({ ...first, id: `older-${100 + i}`, at });
      }
      await visitor.open('/admin/sign-ins?result=success');
      assert.match(visitor.page.text, /50 on this page/);
      await visitor.follow('Older');
      assert.match(visitor.page.text, /11 on this page/);
      await visitor.follow('Newest');
      assert.match(visitor.page.text, /50 on this page/);
    });

    it('open to one sign-in, with every step in words and all that the audit log says', async () => {
      const browser = await tries(anna.userPrincipalName, password);
      await browser.press('Verify', { code: '000000' });
      const [event] = await pages.stores.signInEvents.list({ result: 'failure', limit: 1 });
      await visitor.open(`/admin/sign-ins/${event?.id}`);
      assert.equal(visitor.page.heading, 'Sign-in of Anna de Vries');
      assert.match(
        visitor.page.text,
        /Password right – .* Verification code from an app refused wrong code/,
      );
      assert.match(visitor.page.text, /Second step refused Anna de Vries Somebody unknown/);
      await visitor.follow('Second step refused');
      assert.equal(visitor.page.heading, 'Event: Second step refused');
      await visitor.follow('The sign-in that it belongs to');
      assert.equal(visitor.page.heading, 'Sign-in of Anna de Vries');
      await visitor.open('/admin/sign-ins/unknown');
      assert.equal(visitor.page.status, 404);
    });

    it('leave as CSV that no spreadsheet runs, and as JSON lines', async () => {
      await tries('=cmd@voorbeeld.example');
      const [head, ...rows] = await csvOf('/admin/sign-ins/export?format=csv');
      assert.deepEqual(head?.slice(0, 3), ['id', 'at', 'userPrincipalName']);
      assert.deepEqual(
        rows.map((row) => row[2]),
        ['=cmd@voorbeeld.example', anna.userPrincipalName],
      );
      const { body } = await visitor.ask('/admin/sign-ins/export?format=excel&result=failure');
      assert.ok(body.startsWith('\uFEFFid,at,'));
      assert.match(body, /,'=cmd@voorbeeld\.example,/);
      const lines = (await visitor.ask('/admin/sign-ins/export?format=jsonl')).body.split('\n');
      assert.equal(lines.length, 3);
      const told = JSON.parse(lines[1] ?? '');
      assert.equal(told.result, 'success');
      assert.equal(told.steps.length, 2);
    });

    it('say when there is something new to whoever follows', async () => {
      await visitor.open('/admin/sign-ins');
      await visitor.follow('Follow live');
      assert.match(visitor.page.text, /Following live/);
      const [, step] = / step="([^"]+)"/.exec(visitor.page.html) ?? assert.fail();
      const [, url = ''] = / url="([^"]+)"/.exec(visitor.page.html) ?? [];
      const asks = async (): Promise<{ readonly step: string; readonly href?: string }> =>
        JSON.parse((await visitor.ask(url.replaceAll('&amp;', '&'))).body);
      assert.deepEqual(await asks(), { step });
      await tries(bram.userPrincipalName);
      assert.notEqual((await asks()).step, step);
      // A page that was left open keeps nobody signed in.
      pages.clock.advanceSeconds(14 * 60);
      assert.equal((await asks()).href, undefined);
      pages.clock.advanceSeconds(61);
      assert.deepEqual(await asks(), { step: 'over', href: '/admin/sign-ins' });
      await visitor.follow('Stop following');
      assert.match(visitor.page.text, /Follow live/);
    });
  });

  describe('of everything', () => {
    it('tell what happened, whose account it was, and who did it', async () => {
      await pages.administration.block(bram.id, { reason: 'lost phone', by: 'command-line' });
      await visitor.open('/admin/audit');
      assert.match(visitor.page.text, /Blocked Bram Bakker Command line Reason: lost phone/);
      await visitor.open('/admin/audit?kind=user-blocked&person=bram@voorbeeld.example');
      assert.match(visitor.page.text, /1 on this page/);
      await visitor.open('/admin/audit?actor=command-line');
      assert.match(visitor.page.text, /Blocked Bram Bakker/);
      assert.doesNotMatch(visitor.page.text, /Signed in Anna/);
      await visitor.open(`/admin/audit?actor=${anna.userPrincipalName}`);
      assert.match(visitor.page.text, /Signed in Anna de Vries Themselves/);
      await visitor.open('/admin/audit?kind=no-such-kind');
      assert.match(visitor.page.text, /There are no events to show/);
      await visitor.open('/admin/audit/999999');
      assert.equal(visitor.page.status, 404);
    });

    it('call a program by its name', async () => {
      const program = { ...sampleApplication(), name: 'Nightly script' };
      await pages.stores.applications.add(program);
      const { clientId } = program;
      const application = { clientId, role: 'authentication-admin' } as const;
      const by = { application, address: '192.0.2.9' };
      await pages.administration.block(bram.id, { reason: 'left', by });
      await visitor.open('/admin/audit');
      assert.match(visitor.page.text, /Blocked Bram Bakker Nightly script Reason: left/);
    });

    it('tell of a changed setting what it was and what it became', async () => {
      await pages.stores.audit.append(
        policyChanged({
          at: pages.clock.now(),
          actor: 'command-line',
          changes: [{ path: 'appPasswords.allowed', from: false, to: true }],
        }),
      );
      await visitor.open('/admin/audit');
      assert.match(
        visitor.page.text,
        /Settings changed – Command line App passwords \(Allow users to create/,
      );
      await visitor.follow('Settings changed');
      assert.match(visitor.page.text, /What was changed .* appPasswords\.allowed false true/);
      assert.doesNotMatch(visitor.page.text, /Details/);
    });

    it('leave as CSV and JSON lines, with the hashes of the chain', async () => {
      const [head, newest] = await csvOf('/admin/audit/export');
      assert.equal(head?.at(-1), 'hash');
      const [event] = await pages.stores.audit.list({ limit: 1 });
      assert.equal(newest?.[0], String(event?.sequence));
      assert.equal(newest?.at(-1), event?.hash.toString('hex'));
      const { body } = await visitor.ask('/admin/audit/export?format=jsonl&kind=signed-in');
      assert.equal(JSON.parse(body).kind, 'signed-in');
    });

    it('are verified from the page, and a change is found', async () => {
      await visitor.open('/admin/audit');
      await visitor.follow('Verify the chain');
      await visitor.follow('Verify now');
      assert.match(visitor.page.text, /The audit log is whole/);
      await pages.database.intrude("update audit_event set actor = 'somebody' where sequence = 3");
      await visitor.follow('Verify again');
      assert.match(visitor.page.text, /The audit log was tampered with .*Event 3 was changed/);
      await visitor.follow('The event before it');
      assert.match(visitor.page.text, /Number 2/);
    });
  });

  it('have words in every language for every event there is', () => {
    const folder = new URL('../../../audit/', import.meta.url);
    const source = readdirSync(folder)
      .filter((file) => file === 'audit.ts' || /-events?\.ts$/.test(file))
      .map((file) => readFileSync(new URL(file, folder), 'utf8'))
      .join('\n');
    const plain = source.matchAll(
      /\b(?:own|act|event|aboutJob|installationEvent)\(\s*'([a-z-]+)'|kind: '([a-z-]+)',\s*at:|Kind = '([a-z-]+)'/g,
    );
    const kinds = [...plain].map(([, one, two, three]) => one ?? two ?? three ?? '');
    for (const { 1: lead = '', 2: name = '', index } of source.matchAll(
      /installationEvent\(`([a-z-]+)\$\{(?:\w+\.)?(\w+)\}`/g,
    )) {
      const choices = [
        ...source.slice(0, index).matchAll(new RegExp(`${name}: ((?:'[a-z-]+'(?: \\| )?)+)`, 'g')),
      ].at(-1)?.[1];
      kinds.push(
        ...[...(choices ?? '').matchAll(/'([a-z-]+)'/g)].map(([, choice]) => lead + choice),
      );
    }
    for (const kind of ['radius-client-removed', 'token-activated', 'job-began', 'backup-made']) {
      assert.ok(kinds.includes(kind), `${kind} is not among ${kinds.join(' ')}`);
    }
    for (const locale of ['en', 'nl'] as const) {
      const { events } = wordsIn(locale);
      assert.deepEqual(
        kinds.filter((kind) => !Object.hasOwn(events, kind)),
        [],
        `without words in ${locale}`,
      );
    }
  });
});
