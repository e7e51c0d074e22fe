import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../../test/support/signin.ts';
import { until } from '../../../test/support/poll.ts';
import type { User } from '../../accounts/user.ts';
import type { Application } from '../../applications/application.ts';
import { createSignals } from '../../lib/signals.ts';
import type { AtApi, AtPages } from '../acting-admin.ts';
import { jobsTopic, type JobTask } from './job.ts';
import { createWorker } from '../worker.ts';

const link = 'https://login.example/my-profile/security-info';
const everybody = { text: '', isBlocked: false } as const;
const enable: JobTask = { kind: 'step', step: 'enable' };

describe('long work', () => {
  let hall: Hall;
  let anna: User;
  let by: AtPages;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person({ role: 'authentication-admin' });
    await hall.app(anna);
    by = { current: await hall.enter(anna), address: '192.0.2.7' };
  });
  afterEach(() => hall.close());

  const people = async (count: number, fields: Partial<User> = {}): Promise<readonly User[]> => {
    const added: User[] = [];
    for (let i = 0; i < count; i += 1) {
      added.push(
        await hall.person({
          userPrincipalName: `p${String(i).padStart(3, '0')}@voorbeeld.example`,
          displayName: `Person ${i}`,
          mail: `p${i}@voorbeeld.example`,
          perUserMfaState: 'disabled',
          mfaRequiredAt: undefined,
          ...fields,
        }),
      );
    }
    return added;
  };
  const toTheEnd = async (id?: string): Promise<number> => {
    let slices = 0;
    while (await hall.jobs.work({ link, id })) {
      slices += 1;
      assert.ok(slices < 500);
    }
    return slices;
  };
  const results = async (id: string): Promise<Readonly<Record<string, string | undefined>>> => {
    const found: Record<string, string | undefined> = {};
    for await (const { name, result } of hall.jobs.results(id)) found[name] = result;
    return found;
  };
  const stateOf = async (user: User): Promise<string | undefined> =>
    (await hall.stores.users.find(user.id))?.perUserMfaState;

  it('says beforehand whom it would be done to and whom it leaves out, and then does just that', async () => {
    await people(3);
    await hall.person({
      userPrincipalName: 'boss@x.example',
      displayName: 'Boss',
      role: 'global-admin',
      perUserMfaState: 'disabled',
    });
    await hall.person({ userPrincipalName: 'done@x.example', displayName: 'Done' });
    await hall.stores.users.change(anna.id, { perUserMfaState: 'disabled' });
    const preview = await hall.jobs.preview(everybody, enable, anna);
    assert.deepEqual(preview, {
      affected: 3,
      leftOut: new Map([
        ['self', 1],
        ['above', 1],
        ['already', 1],
      ]),
      named: [
        { name: 'Anna de Vries', why: 'self' },
        { name: 'Boss', why: 'above' },
      ],
    });
    const id = await hall.jobs.begin(everybody, enable, by);
    await toTheEnd();
    assert.deepEqual(await results(id), {
      'anna@voorbeeld.example': 'self',
      'boss@x.example': 'above',
      'done@x.example': 'already',
      'p000@voorbeeld.example': 'done',
      'p001@voorbeeld.example': 'done',
      'p002@voorbeeld.example': 'done',
    });
    const looked = await hall.jobs.look(id);
    assert.equal(looked?.job.state, 'done');
    assert.deepEqual(looked?.tally, {
      open: 0,
      results: new Map([
        ['done', 3],
        ['above', 1],
        ['already', 1],
        ['self', 1],
      ]),
    });
    const [finished, ...rest] = await hall.stores.audit.list({ limit: 20 });
    assert.deepEqual(finished?.details, { job: id, task: 'enable', done: 3, notDone: 3 });
    assert.ok(rest.some(({ kind, actor }) => kind === 'job-began' && actor === anna.id));
  });

  it('is done to thousands slice by slice, also by another node once the first is gone', async () => {
    const added = await people(45);
    const id = await hall.jobs.begin(everybody, enable, by);
    await hall.jobs.work({ link });
    await hall.jobs.work({ link });
    // The first node takes it and is killed: nobody else has it until the lease is over.
    const now = hall.clock.now();
    await hall.stores.jobs.lease(now, new Date(now.getTime() + 60_000));
    assert.equal(await hall.jobs.work({ link }), false);
    const other = await startHall(hall.database);
    other.clock.advanceSeconds(61);
    while (await other.jobs.work({ link })) assert.ok(true);
    assert.equal((await hall.jobs.look(id))?.job.state, 'done');
    for (const user of added) assert.equal(await stateOf(user), 'enabled');
  });

  it('stops where whoever began it loses the role, or the account', async () => {
    const added = await people(45);
    const id = await hall.jobs.begin(everybody, enable, by);
    await hall.jobs.work({ link });
    await hall.jobs.work({ link });
    await hall.stores.users.change(anna.id, { role: 'help-desk' });
    await toTheEnd();
    const looked = await hall.jobs.look(id);
    assert.deepEqual([looked?.job.state, looked?.job.stopped?.why], ['stopped', 'role']);
    assert.ok((looked?.tally.open ?? 0) > 20);
    const last = added.at(-1);
    assert.ok(last !== undefined);
    assert.equal(await stateOf(last), 'disabled');
    await hall.stores.users.change(anna.id, { role: 'global-admin' });
    const second = await hall.jobs.begin(everybody, enable, by);
    await hall.stores.users.change(anna.id, { accountEnabled: false });
    await toTheEnd();
    assert.equal((await hall.jobs.look(second))?.job.stopped?.why, 'account');
  });

  it('is done for a program as well, until it loses its role or is removed', async () => {
    const program: Application = {
      clientId: 'hr',
      name: 'HR',
      redirectUris: [],
      postLogoutRedirectUris: [],
      backchannelLogoutUri: undefined,
      clientSecret: 'a secret of its own',
      grants: ['client_credentials'],
      role: 'authentication-admin',
      required: 'password',
      createdAt: hall.clock.now(),
    };
    await hall.stores.applications.add(program);
    const hr: AtApi = {
      application: { clientId: 'hr', role: 'authentication-admin' },
      address: '192.0.2.8',
    };
    const [first] = await people(1);
    assert.ok(first !== undefined);
    const id = await hall.jobs.begin(everybody, enable, hr);
    await toTheEnd();
    assert.equal(await stateOf(first), 'enabled');
    const [finished] = await hall.stores.audit.list({ limit: 1 });
    assert.deepEqual([finished?.kind, finished?.actor], ['job-finished', 'application:hr']);
    const changed = await hall.stores.audit.list({ userId: first.id, limit: 1 });
    assert.equal(changed[0]?.actor, 'application:hr');

    const draft = await hall.jobs.draft({ kind: 'states', ignored: [] }, hr);
    await hall.jobs.endDraft(draft);
    await assert.rejects(hall.jobs.beginDraft(draft, by), { code: 'NOT_ALLOWED' });
    const other = { ...hr, application: { ...hr.application, clientId: 'payroll' } };
    await assert.rejects(hall.jobs.beginDraft(draft, other), { code: 'NOT_ALLOWED' });
    assert.equal(await hall.jobs.beginDraft(draft, hr), true);
    await toTheEnd();

    const disable: JobTask = { kind: 'step', step: 'disable' };
    const second = await hall.jobs.begin(everybody, disable, hr);
    await hall.stores.applications.replace({ ...program, role: 'help-desk' });
    await toTheEnd();
    assert.equal((await hall.jobs.look(second))?.job.stopped?.why, 'role');
    const third = await hall.jobs.begin(everybody, disable, hr);
    await hall.stores.applications.remove('hr');
    await toTheEnd();
    assert.equal((await hall.jobs.look(third))?.job.stopped?.why, 'account');
    assert.equal(await stateOf(first), 'enabled');
    assert.notEqual(id, third);
  });

  it('goes on though the session of whoever began it is over', async () => {
    const [first] = await people(1);
    assert.ok(first !== undefined);
    await hall.jobs.begin(everybody, enable, by);
    await hall.stores.sessions.removeAll(anna.id);
    await toTheEnd();
    assert.equal(await stateOf(first), 'enabled');
  });

  it('lets go between two people where the node ends, and goes on with the next', async () => {
    await people(5);
    const id = await hall.jobs.begin(everybody, enable, by);
    await hall.jobs.work({ link });
    let asked = 0;
    const isLeaving = (): boolean => (asked += 1) > 3;
    await hall.jobs.work({ link, isLeaving });
    assert.equal((await hall.jobs.look(id))?.tally.open, 3);
    await toTheEnd();
    assert.equal((await hall.jobs.look(id))?.tally.open, 0);
  });

  it('can be stopped, and what is done stays done', async () => {
    await people(45);
    const id = await hall.jobs.begin(everybody, enable, by);
    await hall.jobs.work({ link });
    await hall.jobs.work({ link });
    assert.equal(await hall.jobs.stop(id, by), true);
    assert.equal(await hall.jobs.stop(id, by), false, 'it is over');
    assert.equal(await toTheEnd(), 0);
    const looked = await hall.jobs.look(id);
    assert.equal(looked?.job.stopped?.why, 'asked');
    assert.ok((looked?.tally.results.get('done') ?? 0) >= 19);
  });

  it('begins for nobody whose role does not do it, or who has not just proved themselves', async () => {
    await hall.stores.users.change(anna.id, { role: 'help-desk' });
    await assert.rejects(hall.jobs.begin(everybody, enable, by), { code: 'NOT_ALLOWED' });
    await hall.stores.users.change(anna.id, { role: 'authentication-admin' });
    hall.clock.advanceSeconds(301);
    await assert.rejects(hall.jobs.begin(everybody, enable, by), { code: 'STEP_UP_REQUIRED' });
    assert.deepEqual(await hall.jobs.list(), []);
  });

  it('waits for its time where it is given one', async () => {
    const [first] = await people(1);
    assert.ok(first !== undefined);
    const dueAt = new Date(hall.clock.now().getTime() + 3_600_000);
    await hall.jobs.begin(everybody, enable, by, { dueAt });
    assert.equal(await toTheEnd(), 0);
    hall.clock.advanceSeconds(3_600);
    await toTheEnd();
    assert.equal(await stateOf(first), 'enabled');
  });

  it('announces what it enables in the language of each, with the link and until when', async () => {
    await people(1, { preferredLanguage: 'nl', userPrincipalName: 'bram@x.example' });
    await people(1, { preferredLanguage: 'en' });
    const task: JobTask = { kind: 'step', step: 'enable', announces: true };
    await hall.jobs.begin(everybody, task, by);
    await toTheEnd();
    const mails = (await hall.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message] : [],
    );
    assert.equal(mails.length, 2, 'and no other mail that says the same');
    const dutch = mails.find(({ language }) => language === 'nl');
    assert.match(dutch?.subject ?? '', /^Stel de verificatie van uw account/);
    assert.match(dutch?.text ?? '', /Vereist vanaf: uw volgende aanmelding/);
    assert.match(dutch?.text ?? '', /Stel het in vóór: 4 dec 2026/);
    const english = mails.find(({ language }) => language === 'en');
    assert.ok(english?.text.includes(link));
    assert.ok(english?.html.includes(`href="${link}"`));
  });

  it('reminds those who have registered nothing, and nobody else', async () => {
    const [bram, cas] = await people(2, {
      perUserMfaState: 'enabled',
      mfaRequiredAt: hall.clock.now(),
    });
    assert.ok(bram !== undefined && cas !== undefined);
    await hall.phone(cas);
    const task: JobTask = { kind: 'remind' };
    const preview = await hall.jobs.preview(everybody, task, anna);
    assert.deepEqual([preview.affected, preview.leftOut.get('already')], [1, 2]);
    await hall.jobs.begin(everybody, task, by);
    await toTheEnd();
    const sent = (await hall.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [`${message.to}: ${message.subject}`] : [],
    );
    assert.equal(sent.length, 1);
    assert.match(sent[0] ?? '', /^p0@voorbeeld\.example: Reminder: set up/);
  });

  it('imports from a draft that its maker begins, and tells each password once', async () => {
    const id = await hall.jobs.draft({ kind: 'import', ignored: [] }, by);
    const input = (name: string, password?: string) => ({
      user: { userPrincipalName: name, mustChangePassword: true, groups: ['new'] },
      password,
    });
    await hall.jobs.addItems(id, [
      {
        number: 2,
        userId: 'id-nina',
        name: 'nina@x.example',
        input: input('nina@x.example'),
        result: undefined,
      },
      {
        number: 3,
        userId: 'id-omar',
        name: 'omar@x.example',
        input: input('omar@x.example', 'a long password of his'),
        result: undefined,
      },
      {
        number: 4,
        userId: 'id-anna',
        name: 'anna',
        input: input('Anna@voorbeeld.example'),
        result: undefined,
      },
      {
        number: 5,
        userId: undefined,
        name: '?',
        input: undefined,
        result: '!userPrincipalName:not-a-name',
      },
    ]);
    assert.equal(await hall.jobs.beginDraft(id, by), false, 'it is still being read');
    await hall.jobs.endDraft(id);
    assert.equal(await toTheEnd(), 0, 'nothing is done before somebody says so');
    const boss = await hall.person({ role: 'global-admin', userPrincipalName: 'boss@x.example' });
    await hall.app(boss);
    hall.clock.advanceSeconds(31);
    const other = { current: await hall.enter(boss), address: '192.0.2.8' };
    await assert.rejects(hall.jobs.beginDraft(id, other), { code: 'NOT_ALLOWED' });
    assert.equal(await hall.jobs.beginDraft(id, by), true);
    assert.equal(await hall.jobs.beginDraft(id, by), false);
    await toTheEnd();
    assert.deepEqual(await results(id), {
      'nina@x.example': 'done',
      'omar@x.example': 'done',
      anna: '!userPrincipalName:taken',
      '?': '!userPrincipalName:not-a-name',
    });
    assert.equal((await hall.jobs.look(id))?.secrets, 1);
    await assert.rejects(hall.jobs.tellSecrets(id, other), { code: 'NOT_ALLOWED' });
    const told: string[] = [];
    for await (const { name, secret } of await hall.jobs.tellSecrets(id, by)) {
      told.push(name);
      assert.ok(secret.length >= 12);
    }
    assert.deepEqual(told, ['nina@x.example']);
    assert.equal((await hall.jobs.look(id))?.secrets, 0);
    const nina = await hall.stores.users.find('id-nina');
    assert.deepEqual([nina?.groups, nina?.mustChangePassword], [['new'], true]);
  });

  it('makes nobody twice where a node ended between the account and its result', async () => {
    const id = await hall.jobs.draft({ kind: 'import', ignored: [] }, by);
    const user = { userPrincipalName: 'nina@x.example', mustChangePassword: true };
    await hall.jobs.addItems(id, [
      {
        number: 1,
        userId: 'id-nina',
        name: 'nina',
        input: { user, password: undefined },
        result: undefined,
      },
    ]);
    await hall.administration.add(
      { ...user, password: 'lost with the node' },
      { country: 'NL', by: 'command-line', id: 'id-nina' },
    );
    await hall.jobs.endDraft(id);
    await hall.jobs.beginDraft(id, by);
    await toTheEnd();
    assert.deepEqual(await results(id), { nina: 'done' });
    assert.equal((await hall.jobs.look(id))?.secrets, 1, 'with a password that is known');
  });

  it('goes on by itself as soon as there is some', async () => {
    const [first] = await people(1);
    assert.ok(first !== undefined);
    const signals = createSignals();
    const worker = createWorker({
      topic: jobsTopic,
      signals,
      work: (isLeaving) => hall.jobs.work({ link, isLeaving }),
      onFault: assert.ifError,
      pollMs: 20,
    });
    worker.start();
    await hall.jobs.begin(everybody, enable, by);
    await until('the step', async () => (await stateOf(first)) === 'enabled');
    await worker.stop();
    await hall.jobs.begin(everybody, { kind: 'step', step: 'disable' }, by);
    assert.equal(await stateOf(first), 'enabled', 'nothing after it was stopped');
  });
});
