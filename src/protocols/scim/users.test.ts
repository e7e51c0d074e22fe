import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { programWith, type GraphAnswer, type GraphCaller } from '../../../test/support/graph.ts';
import { addUser, newPerson } from '../../../test/support/people.ts';
import { until } from '../../../test/support/poll.ts';
import { startTweestap, type Tweestap } from '../../../test/support/tweestap.ts';
import type { User } from '../../accounts/user.ts';
import { userUrn } from './schemas.ts';

const users = '/scim/v2/Users';

describe('people who are provisioned', () => {
  let tweestap: Tweestap;
  let directory: GraphCaller;
  let owner: GraphCaller;
  before(async () => {
    tweestap = await startTweestap();
    directory = await programWith(tweestap, 'authentication-admin');
    owner = await programWith(tweestap, 'global-admin');
  });
  after(() => tweestap.close());

  const stored = async (id: unknown): Promise<User> =>
    (await tweestap.installation.database.stores.users.find(String(id))) ??
    assert.fail('there is no such account');
  const post = (body: unknown, as = directory) => as.ask('POST', users, { body });
  const patch = (id: unknown, ...Operations: readonly unknown[]) =>
    directory.ask('PATCH', `${users}/${String(id)}`, {
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations },
      headers: { 'content-type': 'application/scim+json' },
    });
  const names = ({ body, status }: GraphAnswer): readonly unknown[] => {
    assert.equal(status, 200, JSON.stringify(body));
    return [body['Resources']].flat().map((one) => Reflect.get(Object(one), 'userName'));
  };
  const find = (filter: string, more = '', as = directory) =>
    as.get(`${users}?filter=${encodeURIComponent(filter)}${more}`);
  const scimType = ({ status, body }: GraphAnswer) => `${status} ${String(body['scimType'])}`;

  describe('are added', () => {
    /** As Entra ID sends it, with the mappings that it comes with. */
    const fromEntra = {
      schemas: [userUrn, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
      externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
      userName: 'Test_User_ab6490ee@voorbeeld.example',
      active: true,
      displayName: 'Lena Visser',
      title: 'Nurse',
      emails: [{ primary: true, type: 'work', value: 'lena@voorbeeld.example' }],
      meta: { resourceType: 'User' },
      name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
      phoneNumbers: [
        { type: 'work', value: '+31 20 1234567 x 88' },
        { type: 'mobile', value: 'tel:+31-6-12345678' },
        { type: 'fax', value: '+31 20 1234599' },
      ],
      preferredLanguage: 'nl-NL',
      addresses: [{ type: 'work', streetAddress: 'Kade 1', locality: 'Delft' }],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Care' },
      roles: [],
    };

    it('by what Entra ID sends, and are told as they were kept', async () => {
      const { status, headers, body } = await post(fromEntra);
      assert.equal(status, 201, JSON.stringify(body));
      const { id, meta, ...told } = body;
      const location = `${tweestap.origin}${users}/${String(id)}`;
      assert.equal(headers.get('location'), location);
      assert.deepEqual(told, {
        schemas: [userUrn],
        externalId: fromEntra.externalId,
        userName: fromEntra.userName,
        displayName: 'Lena Visser',
        name: { formatted: 'Lena Visser' },
        active: true,
        emails: [{ value: 'lena@voorbeeld.example', type: 'work', primary: true }],
        phoneNumbers: [
          { value: '+31612345678', type: 'mobile' },
          { value: '+31201234567x88', type: 'work' },
        ],
        preferredLanguage: 'nl',
      });
      const { created } = Object(meta);
      const version = headers.get('etag');
      assert.match(String(version), /^W\/"[\w-]{22}"$/);
      assert.deepEqual(meta, { resourceType: 'User', created, location, version });
      const user = await stored(id);
      assert.equal(user.mobilePhone, '+31612345678');
      assert.equal(user.businessPhoneExtension, '88');
      assert.equal(user.mustChangePassword, true);
      const again = await directory.get(`${users}/${String(id)}`);
      assert.deepEqual(again.body, body);
    });

    it('once: the same name again is a conflict, however it is written', async () => {
      const name = fromEntra.userName.toUpperCase();
      assert.equal(scimType(await post({ userName: name })), '409 uniqueness');
    });

    it('with a name alone, switched off where that is said', async () => {
      const name = { givenName: 'Jan', familyName: 'de Boer' };
      const { body } = await post({ userName: 'jan@voorbeeld.example', name, active: 'False' });
      assert.deepEqual([body['displayName'], body['active']], ['Jan de Boer', false]);
      assert.equal((await stored(body['id'])).accountEnabled, false);
    });

    it('with a first password that our rules accept, which they have to change', async () => {
      const userName = 'first@voorbeeld.example';
      const weak = await post({ userName, password: 'Welkom2026!' });
      assert.equal(scimType(weak), '400 invalidValue');
      assert.match(JSON.stringify(weak.body), /'password': too-common/);
      const password = 'kaas en brood op tafel';
      const { status, body } = await post({ userName, password });
      assert.equal(status, 201);
      assert.doesNotMatch(JSON.stringify(body), /kaas|password/);
      const { hasher } = tweestap.installation;
      const { passwordHash, mustChangePassword } = await stored(body['id']);
      assert.equal(await hasher.verify(passwordHash ?? '', password), true);
      assert.equal(mustChangePassword, true);
    });

    it('only as they can be, and all that is wrong is said', async () => {
      const { status, body } = await post({
        userName: 'nobody',
        emails: [{ type: 'other', value: 'x' }],
        phoneNumbers: [{ type: 'mobile', value: '12' }],
      });
      assert.equal(status, 400);
      assert.match(String(body['detail']), /'userName': .*'emails\[type eq "other"\]': /);
      for (const wrong of [
        { userName: 7 },
        { userName: 'a@voorbeeld.example', active: 'perhaps' },
        { userName: 'a@voorbeeld.example', externalId: 'x\u0007y' },
        { userName: 'a@voorbeeld.example', password: ['x'] },
        { userName: 'a@voorbeeld.example', emails: [{ type: 'work', value: {} }] },
      ]) {
        assert.equal(scimType(await post(wrong)), '400 invalidValue', JSON.stringify(wrong));
      }
    });

    it('and told of in the audit log by the program’s name', async () => {
      const { body } = await post({ userName: 'audited@voorbeeld.example' });
      const { audit } = tweestap.installation.database.stores;
      const events = await audit.list({ limit: 20 });
      const added = events.find(
        ({ kind, userId }) => kind === 'user-added' && userId === body['id'],
      );
      assert.equal(added?.actor, `application:${directory.clientId}`);
    });
  });

  describe('are changed', () => {
    it('by patches as Entra ID sends them', async () => {
      const { id, userPrincipalName } = await addUser(tweestap, [], {
        displayName: 'Old Name',
        preferredLanguage: 'en',
        otherMail: 'old@home.example',
      });
      const { status, body } = await patch(
        id,
        { op: 'Replace', path: 'displayName', value: 'New Name' },
        { op: 'Add', path: 'phoneNumbers[type eq "work"].value', value: '+31 20 7654321' },
        { op: 'Replace', path: 'phoneNumbers[type eq "mobile"].value', value: '+31612345670' },
        { op: 'Remove', path: 'preferredLanguage' },
        { op: 'Replace', path: 'emails[type eq "other"].value', value: 'new@home.example' },
        { op: 'Add', path: 'externalId', value: 'E-1' },
        { op: 'Replace', path: 'userName', value: userPrincipalName.toUpperCase() },
        { op: 'Add', path: 'title', value: 'Nurse' },
        { op: 'Add', path: 'addresses[type eq "work"].locality', value: 'Delft' },
        {
          op: 'Add',
          path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
          value: 'Care',
        },
      );
      assert.equal(status, 200, JSON.stringify(body));
      const user = await stored(id);
      assert.equal(user.displayName, 'New Name');
      assert.equal(user.businessPhone, '+31207654321');
      assert.equal(user.mobilePhone, '+31612345670');
      assert.equal(user.otherMail, 'new@home.example');
      assert.equal(user.preferredLanguage, undefined);
      assert.equal(body['externalId'], 'E-1');
      const { audit } = tweestap.installation.database.stores;
      const events = await audit.list({ userId: String(body['id']), limit: 20 });
      assert.ok(events.some(({ details }) => details['fields'] === 'externalId'));
      assert.equal(
        scimType(await patch(id, { op: 'remove', path: 'userName' })),
        '400 invalidValue',
      );
    });

    it('are changed only as they were read, where that is asked for', async () => {
      const { id } = await addUser(tweestap, [], { displayName: 'Before' });
      const place = `${users}/${id}`;
      const read = await directory.get(place);
      const version = read.headers.get('etag') ?? assert.fail();
      assert.equal(Object(read.body['meta']).version, version);
      const known = await directory.get(place, { 'if-none-match': `"x", ${version}` });
      assert.deepEqual([known.status, known.headers.get('etag')], [304, version]);
      const rename = (displayName: string, ifMatch: string) =>
        directory.ask('PATCH', place, {
          body: {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
            Operations: [{ op: 'replace', path: 'displayName', value: displayName }],
          },
          headers: { 'if-match': ifMatch },
        });
      const renamed = await rename('After', version);
      assert.equal(renamed.status, 200);
      assert.notEqual(renamed.headers.get('etag'), version);
      assert.equal((await rename('Lost', version)).status, 412, 'somebody else was faster');
      const gone = await directory.ask('DELETE', place, { headers: { 'if-match': version } });
      assert.equal(gone.status, 412);
      assert.deepEqual(
        [(await stored(id)).displayName, (await stored(id)).accountEnabled],
        ['After', true],
      );
      assert.equal((await rename('Any', '*')).status, 200);
      assert.equal((await directory.get(place, { 'if-none-match': version })).status, 200);
      // Two at once, of one version: one of them.
      const now = (await directory.get(place)).headers.get('etag') ?? assert.fail();
      const both = await Promise.all([rename('One', now), rename('Other', now)]);
      const statuses = new Set(both.map(({ status }) => status));
      assert.deepEqual(statuses, new Set([200, 412]));
    });

    it('are removed only as they were read, where that is asked for', async () => {
      for (let turn = 0; turn < 4; turn += 1) {
        const { id } = await addUser(tweestap, [], { displayName: 'Read' });
        const place = `${users}/${id}`;
        const version = (await owner.get(place)).headers.get('etag') ?? assert.fail();
        const headers = { 'if-match': version };
        const [renamed, removed] = await Promise.all([
          directory.ask('PATCH', place, {
            body: {
              schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
              Operations: [{ op: 'replace', path: 'displayName', value: 'Changed' }],
            },
            headers,
          }),
          owner.ask('DELETE', place, { headers }),
        ]);
        const isThere = (await directory.get(place)).status === 200;
        assert.equal(isThere, renamed.status === 200, 'one of the two, never both');
        assert.equal(removed.status, isThere ? 412 : 204);
      }
    });

    it('are switched off, and out everywhere, by every way of saying so', async () => {
      for (const operation of [
        { op: 'replace', path: 'active', value: false },
        { op: 'Replace', path: 'active', value: 'False' },
        { op: 'Replace', value: { active: 'false' } },
        { op: 'Replace', path: 'active', value: [{ $ref: null, value: 'False' }] },
      ]) {
        const person = await newPerson(tweestap, { registered: ['app'] });
        await person.signsIn();
        assert.equal((await person.browser.open('/my-profile')).heading, 'My Profile');
        const [found] = [
          (await find(`userName eq "${person.userPrincipalName}"`)).body['Resources'],
        ].flat();
        const { body } = await patch(Reflect.get(Object(found), 'id'), operation);
        assert.equal(body['active'], false, JSON.stringify(operation));
        await person.browser.open('/my-profile');
        assert.match(person.browser.address, /\/sign-in/, 'the session has ended');
        const on = await patch(body['id'], { op: 'Replace', path: 'active', value: 'True' });
        assert.equal(on.body['active'], true);
      }
    });

    it('are switched off even where the directory gives them another name with it', async () => {
      const { id, userPrincipalName } = await addUser(tweestap, [], {});
      const leave = (value: string) =>
        patch(
          id,
          { op: 'Replace', path: 'active', value: 'False' },
          { op: 'Replace', path: 'userName', value },
        );
      const taken = await leave('anna@voorbeeld.example');
      assert.deepEqual([taken.status, taken.body['active']], [200, false]);
      assert.equal(taken.body['userName'], userPrincipalName);
      const free = await leave(`0a21f0f2${userPrincipalName}`);
      assert.equal(free.body['userName'], `0a21f0f2${userPrincipalName}`);
    });

    it('by several at once, none of whom takes back what another did', async () => {
      const { id } = await addUser(tweestap, [], {});
      const changes: readonly (readonly [string, string])[] = [
        ['displayName', 'Several'],
        ['phoneNumbers[type eq "mobile"].value', '+31612345671'],
        ['phoneNumbers[type eq "work"].value', '+31207654321'],
        ['preferredLanguage', 'nl'],
        ['externalId', 'S-1'],
      ];
      await Promise.all(changes.map(([path, value]) => patch(id, { op: 'add', path, value })));
      const { displayName, mobilePhone, businessPhone, preferredLanguage } = await stored(id);
      assert.deepEqual(
        [displayName, mobilePhone, businessPhone, preferredLanguage],
        ['Several', '+31612345671', '+31207654321', 'nl'],
      );
      assert.match(JSON.stringify((await find('externalId eq "S-1"')).body), /Several/);
    });

    it('by a whole resource: what it leaves out is gone, but neither a name nor a switch', async () => {
      const { id, userPrincipalName } = await addUser(tweestap, [], {
        displayName: 'Whole',
        otherMail: 'x@home.example',
        accountEnabled: false,
      });
      await patch(id, { op: 'add', path: 'externalId', value: 'W-1' });
      const put = (body: unknown) => directory.ask('PUT', `${users}/${id}`, { body });
      const { status, body } = await put({ userName: userPrincipalName, schemas: [userUrn] });
      assert.equal(status, 200, JSON.stringify(body));
      const user = await stored(id);
      assert.deepEqual([user.displayName, user.accountEnabled], ['Whole', false]);
      assert.deepEqual([user.mobilePhone, user.otherMail], [undefined, undefined]);
      assert.equal(user.mail, userPrincipalName);
      assert.equal(body['externalId'], undefined);
      const named = await put({ userName: userPrincipalName, name: { formatted: 'Other' } });
      assert.equal(named.body['displayName'], 'Other');
      assert.equal(scimType(await put({ displayName: 'x' })), '400 invalidValue');
      assert.equal(scimType(await put([])), '400 invalidSyntax');
    });

    it('by another name and another mailbox, and are who they were', async () => {
      const person = await newPerson(tweestap, { registered: ['app'] });
      const { body } = await find(`userName eq "${person.userPrincipalName}"`);
      const id = String(Reflect.get(Object([body['Resources']].flat()[0]), 'id'));
      const userName = 'married@voorbeeld.example';
      const { status } = await patch(
        id,
        { op: 'Replace', path: 'userName', value: userName },
        { op: 'Replace', path: 'emails[type eq "work"].value', value: userName },
        { op: 'Replace', path: 'displayName', value: 'Married' },
      );
      assert.equal(status, 200);
      const user = await stored(id);
      assert.deepEqual([user.userPrincipalName, user.mail], [userName, userName]);
      assert.deepEqual(names(await find(`userName eq "${person.userPrincipalName}"`)), []);
      await person.browser.open('/sign-in');
      await person.typesName(userName);
      await person.typesPassword();
      assert.equal((await person.typesCode(person.appCode())).heading, 'My Profile');
    });

    it('by another mailbox, and both are told', async () => {
      const { id, userPrincipalName } = await addUser(tweestap, [], {});
      const value = `moved-${userPrincipalName}`;
      await patch(id, { op: 'replace', path: 'emails[type eq "work"].value', value });
      for (const mailbox of [userPrincipalName, value]) {
        const path = `/simulator/api/messages?kind=mail&to=${encodeURIComponent(mailbox)}`;
        await until(`a mail to ${mailbox}`, async () =>
          /details of your/.test((await tweestap.ask(path)).body),
        );
      }
    });

    it('never in what the organisation’s own directory owns of them', async () => {
      const { body } = await post({ userName: 'owned@voorbeeld.example' });
      const { users: people } = tweestap.installation.database.stores;
      await people.change(String(body['id']), {
        upstream: { id: 'entry-owned', dn: 'uid=o,dc=x' },
      });
      for (const [path, value] of [
        ['displayName', 'Somebody Else'],
        ['active', false],
        ['userName', 'else@voorbeeld.example'],
      ] as const) {
        const refused = await patch(body['id'], { op: 'replace', path, value });
        assert.equal(scimType(refused), '400 mutability', path);
        assert.match(String(refused.body['detail']), /directory owns this/);
      }
      const { accountEnabled, userPrincipalName } = await stored(body['id']);
      assert.deepEqual([accountEnabled, userPrincipalName], [true, 'owned@voorbeeld.example']);
    });

    it('never to a name that somebody has, or that is none, and then not at all', async () => {
      const { id, userPrincipalName, ...before } = await addUser(tweestap, [], {});
      const rename = (value: string) =>
        patch(
          id,
          { op: 'replace', path: 'phoneNumbers', value: [] },
          { op: 'replace', path: 'userName', value },
        );
      assert.equal(scimType(await rename('ANNA@voorbeeld.example')), '409 uniqueness');
      assert.equal(scimType(await rename('nobody')), '400 invalidValue');
      const mail = { op: 'replace', path: 'emails[type eq "work"].value', value: 'no mail' };
      assert.equal(scimType(await patch(id, mail)), '400 invalidValue');
      const user = await stored(id);
      assert.deepEqual([user.userPrincipalName, user.mail], [userPrincipalName, userPrincipalName]);
      assert.equal(user.mobilePhone, before.mobilePhone);
    });

    it('wholly or not at all', async () => {
      const { id } = await addUser(tweestap, [], { displayName: 'Same' });
      const change = { op: 'replace', path: 'displayName', value: 'Changed' };
      const off = { op: 'replace', path: 'active', value: false };
      const bad = [
        { op: 'replace', path: 'phoneNumbers[type eq "mobile"].value', value: 'no number' },
        { op: 'add', path: 'password', value: 'short' },
        { op: 'replace', path: 'emails[type eq "fax"].value', value: 'x' },
        { op: 'replace', path: 'id', value: 'x' },
      ];
      for (const operation of bad) {
        assert.equal((await patch(id, change, off, operation)).status, 400, operation.path);
      }
      const user = await stored(id);
      assert.deepEqual([user.displayName, user.accountEnabled], ['Same', true]);
    });

    it('and the help desk changes contact data, and no more', async () => {
      const helper = await programWith(tweestap, 'help-desk');
      const { id, userPrincipalName } = await addUser(tweestap, [], {
        otherMail: 'o@home.example',
      });
      const put = (body: object) =>
        helper.ask('PUT', `${users}/${id}`, { body: { userName: userPrincipalName, ...body } });
      const emails = [{ type: 'other', value: 'o@home.example' }];
      assert.equal((await put({ displayName: 'Helped', emails })).status, 200);
      for (const more of [
        { emails, active: false },
        { emails, password: 'kaas en brood op tafel' },
        { emails: [{ type: 'other', value: 'thief@home.example' }] },
        { emails: [...emails, { type: 'work', value: 'thief@home.example' }] },
        { emails, userName: 'other@voorbeeld.example' },
      ]) {
        assert.equal((await put(more)).status, 403, JSON.stringify(more));
      }
      assert.equal((await helper.ask('DELETE', `${users}/${id}`)).status, 403);
    });
  });

  describe('are taken away', () => {
    it('by being switched off, and are found again when they come back', async () => {
      const { id, userPrincipalName } = await addUser(tweestap, ['app'], {});
      assert.equal((await directory.ask('DELETE', `${users}/${id}`)).status, 204);
      assert.equal((await stored(id)).accountEnabled, false);
      const found = await find(`userName eq "${userPrincipalName}"`);
      assert.match(JSON.stringify(found.body), /"active":false/);
      assert.equal((await directory.ask('DELETE', `${users}/${id}`)).status, 204);
    });

    it('for good by a program whose role may do that', async () => {
      const { body } = await post({ userName: 'gone@voorbeeld.example', externalId: 'G' }, owner);
      const { id } = body;
      assert.equal((await owner.ask('DELETE', `${users}/${String(id)}`)).status, 204);
      assert.equal((await owner.get(`${users}/${String(id)}`)).status, 404);
      assert.equal((await owner.ask('DELETE', `${users}/${String(id)}`)).status, 404);
      const { provisioning } = tweestap.installation.database.stores;
      assert.deepEqual(await provisioning.idsOf(owner.clientId, 'G'), []);
      assert.equal((await post({ userName: 'gone@voorbeeld.example' }, owner)).status, 201);
    });
  });

  describe('are found', () => {
    before(async () => {
      for (const [index, name] of ['Zoë', 'Zoë Berg', 'Zara'].entries()) {
        const { body } = await post({
          userName: `z${index}@voorbeeld.example`,
          displayName: name,
          externalId: `Z-${index}`,
          active: index !== 2,
          emails: [{ type: 'other', value: `z${index}@home.example` }],
        });
        assert.ok(body['id']);
      }
    });

    it('by what Entra ID and Okta ask for', async () => {
      const by: readonly (readonly [string, readonly string[]])[] = [
        ['userName eq "Z0@voorbeeld.example"', ['z0@voorbeeld.example']],
        ['userName eq "nobody@voorbeeld.example"', []],
        ['externalId eq "Z-1"', ['z1@voorbeeld.example']],
        ['externalId eq "z-1"', []],
        [
          'userName sw "z" and displayName sw "zo"',
          ['z0@voorbeeld.example', 'z1@voorbeeld.example'],
        ],
        ['displayName eq "zoë berg"', ['z1@voorbeeld.example']],
        ['displayName sw "Z" and active eq false', ['z2@voorbeeld.example']],
        ['userName eq "z0@voorbeeld.example" and active eq "False"', []],
        [
          'emails[type eq "other" and value eq "z2@home.example"] or externalId eq "Z-0"',
          ['z0@voorbeeld.example', 'z2@voorbeeld.example'],
        ],
        ['emails.value eq "Z1@home.example"', ['z1@voorbeeld.example']],
        ['emails[type eq "work" and value eq "z1@home.example"]', []],
        ['emails eq "z2@home.example" and active eq false', ['z2@voorbeeld.example']],
        ['id eq "../.."', []],
      ];
      for (const [filter, expected] of by) {
        const found = await find(filter);
        assert.deepEqual(names(found), expected, filter);
        assert.equal(found.body['totalResults'], expected.length, filter);
      }
      const search = { filter: 'externalId eq "Z-1"', attributes: ['userName'], count: 1 };
      const searched = await directory.ask('POST', `${users}/.search`, { body: search });
      assert.deepEqual(names(searched), ['z1@voorbeeld.example']);
    });

    it('by the names that each directory gave them, and no other', async () => {
      assert.deepEqual(names(await find('externalId eq "Z-1"', '', owner)), []);
      const { body } = await find('userName eq "z1@voorbeeld.example"', '', owner);
      assert.doesNotMatch(JSON.stringify(body), /externalId/);
    });

    it('page by page, whether they are counted by an index or by looking', async () => {
      const { body } = await directory.get(`${users}?count=0`);
      const total = Number(body['totalResults']);
      assert.ok(total > 8);
      assert.deepEqual(body['Resources'], []);
      const all = names(await directory.get(`${users}?count=200`));
      assert.equal(all.length, total);
      assert.deepEqual(
        names(await directory.get(`${users}?startIndex=0&count=3`)),
        all.slice(0, 3),
      );
      assert.deepEqual(
        names(await directory.get(`${users}?startIndex=4&count=3`)),
        all.slice(3, 6),
      );
      assert.deepEqual(names(await directory.get(`${users}?startIndex=${total}`)), all.slice(-1));
      assert.deepEqual(names(await directory.get(`${users}?startIndex=${total + 1}`)), []);
      const looked = await find('userName pr', '&startIndex=4&count=3');
      assert.deepEqual(names(looked), all.slice(3, 6));
      assert.equal(looked.body['totalResults'], total);
      assert.equal(scimType(await directory.get(`${users}?count=many`)), '400 invalidValue');
    });

    it('with the attributes that are asked for alone', async () => {
      const { body } = await find('externalId eq "Z-0"', '&attributes=userName,emails.value');
      const [found] = [body['Resources']].flat();
      assert.deepEqual(Object.keys(Object(found)), ['schemas', 'id', 'userName', 'emails']);
      assert.deepEqual(Reflect.get(Object(found), 'emails'), [{ value: 'z0@home.example' }]);
      const both = await find('externalId eq "Z-0"', '&attributes=id&excludedAttributes=id');
      assert.equal(scimType(both), '400 invalidValue');
    });

    it('never by what is kept of them in secret, nor by what is not kept', async () => {
      for (const filter of [
        'password sw "a"',
        'passwordHash pr',
        'title eq "x"',
        'userName',
        '(',
      ]) {
        const found = await find(filter);
        assert.equal(scimType(found).slice(0, 17), '400 invalidFilter', filter);
      }
    });
  });
});
