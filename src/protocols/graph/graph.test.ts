import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';

import fc from 'fast-check';

import { mayAct, onlyLooks } from '../../accounts/administering.ts';
import { sampleApproval } from '../../accounts/approval-store.contract.ts';
import { roles, type Role } from '../../accounts/user.ts';
import {
  callerWith,
  personWith,
  programWith,
  readAnswer,
  type GraphCaller,
  type GraphPerson,
} from '../../../test/support/graph.ts';
import { addUser } from '../../../test/support/people.ts';
import { routesOf } from '../../../test/support/routes.ts';
import { startTweestap, type Tweestap } from '../../../test/support/tweestap.ts';
import { createLimits } from './limits.ts';
import type { Operation } from './operation.ts';
import { roots } from './roots.ts';
import { operations } from './operations.ts';

type ProgramRole = Exclude<Role, 'user'>;
const programRoles = roles.filter((role): role is ProgramRole => role !== 'user');

describe('the API', () => {
  let tweestap: Tweestap;
  let admin: GraphCaller;
  before(async () => {
    tweestap = await startTweestap();
    admin = await programWith(tweestap, 'global-admin');
  });
  after(() => tweestap.close());

  const isOfApi = (url: string): boolean => /^\/(?:v1\.0|beta|tweestap\/v1)(?:\/|$)/.test(url);
  /** Every address that the router has, with the operation behind it. */
  const routes = () => {
    const known = new Map<string, { readonly operation: Operation; readonly isOwn: boolean }>();
    for (const operation of operations) {
      const { method, path, about } = operation;
      for (const root of operation.roots) {
        known.set(`${method} ${roots[root]}${path}`, { operation, isOwn: about === 'own' });
        if (about !== 'user' || operation.own === undefined) continue;
        const url = path.replace(/^\/users\/:user/, '/me');
        known.set(`${method} ${roots[root]}${url}`, { operation, isOwn: true });
      }
    }
    return known;
  };
  const walked = async () =>
    (await routesOf(tweestap.server.parts.app)).filter(
      ({ url }) => isOfApi(url) && !/\/(?:openapi\.json|\$batch)$/.test(url),
    );

  it('has an operation behind each address, and an address for each operation', async () => {
    assert.deepEqual(
      (await walked()).map(({ method, url }) => `${method} ${url}`).toSorted(),
      [...routes().keys()].toSorted(),
    );
  });

  it('opens to exactly the roles of the matrix, every route of the router', async () => {
    const known = routes();
    const target = await addUser(tweestap, [], {});
    for (const role of programRoles) {
      const caller = await programWith(tweestap, role);
      for (const { method, url } of await walked()) {
        const found = known.get(`${method} ${url}`) ?? assert.fail(url);
        const { operation, isOwn } = found;
        const { act } = operation;
        const isAllowed = act !== undefined && mayAct(role, act);
        // What is allowed is done elsewhere; here only who is turned away, and who may look.
        if (isAllowed && !onlyLooks(act)) continue;
        const path = url.replace(':user', target.id).replaceAll(/:\w+/g, 'none');
        const body = method === 'GET' || method === 'DELETE' ? undefined : {};
        const { status } = await caller.ask(method, path, { body });
        const expected = isOwn ? [400] : isAllowed ? [200, 400, 404] : [403];
        assert.ok(expected.includes(status), `${role} ${method} ${url}: ${status}`);
      }
    }
  });

  it('never acts on an account above its own role, nor on an unknown one', async () => {
    const helper = await programWith(tweestap, 'help-desk');
    const boss = await addUser(tweestap, [], { role: 'global-admin' });
    const changing = (await walked()).filter(
      ({ method, url }) => method !== 'GET' && url.includes(':user'),
    );
    assert.ok(changing.length > 0);
    for (const { method, url } of changing) {
      const path = (id: string): string => url.replace(':user', id).replaceAll(/:\w+/g, 'none');
      const asked = method === 'DELETE' ? {} : { body: {} };
      assert.equal((await helper.ask(method, path(boss.id), asked)).status, 403, url);
      const nobody = await admin.ask(method, path('nobody@voorbeeld.example'), asked);
      assert.equal(nobody.status, 404, url);
    }
    // Where the body says whom.
    const lesser = await programWith(tweestap, 'authentication-admin');
    const { status } = await lesser.ask('POST', '/v1.0/groups/staff/members/$ref', {
      body: { '@odata.id': `https://graph.microsoft.com/v1.0/users/${boss.id}` },
    });
    assert.equal(status, 403);
  });

  it('waits for a second administrator where the organisation says so', async () => {
    const { governing } = tweestap.installation;
    const decide = (secondApproval: boolean) =>
      governing.changePolicy('test', (policy) => ({
        ...policy,
        administration: { secondApproval },
      }));
    const boss = await addUser(tweestap, [], { role: 'global-admin' });
    const anna = await addUser(tweestap, [], {});
    const switchOff = (id: string) =>
      admin.ask('PATCH', `/v1.0/users/${id}`, { body: { accountEnabled: false } });
    await decide(true);
    const { status, body } = await switchOff(boss.id);
    assert.equal(status, 403);
    assert.match(JSON.stringify(body), /second administrator has to agree/);
    const { approvals, users } = tweestap.installation.database.stores;
    // Agreed to in part: what was agreed to waits for the rest.
    const agreed = sampleApproval({
      act: 'switch-account',
      targetId: boss.id,
      values: { enabled: 'no' },
      askedBy: `application:${admin.clientId}`,
      expiresAt: new Date(tweestap.now().getTime() + 3_600_000),
    });
    await approvals.add(agreed);
    const second = await addUser(tweestap, [], { role: 'global-admin' });
    await approvals.decide(agreed.id, { by: second.id, at: tweestap.now(), isAgreed: true });
    const before = await users.find(boss.id);
    const several = await admin.ask('PATCH', `/v1.0/users/${boss.id}`, {
      body: { accountEnabled: false, mail: 'boss@elsewhere.example', displayName: 'The Boss' },
    });
    assert.equal(several.status, 403);
    assert.match(
      JSON.stringify(several.body),
      /nothing was changed.*agree to: rename \(mail\); change-contact \(displayName\)\./,
    );
    assert.deepEqual(await users.find(boss.id), before);
    assert.equal((await switchOff(anna.id)).status, 204, 'she has no role');
    await decide(false);
    assert.equal((await switchOff(boss.id)).status, 204);
  });

  it('refuses a property that nobody may set, whatever it is called', async () => {
    const anna = await addUser(tweestap, [], {});
    for (const name of ['role', 'passwordHash', 'id', 'groups', 'isAdmin', 'perUserMfaState']) {
      const { status, body } = await admin.ask('PATCH', `/v1.0/users/${anna.id}`, {
        body: { mobilePhone: '+31612345699', [name]: 'global-admin' },
      });
      assert.equal(status, 400, name);
      const said = name === 'id' ? /'id' is read-only/ : new RegExp(`Invalid property '${name}'`);
      assert.match(JSON.stringify(body), said);
    }
    const user = await tweestap.installation.database.stores.users.find(anna.id);
    assert.equal(user?.role, 'user');
    assert.notEqual(user?.mobilePhone, '+31612345699', 'nothing was done by halves');
  });

  it('passes over what OData says of a body in passing, and nothing that says more', async () => {
    const name = `wim${tweestap.now().getTime()}@voorbeeld.example`;
    const added = await admin.ask('POST', '/v1.0/users', {
      body: {
        '@odata.type': '#microsoft.graph.user',
        accountEnabled: true,
        displayName: 'Wim',
        mailNickname: 'wim',
        userPrincipalName: name,
        passwordProfile: {
          '@odata.type': '#microsoft.graph.passwordProfile',
          password: 'four words of a rhyme',
        },
      },
    });
    assert.equal(added.status, 201, JSON.stringify(added.body));
    const patch = (body: Readonly<Record<string, unknown>>) =>
      admin.ask('PATCH', `/v1.0/users/${name}`, { body });
    const { body: read } = await admin.get(`/v1.0/users/${name}?$select=displayName`);
    assert.ok('@odata.context' in read);
    const back = {
      ...read,
      displayName: 'Wim Smit',
      'otherMails@odata.type': '#Collection(String)',
    };
    assert.equal((await patch(back)).status, 204);
    const now = await admin.get(`/v1.0/users/${name}`);
    assert.equal(now.body['displayName'], 'Wim Smit');
    for (const other of ['manager@odata.bind', '@odata.id', '@removed', 'x@odata.type.y']) {
      const { status } = await patch({ displayName: 'Nobody', [other]: 'x' });
      assert.equal(status, 400, other);
    }
  });

  it('gives another user name and mailbox, and nothing by halves where one is taken or none', async () => {
    const anna = await addUser(tweestap, [], { mail: 'anna.once@voorbeeld.example' });
    const other = await addUser(tweestap, [], {});
    const { users } = tweestap.installation.database.stores;
    const before = await users.find(anna.id);
    const patch = (body: Readonly<Record<string, unknown>>, caller = admin) =>
      caller.ask('PATCH', `/v1.0/users/${anna.id}`, { body });
    const name = 'anna.now@voorbeeld.example';
    const refused: readonly (readonly [number, Readonly<Record<string, unknown>>])[] = [
      [409, { userPrincipalName: other.userPrincipalName.toUpperCase() }],
      [400, { userPrincipalName: 'nobody' }],
      [400, { userPrincipalName: name, mail: '' }],
      [400, { userPrincipalName: name, mail: null }],
      [400, { userPrincipalName: name, passwordProfile: { password: 'anna.now rules' } }],
    ];
    for (const [status, body] of refused) {
      const answer = await patch({ ...body, displayName: 'Somebody else' });
      assert.equal(answer.status, status, JSON.stringify([body, answer.body]));
    }
    const helper = await programWith(tweestap, 'help-desk');
    assert.equal((await patch({ userPrincipalName: name }, helper)).status, 403);
    assert.deepEqual(await users.find(anna.id), before);

    const mail = 'anna@elsewhere.example';
    assert.equal((await patch({ userPrincipalName: name, mail })).status, 204);
    const now = await users.find(anna.id);
    assert.deepEqual(now, { ...before, userPrincipalName: name, mail });
    assert.equal((await admin.get(`/v1.0/users/${name}`)).status, 200);
    assert.equal((await patch({ userPrincipalName: name }, helper)).status, 204, 'it is the same');
  });

  it('answers whatever is sent, and never with a fault of its own', async () => {
    const target = await addUser(tweestap, ['app', 'phone'], {});
    const addresses = await walked();
    const texts = fc.oneof(
      fc.constantFrom(
        '',
        "'",
        '%',
        '..',
        '__proto__',
        'true',
        '2026-13-99',
        target.id,
        'a'.repeat(999),
      ),
      fc.string({ maxLength: 20, unit: 'binary' }),
    );
    const properties = fc.constantFrom(
      ...'phoneNumber phoneType emailAddress newPassword perUserMfaState displayName'.split(' '),
      ...'userPrincipalName mail passwordProfile businessPhones lifetimeInMinutes startDateTime @odata.type'.split(
        ' ',
      ),
    );
    const bodies = fc.oneof(
      fc.dictionary(properties, fc.oneof(texts, fc.jsonValue({ maxDepth: 3 })), { maxKeys: 4 }),
      fc.jsonValue({ maxDepth: 4 }),
    );
    const options = fc.constantFrom(
      '$filter',
      '$select',
      '$top',
      '$skiptoken',
      '$count',
      '$orderby',
    );
    const { app } = tweestap.server.parts;
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: addresses.length - 1 }),
        fc.boolean(),
        texts,
        bodies,
        fc.dictionary(options, texts, { maxKeys: 2 }),
        async (index, isThere, text, body, query) => {
          const { method, url } = addresses[index] ?? assert.fail();
          const asked = url
            .replace(':user', isThere ? target.id : encodeURIComponent(text))
            .replaceAll(/:\w+/g, encodeURIComponent(text));
          const { statusCode, payload } = await app.inject({
            method: method === 'GET' || method === 'POST' || method === 'PATCH' ? method : 'DELETE',
            url: `${asked}?${new URLSearchParams(query).toString()}`,
            headers: {
              host: new URL(tweestap.origin).host,
              authorization: `Bearer ${admin.token}`,
              ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
            },
            ...(method === 'GET' ? {} : { payload: JSON.stringify(body) }),
          });
          assert.ok(statusCode < 500, `${method} ${asked}: ${statusCode} ${payload}`);
          assert.doesNotMatch(payload, /argon2|GEZDGNB/);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('reads no long body from whoever may not send one', async () => {
    const helper = await programWith(tweestap, 'help-desk');
    const statusFor = (headers: Readonly<Record<string, string>>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const url = `${tweestap.origin}/tweestap/v1/greetings/en-thanks/sound`;
        const asked = request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': '1000000', ...headers },
        });
        asked.on('error', reject);
        asked.on('response', (answer) => {
          resolve(answer.statusCode);
          asked.destroy();
        });
        // The body never comes: whoever is answered was answered without it.
        asked.flushHeaders();
      });
    assert.equal(await statusFor({}), 401);
    assert.equal(await statusFor({ authorization: `Bearer ${helper.token}` }), 403);
  });

  describe('asks for a token', () => {
    const bare = async (path: string, headers: Readonly<Record<string, string>> = {}) =>
      readAnswer(await fetch(`${tweestap.origin}${path}`, { headers }));

    it('and for nothing else: a cookie opens nothing', async () => {
      const { status, code, headers } = await bare('/v1.0/users', { cookie: 'session=abc' });
      assert.deepEqual([status, code], [401, 'InvalidAuthenticationToken']);
      assert.equal(headers.get('www-authenticate'), `Bearer realm="${tweestap.origin}"`);
    });

    it('that is ours, whole and of the right kind', async () => {
      const [head = '', payload = '', signature = ''] = admin.token.split('.');
      const other = Buffer.from(payload, 'base64url')
        .toString()
        .replace(/"exp":\d+/, '"exp":9999999999');
      const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
      const bad = [
        'x',
        `${head}.${payload}.${signature.slice(0, -4)}AAAA`,
        `${head}.${Buffer.from(other).toString('base64url')}.${signature}`,
        `${none}.${payload}.`,
        `${none}.${payload}.AAAA`,
        'a'.repeat(43),
        `${'a'.repeat(3000)}.b.c`,
      ];
      for (const token of bad) {
        const { status, headers } = await callerWith(tweestap.origin, '', token).get('/v1.0/users');
        assert.equal(status, 401, token.slice(0, 60));
        assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/);
      }
      const basic = await bare('/v1.0/users', { authorization: 'Basic YTpi' });
      assert.equal(basic.status, 401);
    });

    it('whose program is still there, with the role that it has now', async () => {
      const gone = await programWith(tweestap, 'reports-reader');
      assert.equal((await gone.get('/v1.0/users')).status, 200);
      await tweestap.command('app', 'remove', gone.clientId);
      assert.equal((await gone.get('/v1.0/users')).status, 401);
    });

    it('and answers no script of another site', async () => {
      const headers = { authorization: `Bearer ${admin.token}`, origin: 'https://evil.example' };
      const { headers: answered } = await bare('/v1.0/users', headers);
      assert.equal(answered.get('access-control-allow-origin'), null);
      const posted = await admin.ask('POST', '/v1.0/users', { body: {}, headers });
      assert.deepEqual([posted.status, posted.code], [403, 'Authorization_RequestDenied']);
    });
  });

  describe('of somebody who is signed in', () => {
    let person: GraphPerson;
    before(async () => {
      person = await personWith(tweestap, 'authentication-admin');
    });

    it('is theirs: their role, and themselves', async () => {
      assert.equal((await person.get('/v1.0/users?$top=1')).value.length, 1);
      const { body } = await person.get('/v1.0/me?$select=id');
      assert.equal(body['id'], person.id);
      const own = await person.ask('POST', `/v1.0/users/${person.id}/revokeSignInSessions`, {
        body: {},
      });
      assert.equal(own.status, 403, 'nobody acts on themselves');
    });

    it('changes nothing without a fresh second step, and says what to bring', async () => {
      const bram = await addUser(tweestap, [], {});
      const revoke = () =>
        person.ask('POST', `/v1.0/users/${bram.id}/revokeSignInSessions`, { body: {} });
      assert.equal((await revoke()).status, 200);
      const bare = await person.ask('POST', `/v1.0/users/${bram.id}/revokeSignInSessions`);
      assert.equal(bare.status, 200, 'an action needs no body');
      await tweestap.advanceSeconds(301);
      const { status, code, headers } = await revoke();
      assert.deepEqual([status, code], [401, 'InteractionRequired']);
      const challenge = headers.get('www-authenticate') ?? '';
      assert.match(challenge, /error="insufficient_user_authentication"/);
      assert.match(challenge, /acr_values="https:\/\/refeds\.org\/profile\/mfa", max_age="300"/);
      assert.equal((await person.get('/v1.0/users?$top=1')).status, 200, 'looking needs none');
    });

    it('goes by the role of this moment, and ends with the session', async () => {
      const { users } = tweestap.installation.database.stores;
      await users.change(person.id, { role: 'user' });
      assert.equal((await person.get('/v1.0/users')).status, 403);
      assert.equal((await person.get('/v1.0/me')).status, 200);
      await tweestap.command('user', 'revoke-sessions', person.userPrincipalName);
      assert.equal((await person.get('/v1.0/me')).status, 401);
    });

    it('is for applications alone that were added for it', async () => {
      const other = await personWith(tweestap, 'global-admin', { flags: [] });
      assert.equal((await other.get('/v1.0/users')).status, 401);
      assert.equal((await other.get('/v1.0/me')).status, 401);
      const silent = await personWith(tweestap, 'global-admin', { scope: 'openid profile' });
      assert.equal((await silent.get('/v1.0/users')).status, 401);
      const offline = await personWith(tweestap, 'global-admin', {
        scope: 'openid offline_access api',
      });
      assert.equal((await offline.get('/v1.0/me')).status, 200);
      await tweestap.installation.database.stores.sessions.removeAll(offline.id);
      assert.equal((await offline.get('/v1.0/me')).status, 401, 'no session, no token');
    });
  });

  describe('answers', () => {
    it('names the request in both logs', async () => {
      const asked = await admin.get('/v1.0/users/nobody', { 'client-request-id': 'mine-1' });
      assert.deepEqual([asked.status, asked.code], [404, 'Request_ResourceNotFound']);
      assert.equal(asked.headers.get('client-request-id'), 'mine-1');
      assert.match(asked.headers.get('request-id') ?? '', /^[A-Z2-7]{8}$/);
      assert.match(
        JSON.stringify(asked.body),
        /"innerError":\{"date":"[-\dT:]+","request-id":"[A-Z2-7]{8}","client-request-id":"mine-1"\}/,
      );
      const hostile = await admin.get('/v1.0/users?$top=1', { 'client-request-id': 'a b\tc' });
      assert.match(hostile.headers.get('client-request-id') ?? '', /^[A-Z2-7]{8}$/);
    });

    it('says in Graph’s way what is wrong with a request', async () => {
      const put = await admin.ask('PUT', '/v1.0/users', { body: {} });
      assert.deepEqual([put.status, put.code], [405, 'Request_MethodNotAllowed']);
      assert.equal(put.headers.get('allow'), 'GET, POST');
      assert.equal((await admin.ask('DELETE', '/v1.0/me')).code, 'Request_MethodNotAllowed');
      assert.match(JSON.stringify((await admin.get('/beta/nothing')).body), /segment 'nothing'/);
      const long = `/v1.0/${'a'.repeat(8_000)}`;
      const begun = performance.now();
      assert.match(JSON.stringify((await admin.get(long)).body), /segment 'a{60}'/);
      assert.match(JSON.stringify((await admin.get(`${long}/`)).body), /segment ''/);
      assert.ok(performance.now() - begun < 2_000, 'nobody waits for long addresses');
      const post = async (body: string, type = 'application/json') =>
        readAnswer(
          await fetch(`${tweestap.origin}/v1.0/users`, {
            method: 'POST',
            headers: { authorization: `Bearer ${admin.token}`, 'content-type': type },
            body,
          }),
        );
      assert.deepEqual((await post('{')).code, 'badRequest');
      assert.deepEqual((await post('[]')).code, 'badRequest');
      assert.deepEqual((await post('{"__proto__":{"role":"global-admin"}}')).code, 'badRequest');
      assert.equal((await post('a=b', 'application/x-www-form-urlencoded')).status, 415);
      const large = await post(JSON.stringify({ displayName: 'a'.repeat(70_000) }));
      assert.deepEqual([large.status, large.code], [413, 'Request_EntityTooLarge']);
    });

    it('a list page by page, whose next page is for this list and caller alone', async () => {
      const first = await admin.get('/v1.0/users?$top=3&$select=id');
      assert.equal(first.value.length, 3);
      const next = String(first.body['@odata.nextLink']);
      assert.ok(next.startsWith(`${tweestap.origin}/v1.0/users?`), next);
      const path = next.slice(tweestap.origin.length);
      const second = await admin.get(path);
      assert.equal(second.status, 200);
      assert.notDeepEqual(second.value, first.value);
      assert.equal((await admin.get(path.replace('/v1.0', '/beta'))).code, 'badRequest');
      assert.equal((await admin.get(`${path}&$filter=id%20ne%20'a'`)).code, 'badRequest');
      assert.equal(
        (await admin.get(path.replace(/.$/, 'x').replace(/..$/, 'AA'))).code,
        'badRequest',
      );
      const other = await programWith(tweestap, 'reports-reader');
      assert.equal((await other.get(path)).code, 'badRequest');
      await tweestap.advanceSeconds(3_601);
      const fresh = await programWith(tweestap, 'global-admin');
      assert.equal((await fresh.get(path)).code, 'badRequest');
    });

    it('the same people whether they are filtered by an index or by looking', async () => {
      for (let i = 0; i < 5; i += 1) {
        const name = `Zoë ${i}`;
        await addUser(tweestap, [], { displayName: name, accountEnabled: i % 2 === 0 });
      }
      const names = async (filter: string): Promise<readonly unknown[]> => {
        const path = `/v1.0/users?$select=displayName&$filter=${encodeURIComponent(filter)}`;
        const { status, value, body } = await admin.get(path);
        assert.equal(status, 200, JSON.stringify(body));
        return value.map(({ displayName }) => String(displayName)).toSorted();
      };
      const all = ['Zoë 0', 'Zoë 1', 'Zoë 2', 'Zoë 3', 'Zoë 4'];
      assert.deepEqual(await names("startsWith(displayName,'Zoë')"), all);
      assert.deepEqual(await names("startswith(displayName,'zoë ')"), all);
      assert.deepEqual(await names("startsWith(displayName,'Zoë') and accountEnabled eq false"), [
        'Zoë 1',
        'Zoë 3',
      ]);
      assert.deepEqual(await names("endsWith(displayName,'ë 4')"), ['Zoë 4']);
      assert.deepEqual(await names("userPrincipalName eq 'ANNA@voorbeeld.example'"), [
        'Anna de Vries',
      ]);
      assert.deepEqual(await names("mail eq 'anna@voorbeeld.example' or displayName eq 'Zoë 2'"), [
        'Anna de Vries',
        'Zoë 2',
      ]);
      await addUser(tweestap, [], {
        displayName: 'Two mailboxes',
        mail: 'two@voorbeeld.example',
        otherMail: 'Other@home.example',
      });
      for (const filter of [
        "mail eq 'TWO@voorbeeld.example'",
        "otherMails/any(m:m eq 'other@home.example')",
        "otherMails/any(m:m eq 'other@home.example') and accountEnabled eq true",
      ]) {
        assert.deepEqual(await names(filter), ['Two mailboxes'], filter);
      }
      assert.deepEqual(await names("otherMails/any(m:m eq 'two@voorbeeld.example')"), []);
      assert.deepEqual(await names("id eq '../..'"), []);
      const two =
        "userPrincipalName in ('bram@voorbeeld.example','Anna@voorbeeld.example','anna@voorbeeld.example','x')";
      assert.deepEqual(await names(two), ['Anna de Vries', 'Bram Jansen']);
      const page = await admin.get(`/v1.0/users?$top=1&$filter=${encodeURIComponent(two)}`);
      const next = String(page.body['@odata.nextLink']).slice(tweestap.origin.length);
      const rest = await admin.get(next);
      assert.deepEqual([page.value.length, rest.value.length], [1, 1]);
      assert.equal(rest.value[0]?.['displayName'], 'Bram Jansen');
      assert.deepEqual(await names(`${two} and startsWith(displayName,'B')`), ['Bram Jansen']);
      assert.deepEqual(await names("displayName in ('Zoë 1', null)"), ['Zoë 1']);
      assert.equal((await admin.get('/v1.0/users?$filter=passwordHash%20ne%20null')).status, 400);
      assert.equal((await admin.get('/v1.0/users?$select=passwordHash')).status, 400);
      assert.equal(
        (await admin.get('/v1.0/users?$orderby=displayName')).code,
        'Request_UnsupportedQuery',
      );
    });

    it('people by properties named in any case, as scripts for Graph name them', async () => {
      const bram = "UserPrincipalName eq 'bram@voorbeeld.example'";
      for (const filter of [
        bram,
        `StartsWith(displayname,'Bram') and ${bram}`,
        `not (ID eq 'x') and ${bram}`,
        `OtherMails/any(Mail:Mail eq 'x') or USERPRINCIPALNAME in ('bram@voorbeeld.example')`,
      ]) {
        const { status, body, value } = await admin.get(
          `/v1.0/users?$select=Id,DisplayName,id&$orderby=UserPrincipalName&$filter=${encodeURIComponent(filter)}`,
        );
        assert.equal(status, 200, JSON.stringify(body));
        assert.match(String(body['@odata.context']), /#users\(id,displayName\)$/);
        assert.deepEqual(value.map(Object.keys), [['id', 'displayName']]);
        assert.equal(value[0]?.['displayName'], 'Bram Jansen');
      }
      const one = await admin.get('/v1.0/users/bram@voorbeeld.example?$select=DisplayName');
      assert.equal(one.body['displayName'], 'Bram Jansen', JSON.stringify(one.body));
    });

    it('how many there are, to whoever says that it may lag behind', async () => {
      assert.equal((await admin.get('/v1.0/users?$count=true')).code, 'Request_UnsupportedQuery');
      assert.equal((await admin.get('/v1.0/users/$count')).code, 'Request_UnsupportedQuery');
      const eventual = { consistencylevel: 'eventual' };
      const { body } = await admin.get('/v1.0/users?$count=true&$top=1', eventual);
      const counted = await admin.get('/v1.0/users/$count', eventual);
      assert.equal(String(body['@odata.count']), counted.body['text']);
      const some = await admin.get(
        "/v1.0/users/$count?$filter=startsWith(displayName,'Zoë')",
        eventual,
      );
      assert.equal(some.body['text'], '5');
    });
  });

  describe('in a batch', () => {
    const batch = (requests: readonly unknown[], caller = admin) =>
      caller.ask('POST', '/v1.0/$batch', { body: { requests } });
    const statuses = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): unknown =>
      Array.isArray(body['responses']) &&
      body['responses'].map(({ status }: { readonly status: unknown }) => status);

    it('answers each by itself, with the rights of whoever sent it', async () => {
      const reader = await programWith(tweestap, 'reports-reader');
      const answered = await batch(
        [
          { id: '1', method: 'GET', url: '/users/anna@voorbeeld.example?$select=id' },
          { id: '2', method: 'PATCH', url: 'users/anna@voorbeeld.example', body: {} },
          {
            id: '3',
            method: 'GET',
            url: '/users',
            headers: { authorization: `Bearer ${admin.token}` },
          },
          { id: '4', method: 'GET', url: '/users', dependsOn: ['2'] },
          { id: '5', method: 'GET', url: '/users?$top=1', dependsOn: ['1'] },
        ],
        reader,
      );
      assert.deepEqual(statuses(answered), [200, 403, 200, 424, 200]);
    });

    it('stays below its root, and is no batch of batches', async () => {
      const urls = ['/../beta/users', '/%2e%2e/beta/users', '//evil.example/users', '/$batch'];
      const more = ['/%24batch', 'https://evil.example/users', '/users\\x', '/users/./x'];
      const requests = [...urls, ...more].map((url, index) => ({
        id: String(index),
        method: 'POST',
        url,
        body: { requests: [] },
      }));
      const answered = await batch(requests);
      assert.deepEqual(
        statuses(answered),
        requests.map(() => 400),
      );
      const twenty = Array.from({ length: 21 }, (_, id) => ({
        id: `${id}`,
        method: 'GET',
        url: '/me',
      }));
      assert.equal((await batch(twenty)).code, 'badRequest');
      assert.equal((await batch([])).code, 'badRequest');
      const twice = { id: '1', method: 'GET', url: '/users' };
      assert.equal((await batch([twice, twice])).code, 'badRequest');
    });
  });

  it('turns away a stranger who asks too often, and nobody who has a token', async () => {
    const asked = async () => readAnswer(await fetch(`${tweestap.origin}/v1.0/users`));
    let answer = await asked();
    for (let i = 0; i < 200 && answer.status === 401; i += 1) answer = await asked();
    assert.deepEqual([answer.status, answer.code], [429, 'TooManyRequests']);
    assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/);
    const other = await programWith(tweestap, 'reports-reader');
    assert.equal((await other.get('/v1.0/users?$top=1')).status, 200);
  });
});

describe('the limit of one caller', () => {
  it('turns away who asks too often, until the minute is over, and nobody else', () => {
    let now = 0;
    const limits = createLimits({ requests: 3, seconds: 60 }, () => now);
    const asked = (caller: string): unknown => limits.pause(caller);
    assert.deepEqual([asked('a'), asked('a'), asked('a')], [undefined, undefined, undefined]);
    now = 20_000;
    assert.equal(asked('a'), 40);
    assert.equal(asked('b'), undefined);
    now = 60_000;
    assert.equal(asked('a'), undefined);
  });
});
