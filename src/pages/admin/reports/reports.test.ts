import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import { sampleSignInEvent } from '../../../audit/audit-store.contract.ts';
import {
  answerRejected,
  fraudReported,
  messageSettled,
  methodRegistered,
  passwordReset,
} from '../../../audit/audit.ts';
import { sampleRegistration } from '../../../registrations/registration-store.contract.ts';
import { settableClock } from '../../../lib/clock.ts';
import { beginOfDay } from '../../../lib/days.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';
import { createDaily, dayMs } from './daily.ts';
import { periodLengths, periodOf } from './period.ts';

describe('the reports', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  const begins = async (policy: unknown = {}): Promise<void> => {
    pages = await startPages(policy);
    anna = await pages.person({ role: 'reports-reader', groups: ['Staff'] });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  };
  beforeEach(() => begins());
  afterEach(() => pages.close());

  const ago = (days: number): Date => new Date(pages.clock.now().getTime() - days * dayMs);
  const origin = (days: number) => ({
    at: ago(days),
    userId: anna.id,
    attemptId: undefined,
    address: '::1',
  });
  const section = (heading: string): string => {
    const { html } = visitor.page;
    const part = html.split('<section').find((each) => each.includes(`<h2>${heading}</h2>`));
    return (part ?? assert.fail(heading)).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  };

  it('count sign-ins by result and method, in the period that was chosen', async () => {
    const step = { at: ago(20), result: 'failure', reason: 'expired' } as const;
    await pages.stores.signInEvents.put(
      sampleSignInEvent({
        at: ago(20),
        result: 'failure',
        reason: 'expired',
        steps: [{ ...step, method: 'text-message' }],
      }),
    );
    await visitor.open('/admin/users');
    await visitor.follow('Reports');
    assert.match(section('Sign-ins by result'), /Signed in 1 Not finished 0 Refused 1/);
    assert.match(section('Sign-ins by method'), /Signed in 1 Refused or not finished 1/);
    await visitor.follow('7 days');
    assert.match(section('Sign-ins by result'), /Signed in 1 Not finished 0 Refused 0/);
    await visitor.follow('A year');
    assert.match(section('Sign-ins by result'), /Refused 1/);
    await visitor.open('/admin/reports?days=nonsense');
    assert.match(section('Sign-ins by result'), /Refused 1/, 'a month');
  });

  it('lead from every part to the list behind it', async () => {
    await visitor.open('/admin/reports');
    await visitor.follow('Verification code from an app');
    assert.equal(visitor.page.heading, 'Sign-in log');
    assert.match(visitor.page.text, /1 on this page .*Anna de Vries/);
    await visitor.open('/admin/reports');
    await visitor.follow('Staff');
    assert.equal(visitor.page.heading, 'Users');
  });

  it('tell why second steps fail, what was registered, reset and reported', async () => {
    const { audit } = pages.stores;
    await audit.append(answerRejected(origin(3), 'text-message', 'incorrect-code'));
    await audit.append(answerRejected(origin(2), 'text-message', 'expired'));
    await audit.append(answerRejected(origin(2), 'phone-call', 'expired'));
    await audit.append(methodRegistered(origin(4), 'phone', 'mobile'));
    await audit.append(passwordReset(origin(5), ['email']));
    await audit.append(fraudReported(origin(6), 'phone-call'));
    await visitor.open('/admin/reports');
    assert.match(section('Why second steps fail'), /No answer in time 2 .*Wrong code 1/);
    assert.match(section('Registered over time'), /Phone 1/);
    assert.match(section('Passwords reset'), /Reset by themselves 1/);
    assert.match(section('Fraud reports'), /Call or request reported 1/);
    await visitor.follow('No answer in time');
    assert.match(visitor.page.text, /2 on this page/);
    assert.match(visitor.page.text, /Phone call, no answer in time/);
  });

  it('tell who is ready, by group, and what they have registered', async () => {
    await pages.person({ userPrincipalName: 'b@voorbeeld.example', groups: ['Staff', 'Night'] });
    await visitor.open('/admin/reports');
    assert.match(section('What people have registered'), /People 2 Authenticator app 1/);
    assert.match(
      section('Coverage by group'),
      /50% of everybody is ready\. Ready 1 Only what is not allowed 0 Nothing registered 1/,
    );
    const rows = (await visitor.ask('/admin/reports/export?report=coverage')).body.split('\r\n');
    assert.deepEqual(rows.slice(0, 4), [
      'Group,Ready,Only what is not allowed,Nothing registered',
      'Everybody,1,0,1',
      'Staff,1,0,1',
      'Night,0,0,1',
    ]);
    await pages.close();
    await begins({ methods: { 'security-key': { enabled: false } } });
    const cas = await pages.person({ userPrincipalName: 'cas@voorbeeld.example' });
    await pages.stores.registrations.add(
      sampleRegistration({ userId: cas.id, kind: 'security-key' }),
    );
    await visitor.open('/admin/reports');
    assert.match(section('Coverage by group'), /Ready 1 Only what is not allowed 1/);
  });

  it('count texts and calls by country, and tell what they cost where a price is known', async () => {
    const settles = async (): Promise<void> => {
      for (const [kind, country, result] of [
        ['text', 'NL', 'sent'],
        ['text', 'NL', 'sent'],
        ['call', 'BE', 'sent'],
        ['call', 'BE', 'failed'],
        ['mail', undefined, 'sent'],
      ] as const) {
        const settled = { kind, provider: 'seed', result };
        await pages.stores.audit.append(
          messageSettled(origin(1), country === undefined ? settled : { ...settled, country }),
        );
      }
    };
    await settles();
    await visitor.open('/admin/reports');
    assert.match(section('Texts and calls'), /Texts 2 Calls 1 Not sent 1/);
    assert.match(section('Texts and calls by country'), /no price in the settings/);
    assert.match(section('Texts and calls by country'), /Netherlands 2 .*Belgium 1/);
    await pages.close();
    await begins({ delivery: { textPrice: '0.08', callPrice: '1.5' } });
    await settles();
    await visitor.open('/admin/reports');
    assert.match(
      section('Texts and calls by country'),
      /About €1\.66: texts €0\.16, calls €1\.50, at the prices in the settings/,
    );
    const { body } = await visitor.ask('/admin/reports/export?report=countries&days=7');
    assert.equal(
      body,
      'Country,Texts,Calls,"Cost, about (EUR)"\r\nNetherlands,2,0,0.16\r\nBelgium,0,1,1.5\r\n',
    );
  });

  it('show the same numbers as a table, and need no script', async () => {
    await visitor.open('/admin/reports?days=7');
    const { html } = visitor.page;
    const figures = html.split('<figure').slice(1);
    assert.ok(figures.length >= 3);
    for (const figure of figures) {
      assert.match(figure, /aria-label="[^"]+"/);
      assert.match(figure, /<details[^>]*><summary>Show the numbers/);
      assert.doesNotMatch(figure, /style=/);
    }
  });
});

describe('a period', () => {
  it('ends with today and is drawn in few columns that leave nothing out', () => {
    const now = new Date('2026-11-21T15:00:00');
    for (const length of periodLengths) {
      const { columns, begin, end } = periodOf(length, now);
      assert.equal(columns[0]?.first, 0);
      assert.equal(columns.at(-1)?.behind, length);
      assert.equal(columns.at(-1)?.to, '2026-11-21');
      assert.ok(columns.length <= 53, `${columns.length} columns`);
      assert.equal(end.getTime() - begin.getTime(), length * dayMs);
      for (const [index, column] of columns.slice(1).entries()) {
        assert.equal(column.first, columns[index]?.behind);
      }
    }
  });
});

describe('counts by day', () => {
  const midnight = beginOfDay('2026-11-21') ?? assert.fail();
  const atMidnight = (days: number): Date => new Date(midnight.getTime() + days * dayMs);

  it('ask once for days that are over, and again for those that are not', async () => {
    const clock = settableClock(new Date(midnight.getTime() + 12 * 3_600_000));
    const asked: number[] = [];
    let isNew = 0;
    const daily = createDaily(async (from, to) => {
      const days = Math.round((to.getTime() - from.getTime()) / dayMs);
      asked.push(days);
      return Array.from({ length: days }, (_, day) => ({ day, count: day + isNew }));
    }, clock);
    const all = await daily(atMidnight(-89), 90);
    assert.deepEqual(asked, [...Array.from({ length: 12 }, () => 7), 6], 'a few at once');
    assert.deepEqual(
      all.map(({ day }) => day),
      Array.from({ length: 90 }, (_, day) => day),
    );
    isNew = 100;
    const week = await daily(atMidnight(-6), 7);
    assert.deepEqual(asked.slice(13), [1], 'today only');
    assert.equal(week.at(-1)?.count, 100);
    assert.equal(week[0]?.day, 0);
    assert.ok((week[0]?.count ?? 100) < 100, 'what was counted stays');
  });

  it('count a day again until whatever began in it has ended', async () => {
    const clock = settableClock(new Date(midnight.getTime() + 3_600_000));
    let times = 0;
    const daily = createDaily(async () => {
      times += 1;
      return [{ day: 0, count: times }];
    }, clock);
    await daily(atMidnight(-1), 1);
    assert.equal((await daily(atMidnight(-1), 1))[0]?.count, 2);
    clock.advanceSeconds(3 * 3600);
    await daily(atMidnight(-1), 1);
    assert.equal((await daily(atMidnight(-1), 1))[0]?.count, 3);
  });
});
