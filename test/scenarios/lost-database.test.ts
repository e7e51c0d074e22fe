/**
 * The database goes away, or its disk is full (attacks ATK-29, ATK-99, targets R14, R16): nobody is let
 * in, everybody is told so at once and when to come back, readiness turns red, nothing that was
 * acknowledged is lost, and when it comes back the same sign-in goes on.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';

import type { Installation } from '../../src/installation/installation.ts';
import type { Browser } from '../support/browser.ts';
import { layCable, type Cable } from '../support/cut-cable.ts';
import type { Answer } from '../support/http-client.ts';
import { addUser, codeOfApp, type Identity } from '../support/people.ts';
import type { AskService } from '../support/phones.ts';
import { until } from '../support/poll.ts';
import { startProcess, type TweestapProcess } from '../support/tweestap-process.ts';
import {
  newFolder,
  newPostgresDatabase,
  openPlace,
  startTweestap,
  withoutPostgres,
  type Place,
  type Service,
  type Tweestap,
} from '../support/tweestap.ts';

/** Nobody waits longer than this for the word that it does not work now. */
const patienceMs = 8_000;

async function requireUnavailable(ask: () => Promise<Answer>, about: string): Promise<void> {
  const startedAt = performance.now();
  const { status, headers, body } = await ask();
  const tookMs = Math.round(performance.now() - startedAt);
  assert.equal(status, 503, `${about}: ${status}`);
  assert.match(String(headers['retry-after']), /^\d+$/, about);
  assert.ok(tookMs < patienceMs, `${about} took ${tookMs} ms`);
  assert.equal(
    headers['set-cookie']?.find((set) => /-session=[^;]/.test(set)),
    undefined,
    about,
  );
  assert.doesNotMatch(body, /sqlite|postgres|ECONN|pg_|SELECT/i, about);
}

const isReady = async (ask: AskService): Promise<boolean> => (await ask('/readyz')).status === 200;
const isAlive = async (ask: AskService): Promise<void> => {
  assert.equal((await ask('/healthz')).status, 200);
};

/** A form, sent as the page of this browser would send it. */
function sends(browser: Browser, label: string, fields: Readonly<Record<string, string>>) {
  return async (): Promise<Answer> => {
    const [answer] = await browser.pressAtOnce(1, label, fields);
    return answer ?? assert.fail('no answer');
  };
}

async function arrives(browser: Browser, { userPrincipalName: name, password }: Identity) {
  await browser.open('/sign-in');
  await browser.press('Next', { name });
  await browser.press('Sign in', { password });
}

describe('PostgreSQL that goes away', { skip: withoutPostgres }, () => {
  let place: Place;
  let cable: Cable;
  let tweestap: Tweestap;
  /** By another way than the cable. */
  let installation: Installation;
  before(async () => {
    place = await newPostgresDatabase();
    const url = new URL(place.databaseUrl ?? '');
    cable = await layCable({ host: url.hostname, port: Number(url.port) });
    url.port = String(cable.port);
    tweestap = await startTweestap({
      place: {
        ...place,
        environment: { ...place.environment, TWEESTAP_DATABASE_URL: url.href },
      },
      environment: { TWEESTAP_LOG_LEVEL: 'silent' },
    });
    installation = await openPlace(place);
  });
  after(async () => {
    await tweestap?.stop();
    await installation?.close();
    await cable?.close();
    await place?.remove();
  });

  const appCode = ({ key }: Identity): string => codeOfApp(key ?? '', installation.clock.now());

  const survives = async (happens: () => void): Promise<void> => {
    const [signedIn, midway] = [
      await addUser({ installation }, ['app']),
      await addUser({ installation }, ['app']),
    ];
    const [inside, browser, stranger] = [
      tweestap.browser(),
      tweestap.browser(),
      tweestap.browser(),
    ];
    await arrives(inside, signedIn);
    await inside.press('Verify', { code: appCode(signedIn) });
    await arrives(browser, midway);
    await stranger.open('/sign-in');

    happens();
    const code = appCode(midway);
    await requireUnavailable(sends(browser, 'Verify', { code }), 'a code');
    await requireUnavailable(() => inside.ask('/my-profile'), 'a profile');
    await requireUnavailable(() => stranger.ask('/sign-in'), 'a new sign-in');
    await until('readiness to turn red', async () => !(await isReady(tweestap.ask)), 10_000);
    await isAlive(tweestap.ask);

    cable.mend();
    await until('readiness to come back', () => isReady(tweestap.ask), 15_000);
    // The same challenge, unless its time is over; the code was not used up by the failure.
    await browser.open(browser.address);
    await browser.press('Verify', { code: appCode(midway) });
    assert.equal(browser.page.heading, 'My Profile');
    await inside.open('/my-profile');
    assert.equal(inside.page.heading, 'My Profile');
    const { brokenAt } = await installation.database.stores.audit.verify();
    assert.equal(brokenAt, undefined);
  };

  it('is told at once when its connections were cut, and all goes on afterwards', () =>
    survives(() => cable.cut()));

  it('is told soon when it only keeps silent, and all goes on afterwards', () =>
    survives(() => cable.freeze()));

  it('answers many who come at once, each soon, and none with a success', async () => {
    const people = await Promise.all(
      Array.from({ length: 12 }, () => addUser({ installation }, ['app'])),
    );
    const browsers = await Promise.all(
      people.map(async (person) => {
        const browser = tweestap.browser();
        await arrives(browser, person);
        return browser;
      }),
    );
    cable.cut();
    await Promise.all(
      browsers.map((browser, one) => {
        const code = appCode(people[one] ?? assert.fail());
        return requireUnavailable(sends(browser, 'Verify', { code }), `person ${one}`);
      }),
    );
    cable.mend();
    await until('readiness to come back', () => isReady(tweestap.ask), 15_000);
    for (const { id } of people) {
      const sessions = await installation.database.stores.sessions.list(
        id,
        installation.clock.now(),
      );
      assert.deepEqual(sessions, []);
    }
  });
});

const prlimit = spawnSync('prlimit', ['--version']).status === 0;

describe('a disk that is full', { skip: prlimit ? false : 'there is no prlimit here' }, () => {
  let place: Place;
  let service: TweestapProcess;
  let installation: Installation;
  before(async () => {
    place = newFolder();
    service = await startProcess(place);
    installation = await openPlace(place);
  });
  after(async () => {
    await service?.stop();
    await installation?.close();
    await place?.remove();
  });

  /** From here on the process can write nothing to a file, as on a full disk; or again as it likes. */
  const limit = (size: '0' | 'unlimited'): void => {
    const { status, stderr } = spawnSync('prlimit', [
      '--pid',
      String(service.pid),
      `--fsize=${size}:unlimited`,
    ]);
    assert.equal(status, 0, String(stderr));
  };

  it('refuses sign-ins with 503, turns red, loses nothing, and recovers by itself', async () => {
    const [first, second] = [
      await addUser({ installation }, ['app']),
      await addUser({ installation }, ['app']),
    ];
    const appCode = ({ key }: Identity): string => codeOfApp(key ?? '', new Date());
    const at = (running: Service): Browser => running.browser();
    const [inside, browser] = [at(service), at(service)];
    await arrives(inside, first);
    await inside.press('Verify', { code: appCode(first) });
    await arrives(browser, second);

    limit('0');
    await requireUnavailable(sends(browser, 'Verify', { code: appCode(second) }), 'a code');
    await requireUnavailable(() => browser.newTab().ask('/sign-in'), 'a new sign-in');
    await until('readiness to turn red', async () => !(await isReady(service.ask)), 10_000);
    await isAlive(service.ask);
    // Whoever is in only reads.
    await inside.open('/my-profile');
    assert.equal(inside.page.heading, 'My Profile');

    limit('unlimited');
    await until('readiness to come back', () => isReady(service.ask), 30_000);
    await browser.open(browser.address);
    await browser.press('Verify', { code: appCode(second) });
    assert.equal(browser.page.heading, 'My Profile');
    const { brokenAt } = await installation.database.stores.audit.verify();
    assert.equal(brokenAt, undefined);
  });
});
