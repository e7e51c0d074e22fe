import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { sampleEvent, sampleSignInEvent } from '../audit/audit-store.contract.ts';
import { newFolder, openPlace, runCommand, type Place } from '../../test/support/tweestap.ts';

describe('tweestap audit', () => {
  let place: Place;
  before(async () => {
    place = newFolder();
    const { database, close } = await openPlace(place);
    for (const day of ['2026-11-01', '2026-11-02', '2026-11-03']) {
      const at = new Date(`${day}T12:00:00`);
      await database.stores.audit.append(sampleEvent({ at, kind: 'signed-in' }));
      await database.stores.signInEvents.put(sampleSignInEvent({ at, id: day }));
    }
    await close();
  });
  after(() => place.remove());
  const run = (...args: string[]) => runCommand(place, ['audit', ...args]);

  it('says that the log is whole, and which event was changed when it is not', async () => {
    const whole = await run('verify');
    assert.equal(whole.code, 0);
    const [, end = ''] =
      /^The audit log is whole: 3 events\. It ends at (3:[0-9a-f]{64})\n$/.exec(whole.output) ?? [];
    assert.deepEqual(JSON.parse((await run('verify', '--json')).output), {
      checked: 3,
      brokenAt: null,
      end,
    });
  });

  it('says whether an end that was noted elsewhere is still in it', async () => {
    const { end } = JSON.parse((await run('verify', '--json')).output);
    const other = String(end).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    assert.equal((await run('verify', '--holds', end)).code, 0);
    for (const noted of [other, String(end).replace('3:', '2:'), String(end).replace('3:', '4:')]) {
      const { code, error } = await run('verify', '--holds', noted);
      assert.equal(code, 1, noted);
      assert.match(error, /an earlier day was put back/);
    }
    const { code, error } = await run('verify', '--holds', '3');
    assert.equal(code, 2);
    assert.match(error, /3 is no end/);
  });

  it('writes either log, from a day to a day', async () => {
    const lines = (await run('export')).output.trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).sequence),
      [3, 2, 1],
    );
    const second = await run('export', '--from', '2026-11-02', '--to', '2026-11-02');
    assert.equal(JSON.parse(second.output).sequence, 2);
    assert.equal((await run('export', '--kind', 'user-blocked')).output, '');
    const csv = await run('export', '--sign-ins', '--format', 'csv', '--from', '2026-11-03');
    assert.match(csv.output, /^id,at,userPrincipalName,.*\r\n2026-11-03,.*\r\n$/);
  });

  it('says what it does not understand', async () => {
    for (const [args, reason] of [
      [['--format', 'pdf'], /pdf is no format/],
      [['--from', 'monday'], /monday is no day/],
      [['--user', 'nobody@voorbeeld.example'], /There is no user nobody/],
      [['--sign-ins', '--kind', 'signed-in'], /audit log only/],
    ] as const) {
      const { code, error } = await run('export', ...args);
      assert.notEqual(code, 0);
      assert.match(error, reason);
    }
  });
});
