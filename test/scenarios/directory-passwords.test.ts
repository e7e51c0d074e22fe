/**
 * People whose password Debian's OpenLDAP keeps: through every door, with the directory there, slow, gone in the
 * middle, or somebody else; and what becomes of their password when they change or forget it.
 */
import assert from 'node:assert/strict';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { openUpstream } from '../../src/accounts/upstream/opening.ts';
import { upstreamSettings } from '../../src/accounts/upstream/settings.ts';
import { loadSettings } from '../../src/config.ts';
import { TweestapError } from '../../src/errors/errors.ts';
import { examine } from '../../src/installation/examine.ts';
import type { UpstreamPerson } from '../../src/accounts/upstream/upstream.ts';
import { makeCertificate } from '../../src/lib/self-signed-certificate.ts';
import { connectLdap } from '../support/ldap-client.ts';
import { addUser, personAt, samplePerson, type Identity, type Person } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { newWorkshop, type Workshop } from '../support/programs.ts';
import { dnOf, startSlapd, withoutSlapd, type Slapd } from '../support/slapd.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const uids = ['anneke', 'boris', 'cor', 'dora', 'eva', 'fien', 'gijs', 'hedy', 'ivo', 'jet'];
const passwordOf = (uid: string): string => `wat ${uid} onthoudt 7`;
/** Of a policy by which a password lasts for a day; theirs is years old. */
const expired = {
  uid: 'kees',
  password: passwordOf('kees'),
  more: ['pwdChangedTime: 20200101000000Z', 'pwdPolicySubentry: cn=short,dc=voorbeeld,dc=example'],
};
const noPerson = 'niemand@voorbeeld.example';

/** Passes bytes on to a port, until it is told to keep them to itself, or to let go. */
interface Between {
  readonly port: number;
  /** From now on nothing passes, and nobody is told. */
  hang(): void;
  /** Ends what is open, and lets nobody connect. */
  cut(): void;
  /** As in the beginning. */
  mend(): void;
  close(): Promise<void>;
}

async function standBetween(port: number): Promise<Between> {
  const open = new Set<Socket>();
  let how: 'passing' | 'hanging' | 'cut' = 'passing';
  const server: Server = createServer((near) => {
    if (how === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('data', (chunk) => how === 'passing' && to.write(chunk));
      from.on('error', () => from.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const letGo = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    hang: () => {
      how = 'hanging';
    },
    cut: () => {
      how = 'cut';
      letGo();
    },
    mend: () => {
      how = 'passing';
      letGo();
    },
    close: async () => {
      letGo();
      await new Promise((closed) => server.close(closed));
    },
  };
}

describe('passwords that a directory keeps', { skip: withoutSlapd }, () => {
  let slapd: Slapd;
  let between: Between;
  let tweestap: Tweestap;
  let people: ReadonlyMap<string, UpstreamPerson>;

  before(async () => {
    slapd = await startSlapd({
      people: [...uids.map((uid) => ({ uid, password: passwordOf(uid) })), expired],
    });
    between = await standBetween(slapd.tlsPort);
    const directory = await openUpstream(upstreamSettings.parse(slapd.settings));
    const found = new Map<string, UpstreamPerson>();
    for await (const person of directory.people()) found.set(person.shortName ?? '', person);
    directory.close();
    people = found;
    tweestap = await startTweestap({
      environment: environmentOf(slapd, {
        TWEESTAP_UPSTREAM_URL: `ldaps://localhost:${between.port}`,
        TWEESTAP_UPSTREAM_WRITE_PASSWORDS: 'true',
        TWEESTAP_UPSTREAM_TIMEOUT_SECONDS: '1',
        TWEESTAP_LOG_LEVEL: 'silent',
      }),
    });
  });
  after(async () => {
    await tweestap?.close();
    await between?.close();
    await slapd?.remove();
  });

  /** Somebody of the directory, registered as told. */
  const ofDirectory = async (
    uid: string,
    registered: readonly ('app' | 'phone')[] = [],
    at: Tweestap = tweestap,
  ): Promise<Person & Identity> => {
    const entry = people.get(uid);
    assert.ok(entry, `${uid} is in the directory`);
    const identity = await addUser(at, registered, {
      userPrincipalName: `${uid}@voorbeeld.example`,
      displayName: uid,
      mail: `${uid}@voorbeeld.example`,
      passwordHash: undefined,
      upstream: { id: entry.id, dn: entry.dn },
    });
    return personAt(at, { ...identity, password: passwordOf(uid) });
  };

  const heading = ({ browser }: Person): string => browser.page.heading;

  it('let people in, with the second step of Tweestap behind them', async () => {
    const anneke = await ofDirectory('anneke', ['app']);
    await anneke.signsIn();
    assert.equal(heading(anneke), anneke.words.profile.title);
    const { database } = tweestap.installation;
    const account = await database.stores.users.findByName(anneke.userPrincipalName);
    assert.equal(account?.passwordHash, undefined, 'nothing of it is kept here');
    const events = await database.stores.audit.list({ limit: 50 });
    assert.ok(!JSON.stringify(events).includes(anneke.password));
  });

  it('are wrong in the words of a name that nobody has, also where they are empty', async () => {
    const boris = await ofDirectory('boris', ['app']);
    const { wrong, missing } = boris.words.signIn.password;
    const stranger = personAt(tweestap, { ...boris, userPrincipalName: noPerson });
    for (const one of [boris, stranger]) {
      await one.browser.open('/sign-in');
      await one.typesName();
      await one.typesPassword('not that one');
      assert.ok(one.browser.page.text.includes(wrong));
      await one.typesPassword('');
      assert.ok(one.browser.page.text.includes(missing));
      await one.typesPassword(' ');
      assert.ok(one.browser.page.text.includes(wrong));
    }
    await boris.typesPassword();
    await boris.typesCode(boris.appCode());
    assert.equal(heading(boris), boris.words.profile.title);
  });

  it('are not guessed in the directory: a stranger has fewer tries than make it lock', async () => {
    const cor = await ofDirectory('cor', ['app']);
    await cor.browser.open('/sign-in');
    await cor.typesName();
    // The same one again counts again, since the directory counts it, too.
    for (let count = 0; count < 8; count += 1) await cor.typesPassword('the same guess');
    assert.ok(cor.browser.page.text.includes(cor.words.signIn.password.paused.title));
    assert.equal((await slapd.valuesOf(dnOf('cor'), 'pwdFailureTime')).length, 4);
    await cor.typesPassword();
    assert.ok(cor.browser.page.text.includes(cor.words.signIn.password.paused.title));
  });

  it('open the doors of systems while no second step is required', async () => {
    const dora = await ofDirectory('dora');
    const { database } = tweestap.installation;
    const id = (await database.stores.users.findByName(dora.userPrincipalName))?.id ?? '';
    await database.stores.users.change(id, { perUserMfaState: 'disabled' });
    const ldap = await connectLdap(tweestap.server.ldap.port ?? 0);
    try {
      assert.equal(await ldap.bind(dora.userPrincipalName, dora.password), 0);
      assert.equal(await ldap.bind(dora.userPrincipalName, 'not that one'), 49);
      assert.equal(await ldap.bind(dora.userPrincipalName, ''), 53);
      between.cut();
      assert.equal(await ldap.bind(dora.userPrincipalName, dora.password), 51, 'busy');
      assert.equal(await ldap.bind(noPerson, dora.password), 51, 'for everybody');
      between.mend();
      await answersAgain();
      assert.equal(await ldap.bind(dora.userPrincipalName, dora.password), 0);
    } finally {
      between.mend();
      ldap.close();
    }
  });

  it('that an administrator set are changed at the sign-in, by the rules of both', async () => {
    const eva = await ofDirectory('eva', ['app']);
    await slapd.modify(
      `dn: ${dnOf('eva')}\nchangetype: modify\nreplace: pwdReset\npwdReset: TRUE\n`,
    );
    const { changePassword } = eva.words.signIn;
    await eva.signsIn();
    assert.equal(heading(eva), changePassword.title);
    assert.ok(eva.browser.page.text.includes(changePassword.expired));
    const change = (password: string) => eva.browser.press(changePassword.change, { password });
    await change('kort');
    assert.ok(eva.browser.page.text.includes(changePassword.refused['too-short']));
    await change(eva.password);
    assert.ok(eva.browser.page.text.includes(changePassword.refused['directory-rules']));
    await change('nu iets heel anders');
    assert.equal(heading(eva), eva.words.profile.title);
    const again = personAt(tweestap, { ...eva, password: 'nu iets heel anders' });
    tweestap.server.parts.advanceClock(31);
    await again.signsIn();
    assert.equal(heading(again), again.words.profile.title);
  });

  it('that are over are so for whoever knows them, and wrong for anybody else', async () => {
    const policy = ['objectClass: pwdPolicy', 'objectClass: organizationalRole', 'cn: short'];
    const lasts = ['pwdAttribute: userPassword', 'pwdMaxAge: 86400', 'pwdMaxFailure: 20'];
    await slapd.modify(
      [`dn: cn=short,${slapd.base}`, 'changetype: add', ...policy, ...lasts, ''].join('\n'),
    );
    const kees = people.get('kees') ?? assert.fail('kees is in the directory');
    const directory = await openUpstream(upstreamSettings.parse(slapd.settings));
    try {
      const kinds: string[] = [];
      for (const password of ['not his', expired.password, 'not his', expired.password]) {
        kinds.push((await directory.check(kees, password)).kind);
      }
      assert.deepEqual(kinds, ['wrong', 'must-change', 'wrong', 'must-change']);
    } finally {
      directory.close();
    }
  });

  it('are changed by their owner, and written there', async () => {
    const fien = await ofDirectory('fien', ['app']);
    await fien.signsIn();
    await fien.browser.open('/my-profile/change-password');
    await fien.browser.press(fien.words.signIn.changePassword.change, {
      password: 'van nu af aan dit',
    });
    assert.match(fien.browser.page.text, /Your password was changed/);
    const ldap = await connectLdap(slapd.port);
    try {
      assert.equal(await ldap.bind(dnOf('fien'), 'van nu af aan dit'), 0);
      assert.equal(await ldap.bind(dnOf('fien'), fien.password), 49);
    } finally {
      ldap.close();
    }
  });

  it('are not set by an administrator of Tweestap, who is told why', async () => {
    const gijs = await ofDirectory('gijs');
    const { error, code } = await tweestap.command('user', 'set-password', gijs.userPrincipalName);
    assert.notEqual(code, 0);
    assert.match(error, /kept by the organisation’s directory/);
  });

  const answersAgain = (): Promise<unknown> =>
    until(
      'the directory to be asked again',
      async () => (await readiness())['directory'] === 'ok',
      9_000,
    );
  const readiness = async (): Promise<Readonly<Record<string, string>>> => {
    const { status, body } = await tweestap.ask('/readyz');
    assert.equal(status, 200, 'people are sent here all the same');
    const { checks }: { readonly checks: Readonly<Record<string, string>> } = JSON.parse(body);
    return checks;
  };

  for (const how of ['hang', 'cut'] as const) {
    it(`wait for nobody when the directory ${how === 'cut' ? 'goes away' : 'hangs'}, and count for nothing`, async () => {
      const uid = how === 'cut' ? 'hedy' : 'ivo';
      const person = await ofDirectory(uid, ['app']);
      const stranger = personAt(tweestap, { ...person, userPrincipalName: noPerson });
      const admin = samplePerson(tweestap, 'chris', { language: 'nl' });
      const { unavailable } = person.words.signIn.password;
      between[how]();
      try {
        for (const one of [person, stranger]) await one.browser.open('/sign-in');
        await person.typesName();
        for (let count = 0; count < 6; count += 1) {
          await person.typesPassword();
          assert.ok(person.browser.page.text.includes(unavailable.title), 'try again later');
        }
        await stranger.typesName();
        await stranger.typesPassword();
        assert.ok(stranger.browser.page.text.includes(unavailable.title), 'whoever it is');
        assert.equal((await readiness())['directory'], 'failing');
        const metrics = await tweestap.ask('/metrics');
        assert.match(metrics.body, /^tweestap_directory_up 0$/m);
        await admin.arrives();
        assert.ok(!admin.browser.page.text.includes(admin.words.signIn.password.unavailable.title));
      } finally {
        between.mend();
      }
      await answersAgain();
      await person.typesPassword();
      await person.typesCode(person.appCode());
      assert.equal(heading(person), person.words.profile.title);
    });
  }

  describe('where passwords are not written', () => {
    let readOnly: Tweestap;
    before(async () => {
      readOnly = await startTweestap({
        environment: environmentOf(slapd, {
          TWEESTAP_UPSTREAM_URL: `ldap://localhost:${slapd.port}`,
          TWEESTAP_UPSTREAM_PASSWORD_URL: 'https://wachtwoord.voorbeeld.example/',
        }),
      });
    });
    after(() => readOnly?.close());

    it('are changed elsewhere, which the pages say', async () => {
      const jet = await ofDirectory('jet', ['app'], readOnly);
      await jet.signsIn();
      await jet.browser.open('/my-profile/change-password');
      assert.match(jet.browser.page.text, /Your organisation’s directory keeps your password/);
      assert.match(jet.browser.page.html, /href="https:\/\/wachtwoord\.voorbeeld\.example\/"/);
      await slapd.modify(
        `dn: ${dnOf('jet')}\nchangetype: modify\nreplace: pwdReset\npwdReset: TRUE\n`,
      );
      readOnly.server.parts.advanceClock(31);
      const again = personAt(readOnly, jet);
      await again.signsIn();
      assert.equal(heading(again), again.words.signIn.changePassword.elsewhere.title);
      await again.browser.press(again.words.signIn.changePassword.elsewhere.again);
      assert.equal(heading(again), again.words.signIn.name.title);
    });
  });

  describe('of a directory that is not who it says', () => {
    let workshop: Workshop;
    let elsewhere: Slapd;
    before(async () => {
      workshop = newWorkshop();
      elsewhere = await startSlapd({ people: [], host: 'ldap.elsewhere.example' });
    });
    after(async () => {
      workshop?.remove();
      await elsewhere?.remove();
    });

    const refusal = async (more: Readonly<Record<string, unknown>>): Promise<string> => {
      const directory = await openUpstream(upstreamSettings.parse({ ...slapd.settings, ...more }));
      try {
        await directory.probe();
        return 'in order';
      } catch (error) {
        assert.ok(error instanceof TweestapError && error.code === 'UPSTREAM_UNAVAILABLE');
        return String(error.cause);
      } finally {
        directory.close();
      }
    };

    it('are told to nobody, by LDAPS as by StartTLS', async () => {
      const caFile = workshop.write(
        'other.pem',
        makeCertificate({ hosts: ['localhost'], now: new Date(), days: 2 }).authority,
      );
      for (const urls of [
        [`ldaps://localhost:${slapd.tlsPort}`],
        [`ldap://localhost:${slapd.port}`],
      ]) {
        assert.equal(await refusal({ urls }), 'in order');
        const told = await refusal({ urls, caFile });
        assert.match(told, /verify|self-signed|issuer/);
        assert.doesNotMatch(told, /Node/, 'there is a setting for it');
      }
      for (const urls of [
        [`ldaps://localhost:${elsewhere.tlsPort}`],
        [`ldap://127.0.0.1:${elsewhere.port}`],
      ]) {
        const { caFile: theirs } = elsewhere.settings;
        assert.match(await refusal({ urls, caFile: theirs }), /does not match certificate/);
      }
    });

    it('are told to nobody who speaks first, or something else', async () => {
      for (const said of ['', 'HTTP/1.1 400 Bad Request\r\n\r\n', '\x30\x84\x7f\xff\xff\xff']) {
        const server = createServer((socket) => {
          socket.resume().end(Buffer.from(said, 'latin1'));
        });
        await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
        const address = server.address();
        const port = typeof address === 'object' ? address?.port : 0;
        assert.match(await refusal({ urls: [`ldap://localhost:${port}`] }), /LdapConnectionError/);
        await new Promise((closed) => server.close(closed));
      }
    });

    it('is a finding of tweestap check, and the right one is in order', async () => {
      const check = async (more: Readonly<Record<string, string>>) => {
        const { settings } = loadSettings({
          mode: 'sample',
          environment: { ...tweestap.place.environment, ...environmentOf(slapd, more) },
        });
        assert.ok(settings);
        return (await examine(settings)).find(({ part }) => part === 'directory');
      };
      assert.equal((await check({}))?.isFault, false);
      const wrong = await check({ TWEESTAP_UPSTREAM_BIND_PASSWORD: 'not that one' });
      assert.equal(wrong?.isFault, true);
      assert.match(wrong?.message ?? '', /was not let in/);
      assert.doesNotMatch(wrong?.message ?? '', /not that one/);
    });
  });
});

function environmentOf(
  { settings }: Slapd,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    TWEESTAP_UPSTREAM_URL: settings.urls.join(','),
    TWEESTAP_UPSTREAM_BIND_DN: settings.bindDn,
    TWEESTAP_UPSTREAM_BIND_PASSWORD: settings.bindPassword,
    TWEESTAP_UPSTREAM_BASE_DN: settings.baseDn,
    TWEESTAP_UPSTREAM_CA_FILE: settings.caFile,
    TWEESTAP_UPSTREAM_SYNC_MINUTES: '0',
    ...more,
  };
}
