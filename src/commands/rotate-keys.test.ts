import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { postgresUrl } from '../../test/support/database.ts';
import { addUser, newPerson, personAt } from '../../test/support/people.ts';
import { until } from '../../test/support/poll.ts';
import {
  newFolder,
  newPostgresDatabase,
  openPlace,
  runCommand,
  settingsFrom,
  startTweestap,
  type CommandResult,
  type Place,
} from '../../test/support/tweestap.ts';
import { settableClock } from '../lib/clock.ts';
import { keptHashKey } from '../installation/keys.ts';
import type { Installation } from '../installation/installation.ts';
import { readKeyFile, replaceKeyFile } from '../lib/key-file.ts';
import { createSigningKeys } from '../protocols/oidc/keys.ts';
import { sampleRegistration } from '../registrations/registration-store.contract.ts';

const program = fileURLToPath(new URL('../../bin/tweestap.js', import.meta.url));

const places: Place[] = [];
after(async () => {
  for (const place of places) await place.remove();
});
async function newPlace(made: Place | Promise<Place> = newFolder()): Promise<Place> {
  const place = await made;
  places.push(place);
  return place;
}

async function inPlace<result>(
  place: Place,
  work: (installation: Installation) => Promise<result>,
): Promise<result> {
  const installation = await openPlace(place);
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}

const keysIn = ({ dataFolder }: Place) =>
  (readKeyFile(join(dataFolder, 'secret.key')) ?? []).map((key) => key.toString('base64url'));

function changeKeys(place: Place, to: readonly Buffer[]): void {
  const file = join(place.dataFolder, 'secret.key');
  assert.ok(replaceKeyFile(file, { from: readKeyFile(file) ?? [], to }));
}

async function rotated(place: Place, ...options: readonly string[]): Promise<CommandResult> {
  const result = await runCommand(place, ['rotate-keys', ...options]);
  assert.equal(result.code, 0, result.error);
  return result;
}

/** What is refused is told in one line, and nothing is changed. */
async function refused(place: Place, reason: RegExp, ...options: readonly string[]) {
  const before = keysIn(place);
  const { code, error, output } = await runCommand(place, ['rotate-keys', ...options]);
  assert.match(error, reason);
  assert.deepEqual([error.trimEnd().split('\n').length, output], [1, '']);
  assert.deepEqual(keysIn(place), before);
  return code;
}

const eventsOf = (place: Place): Promise<readonly string[]> =>
  inPlace(place, async ({ database }) => {
    const events = await database.stores.audit.list({ limit: 20 });
    return events.map(({ kind }) => kind);
  });

describe('rotate-keys with a key in the data folder', () => {
  it('lets everybody in as before, with the session and the app that they had', async () => {
    const place = await newPlace();
    let tweestap = await startTweestap({ place });
    const { port } = tweestap;
    const person = await newPerson(tweestap, { registered: ['app'] });
    await person.signsIn();
    const profile = await person.browser.open('/my-profile');
    assert.equal(profile.status, 200);
    const [old] = keysIn(place);
    assert.equal(await refused(place, /works with this database.*: stop it first/), 1);
    await tweestap.stop();

    const { output } = await rotated(place);
    assert.match(output, /^Data key: [0-9a-f]{12} seals\. \d+ values sealed anew\.$/m);
    assert.match(output, /is taken out of secret\.key: keep a copy/);
    const [key, ...others] = keysIn(place);
    assert.deepEqual([key === old, others], [false, []]);
    const [, named = ''] = /^([0-9a-f]{12}) is taken out/m.exec(output) ?? [];
    const database = readFileSync(join(place.dataFolder, 'tweestap.db'));
    assert.deepEqual([named.length, database.includes(`\x0c${named}`)], [12, false]);
    assert.equal(statSync(join(place.dataFolder, 'secret.key')).mode & 0o777, 0o600);

    tweestap = await startTweestap({ place, environment: { TWEESTAP_HTTP_PORT: String(port) } });
    try {
      const still = await person.browser.open('/my-profile');
      assert.equal(still.status, 200, 'the session is still one');
      await tweestap.advanceSeconds(60);
      const elsewhere = personAt(tweestap, person);
      await elsewhere.signsIn();
      assert.equal((await elsewhere.browser.open('/my-profile')).status, 200);
    } finally {
      await tweestap.stop();
    }
    assert.ok((await eventsOf(place)).includes('secret-key-rotated'));
    const { code, error } = await runCommand(place, ['audit', 'verify']);
    assert.equal(code, 0, error);
  });

  it('goes on where it was broken off, with the key that was begun', async () => {
    const place = await newPlace();
    const { id, userPrincipalName } = await inPlace(place, (installation) =>
      addUser({ installation }, ['app']),
    );
    const [old = ''] = keysIn(place);
    const begun = Buffer.alloc(32, 5);
    changeKeys(place, [begun, Buffer.from(old, 'base64url')]);
    // Some of it was sealed anew by then.
    await inPlace(place, ({ database }) =>
      database.stores.users.change(id, { passwordHash: 'changed meanwhile' }),
    );
    const { output } = await rotated(place, '--only', 'data', '--json');
    const told: { dataKey: Record<string, unknown>; signingKey: unknown } = JSON.parse(output);
    assert.deepEqual([told.dataKey['wasBegun'], told.dataKey['isTakenAway']], [true, true]);
    assert.equal(told.signingKey, null);
    assert.deepEqual(keysIn(place), [begun.toString('base64url')]);
    await inPlace(place, async ({ database, administration }) => {
      const user = await administration.find(userPrincipalName);
      assert.equal(user?.passwordHash, 'changed meanwhile');
      assert.equal((await database.stores.registrations.list(id)).length, 1);
    });
  });

  it('is brought to its end beside the service that was started meanwhile', async () => {
    const place = await newPlace();
    await inPlace(place, (installation) => addUser({ installation }, ['app']));
    const [old = ''] = keysIn(place);
    const keys = [Buffer.alloc(32, 5), Buffer.from(old, 'base64url')];
    const service = await openPlace(place);
    changeKeys(place, keys);
    try {
      assert.equal(await refused(place, /does not seal with the new key yet: start every/), 1);
    } finally {
      await service.close();
    }
    await inPlace(place, async () => {
      await rotated(place, '--only', 'data');
    });
    assert.equal(keysIn(place).length, 1);
  });

  it('loses nothing where it is killed at once', async () => {
    const place = await newPlace();
    const many = 3_000;
    await inPlace(place, async (installation) => {
      await addUser({ installation }, ['app']);
      await installation.database.transact(async ({ registrations }) => {
        for (let one = 0; one < many; one += 1) {
          const userId = `user-${one}`;
          await registrations.add(sampleRegistration({ id: `reg-${one}`, userId }));
        }
      });
    });
    const child = spawn(process.execPath, [program, 'rotate-keys'], {
      env: { ...process.env, ...place.environment },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    const hasBegun = () => keysIn(place).length === 2 || child.exitCode !== null;
    await until('a second key in secret.key', hasBegun, 60_000);
    child.kill('SIGKILL');
    await ended;
    await inPlace(place, async ({ database }) => {
      assert.ok((await database.stores.registrations.find('reg-2999')) !== undefined);
    });
    await rotated(place);
    assert.equal(keysIn(place).length, 1);
    await inPlace(place, async ({ database: { stores } }) => {
      const ids = await stores.registrations.idsOf('authenticator-app', '', many + 9);
      for (const id of ids.filter((_, index) => index % 100 === 0)) {
        assert.ok((await stores.registrations.find(id)) !== undefined, id);
      }
      assert.equal((await stores.audit.verify()).brokenAt, undefined);
    });
  });

  it('makes another key with every call that finds nothing begun', async () => {
    const place = await newPlace();
    await inPlace(place, (installation) => addUser({ installation }, ['app']));
    const seen = new Set(keysIn(place));
    for (let times = 0; times < 2; times += 1) {
      await rotated(place, '--only', 'data');
      for (const key of keysIn(place)) seen.add(key);
    }
    assert.equal(seen.size, 3);
    await inPlace(place, ({ database }) => database.stores.users.count());
  });

  it('keeps the old key where it is told to, for the backups that it seals', async () => {
    const place = await newPlace();
    const id = await inPlace(place, async (installation) => {
      return (await addUser({ installation }, ['app'])).id;
    });
    const [before, since] = ['before', 'since'].map((name) => join(place.dataFolder, name));
    assert.ok(before !== undefined && since !== undefined);
    assert.equal((await runCommand(place, ['backup', before])).code, 0);
    const keep = join(place.dataFolder, 'old.key');
    const [old = ''] = keysIn(place);
    await rotated(place, '--only', 'data', '--keep', keep);
    assert.equal(readFileSync(keep, 'utf8').trim(), old);
    assert.equal(statSync(keep).mode & 0o777, 0o600);
    assert.equal(await refused(place, /old\.key is there already/, '--keep', keep), 1);
    assert.equal((await runCommand(place, ['backup', since])).code, 0);

    const refusal = await runCommand(place, ['restore', before, '--dry-run']);
    assert.match(refusal.error, /sealed with another secret key/);
    const [key = ''] = keysIn(place);
    for (const [backup, keys] of [
      [since, key],
      [before, `${key}\n${old}`],
    ] as const) {
      const target = await newPlace();
      writeFileSync(join(target.dataFolder, 'secret.key'), `${keys}\n`, { mode: 0o600 });
      const { code, error } = await runCommand(target, ['restore', backup]);
      assert.equal(code, 0, error);
      await inPlace(target, async ({ database: { stores } }) => {
        assert.equal((await stores.registrations.list(id)).length, 1);
        assert.equal((await stores.audit.verify()).brokenAt, undefined);
      });
    }
  });

  it('makes one new key where two ask for it at once, and loses none', async () => {
    const place = await newPlace();
    const { id } = await inPlace(place, (installation) => addUser({ installation }, ['app']));
    const both = await Promise.all([1, 2].map(() => runCommand(place, ['rotate-keys'])));
    assert.ok(
      both.some(({ code }) => code === 0),
      JSON.stringify(both),
    );
    assert.equal(keysIn(place).length, 1);
    await inPlace(place, async ({ database }) => {
      assert.equal((await database.stores.registrations.list(id)).length, 1);
    });
  });

  it('says in check that an older key is still there', async () => {
    const place = await newPlace();
    await inPlace(place, (installation) => addUser({ installation }, ['app']));
    const [old = ''] = keysIn(place);
    changeKeys(place, [Buffer.alloc(32, 5), Buffer.from(old, 'base64url')]);
    const { output } = await runCommand(place, ['check', '--sample']);
    assert.match(output, /note {3}keys: an older key is still there: tweestap rotate-keys/);
  });
});

const engines = {
  sqlite: () => newFolder(),
  postgresql: newPostgresDatabase,
} as const;

for (const engine of postgresUrl === undefined
  ? (['sqlite'] as const)
  : (['sqlite', 'postgresql'] as const)) {
  describe(`rotate-keys on ${engine}`, () => {
    const [first, second] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)].map((key) =>
      key.toString('base64'),
    );
    assert.ok(first !== undefined && second !== undefined);
    const withKeys = (place: Place, key: string, previous?: string): Place => ({
      ...place,
      environment: {
        ...place.environment,
        TWEESTAP_SECRET_KEY: key,
        ...(previous === undefined ? {} : { TWEESTAP_PREVIOUS_SECRET_KEYS: previous }),
      },
    });

    it('tells what to do, and seals everything anew beside the service once that is done', async () => {
      const place = await newPlace(engines[engine]());
      const before = withKeys(place, first);
      const { id } = await inPlace(before, (installation) => addUser({ installation }, ['app']));
      const reason = /set TWEESTAP_SECRET_KEY to a new one .* TWEESTAP_PREVIOUS_SECRET_KEYS/;
      assert.equal(await refused(before, reason), 1);

      const during = withKeys(place, second, first);
      await inPlace(before, async () => {
        assert.equal(await refused(during, /start every node anew with the same keys/), 1);
      });
      await inPlace(during, async (service) => {
        const { output } = await rotated(during);
        assert.match(output, /take TWEESTAP_PREVIOUS_SECRET_KEYS away/);
        const again = await rotated(during, '--only', 'data', '--json');
        const told: { dataKey: Record<string, unknown> } = JSON.parse(again.output);
        assert.deepEqual([told.dataKey['values'], told.dataKey['isTakenAway']], [0, false]);
        assert.equal((await service.database.stores.registrations.list(id)).length, 1);
      });

      const afterwards = withKeys(place, second);
      await inPlace(afterwards, async ({ database: { stores } }) => {
        assert.equal((await stores.registrations.list(id)).length, 1);
        assert.equal((await stores.audit.verify()).brokenAt, undefined);
        assert.equal(await stores.users.count(), 1);
      });
      const kinds = (await eventsOf(afterwards)).filter((kind) => kind.endsWith('-rotated'));
      assert.deepEqual(kinds.toSorted(), ['secret-key-rotated', 'signing-key-rotated']);
      const { error, code } = await runCommand(withKeys(place, first), ['user', 'list']);
      assert.equal(code, 1);
      assert.match(error, /not the one that this database was made with/);
    });

    it('makes a new key in the data folder only while nobody works with the database', async () => {
      const place = await newPlace(engines[engine]());
      const { TWEESTAP_SECRET_KEY: _, ...environment } = place.environment;
      const withFile = { ...place, environment };
      const { id } = await inPlace(withFile, async (installation) => {
        assert.equal(await refused(withFile, /: stop it first, on every node\./), 1);
        return await addUser({ installation }, ['app']);
      });
      const [old] = keysIn(place);
      await rotated(withFile);
      const [key, ...others] = keysIn(place);
      assert.deepEqual([key === old, others], [false, []]);
      const list = await inPlace(withFile, ({ database }) =>
        database.stores.registrations.list(id),
      );
      assert.equal(list.length, 1);
    });

    it('lets nodes know the new key before any of them seals with it', async () => {
      const place = await newPlace(engines[engine]());
      const nodeA = await openPlace(withKeys(place, first));
      await nodeA.close();
      // The order of the keys decides what seals, not what is looked up by a hash.
      const [knows, seals] = [withKeys(place, first, second), withKeys(place, second, first)];
      const [one, other] = [await openPlace(knows), await openPlace(seals)];
      const { id } = await addUser({ installation: other }, ['app']);
      assert.equal((await one.database.stores.registrations.list(id)).length, 1);
      const written = await addUser({ installation: one }, ['app']);
      assert.equal((await other.database.stores.registrations.list(written.id)).length, 1);
      await one.close();
      await other.close();
    });
  });
}

describe('rotate-keys of the signing key', () => {
  const published = (place: Place, seconds = 0) =>
    inPlace(place, async ({ database, random }) => {
      const clock = settableClock(new Date(Date.now() + seconds * 1000));
      const keys = createSigningKeys({ store: database.stores.keys, clock, random });
      return (await keys.published()).map(({ kid }) => kid);
    });

  it('publishes the next one a day before it signs, beside the running service', async () => {
    const place = await newPlace();
    await inPlace(place, (installation) => addUser({ installation }, ['app']));
    const [first = ''] = await published(place);
    const before = keysIn(place);
    const next = await inPlace(place, async () => {
      const { output } = await rotated(place, '--only', 'signing', '--json');
      const told: { dataKey: unknown; signingKey: Record<string, unknown> } = JSON.parse(output);
      assert.equal(told.dataKey, null);
      const { kid, signsFrom, withdrawn } = told.signingKey;
      assert.ok(Date.parse(String(signsFrom)) > Date.now() + 86_400_000);
      assert.deepEqual(withdrawn, []);
      return String(kid);
    });
    assert.deepEqual(await published(place), [first, next]);
    assert.deepEqual(await published(place, 26 * 3_600), [next, first]);
    assert.deepEqual(keysIn(place), before);
    assert.equal((await eventsOf(place))[0], 'signing-key-rotated');
  });

  it('withdraws the others where they have leaked', async () => {
    const place = await newPlace();
    await inPlace(place, (installation) => addUser({ installation }, ['app']));
    const [first = ''] = await published(place);
    const { output } = await rotated(place, '--leaked');
    assert.match(output, new RegExp(`signs, within a minute\\. Withdrawn: ${first}\\.$`, 'm'));
    const left = await published(place);
    assert.equal(left.length, 1);
    assert.notEqual(left[0], first);
  });
});

describe('rotate-keys that is asked in a wrong way', () => {
  it('says what is wrong, and does nothing', async () => {
    const place = await newPlace();
    assert.equal(await refused(place, /There is no database in .*: there is nothing/), 1);
    assert.equal(existsSync(join(place.dataFolder, 'secret.key')), false);
    await inPlace(place, (installation) => addUser({ installation }, ['app']));
    assert.equal(
      await refused(place, /--only takes data or signing, not "all"/, '--only', 'all'),
      2,
    );
    assert.equal(await refused(place, /not with --only data/, '--only', 'data', '--leaked'), 2);
    assert.equal(
      await refused(place, /not with --only sig/, '--only', 'signing', '--keep', 'x'),
      2,
    );
    const nowhere = join(place.dataFolder, 'no', 'folder');
    assert.equal(await refused(place, /There is no folder for/, '--keep', nowhere), 1);
    const fromSettings = {
      ...place,
      environment: { ...place.environment, TWEESTAP_SECRET_KEY: 'ab'.repeat(32) },
    };
    assert.equal(await refused(fromSettings, /yours is in the settings/, '--keep', 'x'), 2);
    assert.equal(await refused(fromSettings, /not the one that this d/, '--only', 'signing'), 1);
  });

  it('never shows a key', async () => {
    const place = await newPlace();
    await inPlace(place, (installation) => addUser({ installation }, ['app']));
    const before = keysIn(place);
    const results = [await rotated(place), await rotated(place, '--json', '--leaked')];
    const said = results.map(({ output, error }) => output + error).join('\n');
    for (const key of [...before, ...keysIn(place)]) {
      const bytes = Buffer.from(key, 'base64url');
      for (const form of ['base64', 'base64url', 'hex'] as const) {
        assert.ok(!said.includes(bytes.toString(form)));
      }
    }
    const kept = await keptHashKey(settingsFrom({ ...place.environment }, 'command'));
    assert.ok(kept !== undefined && !said.includes(kept));
  });
});
