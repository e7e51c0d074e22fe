import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { sql } from 'kysely';

import { postgresUrl } from '../../test/support/database.ts';
import {
  newFolder,
  newPostgresDatabase,
  openPlace,
  runCommand,
  settingsFrom,
  type Place,
} from '../../test/support/tweestap.ts';
import { databaseFile } from '../installation/keys.ts';
import { openPostgresql } from '../stores/sql/postgresql.ts';
import { openSqlite } from '../stores/sql/sqlite.ts';

const secretKey = Buffer.alloc(32, 7).toString('base64');
const foreignKey = Buffer.alloc(32, 8).toString('base64');

const engines = {
  sqlite: async (): Promise<Place> => withKey(newFolder(), secretKey),
  postgresql: newPostgresDatabase,
} as const;

function withKey(place: Place, key: string): Place {
  return { ...place, environment: { ...place.environment, TWEESTAP_SECRET_KEY: key } };
}

for (const engine of ['sqlite', 'postgresql'] as const) {
  const skip = engine === 'postgresql' && postgresUrl === undefined;
  describe(`tweestap migrate on ${engine}`, { skip }, () => {
    const places: Place[] = [];
    after(async () => {
      for (const place of places) await place.remove();
    });

    /** One with an application, as a program left it that did not bind them yet. */
    const olderPlace = async (): Promise<{ readonly place: Place; readonly client: string }> => {
      const place = await engines[engine]();
      places.push(place);
      const uri = 'https://wiki.example.org/back';
      const added = await runCommand(place, [
        'app',
        'add',
        'Wiki',
        '--redirect-uri',
        uri,
        '--json',
      ]);
      assert.equal(added.code, 0, added.error);
      const settings = settingsFrom({ ...place.environment }, 'command');
      const opened =
        settings.databaseUrl === undefined
          ? await openSqlite({ file: databaseFile(settings), synchronous: 'OFF' })
          : await openPostgresql({ url: settings.databaseUrl, connections: 1 });
      await opened.changeSchema(async (database) => {
        await sql`alter table application drop column binding`.execute(database);
        await sql`delete from migration where name = '0030-bound-applications'`.execute(database);
      });
      await opened.close();
      const { clientId }: { readonly clientId: string } = JSON.parse(added.output);
      return { place, client: clientId };
    };
    const plan = async (place: Place): Promise<readonly string[]> => {
      const { output } = await runCommand(place, ['migrate', '--json']);
      const { pending }: { readonly pending: readonly string[] } = JSON.parse(output);
      return pending;
    };

    it('leaves everything that was there in order', async () => {
      const { place, client } = await olderPlace();
      const { code, error } = await runCommand(place, ['migrate', '--apply']);
      assert.equal(code, 0, error);
      const shown = await runCommand(place, ['app', 'show', client]);
      assert.equal(shown.code, 0, shown.error);
    });

    it('changes nothing with the key of another installation, nor does a start', async () => {
      const { place, client } = await olderPlace();
      const foreign = withKey(place, foreignKey);
      const { code, error } = await runCommand(foreign, ['migrate', '--apply']);
      assert.equal(code, 1);
      assert.match(error, /not the one that this database was made with/);
      await assert.rejects(openPlace(foreign), { code: 'KEY_MISSING' });
      assert.deepEqual(await plan(place), ['0030-bound-applications']);
      await (await openPlace(place)).close();
      const shown = await runCommand(place, ['app', 'show', client]);
      assert.equal(shown.code, 0, shown.error);
    });

    it('asks for the key where there is none', async () => {
      const { place } = await olderPlace();
      const { TWEESTAP_SECRET_KEY: _, ...environment } = place.environment;
      const { code, error } = await runCommand({ ...place, environment }, ['migrate', '--apply']);
      assert.equal(code, 1);
      assert.match(error, /secret\.key/);
      assert.deepEqual(await plan(place), ['0030-bound-applications']);
    });
  });
}
