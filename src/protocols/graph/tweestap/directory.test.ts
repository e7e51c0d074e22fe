import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { programWith, type GraphCaller } from '../../../../test/support/graph.ts';
import { newFolder, startTweestap, type Tweestap } from '../../../../test/support/tweestap.ts';

describe('conflicts with the directory', () => {
  const folder = newFolder();
  const place = {
    ...folder,
    environment: {
      ...folder.environment,
      // Nobody answers there: what was read before is looked at.
      TWEESTAP_UPSTREAM_URL: 'ldap://127.0.0.1:1',
      TWEESTAP_UPSTREAM_STARTTLS: 'false',
      TWEESTAP_UPSTREAM_BIND_DN: 'cn=tweestap,dc=x',
      TWEESTAP_UPSTREAM_BIND_PASSWORD: 'service password',
      TWEESTAP_UPSTREAM_BASE_DN: 'dc=x',
      TWEESTAP_UPSTREAM_SYNC_MINUTES: '0',
      TWEESTAP_LOG_LEVEL: 'fatal',
    },
  };
  let tweestap: Tweestap;
  let admin: GraphCaller;
  const all = Array.from({ length: 620 }, (_, index) => {
    const number = String(index).padStart(3, '0');
    return {
      id: `entry-${number}`,
      dn: `uid=p${number},dc=x`,
      // Two have the same name: their ids tell them apart.
      name: `p${String(index - (index % 2)).padStart(3, '0')}@voorbeeld.example`,
      run: 1,
      state: 'none',
      brought: [],
      conflict: index % 10 === 0 ? 'role' : 'local',
      issues: [],
      mailBefore: undefined,
    } as const;
  });
  before(async () => {
    tweestap = await startTweestap({ place, environment: place.environment });
    await tweestap.installation.database.stores.directorySync.put(all);
    admin = await programWith(tweestap, 'global-admin');
  });
  after(async () => {
    await tweestap?.stop();
    await folder.remove();
  });

  const conflicts = '/tweestap/v1/directory/conflicts';
  const paged = async (query: string): Promise<readonly unknown[]> => {
    const found: unknown[] = [];
    let path: string | undefined = `${conflicts}?${query}`;
    for (let page = 0; path !== undefined && page < 20; page += 1) {
      const { status, value, body } = await admin.get(path);
      assert.equal(status, 200, JSON.stringify(body));
      found.push(...value.map(({ id }) => id));
      const next = body['@odata.nextLink'];
      path = typeof next === 'string' ? next.slice(tweestap.origin.length) : undefined;
    }
    return found;
  };

  it('are told one page after another, each of them once', async () => {
    const ids = all.map(({ id }) => id);
    assert.deepEqual(await paged('$top=101'), ids);
    assert.deepEqual(await paged(''), ids);
  });

  it('are counted and filtered', async () => {
    const { body } = await admin.get(`${conflicts}?$count=true&$top=1`);
    assert.equal(body['@odata.count'], 620);
    const roles = await paged(`$top=50&$filter=${encodeURIComponent("conflict eq 'role'")}`);
    assert.equal(roles.length, 62);
  });

  it('are all shown by the command too, where that is asked for', async () => {
    const some = await tweestap.command('directory', 'show');
    assert.match(some.output, /570 more: --all/);
    const { output } = await tweestap.command('directory', 'show', '--all');
    assert.match(output, /^p618@voorbeeld\.example/m);
    assert.doesNotMatch(output, /more/);
    const json: unknown = JSON.parse(
      (await tweestap.command('directory', 'show', '--json')).output,
    );
    assert.equal([Reflect.get(Object(json), 'conflicts')].flat().length, 620);
  });
});
