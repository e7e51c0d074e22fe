import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import fc from 'fast-check';

import {
  callerWith,
  personWith,
  programWith,
  type GraphAnswer,
  type GraphCaller,
} from '../../../test/support/graph.ts';
import { addUser } from '../../../test/support/people.ts';
import { routesOf } from '../../../test/support/routes.ts';
import { startTweestap, type Tweestap } from '../../../test/support/tweestap.ts';
import { mayAct, onlyLooks } from '../../accounts/administering.ts';
import { roles, type Role } from '../../accounts/user.ts';
import { scimOperations } from './operations.ts';
import { groupUrn, userUrn } from './schemas.ts';

type ProgramRole = Exclude<Role, 'user'>;
const programRoles = roles.filter((role): role is ProgramRole => role !== 'user');
const at = (path: string): string => `/scim/v2${path}`;
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

describe('the door of SCIM', () => {
  let tweestap: Tweestap;
  let admin: GraphCaller;
  before(async () => {
    tweestap = await startTweestap();
    admin = await programWith(tweestap, 'authentication-admin');
  });
  after(() => tweestap.close());

  const walked = async () =>
    (await routesOf(tweestap.server.parts.app)).filter(({ url }) => url.startsWith('/scim/'));
  const operationAt = (method: string, url: string) =>
    scimOperations.find((one) => one.method === method && at(one.path) === url) ??
    assert.fail(`${method} ${url}`);
  const faultOf = ({ body, headers }: GraphAnswer): unknown => {
    assert.equal(headers.get('content-type'), 'application/scim+json');
    assert.deepEqual(body['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error']);
    assert.ok(String(body['detail']).length > 10);
    return [body['status'], body['scimType'] ?? ''].map(String).join(' ').trim();
  };

  it('has an operation behind each address, and an address for each operation', async () => {
    assert.deepEqual(
      (await walked()).map(({ method, url }) => `${method} ${url}`).toSorted(),
      scimOperations.map(({ method, path }) => `${method} ${at(path)}`).toSorted(),
    );
  });

  it('opens to exactly the roles of the matrix, every route of the router', async () => {
    const target = await addUser(tweestap, [], {});
    for (const role of programRoles) {
      const caller = await programWith(tweestap, role);
      for (const { method, url } of await walked()) {
        const { act } = operationAt(method, url);
        const isAllowed = mayAct(role, act);
        // What is allowed is done elsewhere; here only who is turned away, and who may look.
        if (isAllowed && !onlyLooks(act)) continue;
        const path = url.replace(':id', target.id).replaceAll(/:\w+/g, 'none');
        const asked = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
        const answer = await caller.ask(method, path, asked);
        const expected = isAllowed ? [200, 400, 404] : [403];
        assert.ok(expected.includes(answer.status), `${role} ${method} ${url}: ${answer.status}`);
        if (!isAllowed) assert.equal(faultOf(answer), '403');
      }
    }
  });

  it('asks for a token, and for nothing else, whatever is asked', async () => {
    for (const { method, url } of await walked()) {
      const path = url.replaceAll(/:\w+/g, 'none');
      const asked = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
      for (const token of ['x', 'a.b.c']) {
        const answer = await callerWith(tweestap.origin, '', token).ask(method, path, asked);
        assert.equal(faultOf(answer), '401', `${method} ${url}`);
        assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer realm=/);
      }
    }
    const bare = await fetch(`${tweestap.origin}${at('/Users')}`, { headers: { cookie: 'a=b' } });
    assert.equal(bare.status, 401);
  });

  it('takes the secret of a program, as directories send it that fetch no tokens', async () => {
    const kind = ['--grant', 'client_credentials', '--role', 'reports-reader'];
    const added = await tweestap.command('app', 'add', 'Okta', ...kind, '--json');
    const { clientId, clientSecret } = Object(JSON.parse(added.output));
    const [id, secret] = [String(clientId), String(clientSecret)];
    const forPeople = ['--redirect-uri', 'https://x.example/callback'];
    const other = await tweestap.command('app', 'add', 'Intranet', ...forPeople, '--json');
    const { clientId: otherId, clientSecret: otherSecret } = Object(JSON.parse(other.output));
    const asked = async (authorization: string, path = '/scim/v2/Users?count=1') =>
      (await fetch(`${tweestap.origin}${path}`, { headers: { authorization } })).status;
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const ways = (name: string, word: string) => [
      basic(`${name}:${word}`),
      `Bearer ${name}.${word}`,
    ];
    for (const way of ways(id, secret)) {
      assert.equal(await asked(way), 200, way);
      assert.equal(await asked(way, '/v1.0/users'), 401, 'at this door alone');
    }
    const wrong = [
      ...ways(id, secret.slice(1)),
      ...ways(id, ''),
      ...ways(otherId, otherSecret),
      ...ways('nobody', secret),
      ...ways(admin.clientId, secret),
      basic(id),
      basic(''),
      'Basic !',
    ];
    for (const way of wrong) assert.equal(await asked(way), 401, way);
    await tweestap.command('app', 'remove', id);
    for (const way of ways(id, secret)) assert.equal(await asked(way), 401, 'it holds at once');
  });

  it('never acts on an account above the role, nor on an unknown one', async () => {
    const helper = await programWith(tweestap, 'help-desk');
    const boss = await addUser(tweestap, [], { role: 'global-admin', displayName: 'Boss' });
    const bodies: Readonly<Record<string, unknown>> = {
      PUT: { userName: boss.userPrincipalName, displayName: 'Mine', active: false },
      PATCH: {
        schemas: [patchUrn],
        Operations: [{ op: 'replace', path: 'active', value: false }],
      },
      DELETE: undefined,
    };
    for (const caller of [admin, helper]) {
      for (const [method, body] of Object.entries(bodies)) {
        const asked = body === undefined ? {} : { body };
        const answer = await caller.ask(method, at(`/Users/${boss.id}`), asked);
        assert.equal(faultOf(answer), '403', method);
      }
    }
    for (const [method, body] of Object.entries(bodies)) {
      const asked = body === undefined ? {} : { body };
      for (const id of ['nobody', encodeURIComponent(boss.userPrincipalName), '..%2f..']) {
        assert.equal((await admin.ask(method, at(`/Users/${id}`), asked)).status, 404, id);
      }
    }
    const { users } = tweestap.installation.database.stores;
    const still = await users.find(boss.id);
    assert.deepEqual([still?.displayName, still?.accountEnabled], ['Boss', true]);
  });

  it('gives nobody a role, whatever is sent', async () => {
    const { users } = tweestap.installation.database.stores;
    const powers = {
      role: 'global-admin',
      roles: [{ value: 'global-admin', primary: true }],
      entitlements: [{ value: 'global-admin' }],
      perUserMfaState: 'disabled',
      passwordHash: 'x',
      id: 'mine',
      groups: [{ value: 'board' }],
    };
    const userName = 'power@voorbeeld.example';
    const { status, body } = await admin.ask('POST', at('/Users'), {
      body: { schemas: [userUrn], userName, ...powers },
    });
    assert.equal(status, 201, JSON.stringify(body));
    const place = at(`/Users/${String(body['id'])}`);
    const put = { userName, ...powers };
    assert.equal((await admin.ask('PUT', place, { body: put })).status, 200);
    const Operations = [{ op: 'add', value: powers }];
    const patched = await admin.ask('PATCH', place, {
      body: { schemas: [patchUrn], Operations },
    });
    assert.equal(faultOf(patched), '400 invalidPath', 'a name that nobody knows');
    const user = await users.find(String(body['id']));
    assert.deepEqual([user?.role, user?.groups], ['user', []]);
    assert.notEqual(body['id'], 'mine');
  });

  it('waits for a second administrator where the organisation says so', async () => {
    const { governing } = tweestap.installation;
    const decide = (secondApproval: boolean) =>
      governing.changePolicy('test', (policy) => ({
        ...policy,
        administration: { secondApproval },
      }));
    const helper = await addUser(tweestap, [], { role: 'help-desk' });
    const anna = await addUser(tweestap, [], {});
    const switchOff = (id: string) =>
      admin.ask('PATCH', at(`/Users/${id}`), {
        body: {
          schemas: [patchUrn],
          Operations: [{ op: 'replace', path: 'active', value: false }],
        },
      });
    const group = (members: readonly string[]) =>
      admin.ask('POST', at('/Groups'), {
        body: { displayName: 'Agreed', members: members.map((value) => ({ value })) },
      });
    await decide(true);
    assert.match(JSON.stringify((await switchOff(helper.id)).body), /second administrator/);
    assert.equal(faultOf(await admin.ask('DELETE', at(`/Users/${helper.id}`))), '403');
    const before = await tweestap.installation.database.stores.users.find(helper.id);
    const several = await admin.ask('PUT', at(`/Users/${helper.id}`), {
      body: {
        schemas: [userUrn],
        externalId: 'h-1',
        userName: 'helper.now@voorbeeld.example',
        displayName: 'Somebody else',
        active: false,
      },
    });
    assert.match(
      JSON.stringify(several.body),
      /They agree to: rename \(userPrincipalName\); change-contact \(displayName.*switch-account/,
    );
    const { users: people } = tweestap.installation.database.stores;
    assert.deepEqual(await people.find(helper.id), before);
    assert.equal((await admin.get(at(`/Users/${helper.id}`))).body['externalId'], undefined);
    assert.match(JSON.stringify((await group([anna.id, helper.id])).body), /second administrator/);
    assert.equal((await switchOff(anna.id)).status, 200, 'she has no role');
    const { users } = tweestap.installation.database.stores;
    assert.deepEqual((await users.find(anna.id))?.groups, [], 'nothing was done by halves');
    await decide(false);
    assert.equal((await switchOff(helper.id)).status, 200);
    assert.equal((await group([anna.id, helper.id])).status, 201);
  });

  it('is open to somebody signed in with a fresh second step, and says what to bring', async () => {
    const person = await personWith(tweestap, 'authentication-admin');
    const body = { userName: 'by-hand@voorbeeld.example' };
    assert.equal((await person.ask('POST', at('/Users'), { body })).status, 201);
    const own = await person.ask('DELETE', at(`/Users/${person.id}`));
    assert.equal(faultOf(own), '403', 'nobody acts on themselves');
    await tweestap.advanceSeconds(301);
    const stale = await person.ask('POST', at('/Users'), { body });
    assert.equal(faultOf(stale), '401');
    assert.match(stale.headers.get('www-authenticate') ?? '', /insufficient_user_authentication/);
  });

  describe('says what it is', () => {
    it('and what it does not do', async () => {
      const { body } = await admin.get(at('/ServiceProviderConfig'));
      const supported = Object.entries(body).flatMap(([name, value]) =>
        typeof value === 'object' && value !== null && Reflect.get(value, 'supported') === true
          ? [name]
          : [],
      );
      assert.deepEqual(supported, ['patch', 'filter', 'changePassword', 'etag']);
      assert.equal(faultOf(await admin.ask('POST', at('/Bulk'), { body: {} })), '501');
      assert.equal(faultOf(await admin.get(at('/Me'))), '501');
    });

    it('and which attributes there are, each by its own address too', async () => {
      for (const [list, ids] of [
        ['/ResourceTypes', ['User', 'Group']],
        ['/Schemas', [userUrn, groupUrn]],
      ] as const) {
        const { body } = await admin.get(at(list));
        const resources = [body['Resources']].flat();
        assert.equal(body['totalResults'], ids.length);
        for (const [index, id] of ids.entries()) {
          assert.deepEqual((await admin.get(at(`${list}/${id}`))).body, resources[index]);
        }
        assert.equal(faultOf(await admin.get(at(`${list}/none`))), '404');
      }
      const { body } = await admin.get(at(`/Schemas/${userUrn}`));
      const names = [body['attributes']]
        .flat()
        .map((one) => String(Reflect.get(Object(one), 'name')));
      assert.ok(names.includes('userName') && !names.includes('id'));
      assert.match(JSON.stringify(body), /"name":"password".*?"returned":"never"/);
    });
  });

  describe('says in the words of the standard what is wrong', () => {
    const post = async (body: string, type = 'application/scim+json', path = '/Users') => {
      const headers = { authorization: `Bearer ${admin.token}`, 'content-type': type };
      const response = await fetch(`${tweestap.origin}${at(path)}`, {
        method: 'POST',
        headers,
        body,
      });
      return [response.status, (await response.text()).slice(0, 500)] as const;
    };

    it('with a body', async () => {
      assert.match((await post('{')).join(' '), /^400 .*"scimType":"invalidSyntax"/);
      assert.match((await post('[]')).join(' '), /^400 .*"scimType":"invalidSyntax"/);
      assert.match((await post('{}')).join(' '), /^400 .*"scimType":"invalidValue"/);
      assert.match((await post('{"__proto__":{"x":1}}')).join(' '), /^400 /);
      assert.match(
        (await post('a=b', 'application/x-www-form-urlencoded')).join(' '),
        /^415 .*Error/,
      );
      const long = JSON.stringify({ userName: 'a'.repeat(70_000) });
      assert.match((await post(long)).join(' '), /^413 .*messages:2\.0:Error/);
      assert.match((await post('{}', 'application/json', '/Groups')).join(' '), /^400 /);
    });

    it('with an address, a method or a condition', async () => {
      const put = await admin.ask('PUT', at('/Users'), { body: {} });
      assert.equal(faultOf(put), '405');
      assert.equal(put.headers.get('allow'), 'GET, POST');
      assert.equal(faultOf(await admin.get(at('/Shoes'))), '404');
      assert.equal(faultOf(await admin.get(at(''))), '404');
      const { id } = await addUser(tweestap, [], {});
      const headers = { 'if-match': 'W/"1"' };
      const conditional = await admin.ask('DELETE', at(`/Users/${id}`), { headers });
      assert.equal(faultOf(conditional), '412');
      const foreign = await admin.ask('POST', at('/Users'), {
        body: {},
        headers: { origin: 'https://evil.example' },
      });
      assert.equal(foreign.status, 403);
    });
  });

  it('answers whatever is sent, and never with a fault of its own', async () => {
    const target = await addUser(tweestap, ['app', 'phone'], { groups: ['staff'] });
    const made = await admin.ask('POST', at('/Groups'), { body: { displayName: 'Fuzzed' } });
    const ids = [target.id, String(made.body['id']), 'name-c3RhZmY'];
    const texts = fc.oneof(
      fc.constantFrom('', '"', '%', '..', '__proto__', 'true', 'False', 'a'.repeat(999), ...ids),
      fc.constantFrom(
        'userName eq "x"',
        'members eq "x"',
        'emails[type eq "work"].value',
        'emails',
      ),
      fc.constantFrom('members', 'members[value eq "x"]', 'displayName', 'active', 'externalId'),
      fc.string({ maxLength: 20, unit: 'binary' }),
    );
    const names = fc.constantFrom(
      ...'userName displayName name emails phoneNumbers active externalId members'.split(' '),
      ...'preferredLanguage password filter startIndex count attributes'.split(' '),
    );
    const anything = fc.oneof(texts, fc.jsonValue({ maxDepth: 3 }));
    const operation = fc.record(
      {
        op: fc.constantFrom('add', 'Replace', 'REMOVE', 'move'),
        path: fc.oneof(texts, names),
        value: fc.oneof(
          anything,
          fc.dictionary(names, anything, { maxKeys: 3 }),
          fc.array(fc.record({ value: texts, type: texts }), { maxLength: 3 }),
        ),
      },
      { requiredKeys: ['op'] },
    );
    const bodies = fc.oneof(
      fc.dictionary(names, anything, { maxKeys: 5 }),
      fc.record({
        schemas: fc.constant([patchUrn]),
        Operations: fc.array(operation, { maxLength: 4 }),
      }),
      fc.jsonValue({ maxDepth: 4 }),
    );
    const options = fc.constantFrom(
      ...'filter attributes excludedAttributes startIndex count sortBy'.split(' '),
    );
    const addresses = await walked();
    const { app } = tweestap.server.parts;
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: addresses.length - 1 }),
        fc.oneof(fc.constantFrom(...ids), texts),
        bodies,
        fc.dictionary(options, texts, { maxKeys: 2 }),
        async (index, id, body, query) => {
          const { method, url } = addresses[index] ?? assert.fail();
          const asked = url.replaceAll(/:\w+/g, encodeURIComponent(id));
          const { statusCode, payload } = await app.inject({
            method: method === 'GET' || method === 'POST' || method === 'PATCH' ? method : 'PUT',
            url: `${asked}?${new URLSearchParams(query).toString()}`,
            headers: {
              host: new URL(tweestap.origin).host,
              authorization: `Bearer ${admin.token}`,
              ...(method === 'GET' ? {} : { 'content-type': 'application/scim+json' }),
            },
            ...(method === 'GET' ? {} : { payload: JSON.stringify(body) }),
          });
          assert.ok(statusCode < 500, `${method} ${asked}: ${statusCode} ${payload}`);
          assert.doesNotMatch(payload, /argon2|GEZDGNB|"password":"/);
        },
      ),
      { numRuns: 600 },
    );
  });
});
