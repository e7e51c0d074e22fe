import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { programWith, type GraphAnswer, type GraphCaller } from '../../../test/support/graph.ts';
import { addUser } from '../../../test/support/people.ts';
import { startTweestap, type Tweestap } from '../../../test/support/tweestap.ts';
import { groupUrn } from './schemas.ts';

const groups = '/scim/v2/Groups';

describe('groups that are provisioned', () => {
  let tweestap: Tweestap;
  let directory: GraphCaller;
  let anna: string;
  let bram: string;
  before(async () => {
    tweestap = await startTweestap();
    directory = await programWith(tweestap, 'authentication-admin');
    anna = (await addUser(tweestap, [], { displayName: 'Anna' })).id;
    bram = (await addUser(tweestap, [], { displayName: 'Bram' })).id;
  });
  after(() => tweestap.close());

  const someone = async (): Promise<string> => (await addUser(tweestap, [], {})).id;
  const groupsOf = async (id: string): Promise<readonly string[]> =>
    (await tweestap.installation.database.stores.users.find(id))?.groups ?? assert.fail();
  const ids = (...members: readonly string[]) => members.map((value) => ({ value }));
  const post = (displayName: unknown, more: object = {}) =>
    directory.ask('POST', groups, { body: { schemas: [groupUrn], displayName, ...more } });
  const made = async (displayName: string, ...members: readonly string[]): Promise<string> => {
    const { status, body } = await post(displayName, { members: ids(...members) });
    assert.equal(status, 201, JSON.stringify(body));
    return String(body['id']);
  };
  const patch = (id: string, ...Operations: readonly unknown[]) =>
    directory.ask('PATCH', `${groups}/${id}`, {
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations },
    });
  const membersOf = ({ body }: GraphAnswer): readonly string[] =>
    [body['members'] ?? []].flat().map((one) => String(Reflect.get(Object(one), 'value')));
  const find = (filter: string, more = '') =>
    directory.get(`${groups}?filter=${encodeURIComponent(filter)}${more}`);
  const names = ({ body, status }: GraphAnswer): readonly string[] => {
    assert.equal(status, 200, JSON.stringify(body));
    return [body['Resources']].flat().map((one) => String(Reflect.get(Object(one), 'displayName')));
  };
  const scimType = ({ status, body }: GraphAnswer) => `${status} ${String(body['scimType'])}`;

  describe('are made', () => {
    it('without anybody in them, and are there', async () => {
      const { status, headers, body } = await post('Empty', { externalId: 'X-1' });
      assert.equal(status, 201);
      const location = `${tweestap.origin}${groups}/${String(body['id'])}`;
      assert.equal(headers.get('location'), location);
      const { created } = Object(body['meta']);
      assert.deepEqual(body, {
        schemas: [groupUrn],
        id: body['id'],
        externalId: 'X-1',
        displayName: 'Empty',
        meta: { resourceType: 'Group', created, location, version: headers.get('etag') },
      });
      assert.deepEqual((await directory.get(`${groups}/${String(body['id'])}`)).body, body);
      assert.deepEqual(names(await find('externalId eq "X-1"')), ['Empty']);
    });

    it('and renamed, named by the directory and taken away, each with its event', async () => {
      const audited = async (): Promise<readonly string[]> => {
        const { audit } = tweestap.installation.database.stores;
        const events = await audit.list({ limit: 10 });
        const actor = `application:${directory.clientId}`;
        return events
          .filter((event) => event.actor === actor && event.kind.startsWith('group-'))
          .map(({ kind, details }) => [kind, ...Object.values(details)].join(' '));
      };
      const id = String((await post('Told', { externalId: 'T-1' })).body['id']);
      await patch(id, { op: 'replace', path: 'externalId', value: 'T-2' });
      await patch(id, { op: 'replace', path: 'externalId', value: 'T-2' });
      await patch(id, { op: 'replace', path: 'displayName', value: 'Told anew' });
      await directory.ask('DELETE', `${groups}/${id}`);
      assert.deepEqual((await audited()).slice(0, 4), [
        'group-removed Told anew',
        'group-renamed Told Told anew',
        'group-external-id-changed Told',
        'group-made Told',
      ]);
    });

    it('anew only of the version that was read, where that is asked for', async () => {
      const id = await made('Versions', anna);
      const read = await directory.get(`${groups}/${id}`);
      const version = read.headers.get('etag') ?? assert.fail();
      const lean = await directory.get(`${groups}/${id}?excludedAttributes=members`);
      assert.equal(lean.headers.get('etag'), null, 'who belongs to it was not looked at');
      const none = { 'if-none-match': version };
      assert.equal((await directory.get(`${groups}/${id}`, none)).status, 304);
      const add = (ifMatch: string, member: string) =>
        directory.ask('PATCH', `${groups}/${id}`, {
          body: {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
            Operations: [{ op: 'add', path: 'members', value: ids(member) }],
          },
          headers: { 'if-match': ifMatch },
        });
      assert.equal((await add(version, bram)).status, 204);
      const body = { schemas: [groupUrn], displayName: 'Versions', members: [] };
      const put = await directory.ask('PUT', `${groups}/${id}`, {
        body,
        headers: { 'if-match': version },
      });
      assert.equal(put.status, 412);
      assert.ok((await groupsOf(anna)).includes('Versions'));
      assert.equal((await directory.get(`${groups}/${id}`, none)).status, 200);
      assert.equal((await add('*', bram)).status, 204);
      await directory.ask('DELETE', `${groups}/${id}`);
    });

    it('by one of those who read the same version, however many write at once', async () => {
      for (let round = 0; round < 4; round += 1) {
        const id = await made(`Together ${round}`, anna);
        const version = (await directory.get(`${groups}/${id}`)).headers.get('etag') ?? '';
        const headers = { 'if-match': version };
        const others = [bram, await someone(), await someone()];
        const answers = await Promise.all(
          others.map((one) =>
            directory.ask('PATCH', `${groups}/${id}`, {
              body: {
                schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
                Operations: [{ op: 'add', path: 'members', value: ids(one) }],
              },
              headers,
            }),
          ),
        );
        const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
        assert.deepEqual(statuses, [204, 412, 412], `round ${round}`);
        assert.equal(membersOf(await directory.get(`${groups}/${id}`)).length, 2);
        const both = await Promise.all([
          directory.ask('DELETE', `${groups}/${id}`, { headers }),
          patch(id, { op: 'remove', path: 'members', value: ids(anna) }),
        ]);
        assert.deepEqual(
          both.map(({ status }) => status),
          [412, 204],
        );
      }
    });

    it('of one version by no more people at once than nobody else waits for', async () => {
      const many = [];
      for (let index = 0; index < 201; index += 1) many.push(await someone());
      const id = await made('A crowd at once');
      const version = (await directory.get(`${groups}/${id}`)).headers.get('etag') ?? '';
      const join = (members: readonly string[]) =>
        directory.ask('PUT', `${groups}/${id}`, {
          body: { schemas: [groupUrn], displayName: 'A crowd at once', members: ids(...members) },
          headers: { 'if-match': version },
        });
      assert.equal(scimType(await join(many)), '400 tooMany');
      assert.equal((await join(many.slice(1))).status, 200);
    });

    it('with people, who belong to them everywhere', async () => {
      const id = await made('Made', anna, bram);
      assert.deepEqual(await groupsOf(anna), ['Made']);
      const { body } = await directory.get(`${groups}/${id}`);
      assert.deepEqual([body['members']].flat().length, 2);
      const { value, ...told } = Object([body['members']].flat()[0]);
      const $ref = `${tweestap.origin}/scim/v2/Users/${String(value)}`;
      assert.deepEqual(told, { $ref, display: 'Anna', type: 'User' });
      const user = await directory.get(`/scim/v2/Users/${anna}`);
      assert.deepEqual(user.body['groups'], [
        { value: id, $ref: `${tweestap.origin}${groups}/${id}`, display: 'Made' },
      ]);
      const graph = await directory.get('/v1.0/groups/Made/members');
      assert.equal(graph.value.length, 2);
    });

    it('once, and only as a group can be', async () => {
      assert.equal(scimType(await post('Made')), '409 uniqueness');
      await addUser(tweestap, [], { groups: ['of the portal'] });
      assert.equal(scimType(await post('of the portal')), '409 uniqueness');
      for (const name of ['', 'a,b', 'x'.repeat(65), 7, undefined]) {
        assert.equal(scimType(await post(name)), '400 invalidValue', String(name));
      }
      for (const members of [
        ids('nobody'),
        [{ value: anna, type: 'Group' }],
        [7],
        ids(anna, 'x'),
      ]) {
        assert.equal(scimType(await post('Never', { members })), '400 invalidValue');
      }
      assert.deepEqual(names(await find('displayName eq "Never"')), []);
      assert.ok(!(await groupsOf(anna)).includes('Never'), 'nothing was done by halves');
    });

    it('for nobody who belongs to too many', async () => {
      const groupNames = Array.from({ length: 50 }, (_, index) => `g${index}`);
      const { id } = await addUser(tweestap, [], { groups: groupNames });
      assert.equal(scimType(await post('Fifty-first', { members: ids(id) })), '400 invalidValue');
    });
  });

  describe('change', () => {
    it('by who joins and leaves, in every way of saying so', async () => {
      const id = await made('Steps');
      const steps: readonly (readonly [object, readonly string[]])[] = [
        [{ op: 'Add', path: 'members', value: [{ $ref: null, value: anna }] }, [anna]],
        [{ op: 'add', value: { members: ids(bram) } }, [anna, bram]],
        [{ op: 'add', path: 'members', value: ids(bram) }, [anna, bram]],
        [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: anna }] }, [bram]],
        [{ op: 'remove', path: 'members', value: [] }, [bram]],
        [{ op: 'remove', path: `members[value eq "${bram}"]` }, []],
        [{ op: 'replace', path: 'members', value: ids(anna, bram) }, [anna, bram]],
        [{ op: 'remove', path: 'members[display eq "Anna"]' }, [bram]],
        [{ op: 'replace', value: { members: ids(anna) } }, [anna]],
        [{ op: 'remove', path: 'members[value eq "nobody"]' }, [anna]],
        [{ op: 'remove', path: 'members' }, []],
      ];
      for (const [operation, expected] of steps) {
        const { status, body } = await patch(id, operation);
        assert.equal(status, 204, JSON.stringify([operation, body]));
        const are = membersOf(await directory.get(`${groups}/${id}`));
        assert.deepEqual(are.toSorted(), expected.toSorted(), JSON.stringify(operation));
      }
      const both = [
        { op: 'add', path: 'members', value: ids(anna, bram) },
        { op: 'remove', path: `members[value eq "${anna}"]` },
      ];
      assert.equal((await patch(id, ...both)).status, 204);
      assert.deepEqual(membersOf(await directory.get(`${groups}/${id}`)), [bram]);
    });

    it('by as many as one patch may hold, each named by an id', async () => {
      const id = await made('Named', anna, bram);
      const named = (person: string) => ({
        op: 'remove',
        path: `members[value eq "${person}" and type eq "User"]`,
      });
      const several = Array.from({ length: 199 }, () => named(anna));
      const other = { op: 'remove', path: `members[value eq "${bram}" and display eq "Anna"]` };
      assert.equal((await patch(id, ...several, other)).status, 204);
      assert.deepEqual(membersOf(await directory.get(`${groups}/${id}`)), [bram]);
    });

    it('by no more than some who have to be looked for, and then not at all', async () => {
      const id = await made('Looked for', anna, bram);
      const looking = { op: 'remove', path: 'members[display eq "Anna"]' };
      const often = Array.from({ length: 21 }, () => looking);
      assert.equal(scimType(await patch(id, ...often)), '400 tooMany');
      const replacing = { op: 'replace', path: 'members', value: [] };
      const anew = Array.from({ length: 21 }, () => replacing);
      assert.equal(scimType(await patch(id, ...anew)), '400 tooMany');
      const are = membersOf(await directory.get(`${groups}/${id}`));
      assert.deepEqual(are.toSorted(), [anna, bram].toSorted());
      assert.equal((await patch(id, ...often.slice(1))).status, 204);
      assert.deepEqual(membersOf(await directory.get(`${groups}/${id}`)), [bram]);
    });

    it('by a whole resource', async () => {
      const id = await made('Whole', anna);
      const body = { displayName: 'Whole', externalId: 'W', members: ids(bram) };
      const put = await directory.ask('PUT', `${groups}/${id}`, { body });
      assert.equal(put.status, 200);
      assert.deepEqual([put.body['externalId'], membersOf(put)], ['W', [bram]]);
      const bare = await directory.ask('PUT', `${groups}/${id}`, {
        body: { displayName: 'Whole' },
      });
      assert.deepEqual([bare.body['externalId'], membersOf(bare)], [undefined, []]);
      assert.equal((await directory.get(`${groups}/${id}`)).status, 200);
    });

    it('by name, and everybody goes along', async () => {
      const id = await made('Before', anna, bram);
      const renamed = await patch(
        id,
        { op: 'replace', value: { id, displayName: 'After' } },
        { op: 'remove', path: `members[value eq "${bram}"]` },
      );
      assert.equal(renamed.status, 204, JSON.stringify(renamed.body));
      assert.ok((await groupsOf(anna)).includes('After'));
      for (const person of [anna, bram]) {
        assert.ok(!(await groupsOf(person)).includes('Before'));
      }
      assert.ok(!(await groupsOf(bram)).includes('After'));
      const { body } = await directory.get(`${groups}/${id}`);
      assert.deepEqual([body['id'], body['displayName']], [id, 'After']);
      const taken = { op: 'replace', path: 'displayName', value: 'Made' };
      assert.equal(scimType(await patch(id, taken)), '409 uniqueness');
    });

    it('never by name while what the organisation decides names them', async () => {
      const id = await made('Keys only', anna);
      const { governing } = tweestap.installation;
      const decide = (groupName: string) =>
        governing.changePolicy('test', (policy) => ({
          ...policy,
          reset: { allowedFor: 'group', group: groupName },
        }));
      await decide('Keys only');
      const rename = { op: 'replace', path: 'displayName', value: 'Anything' };
      assert.equal(scimType(await patch(id, rename)), '400 mutability');
      await decide('Other');
      assert.equal((await patch(id, rename)).status, 204);
    });

    it('only by members who are added or removed', async () => {
      const id = await made('Members', anna);
      const path = `members[value eq "${anna}"]`;
      for (const operation of [
        { op: 'replace', path, value: { value: bram } },
        { op: 'replace', path: `${path}.value`, value: bram },
        { op: 'replace', path: 'id', value: 'x' },
      ]) {
        assert.equal(scimType(await patch(id, operation)), '400 mutability');
      }
      const wide = {
        op: 'add',
        path: 'members',
        value: Array.from({ length: 5_001 }, (_, n) => `${n}`),
      };
      assert.equal(scimType(await patch(id, wide)), '400 tooMany');
      assert.deepEqual(membersOf(await directory.get(`${groups}/${id}`)), [anna]);
    });
  });

  describe('of the portal', () => {
    let id: string;
    before(async () => {
      await addUser(tweestap, [], { groups: ['Wijkteam é'] });
      const { body } = await find('displayName eq "Wijkteam é"');
      id = String(Reflect.get(Object([body['Resources']].flat()[0]), 'id'));
    });

    it('are found under an id of their own, and change as any other', async () => {
      assert.match(id, /^name-/);
      assert.equal((await patch(id, { op: 'add', path: 'members', value: ids(anna) })).status, 204);
      assert.ok((await groupsOf(anna)).includes('Wijkteam é'));
      assert.equal(membersOf(await directory.get(`${groups}/${id}`)).length, 2);
    });

    it('keep it under another name', async () => {
      const rename = { op: 'replace', path: 'displayName', value: 'Buurtteam' };
      assert.equal((await patch(id, rename)).status, 204);
      assert.equal((await directory.get(`${groups}/${id}`)).body['displayName'], 'Buurtteam');
      assert.deepEqual(names(await find('displayName eq "Wijkteam é"')), []);
      assert.ok((await groupsOf(anna)).includes('Buurtteam'));
    });
  });

  it('are removed, and everybody leaves', async () => {
    const id = await made('Gone', anna, bram);
    assert.equal((await directory.ask('DELETE', `${groups}/${id}`)).status, 204);
    assert.ok(!(await groupsOf(anna)).includes('Gone'));
    assert.equal((await directory.get(`${groups}/${id}`)).status, 404);
    assert.equal((await directory.ask('DELETE', `${groups}/${id}`)).status, 404);
    assert.notEqual(await made('Gone'), id);
  });

  it('never take in, nor let go of, somebody above the role', async () => {
    const boss = await addUser(tweestap, [], { role: 'global-admin', groups: ['Board'] });
    const members = ids(anna, boss.id);
    assert.equal((await post('Bosses', { members })).status, 403);
    assert.ok(!(await groupsOf(anna)).includes('Bosses'), 'nothing was done by halves');
    const { body } = await find('displayName eq "Board"');
    const board = String(Reflect.get(Object([body['Resources']].flat()[0]), 'id'));
    assert.equal((await directory.ask('DELETE', `${groups}/${board}`)).status, 403);
    const rename = { op: 'replace', path: 'displayName', value: 'Council' };
    assert.equal((await patch(board, rename)).status, 403);
    assert.deepEqual(await groupsOf(boss.id), ['Board']);
  });

  describe('are found', () => {
    it('by name, by who belongs to them, and both', async () => {
      const id = await made('Found', anna);
      const has = async (filter: string) => names(await find(filter)).includes('Found');
      assert.deepEqual(names(await find('displayName eq "Found"')), ['Found']);
      assert.deepEqual(names(await find('displayName eq "found"')), [], 'another name');
      assert.deepEqual(names(await find(`id eq "${id}" and members eq "${anna}"`)), ['Found']);
      assert.deepEqual(names(await find(`id eq "${id}" and members eq "${bram}"`)), []);
      assert.ok(await has(`members[value eq "${anna}"]`));
      assert.ok(await has(`members.value eq "${anna}"`));
      assert.ok(!(await has(`members eq "${bram}"`)));
      assert.ok(await has(`not (members eq "${bram}") and displayName sw "Fou"`));
      assert.ok(await has('meta.created gt "2020-01-01T00:00:00Z"'));
      assert.equal(scimType(await find('members.display co "A"')), '400 invalidFilter');
    });

    it('page by page, with what is asked for', async () => {
      const all = names(await directory.get(`${groups}?count=200&excludedAttributes=members`));
      assert.ok(all.length > 6);
      assert.deepEqual(all, all.toSorted());
      const page = await directory.get(`${groups}?startIndex=2&count=2`);
      assert.deepEqual(names(page), all.slice(1, 3));
      assert.equal(page.body['totalResults'], all.length);
      const { body } = await find('displayName eq "Found"', '&excludedAttributes=members');
      assert.doesNotMatch(JSON.stringify(body), /members/);
      const search = { filter: 'displayName eq "Found"', excludedAttributes: ['members'] };
      const searched = await directory.ask('POST', `${groups}/.search`, { body: search });
      assert.deepEqual(searched.body, body);
    });
  });
});
