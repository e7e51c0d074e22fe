import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import {
  startActiveDirectory,
  type ActiveDirectory,
  type AdEntry,
} from '../../../test/support/active-directory.ts';
import type { UpstreamDirectory, UpstreamGroup, UpstreamPerson } from './upstream.ts';
import { openUpstream } from './opening.ts';
import { element, sequence } from '../../lib/ber.ts';
import {
  bindAnswer,
  createFramer,
  entryAnswer,
  readMessage,
  searchDone,
} from '../../lib/ldap/message.ts';
import { resultCodes } from '../../lib/ldap/result.ts';
import { passwordPolicy } from './findings.ts';
import { upstreamSettings } from './settings.ts';

const base = 'DC=voorbeeld,DC=example';
const dnOf = (name: string): string => `CN=${name},OU=Delft,${base}`;

function person(number: number, more: AdEntry['attributes'] = {}): AdEntry {
  const name = `p${number}`;
  return {
    dn: dnOf(name),
    guid: `${number}`.padStart(2, '0').repeat(16),
    attributes: {
      objectcategory: ['person'],
      objectclass: ['user'],
      cn: [name],
      samaccountname: [name],
      userprincipalname: [`${name}@voorbeeld.example`],
      useraccountcontrol: ['512'],
      ...more,
    },
  };
}

const anna: AdEntry = {
  ...person(1, {
    displayname: ['Anna Vermeer'],
    mail: ['anna@voorbeeld.example'],
    telephonenumber: ['020 123 45 67'],
    mobile: ['06 12345678'],
    memberof: ['1', '2', '3', '4'].map((name) => `CN=${name},${base}`),
  }),
  guid: '000102030405060708090a0b0c0d0e0f',
};
const staff: AdEntry = {
  dn: `CN=staff,${base}`,
  guid: 'ff'.repeat(16),
  attributes: {
    objectcategory: ['group'],
    cn: ['staff'],
    member: ['1', '2', '3', '4', '5', '6', '7'].map(dnOf),
  },
};
const entry = { id: '03020100-0504-0706-0809-0a0b0c0d0e0f', dn: anna.dn };

describe('an Active Directory', () => {
  let there: ActiveDirectory;
  let directory: UpstreamDirectory;
  before(async () => {
    const others = [2, 3, 4, 5, 6, 7].map((number) => person(number));
    const left = person(8, { useraccountcontrol: ['514'] });
    const root = { dn: base, guid: 'ee'.repeat(16), attributes: { objectclass: ['domain'] } };
    there = await startActiveDirectory([root, anna, ...others, left, staff]);
    directory = await openUpstream(settingsFor(there));
  });
  after(async () => {
    directory.close();
    await there.close();
  });
  beforeEach(() => there.refuses(0));

  it('is found in order', () => directory.probe());

  it('tells of everybody, page by page, with what it knows of them', async () => {
    const people: UpstreamPerson[] = [];
    for await (const one of directory.people()) people.push(one);
    assert.equal(people.length, 8);
    assert.deepEqual(people[0], {
      id: entry.id,
      dn: anna.dn,
      userPrincipalName: 'p1@voorbeeld.example',
      shortName: 'p1',
      displayName: 'Anna Vermeer',
      mail: 'anna@voorbeeld.example',
      telephoneNumber: '020 123 45 67',
      mobile: '06 12345678',
      enabled: true,
      memberOf: anna.attributes['memberof'],
    });
    assert.equal(people[1]?.displayName, 'p2', 'for want of another name');
    assert.deepEqual(
      people.filter(({ enabled }) => !enabled).map(({ shortName }) => shortName),
      ['p8'],
    );
  });

  it('tells of groups with all of their members, however many come at once', async () => {
    const groups: UpstreamGroup[] = [];
    for await (const one of directory.groups()) groups.push(one);
    const [found] = groups;
    assert.equal(groups.length, 1);
    assert.equal(found?.name, 'staff');
    assert.deepEqual(found?.members, staff.attributes['member']);
  });

  it('says in codes of its own what is with a password', async () => {
    const codes = [
      [undefined, 'right'],
      ['52e', 'wrong'],
      ['525', 'wrong'],
      ['530', 'disabled'],
      ['531', 'disabled'],
      ['532', 'must-change'],
      ['533', 'disabled'],
      ['701', 'disabled'],
      ['773', 'must-change'],
      ['775', 'locked'],
      ['999', 'wrong'],
    ] as const;
    for (const [code, kind] of codes) {
      there.answers(anna.dn, code, 'a password');
      assert.deepEqual(await directory.check(entry, 'a password'), { kind }, code);
    }
    there.answers(anna.dn, undefined);
  });

  it('lets no wrong password pass by what it says of the account to anybody', async () => {
    // As directories do that look at the account first.
    for (const code of ['530', '531', '532', '533', '701', '773']) {
      const fresh = await openUpstream(settingsFor(there));
      there.answers(anna.dn, code);
      assert.deepEqual(await fresh.check(entry, 'not her password'), { kind: 'wrong' }, code);
      fresh.close();
    }
    there.answers(anna.dn, undefined);
  });

  it('is made to prove once an hour, and by no more than two tries, that it says so of the right one', async () => {
    const fresh = await openUpstream(settingsFor(there));
    there.answers(anna.dn, '532', 'a password');
    const tries = async (password: string): Promise<readonly [string, number]> => {
      const before = there.binds.length;
      const { kind } = await fresh.check(entry, password);
      return [kind, there.binds.length - before];
    };
    assert.deepEqual(await tries('another'), ['wrong', 1]);
    assert.deepEqual(await tries('a password'), ['must-change', 3]);
    assert.deepEqual(await tries('a password'), ['must-change', 1]);
    assert.deepEqual(await tries('another'), ['wrong', 1]);
    fresh.close();
    there.answers(anna.dn, undefined);
  });

  it('is never asked about an empty password, which it would take for nobody’s', async () => {
    const before = there.binds.length;
    assert.deepEqual(await directory.check(entry, ''), { kind: 'wrong' });
    assert.equal(there.binds.length, before);
  });

  it('finds somebody by what never changes, wherever they moved, and nobody in their place', async () => {
    const moved = dnOf('elsewhere');
    there.move(anna.dn, moved);
    assert.deepEqual(await directory.check(entry, 'a password'), { kind: 'right' });
    assert.equal(there.binds.at(-1), moved);
    there.move(dnOf('p2'), anna.dn);
    await directory.check(entry, 'a password');
    assert.equal(there.binds.at(-1), moved, 'not whoever has the old name now');
    there.move(anna.dn, dnOf('p2'));
    there.move(moved, anna.dn);
    const gone = { id: '00000000-0000-0000-0000-000000000000', dn: anna.dn };
    const before = there.binds.length;
    assert.deepEqual(await directory.check(gone, 'a password'), { kind: 'gone' });
    assert.equal(there.binds.length, before);
  });

  it('sets a password in the form that it wants', async () => {
    assert.deepEqual(await directory.changePassword(entry, 'een heel nieuw €'), {
      kind: 'changed',
    });
    assert.equal(there.passwords.get(anna.dn), '"een heel nieuw €"');
  });

  it('is asked at another address where one does not answer, and there at once the next time', async () => {
    const heard: Socket[] = [];
    const silent = createServer((socket) => void heard.push(socket.resume()));
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const address = silent.address();
    const hanging = typeof address === 'object' ? address?.port : 0;
    const several = await openUpstream(
      upstreamSettings.parse({
        urls: [`ldaps://127.0.0.1:${hanging}`, `ldap://127.0.0.1:${there.port}`],
        kind: 'active-directory',
        startTls: false,
        bindDn: there.serviceDn,
        bindPassword: there.servicePassword,
        baseDn: base,
        timeoutSeconds: 2,
      }),
    );
    await several.probe();
    assert.deepEqual(await several.check(entry, 'a password'), { kind: 'right' });
    assert.equal(heard.length, 1, 'once');
    several.close();
    for (const socket of heard) socket.destroy();
    await new Promise((closed) => silent.close(closed));
  });

  it('ends a connection that was still being opened while it was let go', async () => {
    const asked = Promise.withResolvers<() => void>();
    const ended = Promise.withResolvers<'ended'>();
    const heard: Socket[] = [];
    const slow = createServer((socket) => {
      heard.push(socket);
      const framer = createFramer(1024 * 1024);
      socket.on('close', () => ended.resolve('ended'));
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk) => {
        for (const bytes of framer.push(chunk)) {
          const { id, request } = readMessage(bytes);
          if (request.kind === 'unbind') socket.end();
          else if (request.kind === 'search') socket.write(searchDone(id, { code: 0 }));
          else asked.resolve(() => socket.write(bindAnswer(id, { code: 0 })));
        }
      });
    });
    await new Promise<void>((listening) => slow.listen(0, '127.0.0.1', listening));
    const address = slow.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const letGo = await openUpstream(
      upstreamSettings.parse({
        urls: [`ldap://127.0.0.1:${port}`],
        startTls: false,
        bindDn: there.serviceDn,
        bindPassword: there.servicePassword,
        baseDn: base,
        timeoutSeconds: 30,
      }),
    );
    const checked = letGo.check(entry, 'a password');
    const letIn = await asked.promise;
    letGo.close();
    letIn();
    assert.notEqual((await checked).kind, 'right');
    const end = await Promise.race([ended.promise, delay(10_000, 'still open', { ref: false })]);
    for (const socket of heard) socket.destroy();
    await new Promise((closed) => slow.close(closed));
    assert.equal(end, 'ended');
  });

  it('tells its own rules from what an operator has to put right', async () => {
    const change = async () => (await directory.changePassword(entry, 'geheim')).kind;
    there.refuses(53, '0000052D: Constraint violation - check_password_restrictions');
    assert.equal(await change(), 'refused');
    there.refuses(53, '0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM)');
    assert.equal(await change(), 'forbidden');
    there.refuses(50, '00000005: SecErr: DSID-031A1190, problem 4003 (INSUFF_ACCESS_RIGHTS)');
    assert.equal(await change(), 'forbidden');
  });
});

describe('a directory with a password policy', () => {
  const entryUuid = '0f7f0d3e-1c8f-4a8b-9f5a-3f4f1c0d7a11';
  const jip = { id: entryUuid, dn: 'uid=jip,ou=people,dc=x' };
  /** Says that the password is over: of the right one, or of whatever is sent. */
  const expiring = async (
    looksFirst: boolean,
    test: (directory: UpstreamDirectory) => Promise<void>,
  ) => {
    const sockets: Socket[] = [];
    const expired = {
      type: passwordPolicy.type,
      isCritical: false,
      value: sequence(element(0x81, Buffer.from([0]))),
    };
    const server = createServer((socket) => {
      sockets.push(socket);
      const framer = createFramer(1024 * 1024);
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk) => {
        for (const bytes of framer.push(chunk)) {
          const { id, request } = readMessage(bytes);
          if (request.kind === 'search') {
            const values = [Buffer.from(entryUuid)];
            socket.write(entryAnswer(id, jip.dn, [{ name: 'entryUUID', values }]));
            socket.write(searchDone(id, { code: 0 }));
          } else if (request.kind === 'bind') {
            const isService = request.name === 'cn=service,dc=x';
            const isRight = request.password?.toString() === 'a password';
            const controls = isRight || !looksFirst ? [expired] : [];
            socket.write(
              isService
                ? bindAnswer(id, { code: 0 })
                : bindAnswer(id, { code: resultCodes.invalidCredentials }, controls),
            );
          } else socket.end();
        }
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const directory = await openUpstream(
      upstreamSettings.parse({
        urls: [`ldap://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`],
        startTls: false,
        bindDn: 'cn=service,dc=x',
        bindPassword: 'a service',
        baseDn: 'dc=x',
      }),
    );
    try {
      await test(directory);
    } finally {
      directory.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    }
  };

  it('is believed that a password is over where it looks at that first', () =>
    expiring(true, async (directory) => {
      assert.deepEqual(await directory.check(jip, 'not his'), { kind: 'wrong' });
      assert.deepEqual(await directory.check(jip, 'a password'), { kind: 'must-change' });
      assert.deepEqual(await directory.check(jip, 'not his'), { kind: 'wrong' });
    }));

  it('is not where it says so of any password', () =>
    expiring(false, async (directory) => {
      for (const password of ['not his', 'a password', 'not his']) {
        assert.deepEqual(await directory.check(jip, password), { kind: 'wrong' });
      }
    }));
});

function settingsFor(there: ActiveDirectory) {
  return upstreamSettings.parse({
    urls: [`ldap://127.0.0.1:${there.port}`],
    kind: 'active-directory',
    startTls: false,
    bindDn: there.serviceDn,
    bindPassword: there.servicePassword,
    baseDn: base,
    timeoutSeconds: 1,
  });
}
