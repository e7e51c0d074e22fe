import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  startActiveDirectory,
  type ActiveDirectory,
  type AdEntry,
} from '../../../test/support/active-directory.ts';
import { programWith, type GraphAnswer, type GraphCaller } from '../../../test/support/graph.ts';
import { until } from '../../../test/support/poll.ts';
import { startTweestap, type Tweestap } from '../../../test/support/tweestap.ts';

const base = 'DC=corp,DC=voorbeeld,DC=example';
const jip: AdEntry = {
  dn: `CN=Jip Jansen,OU=Sales,${base}`,
  guid: '00112233445566778899aabbccddeeff',
  attributes: {
    objectcategory: ['person'],
    objectclass: ['user'],
    userprincipalname: ['jip@voorbeeld.example'],
    displayname: ['Jip Jansen'],
    mail: ['jip@voorbeeld.example'],
    useraccountcontrol: ['512'],
  },
};
const sales: AdEntry = {
  dn: `CN=Sales,${base}`,
  guid: 'ffeeddccbbaa99887766554433221100',
  attributes: { objectcategory: ['group'], cn: ['Sales'], member: [jip.dn] },
};

describe('what Graph calls on-premises', () => {
  let directory: ActiveDirectory;
  let tweestap: Tweestap;
  let admin: GraphCaller;
  before(async () => {
    directory = await startActiveDirectory([
      { dn: base, guid: '0'.repeat(32), attributes: {} },
      jip,
      sales,
    ]);
    tweestap = await startTweestap({
      environment: {
        TWEESTAP_UPSTREAM_URL: `ldap://127.0.0.1:${directory.port}`,
        TWEESTAP_UPSTREAM_KIND: 'active-directory',
        TWEESTAP_UPSTREAM_STARTTLS: 'false',
        TWEESTAP_UPSTREAM_BIND_DN: directory.serviceDn,
        TWEESTAP_UPSTREAM_BIND_PASSWORD: directory.servicePassword,
        TWEESTAP_UPSTREAM_BASE_DN: base,
        TWEESTAP_UPSTREAM_SYNC_MINUTES: '0',
      },
    });
    const { directorySync } = tweestap.installation;
    await directorySync?.ask('test');
    // By this node's own worker, which heard of it as well.
    await until('the directory is read', async () => {
      const looked = await directorySync?.look();
      return looked?.state?.succeededAt !== undefined;
    });
    admin = await programWith(tweestap, 'global-admin');
  });
  after(async () => {
    await tweestap?.close();
    await directory?.close();
  });

  const all =
    'onPremisesSyncEnabled,onPremisesDistinguishedName,onPremisesDomainName,onPremisesImmutableId,onPremisesLastSyncDateTime';
  const select = (path: string): Promise<GraphAnswer> => admin.get(`${path}?$select=${all}`);
  const filtered = async (path: string, filter: string): Promise<readonly unknown[]> => {
    const { status, value, body } = await admin.get(
      `${path}?$select=displayName&$filter=${encodeURIComponent(filter)}`,
    );
    assert.equal(status, 200, JSON.stringify(body));
    return value.map(({ displayName }) => displayName);
  };

  it('is told of somebody whom the directory owns, where it is selected', async () => {
    const state = await tweestap.installation.directorySync?.look();
    const { body } = await select('/v1.0/users/jip@voorbeeld.example');
    const { '@odata.context': _, ...told } = body;
    assert.deepEqual(told, {
      onPremisesSyncEnabled: true,
      onPremisesDistinguishedName: jip.dn,
      onPremisesDomainName: 'corp.voorbeeld.example',
      // As Entra ID writes an objectGUID: its bytes, in base64.
      onPremisesImmutableId: Buffer.from(jip.guid, 'hex').toString('base64'),
      onPremisesLastSyncDateTime: state?.state?.succeededAt?.toISOString(),
    });
    const plain = await admin.get('/v1.0/users/jip@voorbeeld.example');
    assert.ok(!('onPremisesSyncEnabled' in plain.body), 'Graph tells it to whoever selects it');
  });

  it('is null of somebody who was made here', async () => {
    const { body } = await select('/v1.0/users/anna@voorbeeld.example');
    const { '@odata.context': _, ...told } = body;
    assert.deepEqual([...new Set(Object.values(told))], [null]);
    assert.equal(Object.keys(told).length, 5);
  });

  it('filters people, counted or page by page', async () => {
    assert.deepEqual(await filtered('/v1.0/users', 'onPremisesSyncEnabled eq true'), [
      'Jip Jansen',
    ]);
    const others = await filtered('/v1.0/users', 'onPremisesSyncEnabled ne true');
    assert.ok(others.includes('Anna de Vries') && !others.includes('Jip Jansen'));
    assert.deepEqual(await filtered('/v1.0/users', 'onPremisesSyncEnabled eq null'), others);
    const immutable = Buffer.from(jip.guid, 'hex').toString('base64');
    for (const filter of [
      `onPremisesImmutableId eq '${immutable}'`,
      `onPremisesImmutableId in ('${immutable}', 'x', '')`,
      'onPremisesLastSyncDateTime ge 2020-01-01T00:00:00Z',
    ]) {
      assert.deepEqual(await filtered('/v1.0/users', filter), ['Jip Jansen'], filter);
    }
    assert.deepEqual(await filtered('/v1.0/users', "onPremisesImmutableId eq 'nobody'"), []);
    const counted = await admin.get('/v1.0/users/$count?$filter=onPremisesSyncEnabled eq true', {
      consistencylevel: 'eventual',
    });
    assert.equal(counted.body['text'], '1');
  });

  it('tells groups of the directory from those that were made here', async () => {
    const sold = await admin.get('/v1.0/groups/Sales');
    assert.deepEqual(
      [sold.body['onPremisesSyncEnabled'], typeof sold.body['onPremisesLastSyncDateTime']],
      [true, 'string'],
    );
    const { id } = (await admin.get('/v1.0/users/anna@voorbeeld.example')).body;
    const joined = await admin.ask('POST', '/v1.0/groups/Local/members/$ref', {
      body: { '@odata.id': `${tweestap.origin}/v1.0/users/${String(id)}` },
    });
    assert.equal(joined.status, 204);
    const local = await admin.get('/v1.0/groups/Local');
    assert.deepEqual(
      [local.body['onPremisesSyncEnabled'], local.body['onPremisesLastSyncDateTime']],
      [null, null],
    );
    assert.deepEqual(await filtered('/v1.0/groups', 'onPremisesSyncEnabled eq true'), ['Sales']);
    const memberOf = await filtered(
      '/v1.0/users/jip@voorbeeld.example/memberOf',
      'onPremisesSyncEnabled eq true',
    );
    assert.deepEqual(memberOf, ['Sales']);
  });

  it('is changed there and not here, which Graph’s own words say', async () => {
    const refused = async (method: string, path: string, body?: unknown): Promise<string> => {
      const answer = await admin.ask(method, path, body === undefined ? {} : { body });
      assert.deepEqual([answer.status, answer.code], [400, 'Request_BadRequest'], path);
      return JSON.stringify(answer.body['error']);
    };
    const address = '/v1.0/users/jip@voorbeeld.example';
    const words =
      /Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration\./;
    for (const [property, value] of [
      ['displayName', 'Somebody Else'],
      ['userPrincipalName', 'else@voorbeeld.example'],
      ['mail', 'else@voorbeeld.example'],
      ['mobilePhone', '+31612345678'],
      ['businessPhones', ['+31201234567']],
      ['accountEnabled', false],
    ] as const) {
      const said = await refused('PATCH', address, { [property]: value });
      assert.match(said, words);
      assert.match(said, new RegExp(`'${property}'`), 'it says which property');
    }
    // By halves is not at all.
    const both = { preferredLanguage: 'nl', displayName: 'Somebody Else' };
    assert.match(await refused('PATCH', address, both), words);
    const { body } = await admin.get(`${address}?$select=preferredLanguage,displayName`);
    assert.deepEqual([body['preferredLanguage'], body['displayName']], [null, 'Jip Jansen']);
    const own = await admin.ask('PATCH', address, { body: { preferredLanguage: 'nl' } });
    assert.equal(own.status, 204, 'what is not the directory’s changes as ever');
    const { id } = (await admin.get(address)).body;
    assert.match(await refused('DELETE', `/v1.0/groups/Sales/members/${String(id)}/$ref`), words);
  });

  it('is never written: not even of somebody who was made here', async () => {
    for (const property of all.split(',')) {
      const { status, code, body } = await admin.ask(
        'PATCH',
        '/v1.0/users/anna@voorbeeld.example',
        { body: { [property]: null } },
      );
      assert.deepEqual([status, code], [400, 'Request_BadRequest'], property);
      assert.match(JSON.stringify(body), new RegExp(`'${property}' is read-only`));
    }
  });
});
