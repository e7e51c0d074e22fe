import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';

import { until } from '../test/support/poll.ts';
import type { User } from './accounts/user.ts';
import type { Io } from './commands/command.ts';
import { loadSettings } from './config.ts';
import { totp } from './lib/otp/otp.ts';
import { main } from './main.ts';
import { openInstallation, type Installation } from './installation/installation.ts';

interface Ran {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

/** One call of the program, in this process. */
async function call(
  args: readonly string[],
  given: { readonly environment?: Record<string, string>; readonly input?: string } = {},
): Promise<Ran> {
  const output = new PassThrough();
  const error = new PassThrough();
  const io: Io = {
    input: Readable.from([given.input ?? '']),
    output,
    error,
    environment: given.environment ?? {},
    asked: () => Promise.resolve(),
  };
  const said = Promise.all([textOf(output), textOf(error)]);
  const code = await main(args, io);
  output.end();
  error.end();
  const [out, err] = await said;
  return { code, output: out, error: err };
}

describe('the command line', () => {
  it('lists its commands, and tells of each what it does and takes', async () => {
    const { output, code } = await call(['--help']);
    assert.equal(code, 0);
    const names = [...output.matchAll(/^ {2}(\S+(?: \S+)?) {2,}/gm)].map(([, name]) => name ?? '');
    for (const name of [
      'start',
      'check',
      'migrate',
      'user add',
      'app-passwords revoke',
      'app add',
      'policy set',
    ]) {
      assert.ok(names.includes(name), name);
    }
    for (const name of names) {
      const help = await call([...name.split(' '), '--help']);
      assert.equal(help.code, 0, name);
      assert.match(help.output, new RegExp(`^tweestap ${name}`), name);
    }
    assert.match((await call(['user', '--help'])).output, /user unblock/);
    assert.match((await call(['--version'])).output, /^tweestap \d/);
  });

  it('says what was probably meant', async () => {
    const wrong = async (...args: string[]): Promise<string> => {
      const { code, error, output } = await call(args);
      assert.equal(code, 2, args.join(' '));
      assert.equal(output, '');
      assert.equal(error.trimEnd().split('\n').length, 1);
      return error;
    };
    assert.match(await wrong('strat'), /Did you mean "start"/);
    assert.match(await wrong('user', 'lsit'), /Did you mean "user list"/);
    assert.match(await wrong('user'), /user what\? One of add, list/);
    assert.match(await wrong('frobnicate'), /tweestap --help/);
    assert.match(await wrong('user', 'list', '--jsn'), /Did you mean --json/);
    assert.match(await wrong('user', 'show'), /USER is missing/);
    assert.match(await wrong('user', 'show', 'a@b.example', 'c'), /"c" is one too many/);
    assert.match(
      await wrong('user', 'list', '--state', 'off'),
      /one of disabled, enabled, enforced/,
    );
    assert.match(await wrong('--config', 'x.yaml', 'user', 'list'), /Name the command first/);
  });

  it('tells all faults of the settings', async () => {
    const environment = {
      TWEESTAP_DATABASE_URL: 'mysql://x',
      TWEESTAP_HTTP_PORT: 'eighty',
      TWEESTAP_LOG_LEVEL: 'loud',
      TWEESTAP_SECRET_KEY: 'short',
      TWEESTAP_TRUSTED_PROXIES: 'everybody',
    };
    const { code, error } = await call(['user', 'list'], { environment });
    assert.equal(code, 1);
    assert.match(error, /5 faults/);
    for (const path of ['databaseUrl', 'http.port', 'logLevel', 'secretKey', 'trustedProxies.0']) {
      assert.ok(error.includes(path), path);
    }
    const check = await call(['check', '--json'], { environment });
    assert.equal(check.code, 1);
    const { faults }: { faults: string[] } = JSON.parse(check.output);
    assert.equal(faults.length, 6);
  });

  it('says what to do where its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    assert.ok(typeof address === 'object' && address !== null);
    const folder = mkdtempSync(join(tmpdir(), 'tweestap-main-'));
    const program = spawn(process.execPath, ['bin/tweestap.js', 'start', '--sample'], {
      env: { TWEESTAP_DATA: folder, TWEESTAP_HTTP_PORT: String(address.port) },
    });
    const [said, [code]] = await Promise.all([textOf(program.stderr), once(program, 'exit')]);
    other.close();
    rmSync(folder, { recursive: true });
    assert.equal(code, 1);
    assert.match(said, new RegExp(`listens at 127\\.0\\.0\\.1:${address.port} already`));
    assert.match(said, /TWEESTAP_HTTP_PORT/);
  });

  it('ends quietly where nobody reads what it says, and in words where it cannot be written', async () => {
    const said = async (code: string, args: readonly string[]): Promise<[number, string]> => {
      const fault = Object.assign(new Error(`${code}, write`), { code, syscall: 'write' });
      const output = new Writable({ write: (_piece, _encoding, done) => done(fault) });
      const error = new PassThrough();
      const io: Io = {
        input: Readable.from([]),
        output,
        error,
        environment: {},
        asked: () => Promise.resolve(),
      };
      const ended = await main(args, io);
      error.end();
      return [ended, await textOf(error)];
    };
    assert.deepEqual(await said('EPIPE', ['--help']), [0, '']);
    assert.deepEqual(await said('ENOSPC', ['--help']), [
      1,
      'tweestap: What this command says could not be written: ENOSPC, write.\n',
    ]);
  });

  it('goes on serving where nobody reads its log any more', async () => {
    await using service = await serving();
    service.program.stdout.destroy();
    service.program.stderr.destroy();
    // Each is a line of the log.
    for (const _ of [1, 2, 3]) {
      const answer = await fetch(`http://127.0.0.1:${service.port}/none`);
      await answer.body?.cancel();
      assert.ok(answer.status < 500);
    }
    assert.equal(await service.end(), 0);
  });

  it('finishes what is under way also where it is told twice to end, as by systemd and by npm', async () => {
    await using service = await serving();
    const { program, port } = service;
    const asking = connect(port, '127.0.0.1');
    asking.on('error', () => {});
    asking.write('POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf');
    await once(asking, 'connect');
    // The request has arrived once a later one was answered.
    await (await fetch(`http://127.0.0.1:${port}/healthz`)).text();
    program.kill('SIGINT');
    program.kill('SIGTERM');
    const isOpen = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => true,
        () => false,
      );
    await until('it to take nobody new', async () => !(await isOpen()));
    assert.equal(program.exitCode, null, 'it waits for the one who is at it');
    assert.equal(await service.end(), 0);
    assert.match(service.log(), /"msg":"stopped"/);
    asking.destroy();
  });
});

/** The sample organisation as a process of its own, asked to end and gone at the end of the block. */
async function serving() {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-main-'));
  const ports = ['HTTP', 'SAMPLE_APP', 'RADIUS', 'LDAP', 'LDAPS'].map(
    (each) => [`TWEESTAP_${each}_PORT`, '0'] as const,
  );
  const program = spawn(process.execPath, ['bin/tweestap.js', 'start', '--sample'], {
    env: {
      TWEESTAP_DATA: folder,
      ...Object.fromEntries(ports),
      TWEESTAP_STARTED_BY_LAUNCHER: '1',
    },
  });
  const ended = once(program, 'exit');
  let [said, log] = ['', ''];
  program.stdout.on('data', (piece) => (said += String(piece)));
  program.stderr.on('data', (piece) => (log += String(piece)));
  await until('the service to be ready', () => said.includes('Ctrl-C ends it'), 30_000);
  const [, port] = /"port":(\d+),/.exec(log) ?? [];
  const end = async (): Promise<number | null> => {
    program.kill('SIGTERM');
    await ended;
    return program.exitCode;
  };
  return {
    program,
    port: Number(port),
    log: () => log,
    end,
    [Symbol.asyncDispose]: async () => {
      await end();
      rmSync(folder, { recursive: true });
    },
  };
}

describe('the commands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-main-'));
  const environment = { TWEESTAP_DATA: folder };
  const run = (args: readonly string[], input?: string): Promise<Ran> =>
    call(args, { environment, ...(input === undefined ? {} : { input }) });
  const succeed = async (args: readonly string[], input?: string): Promise<string> => {
    const { code, output, error } = await run(args, input);
    assert.equal(code, 0, `${args.join(' ')}: ${error}`);
    return output;
  };
  const fail = async (args: readonly string[], input?: string): Promise<string> => {
    const { code, error } = await run(args, input);
    assert.notEqual(code, 0, args.join(' '));
    assert.match(error, /^tweestap: /);
    return error;
  };

  let inside: Installation;
  before(async () => {
    const { settings } = loadSettings({ mode: 'command', environment });
    assert.ok(settings !== undefined);
    inside = await openInstallation(settings);
  });
  after(async () => {
    await inside.close();
    rmSync(folder, { recursive: true });
  });
  const person = async (name = 'jan@voorbeeld.example'): Promise<User> => {
    const found = await inside.administration.find(name);
    assert.ok(found !== undefined);
    return found;
  };
  const audited = async (): Promise<readonly string[]> =>
    (await inside.database.stores.audit.list({ limit: 100 })).map(
      ({ kind, actor }) => `${kind} ${actor}`,
    );

  it('keep the key where nobody else can read it', () => {
    assert.equal(statSync(join(folder, 'secret.key')).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o077, 0);
  });

  it('add a person, with a password that is told once and must be changed', async () => {
    const output = await succeed([
      'user',
      'add',
      'Jan@Voorbeeld.example',
      '--display-name',
      'Jan Mulder',
      '--business-phone',
      '020 123 4567 x12',
      '--state',
      'enabled',
      '--group',
      'sales',
      '--group',
      'staff',
    ]);
    const [, password] = /Password, shown only now: (\S+)/.exec(output) ?? [];
    const jan = await person();
    assert.equal(jan.displayName, 'Jan Mulder');
    assert.equal(jan.businessPhone, '+31201234567');
    assert.equal(jan.businessPhoneExtension, '12');
    assert.deepEqual(jan.groups, ['sales', 'staff']);
    assert.equal(jan.perUserMfaState, 'enabled');
    assert.ok(jan.mfaRequiredAt !== undefined);
    assert.equal(jan.mustChangePassword, true);
    assert.ok(await inside.hasher.verify(jan.passwordHash ?? null, password ?? ''));
    assert.ok((await audited()).includes('user-added command-line'));
  });

  it('take a password from standard input, never from the arguments', async () => {
    const given = 'a password from a file';
    await succeed(
      ['user', 'add', 'piet@voorbeeld.example', '--password-stdin', '--permanent'],
      `${given}\nrest`,
    );
    const piet = await person('piet@voorbeeld.example');
    assert.equal(piet.mustChangePassword, false);
    assert.ok(await inside.hasher.verify(piet.passwordHash ?? null, given));
    assert.match(
      await fail(['user', 'add', 'x@voorbeeld.example', '--password', 'x']),
      /no option --password/,
    );
    assert.match(
      await fail(['user', 'add', 'x@voorbeeld.example', '--password-stdin'], 'short'),
      /8 characters/,
    );
  });

  it('say everything that is wrong with a new account, and add nothing', async () => {
    const error = await fail([
      'user',
      'add',
      'no name',
      '--mail',
      'nowhere',
      '--mobile-phone',
      '12',
      '--business-phone',
      'x',
    ]);
    for (const part of ['user name', '--mail', '--mobile-phone', '--business-phone']) {
      assert.ok(error.includes(part), part);
    }
    assert.match(await fail(['user', 'add', 'JAN@voorbeeld.example']), /already/);
    assert.match(await fail(['user', 'add', 'j\u0430n@voorbeeld.example']), /alphabets/);
  });

  it('list and show people, also as JSON, and never a password', async () => {
    assert.match(
      await succeed(['user', 'list']),
      /jan@|Jan@Voorbeeld\.example +Jan Mulder +enabled/,
    );
    const list: { userPrincipalName: string }[] = JSON.parse(
      await succeed(['user', 'list', '--json']),
    );
    assert.deepEqual(
      list.map(({ userPrincipalName }) => userPrincipalName),
      ['Jan@Voorbeeld.example', 'piet@voorbeeld.example'],
    );
    assert.deepEqual(
      JSON.parse(await succeed(['user', 'list', '--state', 'enforced', '--json'])),
      [],
    );
    const shown = await succeed(['user', 'show', 'jan@voorbeeld.example', '--json']);
    const jan: { perUserMfaState: string } = JSON.parse(shown);
    assert.equal(jan.perUserMfaState, 'enabled');
    assert.ok(!/argon2|passwordHash/.test(shown));
    assert.match(
      await succeed(['user', 'show', ' JAN@voorbeeld.EXAMPLE ']),
      /\+31 20 123 4567 x12/,
    );
    assert.match(await fail(['user', 'show', 'nobody@voorbeeld.example']), /no account named/);
  });

  it('show what somebody wrote, and let it write nothing else on the terminal', async () => {
    const { id } = await person();
    const reason = 'lost\u001b[2J\u009b31m\r\nRole: global-admin';
    await inside.database.stores.users.setBlock(id, { at: new Date(), until: undefined, reason });
    const shown = await succeed(['user', 'show', 'jan@voorbeeld.example']);
    assert.match(shown, /^Account: +blocked \(lost�\[2J�31m�?.Role: global-admin\)$/mu);
    assert.doesNotMatch(shown, /^Role: global-admin/m);
    const told = await succeed(['user', 'show', 'jan@voorbeeld.example', '--json']);
    assert.ok(told.includes('\\u001b[2J\\u009b31m'));
    const blocked: { blocked: { reason: string } } = JSON.parse(told);
    assert.equal(blocked.blocked.reason, reason);
    await inside.database.stores.users.setBlock(id, undefined);
  });

  it('move the per-user state, and open the window anew with it', async () => {
    const before_ = await person();
    await succeed(['user', 'state', 'jan@voorbeeld.example', 'enforced']);
    assert.equal((await person()).perUserMfaState, 'enforced');
    assert.deepEqual((await person()).mfaRequiredAt, before_.mfaRequiredAt);
    assert.match(await succeed(['user', 'state', 'jan@voorbeeld.example', 'enforced']), /already/);
    await succeed(['user', 'state', 'jan@voorbeeld.example', 'disabled']);
    assert.equal((await person()).mfaRequiredAt, undefined);
    await succeed(['user', 'state', 'jan@voorbeeld.example', 'enabled']);
    assert.ok((await person()).mfaRequiredAt !== undefined);
    assert.match(await fail(['user', 'state', 'jan@voorbeeld.example', 'on']), /one of disabled/);
  });

  it('give somebody another name and mailbox, and refuse one that is taken or none', async () => {
    await succeed(['user', 'add', 'els@voorbeeld.example', '--mail', 'els@voorbeeld.example']);
    const rename = ['user', 'rename', 'els@voorbeeld.example'];
    const { id } = JSON.parse(await succeed(['user', 'show', 'els@voorbeeld.example', '--json']));
    const refusals: readonly (readonly [readonly string[], RegExp])[] = [
      [['JAN@voorbeeld.example'], /^tweestap: There is an account named JAN@\S+ already\.\n$/],
      [['els'], /^tweestap: A user name looks like \S+\n$/],
      [['\u0435ls@voorbeeld.example'], /^tweestap: The user name mixes alphabets, .*\n$/],
      [['else@voorbeeld.example', '--mail', 'els'], /^tweestap: --mail is not a mail address\.\n$/],
    ];
    for (const [asked, refusal] of refusals) {
      assert.match(await fail([...rename, ...asked]), refusal);
    }
    assert.match(
      await fail(['user', 'rename', 'nobody@voorbeeld.example', 'x@voorbeeld.example']),
      /^tweestap: There is no account named nobody@voorbeeld\.example\.\n$/,
    );
    assert.match(await succeed([...rename, 'els@voorbeeld.example']), /keeps that name/);

    assert.equal(
      await succeed([...rename, 'else@voorbeeld.example', '--mail', 'else@elders.example']),
      'els@voorbeeld.example is now else@voorbeeld.example.\n' +
        'Their mailbox is now else@elders.example.\n',
    );
    const now = JSON.parse(await succeed(['user', 'show', 'else@voorbeeld.example', '--json']));
    assert.deepEqual([now.id, now.mail], [id, 'else@elders.example']);
    assert.match(await fail(['user', 'show', 'els@voorbeeld.example']), /no account named/);
    assert.ok((await audited()).includes('contact-changed command-line'));
  });

  it('are removed for good, and only where that is said twice', async () => {
    await succeed(['user', 'add', 'gone@voorbeeld.example', '--display-name', 'Gone']);
    assert.match(await fail(['user', 'remove', 'gone@voorbeeld.example']), /add --yes/);
    await succeed(['user', 'show', 'gone@voorbeeld.example']);
    await succeed(['user', 'remove', 'gone@voorbeeld.example', '--yes']);
    assert.match(await fail(['user', 'show', 'gone@voorbeeld.example']), /no account named/);
    assert.ok((await audited()).includes('user-removed command-line'));
  });

  it('block with a reason, for days or for good, and end every session', async () => {
    assert.match(await fail(['user', 'block', 'jan@voorbeeld.example']), /--reason is required/);
    await openSession();
    await succeed(['user', 'block', 'jan@voorbeeld.example', '--reason', 'left the company']);
    const { blocked, id } = await person();
    assert.equal(blocked?.reason, 'left the company');
    assert.equal(blocked.until, undefined);
    assert.deepEqual(await inside.database.stores.sessions.list(id, new Date()), []);
    await succeed(['user', 'unblock', 'jan@voorbeeld.example', '--reason', 'came back']);
    assert.equal((await person()).blocked, undefined);
    assert.match(
      await fail(['user', 'unblock', 'jan@voorbeeld.example', '--reason', 'x']),
      /not blocked/,
    );
    await succeed(['user', 'block', 'jan@voorbeeld.example', '--reason', 'x', '--days', '2']);
    assert.ok((await person()).blocked?.until !== undefined);
    await succeed(['user', 'unblock', 'jan@voorbeeld.example', '--reason', 'x']);
    const kinds = await audited();
    for (const kind of [
      'user-blocked',
      'user-unblocked',
      'everything-revoked',
      'per-user-mfa-state-changed',
    ]) {
      assert.ok(kinds.includes(`${kind} command-line`), kind);
    }
  });

  it('let somebody register anew after losing a phone', async () => {
    const { registrations, users } = inside.database.stores;
    const { id } = await person();
    await registrations.add({
      id: 'phone-of-jan',
      userId: id,
      kind: 'phone',
      slot: 'mobile',
      secret: { number: '+31612345678', phoneType: 'mobile' },
      version: 1,
      createdAt: new Date(),
      lastUsedAt: undefined,
    });
    await users.setDefaultMethod(id, { registrationId: 'phone-of-jan', methodId: 'text-message' });
    await users.change(id, { mfaRequiredAt: new Date('2020-01-01') });
    assert.match(await succeed(['user', 'show', 'jan@voorbeeld.example']), /Phone - text/);
    await openSession();
    await succeed(['user', 'require-reregister', 'jan@voorbeeld.example']);
    assert.deepEqual(await registrations.list(id), []);
    const jan = await person();
    assert.equal(jan.defaultMethod, undefined);
    assert.ok((jan.mfaRequiredAt ?? new Date(0)) > new Date('2026-01-01'));
    assert.deepEqual(await inside.database.stores.sessions.list(id, new Date()), []);
  });

  it('make a Temporary Access Pass, told once, and keep only what it is compared with', async () => {
    const made = await succeed(['user', 'tap', 'jan@voorbeeld.example', '--minutes', '30']);
    const pass = /shown only now: ([0-9A-Z]{8})\n/.exec(made)?.[1] ?? assert.fail(made);
    assert.match(made, /Good once, until /);
    assert.ok(!(await succeed(['user', 'show', 'jan@voorbeeld.example'])).includes(pass));
    const again = await succeed(['user', 'tap', 'jan@voorbeeld.example', '--reusable', '--json']);
    assert.equal(JSON.parse(again).isUsableOnce, false);
    const { id } = await person();
    const kinds = (await inside.database.stores.registrations.list(id)).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['temporary-access-pass']);
    assert.match(
      await fail(['user', 'tap', 'jan@voorbeeld.example', '--minutes', '9']),
      /from 10 to 43200/,
    );
  });

  it('sign somebody out everywhere, and set a password', async () => {
    const { id } = await person();
    await openSession();
    await succeed(['user', 'revoke-sessions', 'jan@voorbeeld.example']);
    assert.deepEqual(await inside.database.stores.sessions.list(id, new Date()), []);
    await openSession();
    const output = await succeed(['user', 'set-password', 'jan@voorbeeld.example']);
    const [, password] = /shown only now: (\S+)/.exec(output) ?? [];
    const jan = await person();
    assert.ok(await inside.hasher.verify(jan.passwordHash ?? null, password ?? ''));
    assert.equal(jan.mustChangePassword, true);
    assert.deepEqual(await inside.database.stores.sessions.list(id, new Date()), []);
  });

  it('list and revoke app passwords', async () => {
    const { id } = await person();
    const { database, appPasswords } = inside;
    const make = (name: string) =>
      database.transact((stores) => appPasswords.make(stores, { userId: id, name, expiryDays: 0 }));
    const first = await make('Outlook');
    await make('Printer');
    assert.ok(first.kind === 'made');
    const list = await succeed(['app-passwords', 'list', 'jan@voorbeeld.example']);
    assert.match(list, /Outlook/);
    assert.ok(!list.includes(first.plain));
    await succeed(['app-passwords', 'revoke', 'jan@voorbeeld.example', first.appPassword.id]);
    assert.match(
      await fail(['app-passwords', 'revoke', 'jan@voorbeeld.example', 'nothing']),
      /has no app/,
    );
    const dashed = '-Zd5-Wb9YrKvvyuxXrTt6g';
    assert.match(
      await fail(['app-passwords', 'revoke', 'jan@voorbeeld.example', dashed]),
      /has no app password -Zd5-Wb9YrKvvyuxXrTt6g/,
    );
    assert.match(await fail(['app-passwords', 'revoke', 'jan@voorbeeld.example']), /--all/);
    await succeed(['app-passwords', 'revoke', 'jan@voorbeeld.example', '--all']);
    const left = await succeed(['app-passwords', 'list', 'jan@voorbeeld.example', '--json']);
    assert.deepEqual(JSON.parse(left), []);
  });

  it('add, show and remove an application, and show its secret once', async () => {
    const added: { clientId: string; clientSecret: string } = JSON.parse(
      await succeed(['app', 'add', 'Wiki', '--redirect-uri', 'https://wiki.example/cb', '--json']),
    );
    assert.ok(added.clientSecret.length > 30);
    assert.match(await succeed(['app', 'list']), /Wiki +https:\/\/wiki\.example\/cb/);
    const shown = await succeed(['app', 'show', added.clientId]);
    assert.ok(!shown.includes(added.clientSecret));
    await succeed(['app', 'remove', added.clientId]);
    assert.match(await fail(['app', 'show', added.clientId]), /no application/);
    assert.match(
      await fail(['app', 'add', 'Wiki', '--redirect-uri', 'http://wiki.example/cb']),
      /--redirect-uri http:\/\/wiki\.example\/cb is not safe: only https: is/,
    );
    assert.match(await fail(['app', 'add', 'Wiki']), /--redirect-uri is missing/);
    assert.match(await fail(['app', 'add', 'Job', '--role', 'help-desk']), /go together/);
    const program = ['app', 'add', 'Job', '--grant', 'client_credentials', '--role', 'help-desk'];
    assert.match(await succeed(program), /clientSecret/);
  });

  it('add, show and remove a RADIUS client, and show its secret once', async () => {
    const args = ['radius-client', 'add', 'VPN', '--address', '192.0.2.1', '--json'];
    const added: { id: string; secret: string; mode: string } = JSON.parse(await succeed(args));
    assert.equal(added.mode, 'app-password');
    assert.ok(added.secret.length >= 32);
    assert.match(await succeed(['radius-client', 'list']), /VPN +app-password +192\.0\.2\.1/);
    const shown = await succeed(['radius-client', 'show', added.id]);
    assert.ok(!shown.includes(added.secret));
    await succeed(['radius-client', 'remove', added.id]);
    assert.match(await fail(['radius-client', 'show', added.id]), /no RADIUS client/);
    const own = ['radius-client', 'add', 'Switch', '--address', '192.0.2.2', '--bring-secret'];
    assert.match(await fail(own, 'testing123testing123\n'), /secret: known/);
    assert.match(await succeed(own, 'q8Zr.41-wT_x0Pn~5\n'), /secret: q8Zr\.41-wT_x0Pn~5/);
    assert.match(await fail(['radius-client', 'add', 'Old', '--mode', 'chap']), /--mode is one of/);
    const everywhere = ['radius-client', 'add', 'All', '--address', '0.0.0.0/0'];
    assert.match(await fail(everywhere), /addresses 0\.0\.0\.0\/0: too wide/);
    const remote = ['radius-client', 'add', 'PAM', '--address', '10.0.0.1', '--unsigned'];
    assert.match(await fail(remote), /not this machine/);
  });

  it('show and set the policy, and refuse what it does not know', async () => {
    assert.match(await succeed(['policy', 'show']), /appPasswords:\n {2}allowed: false/);
    await succeed(['policy', 'set', 'appPasswords.allowed', 'true']);
    assert.equal((await succeed(['policy', 'show', 'appPasswords.allowed'])).trim(), 'true');
    await succeed(['policy', 'set', 'methods.phone-call.enabled', 'false']);
    await succeed(['policy', 'set', 'delivery.countries', '[NL, BE]']);
    assert.deepEqual(
      JSON.parse(await succeed(['policy', 'show', 'delivery.countries', '--json'])),
      ['NL', 'BE'],
    );
    await succeed(['policy', 'set', 'delivery.countries', 'null']);
    assert.deepEqual(
      JSON.parse(await succeed(['policy', 'show', 'delivery.countries', '--json'])),
      [],
    );
    assert.match(
      await fail(['policy', 'set', 'appPasswords.allowed', 'perhaps']),
      /appPasswords\.allowed/,
    );
    assert.match(
      await fail(['policy', 'set', 'sessions.idleMinutes', '0']),
      /sessions\.idleMinutes: Write \d+ or more\./,
    );
    assert.match(
      await fail(['policy', 'set', 'methods.text-message.settings.reply', 'perhaps']),
      /methods\.text-message\.settings\.reply: Write (?:one of|true or false)/,
    );
    assert.match(await fail(['policy', 'set', 'appPasswords.alowed', 'true']), /alowed/);
    assert.match(await fail(['policy', 'set', 'methods.telepathy.enabled', 'true']), /telepathy/);
    assert.match(await fail(['policy', 'set', '__proto__.polluted', 'true']), /not a path/);
    assert.match(await fail(['policy', 'show', 'nothing.here']), /says nothing/);
    assert.ok((await audited()).includes('policy-changed command-line'));
  });

  it('say which file or folder is not there', async () => {
    const missing = join(folder, 'nowhere.yaml');
    assert.equal(
      await fail(['policy', 'apply', missing]),
      `tweestap: There is no file ${missing}.\n`,
    );
    assert.equal(
      await fail(['backup', join(folder, 'nowhere', 'file')]),
      `tweestap: There is no folder ${join(folder, 'nowhere')}.\n`,
    );
    assert.equal(
      await fail(['policy', 'apply', folder]),
      'tweestap: That is a folder; name a file.\n',
    );
  });

  it('put hardware tokens on the shelf and hand them out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tweestap-tokens-'));
    const file = join(folder, 'tokens.csv');
    const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    writeFileSync(
      file,
      `upn,serial number,secret key,time interval,manufacturer,model\n,A-1,${key},30,Acme,One\n,A-2,x,30,Acme,One\n`,
    );
    assert.match(await fail(['token', 'import', file, '--dry-run']), /1 left out/);
    assert.equal(await succeed(['token', 'list', '--json']), '[]\n');
    assert.match((await run(['token', 'import', file])).output, /line 3 .*Added 1 of 2/s);
    rmSync(folder, { recursive: true });
    const { stores } = inside.database;
    const [somebody] = await stores.users.list({ limit: 1 });
    assert.ok(somebody);
    await succeed(['token', 'assign', 'a-1', somebody.userPrincipalName]);
    assert.match(await fail(['token', 'assign', 'a-1', somebody.userPrincipalName]), /already/);
    const code = totp(Buffer.from('12345678901234567890'), Date.now() / 1000);
    await succeed(['token', 'activate', 'a-1', code]);
    assert.match(
      await succeed(['token', 'list']),
      new RegExp(`activated +${somebody.userPrincipalName}`),
    );
    assert.match(await fail(['token', 'resync', 'a-1', '000000', '000000']), /not what it shows/);
    await succeed(['token', 'unassign', 'a-1']);
    await succeed(['token', 'remove', 'a-1']);
    assert.match(await fail(['token', 'remove', 'a-1']), /no token/);
    assert.ok((await audited()).includes('token-activated command-line'));
  });

  it('tell what an upgrade would do', async () => {
    assert.match(await succeed(['migrate']), /up to date/);
    const empty = mkdtempSync(join(tmpdir(), 'tweestap-empty-'));
    const there = { environment: { TWEESTAP_DATA: empty } };
    assert.match((await call(['migrate'], there)).output, /pending {2}0001.*Nothing was changed/s);
    assert.match((await call(['migrate', '--apply'], there)).output, /applied {2}0001/);
    assert.match((await call(['migrate'], there)).output, /up to date/);
    assert.equal((await call(['user', 'list'], there)).code, 0, 'it has a key as well');
    rmSync(empty, { recursive: true });
  });

  it('leave a chain of audit events that is whole', async () => {
    const { brokenAt, checked } = await inside.database.stores.audit.verify();
    assert.equal(brokenAt, undefined);
    assert.ok(checked > 15);
  });

  async function openSession(): Promise<void> {
    const { id } = await person();
    const { createSessions } = await import('./sessions/sessions.ts');
    const { database, box, clock, random } = inside;
    const { sessions } = database.stores;
    await createSessions({ store: sessions, box, clock, random }).open(sessions, {
      userId: id,
      proofs: [],
      lengths: { absoluteSeconds: 3600, idleSeconds: 600 },
      address: '192.0.2.1',
      userAgent: 'test',
    });
    assert.equal((await sessions.list(id, clock.now())).length, 1);
  }

  it('add accounts from a file, and tell every line that is wrong', async () => {
    const path = join(folder, 'people.csv');
    writeFileSync(
      path,
      [
        'Gebruikersnaam;Naam;Groepen',
        'import1@voorbeeld.example;Ina Port;staff',
        'jan@voorbeeld.example;Jan;staff',
        'nobody;Nobody;staff',
      ].join('\r\n'),
    );
    const told = /Line 3: jan@voorbeeld\.example: Somebody has this user name already\./;
    const dry = await run(['user', 'import', path, '--dry-run']);
    assert.equal(dry.code, 1);
    assert.match(dry.output, /1 account can be added; nothing was done/);
    assert.match(dry.error, told);
    assert.match(dry.error, /Line 4: nobody: User name: this is no name\./);
    assert.equal(await inside.administration.find('import1@voorbeeld.example'), undefined);
    const ran = await run(['user', 'import', path]);
    assert.equal(ran.code, 1);
    assert.match(ran.error, /1 account added\./);
    assert.match(ran.error, /2 lines left out/);
    const password = /^import1@voorbeeld\.example,(\S+)$/m.exec(ran.output)?.[1] ?? '';
    const ina = await person('import1@voorbeeld.example');
    assert.ok(await inside.hasher.verify(ina.passwordHash ?? null, password));
    assert.match(await fail(['user', 'import', join(folder, 'none.csv')]), /There is no file/);
  });
});

describe('check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tweestap-check-'));
  after(() => rmSync(folder, { recursive: true }));

  it('finds a fresh sample in order, and makes nothing', async () => {
    const data = join(folder, 'fresh');
    const { code, output } = await call(['check', '--sample'], {
      environment: { TWEESTAP_DATA: data },
    });
    assert.equal(code, 0, output);
    assert.match(output, /first start makes it/);
    assert.equal(existsSync(data), false);
  });

  it('finds a lost key, and the start refuses to make another', async () => {
    const data = join(folder, 'lost');
    const environment = { TWEESTAP_DATA: data };
    assert.equal((await call(['policy', 'show'], { environment })).code, 0);
    const key = readFileSync(join(data, 'secret.key'), 'utf8').trim();
    rmSync(join(data, 'secret.key'));
    const check = await call(['check', '--sample'], { environment });
    assert.equal(check.code, 1);
    assert.match(check.output, /secret\.key is gone/);
    const refused = await call(['policy', 'show'], { environment });
    assert.equal(refused.code, 1);
    assert.match(refused.error, /secret\.key is gone/);
    assert.equal(existsSync(join(data, 'secret.key')), false);

    const other = { ...environment, TWEESTAP_SECRET_KEY: Buffer.alloc(32, 9).toString('base64') };
    assert.match(
      (await call(['check', '--sample'], { environment: other })).output,
      /another secret key/,
    );
    assert.match((await call(['user', 'list'], { environment: other })).error, /not the one/);

    // What went before may seal no more, but what is looked up by a hash is still found.
    const rotated = { ...other, TWEESTAP_PREVIOUS_SECRET_KEYS: key };
    assert.equal((await call(['user', 'list'], { environment: rotated })).code, 0);
  });

  it('says in one line that the key is damaged, whatever was asked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tweestap-main-'));
    const environment = { TWEESTAP_DATA: folder };
    const file = join(folder, 'secret.key');
    writeFileSync(file, '<html>');
    for (const args of [['user', 'list'], ['migrate'], ['backup', join(folder, 'b')]]) {
      const { code, error } = await call(args, { environment });
      assert.equal(code, 1);
      assert.equal(error, `tweestap: ${file} does not hold keys of 32 bytes, one a line.\n`);
    }
    rmSync(folder, { recursive: true });
  });

  it('finds an event that somebody took out of the audit log', async () => {
    const data = join(folder, 'audited');
    const environment = { TWEESTAP_DATA: data };
    for (const value of ['true', 'false', 'true']) {
      const set = await call(['policy', 'set', 'appPasswords.allowed', value], { environment });
      assert.equal(set.code, 0, set.error);
    }
    const whole = await call(['check', '--sample'], { environment });
    assert.equal(whole.code, 0, whole.output);
    assert.match(whole.output, /note {3}audit log: 3 events, and nobody changed any/);

    const intruder = new DatabaseSync(join(data, 'tweestap.db'));
    intruder.exec('delete from audit_event where sequence = 2');
    intruder.close();
    const broken = await call(['check', '--sample'], { environment });
    assert.equal(broken.code, 1);
    assert.match(broken.output, /fault {2}audit log: event 2 was changed, removed or moved/);
  });

  it('finds a database that does not answer', async () => {
    const environment = {
      TWEESTAP_PUBLIC_URL: 'https://login.voorbeeld.example',
      TWEESTAP_PUSH: 'none',
      TWEESTAP_DATABASE_URL: 'postgres://tweestap:hunter2@127.0.0.1:1/tweestap',
      TWEESTAP_SECRET_KEY: Buffer.alloc(32, 1).toString('hex'),
    };
    const { code, output, error } = await call(['check'], { environment });
    assert.equal(code, 1);
    assert.match(output, /fault {2}database: /);
    assert.ok(!`${output}${error}`.includes('hunter2'));
  });
});
