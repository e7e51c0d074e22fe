import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createSecureContext } from 'node:tls';

import type { User } from '../../accounts/user.ts';
import { createLdapClients, type LdapClients } from '../../applications/ldap-clients.ts';
import { createAuditQueue } from '../../audit/audit-queue.ts';
import type { Filter } from '../../lib/ldap/filter.ts';
import { writeMessage } from '../../lib/ldap/message.ts';
import { systemRandom } from '../../lib/random.ts';
import { createDoors, type Doors } from '../../signin/doors.ts';
import { password, startHall, type Hall } from '../../../test/support/signin.ts';
import { connectLdap, equalTo, type LdapClient } from '../../../test/support/ldap-client.ts';
import { certificateFault, ownAuthorityFile, ownCertificateFile } from './certificate.ts';
import { serve } from './connection.ts';
import { openLdapDoor, type LdapDoor } from './ldap.ts';
import { ldapSettings, type LdapSettings } from './settings.ts';
import { treeOf } from './tree.ts';

const base = 'dc=voorbeeld,dc=example';
const all: Filter = { kind: 'present', attribute: 'objectclass' };

describe('the LDAP door', () => {
  let hall: Hall;
  let doors: Doors;
  let clients: LdapClients;
  let door: LdapDoor;
  let ca: string;
  let anna: User;
  let annasAppPassword: string;
  let service: { readonly dn: string; readonly password: string };
  const dataFolder = mkdtempSync(join(tmpdir(), 'tweestap-ldap-'));
  const open: LdapClient[] = [];
  const faults: unknown[] = [];

  const openDoor = (settings: Partial<LdapSettings> = {}): Promise<LdapDoor> =>
    openLdapDoor({
      settings: { ...ldapSettings.parse({ port: 0, tlsPort: 0 }), ...settings },
      dataFolder,
      host: 'login.voorbeeld.example',
      doors,
      clients,
      users: hall.stores.users,
      policies: hall.policies,
      audit: createAuditQueue(hall.database.transact),
      clock: { now: () => new Date() },
      report: (error) => faults.push(error),
    });
  const connect = async (to: LdapDoor = door): Promise<LdapClient> => {
    const client = await connectLdap(to.port ?? 0);
    open.push(client);
    return client;
  };
  const asAnna = async (): Promise<LdapClient> => {
    const client = await connect();
    assert.equal(await client.bind(`uid=anna,ou=people,${base}`, annasAppPassword), 0);
    return client;
  };
  const asService = async (): Promise<LdapClient> => {
    const client = await connect();
    assert.equal(await client.bind(service.dn, service.password), 0);
    return client;
  };
  const appPasswordOf = async (user: User): Promise<string> => {
    const made = await hall.parts.appPasswords.make(hall.stores, {
      userId: user.id,
      name: 'Mail',
      expiryDays: 0,
    });
    assert.ok(made.kind === 'made');
    return made.plain;
  };
  const namesOf = ({ entries }: { readonly entries: readonly { readonly dn: string }[] }) =>
    entries.map(({ dn }) => dn.replace(`,${base}`, ''));

  before(async () => {
    hall = await startHall();
    await hall.policies.change((policy) => ({
      ...policy,
      organisation: { ...policy.organisation, name: 'Voorbeeld', domain: 'voorbeeld.example' },
      appPasswords: { allowed: true },
    }));
    doors = createDoors(hall.parts);
    clients = createLdapClients({
      store: hall.stores.ldapClients,
      transact: hall.database.transact,
      box: hall.database.box,
      clock: hall.clock,
      random: systemRandom,
    });
    anna = await hall.person({
      groups: ['sales', 'VPN users, all'],
      businessPhone: '+31201234567',
    });
    annasAppPassword = await appPasswordOf(anna);
    await hall.person({
      userPrincipalName: 'bram@voorbeeld.example',
      displayName: 'Bram',
      mail: 'Bram.Bakker@voorbeeld.example',
      groups: ['sales'],
    });
    await hall.person({
      userPrincipalName: 'els@elders.example',
      displayName: 'Els Elders',
      mail: undefined,
      perUserMfaState: 'disabled',
    });
    await hall.person({
      userPrincipalName: 'frits@voorbeeld.example',
      accountEnabled: false,
      groups: ['sales', 'left'],
    });
    const added = await clients.add('dovecot', 'test');
    assert.ok(added.kind === 'added');
    service = { dn: `cn=dovecot,ou=services,${base}`, password: added.password };
    door = await openDoor();
    ca = readFileSync(ownAuthorityFile(dataFolder), 'utf8');
  });
  after(async () => {
    for (const client of open) client.close();
    await door.close(0);
    await doors.stop();
    await hall.close();
    rmSync(dataFolder, { recursive: true, force: true });
    assert.deepEqual(faults, []);
  });

  describe('lets people in', () => {
    it('by their place in the tree, by their name, and by either in any case', async () => {
      const client = await connect();
      for (const name of [
        `uid=anna,ou=people,${base}`,
        `UID=Anna, OU=People, DC=Voorbeeld, DC=example`,
        'anna@voorbeeld.example',
        'ANNA@voorbeeld.example',
        'anna',
      ]) {
        assert.equal(await client.bind(name, annasAppPassword), 0, name);
        assert.equal(await client.whoAmI(), `dn:uid=anna,ou=people,${base}`);
      }
    });

    it('of another domain by the whole name', async () => {
      const client = await connect();
      const dn = `uid=els@elders.example,ou=people,${base}`;
      assert.equal(await client.bind(dn, password), 0);
      assert.equal(await client.whoAmI(), `dn:${dn}`);
    });

    it('never with the account password once a second step is required', async () => {
      const client = await connect();
      assert.equal(await client.bind(`uid=anna,ou=people,${base}`, password), 49);
      assert.equal(await client.whoAmI(), '');
    });

    it('never without a password, which would prove nothing and look like a success', async () => {
      const client = await connect();
      for (const empty of ['', '\0', '\0\0\0']) {
        assert.equal(await client.bind(`uid=anna,ou=people,${base}`, empty), 53);
        assert.equal(await client.bind('nobody', empty), 53);
      }
      assert.equal(await client.whoAmI(), '');
    });

    it('with the same words for a wrong password, a wrong name and a wrong place', async () => {
      const client = await connect();
      for (const name of [
        `uid=anna,ou=people,${base}`,
        `uid=nobody,ou=people,${base}`,
        `uid=anna,ou=people,dc=elsewhere`,
        `cn=anna,ou=people,${base}`,
        `cn=nobody,ou=services,${base}`,
        service.dn,
        'uid=*,ou=people',
        '*)(uid=*',
        '',
      ]) {
        const answer = await client.ask({
          kind: 'bind',
          version: 3,
          name,
          password: Buffer.from('wrong'),
        });
        assert.deepEqual([answer.code, answer.matchedDn], [49, ''], name);
      }
    });

    it('and forgets them at the next bind, also at one that fails', async () => {
      const client = await asAnna();
      assert.equal(await client.bind('anna', 'wrong'), 49);
      assert.equal(await client.whoAmI(), '');
    });

    it('by a simple bind of version 3 and by nothing else', async () => {
      const client = await connect();
      const bind = { kind: 'bind', version: 3, name: 'anna', password: undefined } as const;
      assert.equal((await client.ask(bind)).code, 7);
      const old = { ...bind, version: 2, password: Buffer.from(annasAppPassword) };
      assert.equal((await client.ask(old)).code, 2);
    });

    it('and each of them once a bind, many at a time on one connection', async () => {
      const client = await connect();
      const codes = await Promise.all(
        Array.from({ length: 100 }, () => client.bind('anna', annasAppPassword)),
      );
      assert.ok(codes.every((code) => code === 0));
    });
  });

  describe('shows', () => {
    it('a stranger what it is and can, and nothing else', async () => {
      const client = await connect();
      const root = await client.search({ base: '', scope: 'base' });
      assert.deepEqual(root.entries[0]?.attributes['namingContexts'], [base]);
      assert.deepEqual(root.entries[0]?.attributes['supportedLDAPVersion'], ['3']);
      for (const place of [base, `ou=people,${base}`, `uid=anna,ou=people,${base}`, 'dc=x']) {
        const { code, entries } = await client.search({ base: place });
        assert.deepEqual([code, entries], [50, []], place);
      }
      assert.equal((await client.search({ base: '', scope: 'subtree' })).code, 50);
      assert.equal(await client.compare(`uid=anna,ou=people,${base}`, 'uid', 'anna'), 50);
    });

    it('a person their own entry, and of nobody else not even that there is one', async () => {
      const client = await asAnna();
      assert.deepEqual(namesOf(await client.search({ filter: all })), ['uid=anna,ou=people']);
      const own = await client.search({ base: `uid=anna,ou=people,${base}`, scope: 'base' });
      assert.deepEqual(own.entries[0]?.attributes['cn'], ['Anna de Vries']);
      assert.deepEqual(own.entries[0]?.attributes['sn'], ['de Vries']);
      assert.deepEqual(own.entries[0]?.attributes['mail'], ['anna@voorbeeld.example']);
      assert.deepEqual(own.entries[0]?.attributes['memberOf'], [
        `cn=sales,ou=groups,${base}`,
        `cn=VPN users\\, all,ou=groups,${base}`,
      ]);
      for (const other of ['bram', 'nobody']) {
        const place = `uid=${other},ou=people,${base}`;
        const { code, entries } = await client.search({ base: place, scope: 'base' });
        assert.deepEqual([code, entries], [50, []]);
        assert.equal(await client.compare(place, 'uid', other), 50);
        const { entries: found } = await client.search({ filter: equalTo('uid', other) });
        assert.deepEqual(found, []);
      }
      assert.equal((await client.search({ base: `ou=groups,${base}` })).code, 50);
    });

    it('no number that a second step goes to', async () => {
      const client = await asService();
      const { entries } = await client.search({
        filter: equalTo('uid', 'anna'),
        attributes: ['*', '+', 'mobile', 'userPassword'],
      });
      const shown = Object.keys(entries[0]?.attributes ?? {});
      assert.ok(shown.includes('telephoneNumber'));
      assert.ok(!shown.includes('mobile') && !shown.includes('userPassword'));
    });

    it('an LDAP client whom it looks for, however it does', async () => {
      const client = await asService();
      const find = async (filter: Filter): Promise<readonly string[]> =>
        namesOf(await client.search({ filter, attributes: ['uid'] }));
      assert.deepEqual(await find(equalTo('uid', 'ANNA')), ['uid=anna,ou=people']);
      assert.deepEqual(await find(equalTo('mail', 'bram.bakker@VOORBEELD.example')), [
        'uid=bram,ou=people',
      ]);
      assert.deepEqual(await find(equalTo('userPrincipalName', 'els@elders.example')), [
        'uid=els@elders.example,ou=people',
      ]);
      assert.deepEqual(
        await find({
          kind: 'or',
          parts: [equalTo('uid', 'bram'), equalTo('mail', 'anna@voorbeeld.example')],
        }),
        ['uid=anna,ou=people', 'uid=bram,ou=people'],
      );
      assert.deepEqual(await find(equalTo('memberOf', `cn=SALES,ou=groups,${base}`)), [
        'uid=anna,ou=people',
        'uid=bram,ou=people',
      ]);
      assert.deepEqual(await find(equalTo('uid', 'frits')), [], 'whose account is disabled');
      const cn: Filter = {
        kind: 'substrings',
        attribute: 'cn',
        initial: Buffer.from('ANNA'),
        any: [],
        final: Buffer.from('vries'),
      };
      assert.deepEqual(await find(cn), ['uid=anna,ou=people']);
    });

    it('an LDAP client the groups that people are in', async () => {
      const client = await asService();
      const groups = await client.search({ base: `ou=groups,${base}`, scope: 'one' });
      assert.deepEqual(
        groups.entries.map(({ attributes: { cn, member } }) => [cn?.[0], member?.length]),
        [
          ['VPN users, all', 1],
          ['sales', 2],
        ],
      );
      const annas = await client.search({
        filter: equalTo('member', `uid=anna,ou=people,${base}`),
        attributes: ['cn'],
      });
      assert.equal(annas.entries.length, 2);
      const sales = `cn=sales,ou=groups,${base}`;
      assert.equal(await client.compare(sales, 'member', `uid=anna,ou=people,${base}`), 6);
      assert.equal(
        await client.compare(sales, 'member', `uid=els@elders.example,ou=people,${base}`),
        5,
      );
    });

    it('the whole tree in its order, and says where there is nothing', async () => {
      const client = await asService();
      assert.deepEqual(namesOf(await client.search({})), [
        base,
        'ou=people',
        'ou=groups',
        'uid=anna,ou=people',
        'uid=bram,ou=people',
        'uid=els@elders.example,ou=people',
        'cn=VPN users\\, all,ou=groups',
        'cn=sales,ou=groups',
      ]);
      assert.deepEqual(namesOf(await client.search({ scope: 'one' })), ['ou=people', 'ou=groups']);
      const nowhere = await client.search({ base: `uid=nobody,ou=people,${base}` });
      assert.deepEqual([nowhere.code, nowhere.matchedDn], [32, `ou=people,${base}`]);
      assert.equal((await client.search({ base: 'ou=other,dc=elsewhere' })).code, 32);
      assert.equal((await client.search({ base: 'no name' })).code, 34);
      assert.equal((await client.search({ base: `ou=services,${base}` })).code, 32);
    });

    it('page after page, each person once', async () => {
      const many = await startManyPeople(hall);
      const client = await asService();
      const names: string[] = [];
      let cookie: string | undefined = '';
      let pages = 0;
      do {
        const found = await client.search({
          base: `ou=people,${base}`,
          filter: equalTo('sn', 'Velen'),
          attributes: ['uid'],
          page: { size: 40, cookie },
        });
        assert.equal(found.code, 0);
        assert.ok(found.entries.length <= 40);
        names.push(...namesOf(found));
        ({ cookie } = found);
        pages += 1;
      } while (cookie !== undefined && cookie !== '' && pages < 100);
      assert.equal(names.length, many);
      assert.equal(new Set(names).size, many);
      const two = await client.search({
        filter: { kind: 'or', parts: [equalTo('uid', 'anna'), equalTo('uid', 'bram')] },
        page: { size: 1 },
      });
      assert.deepEqual(namesOf(two), ['uid=anna,ou=people']);
      const rest = await client.search({
        filter: { kind: 'or', parts: [equalTo('uid', 'anna'), equalTo('uid', 'bram')] },
        page: { size: 1, cookie: two.cookie ?? '' },
      });
      assert.deepEqual([namesOf(rest), rest.cookie], [['uid=bram,ou=people'], '']);
    });

    it('everything a page of one at a time, with what stands above people and groups', async () => {
      const client = await asService();
      const few: Filter = {
        kind: 'or',
        parts: [
          equalTo('uid', 'anna'),
          equalTo('uid', 'bram'),
          equalTo('objectClass', 'organization'),
          equalTo('objectClass', 'organizationalUnit'),
          equalTo('objectClass', 'groupOfNames'),
        ],
      };
      const whole = namesOf(await client.search({ filter: few }));
      const names: string[] = [];
      let cookie: string | undefined = '';
      for (let page = 0; page === 0 || (cookie !== '' && page < 100); page += 1) {
        const found = await client.search({ filter: few, page: { size: 1, cookie } });
        assert.deepEqual([found.code, found.entries.length <= 1], [0, true], names.join());
        names.push(...namesOf(found));
        cookie = found.cookie ?? '';
      }
      assert.deepEqual(names, whole);
      assert.ok(whole.includes('ou=groups') && whole.includes('uid=bram,ou=people'), whole.join());
    });

    it('no more than a client asks for, nor than anybody may', async () => {
      const client = await asService();
      const { code, entries } = await client.search({ sizeLimit: 3 });
      assert.deepEqual([code, entries.length], [4, 3]);
    });

    it('only what is asked of an entry', async () => {
      const client = await asService();
      const of = async (...attributes: readonly string[]): Promise<readonly string[]> => {
        const { entries } = await client.search({ filter: equalTo('uid', 'anna'), attributes });
        return Object.keys(entries[0]?.attributes ?? {}).toSorted();
      };
      assert.deepEqual(await of('MAIL', 'cn'), ['cn', 'mail']);
      assert.deepEqual(await of('1.1'), []);
      assert.deepEqual(await of('+'), ['createTimestamp', 'entryDN']);
      assert.ok(!(await of('*')).includes('entryDN'));
    });
  });

  describe('ends', () => {
    it('for whom an app password is deleted, on a connection that stays open', async () => {
      const bram = await hall.stores.users.findByName('bram@voorbeeld.example');
      assert.ok(bram);
      const client = await connect();
      assert.equal(await client.bind('bram', await appPasswordOf(bram)), 0);
      assert.equal((await client.search({})).entries.length, 1);
      await hall.administration.removeAppPasswords(bram.id, 'admin');
      const { code, entries } = await client.search({});
      assert.deepEqual([code, entries], [50, []]);
      assert.equal(await client.whoAmI(), '');
    });

    it('for an LDAP client that is removed', async () => {
      const added = await clients.add('old-server', 'test');
      assert.ok(added.kind === 'added');
      const client = await connect();
      const dn = `cn=old-server,ou=services,${base}`;
      assert.equal(await client.bind(dn, added.password), 0);
      await clients.remove('old-server', 'test');
      assert.equal((await client.search({})).code, 50);
      assert.equal(await client.bind(dn, added.password), 49);
    });

    it('at once with whoever speaks no LDAP', async () => {
      for (const hex of ['474554202f20485454502f312e310d0a', '30840fffffff', '3003020101']) {
        const client = await connect();
        client.send(Buffer.from(hex, 'hex'));
        await client.ended;
        assert.equal(client.notice(), 2);
      }
    });

    it('with the stranger who has been there longest, before anybody else is kept out', async () => {
      const other = await openDoor({ maxConnections: 8 });
      const known = await connect(other);
      assert.equal(await known.bind('anna', annasAppPassword), 0);
      const strangers: LdapClient[] = [];
      for (let one = 0; one < 20; one += 1) strangers.push(await connect(other));
      await strangers[0]?.ended;
      const late = await connect(other);
      assert.equal(await late.bind('anna', annasAppPassword), 0);
      assert.match((await known.whoAmI()) ?? '', /uid=anna/);
      await other.close(0);
    });

    it('in the middle of nothing when the server does, and says so', async () => {
      const other = await openDoor();
      const client = await connect(other);
      assert.equal(await client.bind('anna', annasAppPassword), 0);
      await other.close(1000);
      await client.ended;
      assert.equal(client.notice(), 52);
    });
  });

  describe('refuses', () => {
    it('to change anything', async () => {
      const client = await asService();
      for (const answer of [0x67, 0x69, 0x6b, 0x6d]) {
        const { code, tag } = await client.ask({ kind: 'change', answer });
        assert.deepEqual([code, tag], [53, answer]);
      }
    });

    it('what it does not know, where the client insists on it', async () => {
      const client = await connect();
      const control = { type: '1.2.3', isCritical: true, value: undefined };
      const root = { base: '', scope: 'base' } as const;
      assert.equal((await client.search({ ...root, controls: [control] })).code, 12);
      const other = { ...control, isCritical: false };
      assert.equal((await client.search({ ...root, controls: [other] })).code, 0);
      const unknown = { kind: 'extended', name: '1.2.3', value: undefined } as const;
      assert.equal((await client.ask(unknown)).code, 2);
    });
  });

  describe('speaks TLS', () => {
    it('or hears no password from another machine, unless the operator allows it', async () => {
      for (const [allowPlain, code] of [
        [false, 13],
        [true, 0],
      ] as const) {
        // Whoever connects here is taken for another machine.
        const server = createServer((socket) => {
          const pem = readFileSync(ownCertificateFile(dataFolder), 'utf8');
          serve(
            {
              doors,
              clients,
              audit: createAuditQueue(hall.database.transact),
              clock: hall.clock,
              directory: async () => ({
                users: hall.stores.users,
                tree: treeOf('voorbeeld.example'),
                organisation: 'Voorbeeld',
              }),
              tls: createSecureContext({ cert: pem, key: pem }),
              allowPlain,
              report: (error) => faults.push(error),
            },
            socket,
            { address: '192.0.2.7', isThisMachine: false },
          );
        });
        await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
        const address = server.address();
        const client = await connectLdap(typeof address === 'object' ? (address?.port ?? 0) : 0);
        assert.equal(await client.bind('anna', annasAppPassword), code);
        assert.equal(await client.bind(service.dn, service.password), code);
        assert.equal(await client.startTls(ca), 0);
        assert.equal(await client.bind('anna', annasAppPassword), 0);
        client.close();
        await new Promise((closed) => server.close(closed));
      }
    });

    it('from the first byte on its own port', async () => {
      const client = await connectLdap(door.tlsPort ?? 0, ca);
      open.push(client);
      assert.equal(await client.bind('anna', annasAppPassword), 0);
    });

    it('after StartTLS, and nobody is bound any more then', async () => {
      const client = await asAnna();
      assert.equal(await client.startTls(ca), 0);
      assert.equal(await client.whoAmI(), '');
      assert.equal(await client.bind('anna', annasAppPassword), 0);
      assert.equal((await client.search({})).entries.length, 1);
      assert.equal(await client.startTls(ca), 1);
    });

    it('and takes nothing for encrypted that came before it', async () => {
      const client = await connect();
      const bind = { kind: 'bind', version: 3, name: 'anna', password: Buffer.from('x') } as const;
      const startTls = '1.3.6.1.4.1.1466.20037';
      const answer = client.ask({ kind: 'extended', name: startTls, value: undefined });
      client.send(writeMessage({ id: 99, request: bind, controls: [] }));
      // Either both came together and are refused, or what came later is no TLS and ends it.
      const { code } = await answer;
      if (code === 0) await client.ended;
      else assert.equal(code, 1);
    });

    it('with a certificate of its own that nobody else can read, the same after a restart', async () => {
      const file = ownCertificateFile(dataFolder);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      const kept = readFileSync(file, 'utf8');
      await (await openDoor()).close(0);
      assert.equal(readFileSync(file, 'utf8'), kept);
    });

    it('with the certificate that it was given, or says why not', async () => {
      const file = join(dataFolder, 'given.pem');
      writeFileSync(file, readFileSync(ownCertificateFile(dataFolder)));
      await (await openDoor({ certificateFile: file })).close(0);
      writeFileSync(file, 'no certificate');
      await assert.rejects(openDoor({ certificateFile: file }), { code: 'CONFIGURATION_FAULTY' });
      const settings = ldapSettings.parse({ certificateFile: file });
      assert.match(certificateFault(settings, new Date()) ?? '', /cannot be used/);
      writeFileSync(file, readFileSync(ownCertificateFile(dataFolder)));
      assert.equal(certificateFault(settings, new Date()), undefined);
      assert.match(certificateFault(settings, new Date('2040-01-01')) ?? '', /ran out on 20/);
    });
  });

  it('answers, refuses or hangs up on 2,000 damaged messages, and then goes on as before', async () => {
    const messages = [
      { kind: 'bind', version: 3, name: 'anna', password: Buffer.from('guess') },
      { kind: 'compare', entry: base, attribute: 'ou', value: Buffer.from('x') },
      { kind: 'extended', name: '1.3.6.1.4.1.4203.1.11.3', value: undefined },
    ] as const;
    let state = 7;
    const dice = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    let client = await connect();
    let isOver = false;
    for (let round = 0; round < 2000; round++) {
      if (isOver) client = await connect();
      isOver = false;
      const request = messages[dice(3)] ?? messages[0];
      const bytes = Buffer.from(writeMessage({ id: 1 + round, request, controls: [] }));
      // Not the password: each guess at it would take a hash.
      if (request.kind === 'bind') bytes[4] = 0x61;
      bytes[dice(bytes.length)] = dice(256);
      client.send(bytes);
      if (round % 20 !== 19) continue;
      client.close();
      await client.ended;
      isOver = true;
    }
    const sound = await asAnna();
    assert.equal((await sound.search({})).entries.length, 1);
  });
});

/** A few hundred people of one name; resolves to how many. */
async function startManyPeople(hall: Hall): Promise<number> {
  const many = 250;
  for (let index = 0; index < many; index++) {
    await hall.person({
      userPrincipalName: `velen${index}@voorbeeld.example`,
      displayName: `V${index} Velen`,
      mail: undefined,
    });
  }
  return many;
}
