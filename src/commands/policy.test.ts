import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { newFolder, openPlace, runCommand, type Place } from '../../test/support/tweestap.ts';
import type { Policy } from '../policies/policy.ts';

describe('tweestap policy, as a file', () => {
  let place: Place;
  let file: string;
  before(async () => {
    place = newFolder();
    await (await openPlace(place)).close();
    file = join(place.dataFolder, 'policy.yaml');
  });
  after(() => place.remove());

  const policy = async (): Promise<Policy> => {
    const installation = await openPlace(place);
    const now = await installation.policies.current();
    await installation.close();
    return now;
  };
  const changes = async (edit: (text: string) => string): Promise<void> =>
    writeFileSync(file, edit(readFileSync(file, 'utf8')));

  it('writes it whole, and applied unchanged it changes nothing', async () => {
    const written = await runCommand(place, ['policy', 'export', file]);
    assert.deepEqual([written.code, written.output], [0, ''], written.error);
    const shown = await runCommand(place, ['policy', 'export']);
    assert.equal(shown.output.trimEnd(), readFileSync(file, 'utf8').trimEnd());
    assert.match(shown.output, /^# The policy .*\n[^]*\n {2}windowDays: 14$/m);
    const applied = await runCommand(place, ['policy', 'apply', file]);
    assert.deepEqual([applied.code, applied.output.trim()], [0, 'Nothing is different.']);
  });

  it('replaces an older policy, and no other file unless it is told to', async () => {
    assert.equal((await runCommand(place, ['policy', 'export', file])).code, 0);
    const other = join(place.dataFolder, 'passwd');
    writeFileSync(other, 'root:x:0:0:root:/root:/bin/bash\n');
    const refused = await runCommand(place, ['policy', 'export', other]);
    assert.equal(refused.code, 1);
    assert.match(refused.error, /passwd is there, and no policy\. --force replaces it\./);
    assert.equal(readFileSync(other, 'utf8'), 'root:x:0:0:root:/root:/bin/bash\n');
    assert.equal((await runCommand(place, ['policy', 'export', other, '--force'])).code, 0);
    assert.equal(readFileSync(other, 'utf8'), readFileSync(file, 'utf8'));
  });

  it('says what would change, and then changes it', async () => {
    await changes((text) => text.replace('windowDays: 14', 'windowDays: 7'));
    const change = 'registration.windowDays: 14 -> 7';
    const rehearsed = await runCommand(place, ['policy', 'apply', file, '--dry-run']);
    assert.equal(rehearsed.output.trim(), `${change}\n1 setting would change.`);
    assert.equal((await policy()).registration.windowDays, 14);
    const applied = await runCommand(place, ['policy', 'apply', file]);
    assert.equal(applied.output.trim(), `${change}\n1 setting changed.`);
    assert.equal((await policy()).registration.windowDays, 7);
    const installation = await openPlace(place);
    const [event] = await installation.database.stores.audit.list({ limit: 1 });
    assert.deepEqual([event?.kind, event?.actor], ['policy-changed', 'command-line']);
    await installation.close();
  });

  it('says which name was probably meant', async () => {
    for (const [args, meant] of [
      [['set', 'appPassword.allowed', 'true'], 'appPasswords'],
      [['set', 'registration.windowDay', '7'], 'windowDays'],
      [['set', 'methods.phonecall.enabled', 'false'], 'phone-call'],
      [['set', 'methods.phone-call.enabld', 'false'], 'enabled'],
      [['show', 'registration.windowDay'], 'registration.windowDays'],
    ] as const) {
      const { code, error } = await runCommand(place, ['policy', ...args]);
      assert.notEqual(code, 0);
      assert.ok(error.includes(`Did you mean ${meant}?`), error);
    }
    const far = await runCommand(place, ['policy', 'set', 'zebra', '1']);
    assert.doesNotMatch(far.error, /Did you mean/);
  });

  it('refuses all of it where anything is wrong, and names each fault', async () => {
    await changes((text) =>
      text.replace('windowDays: 7', 'windowDays: 1000').replace('wrongSteps: 10', 'wrongSteps: 5'),
    );
    for (const more of [[], ['--dry-run']]) {
      const { code, error } = await runCommand(place, ['policy', 'apply', file, ...more]);
      assert.equal(code, 1);
      assert.match(error, /registration\.windowDays/);
    }
    assert.equal((await policy()).lockout.wrongSteps, 10);
    for (const [text, reason] of [
      ['', /There is no policy in it/],
      ['- a\n- b', /There is no policy in it/],
      ['a: [', /no YAML/],
      ['organisaton: {}', /There is no such setting: organisaton\. Did you mean organisation\?/],
    ] as const) {
      writeFileSync(file, text);
      const { code, error } = await runCommand(place, ['policy', 'apply', file]);
      assert.equal(code, 1);
      assert.match(error, reason);
    }
    assert.equal((await runCommand(place, ['policy', 'apply', 'nowhere.yaml'])).code, 1);
  });

  it('gives what it leaves out its default, and tells programs in JSON', async () => {
    writeFileSync(file, 'organisation:\n  name: Voorbeeld\n');
    const { output } = await runCommand(place, ['policy', 'apply', file, '--json']);
    assert.deepEqual(JSON.parse(output), [
      { path: 'organisation.name', from: 'Tweestap', to: 'Voorbeeld' },
      { path: 'registration.windowDays', from: 7, to: 14 },
    ]);
    assert.equal((await policy()).registration.windowDays, 14);
  });
});
