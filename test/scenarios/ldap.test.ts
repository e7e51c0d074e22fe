/**
 * A mail program, a web server and a system's own clients let people in through the LDAP door, each
 * configured as `docs/connecting/` says. None of them is of our making.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { ownAuthorityFile } from '../../src/protocols/ldap/certificate.ts';
import { until } from '../support/poll.ts';
import {
  connecting,
  freePort,
  newWorkshop,
  runProgram,
  startProgram,
  withoutPrograms,
  type Finished,
  type RunningProgram,
  type Workshop,
} from '../support/programs.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const base = 'dc=voorbeeld,dc=example';
const bram = 'bram@voorbeeld.example';

let tweestap: Tweestap;
let workshop: Workshop;
/** The certificate of the door, as an operator gives it to clients. */
let certificate: string;
let ldaps: string;
let ldap: string;

/** Makes an app password for somebody of the sample organisation. */
async function appPasswordOf(
  name: string,
): Promise<{ readonly id: string; readonly plain: string }> {
  const { database, administration, appPasswords } = tweestap.installation;
  const user = await administration.find(name);
  assert.ok(user);
  const made = await appPasswords.make(database.stores, {
    userId: user.id,
    name: 'Mail program',
    expiryDays: 90,
  });
  assert.ok(made.kind === 'made');
  return { id: made.appPassword.id, plain: made.plain };
}

/** Deletes one, as its owner would. */
async function deleteAppPassword(name: string, id: string): Promise<void> {
  const { administration } = tweestap.installation;
  const user = await administration.find(name);
  assert.ok(user);
  assert.equal(await administration.removeAppPassword(user.id, id, 'test'), true);
}

async function newClient(
  name: string,
): Promise<{ readonly dn: string; readonly password: string }> {
  const { output } = await tweestap.command('ldap-client', 'add', name, '--json');
  const told: { readonly bindDn: string; readonly password: string } = JSON.parse(output);
  return { dn: told.bindDn, password: told.password };
}

before(async () => {
  tweestap = await startTweestap();
  workshop = newWorkshop();
  const authority = readFileSync(ownAuthorityFile(tweestap.place.dataFolder), 'utf8');
  certificate = workshop.write('tweestap.pem', authority);
  ldaps = `ldaps://localhost:${tweestap.server.ldap.tlsPort}`;
  ldap = `ldap://localhost:${tweestap.server.ldap.port}`;
  const { administration, database } = tweestap.installation;
  const user = await administration.find(bram);
  assert.ok(user);
  await database.stores.users.change(user.id, { groups: ['sales'] });
});
after(async () => {
  await tweestap.close();
  workshop.remove();
});

const withoutTools = withoutPrograms('/usr/bin/ldapwhoami', '/usr/bin/ldapsearch');
describe("OpenLDAP's clients", { skip: withoutTools }, () => {
  const run = (program: string, ...args: readonly string[]): Promise<Finished> =>
    runProgram([`/usr/bin/${program}`, ...args], { LDAPTLS_CACERT: certificate, LDAPRC: 'none' });

  it('say who somebody is: plain on this machine, by StartTLS and by TLS', async () => {
    const { plain } = await appPasswordOf(bram);
    for (const way of [
      ['-H', ldap],
      ['-H', ldap, '-ZZ'],
      ['-H', ldaps],
    ]) {
      const { output } = await run('ldapwhoami', ...way, '-x', '-D', bram, '-w', plain);
      assert.equal(output.trim(), `dn:uid=bram,ou=people,${base}`, way.join(' '));
    }
    const { code, output } = await run('ldapwhoami', '-H', ldaps, '-x', '-D', bram, '-w', 'wrong');
    assert.equal(code, 49, output);
  });

  it('refuse to speak TLS with a server whose certificate they were not given', async () => {
    const { code } = await runProgram(
      ['/usr/bin/ldapwhoami', '-H', ldaps, '-x', '-D', bram, '-w', 'x'],
      { LDAPTLS_CACERT: '/etc/ssl/certs/ca-certificates.crt' },
    );
    assert.notEqual(code, 0);
  });

  it('find people page by page, for an LDAP client', async () => {
    const client = await newClient('tools');
    const found = await run(
      'ldapsearch',
      '-H',
      ldaps,
      '-x',
      '-LLL',
      '-o',
      'ldif-wrap=no',
      '-D',
      client.dn,
      '-w',
      client.password,
      '-E',
      'pr=2/noprompt',
      '-b',
      base,
      '(objectClass=inetOrgPerson)',
      'uid',
      'memberOf',
    );
    assert.equal(found.code, 0, found.output);
    const uids = [...found.output.matchAll(/^uid: (.*)$/gm)].map(([, uid]) => uid);
    // Frits' account is disabled.
    const expected = ['admin', 'anna', 'bram', 'chris', 'dewi', 'els', 'helpdesk'];
    assert.deepEqual(uids, expected);
    assert.match(found.output, /memberOf: cn=sales,ou=groups,dc=voorbeeld,dc=example/);
  });

  it('show a person their own entry and nobody else', async () => {
    const { plain } = await appPasswordOf(bram);
    const as = ['-H', ldaps, '-x', '-LLL', '-D', bram, '-w', plain, '-b', base];
    const own = await run('ldapsearch', ...as, '(objectClass=*)', 'uid');
    assert.deepEqual(
      [...own.output.matchAll(/^uid: (.*)$/gm)].map(([, uid]) => uid),
      ['bram'],
    );
    const other = await run('ldapsearch', ...as, '(uid=anna)', 'uid');
    assert.ok(!other.output.includes('anna'));
  });

  it('read what the server can without a name', async () => {
    const { output } = await run('ldapsearch', '-H', ldap, '-x', '-LLL', '-b', '', '-s', 'base');
    assert.match(output, /namingContexts: dc=voorbeeld,dc=example/);
    const { code } = await run('ldapsearch', '-H', ldap, '-x', '-b', base);
    assert.equal(code, 50);
  });
});

const withoutDovecot = withoutPrograms(
  '/usr/sbin/dovecot',
  '/usr/lib/dovecot/modules/auth/libauthdb_ldap.so',
);
describe('Dovecot', { skip: withoutDovecot }, () => {
  const withoutSubmission = withoutPrograms('/usr/lib/dovecot/submission', '/usr/bin/swaks');
  const withoutPostfix = withoutPrograms('/usr/sbin/postfix', '/usr/bin/curl', '/usr/bin/openssl');
  let dovecot: RunningProgram;
  let imapPort: number;
  let submissionPort: number;
  let relay: Relay;

  before(async () => {
    imapPort = await freePort();
    submissionPort = await freePort();
    relay = await startRelay();
    const { folder, write } = workshop;
    mkdirSync(join(folder, 'mail'), { mode: 0o777 });
    mkdirSync(join(folder, 'queue/private'), { recursive: true });
    const ofPostfix = withoutPostfix === false;
    // Where Postfix has its sockets, which none but itself may own.
    if (ofPostfix) await runProgram(['/bin/chown', 'postfix', join(folder, 'queue/private')]);
    await runProgram(['/bin/chmod', '777', join(folder, 'mail')]);
    const ldapConf = write(
      'tweestap-ldap.conf.ext',
      connecting('dovecot/tweestap-ldap.conf.ext', {
        'ldaps://login.voorbeeld.example:636': ldaps,
        '/etc/dovecot/tweestap.pem': certificate,
      }),
    );
    const conf = write(
      '10-tweestap.conf',
      connecting('dovecot/10-tweestap.conf', {
        '/etc/dovecot/tweestap-ldap.conf.ext': ldapConf,
        'uid=vmail gid=vmail': 'uid=nobody gid=nogroup',
        '/var/vmail': join(folder, 'mail'),
        '/var/spool/postfix/private/auth': join(folder, 'queue/private/auth'),
        'user = postfix': ofPostfix ? 'user = postfix' : 'user = nobody',
        'group = postfix': ofPostfix ? 'group = postfix' : 'group = nogroup',
      }),
    );
    const main = write(
      'dovecot.conf',
      `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
protocols = imap${withoutSubmission === false ? ' submission' : ''}
listen = 127.0.0.1
ssl = no
mail_location = maildir:~/Maildir
# Nobody guesses here, and waiting tests nothing.
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
submission_relay_host = 127.0.0.1
submission_relay_port = ${relay.port}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
${
  withoutSubmission === false
    ? `service submission-login {
  inet_listener submission {
    port = ${submissionPort}
  }
  inet_listener submissions {
    port = 0
  }
}`
    : ''
}
!include ${conf}
`,
    );
    dovecot = await startProgram(['/usr/sbin/dovecot', '-F', '-c', main], imapPort);
  });
  after(async () => {
    await dovecot.stop();
    await relay.close();
  });

  it('lets a mail program read mail with an app password, until it is deleted', async () => {
    const { id, plain } = await appPasswordOf(bram);
    assert.match(await imapLogin(imapPort, bram, plain), /^a OK /);
    assert.match(await imapLogin(imapPort, 'bram', plain), /^a OK /);
    await deleteAppPassword(bram, id);
    assert.match(await imapLogin(imapPort, bram, plain), /^a NO /);
  });

  it('says no to the account password of somebody who needs a second step', async () => {
    const person = tweestap.server.people.find((one) => one.userPrincipalName === bram);
    assert.match(await imapLogin(imapPort, bram, person?.password ?? ''), /^a NO /);
  });

  it('takes the account password of somebody who has not registered yet (row A-001)', async () => {
    const anna = tweestap.server.people.find((one) => one.userPrincipalName.startsWith('anna@'));
    const name = anna?.userPrincipalName ?? '';
    assert.match(await imapLogin(imapPort, name, anna?.password ?? ''), /^a OK /);
    const [event] = await tweestap.installation.database.stores.audit.list({
      kind: 'own-password-accepted',
      limit: 1,
    });
    assert.deepEqual(event?.details, { door: 'ldap', why: 'enabled' });
  });

  it('notes on the page of the app password when and from where it was used', async () => {
    const { id, plain } = await appPasswordOf(bram);
    assert.match(await imapLogin(imapPort, bram, plain), /^a OK /);
    await tweestap.server.parts.doors.flush();
    const { database, administration } = tweestap.installation;
    const user = await administration.find(bram);
    const all = await database.stores.appPasswords.list(user?.id ?? '');
    const use = all.find((one) => one.id === id)?.lastUse;
    assert.deepEqual([use?.door, use?.address], ['ldap', '127.0.0.1']);
  });

  it(
    'lets swaks send a mail, and nobody without the right password',
    { skip: withoutSubmission },
    async () => {
      const { plain } = await appPasswordOf(bram);
      const sent = await sendMail(submissionPort, plain, 'klant@elders.example');
      assert.equal(sent.code, 0, sent.output);
      assert.match(relay.heard(), /RCPT TO:<klant@elders.example>/);
      const refused = await sendMail(submissionPort, 'wrong', 'klant@elders.example');
      assert.match(refused.output, /535/);
    },
  );

  describe('for Postfix, which asks it who may send', { skip: withoutPostfix }, () => {
    let postfix: RunningProgram;
    let port: number;

    before(async () => {
      port = await freePort();
      workshop.write('mail.txt', 'Subject: Goedendag\r\n\r\nGoedendag\r\n');
      postfix = await startPostfix(workshop, { port, relayPort: relay.port });
    });
    after(() => postfix.stop());

    /** As a mail program does it; curl says what it was told. */
    const send = (to: string, ...how: readonly string[]): Promise<Finished> =>
      runProgram([
        '/usr/bin/curl',
        '-sSv',
        '--url',
        `smtp://127.0.0.1:${port}`,
        '--mail-from',
        bram,
        '--mail-rcpt',
        to,
        '--upload-file',
        join(workshop.folder, 'mail.txt'),
        ...how,
      ]);
    const overTls = (): readonly string[] => [
      '--ssl-reqd',
      '--cacert',
      join(workshop.folder, 'mail.pem'),
    ];

    it('lets people send with an app password over TLS, until it is deleted', async () => {
      const { id, plain } = await appPasswordOf(bram);
      const sent = await send('klant@elders.example', ...overTls(), '--user', `${bram}:${plain}`);
      assert.equal(sent.code, 0, sent.output);
      await until('the mail to be sent on', async () => relay.heard().includes('klant@elders'));
      await deleteAppPassword(bram, id);
      const gone = await send('late@elders.example', ...overTls(), '--user', `${bram}:${plain}`);
      assert.match(gone.output, /535 5\.7\.8/);
    });

    it('takes no password in the clear, and no mail from whoever has none', async () => {
      const { plain } = await appPasswordOf(bram);
      const clear = await send('clear@elders.example', '--user', `${bram}:${plain}`);
      assert.notEqual(clear.code, 0);
      assert.doesNotMatch(clear.output, /AUTH/);
      const stranger = await send('stranger@elders.example', ...overTls());
      assert.match(stranger.output, /[45]54 [45]\.7\.1 .*Relay access denied/);
    });
  });
});

/** Sends a mail as a mail program does, with Bram's name. */
function sendMail(port: number, password: string, to: string): Promise<Finished> {
  const server = ['--server', '127.0.0.1', '--port', String(port)];
  const signIn = ['--auth', 'PLAIN', '--auth-user', bram, '--auth-password', password];
  const mail = ['--from', bram, '--to', to, '--body', 'Goedendag'];
  return runProgram(['/usr/bin/swaks', ...server, ...signIn, ...mail]);
}

/** Debian's Postfix with a queue of its own, beside the Dovecot that it asks. */
async function startPostfix(
  { folder, write }: Workshop,
  at: { readonly port: number; readonly relayPort: number },
): Promise<RunningProgram> {
  mkdirSync(join(folder, 'postfix'));
  const [key, cert] = [join(folder, 'mail.key'), join(folder, 'mail.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=mail', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', cert];
  const request = ['req', '-x509', ...kind, ...name, ...files];
  const made = await runProgram(['/usr/bin/openssl', ...request]);
  assert.equal(made.code, 0, made.output);
  write(
    'postfix/main.cf',
    `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/postfix-data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${folder}/postfix.log
maillog_file_prefixes = ${folder}
myhostname = mail.voorbeeld.example
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
relayhost = [127.0.0.1]:${at.relayPort}
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${cert}
smtpd_tls_key_file = ${key}
${connecting('dovecot/postfix-main.cf', {})}`,
  );
  const services = ['cleanup unix n - n - 0 cleanup', 'qmgr unix n - n 300 1 qmgr']
    .concat(['rewrite unix - - n - - trivial-rewrite', 'smtp unix - - n - - smtp'])
    .concat(['bounce unix - - n - 0 bounce', 'defer unix - - n - 0 bounce'])
    .concat(['tlsmgr unix - - n 1000? 1 tlsmgr', 'anvil unix - - n - 1 anvil'])
    .concat(['scache unix - - n - 1 scache', 'postlog unix-dgram n - n - 1 postlogd'])
    .concat(['error unix - - n - - error', 'proxymap unix - - n - - proxymap']);
  write('postfix/master.cf', `127.0.0.1:${at.port} inet n - n - - smtpd\n${services.join('\n')}\n`);
  const command = ['/usr/sbin/postfix', '-c', join(folder, 'postfix')] as const;
  const program = await startProgram([...command, 'start-fg'], at.port);
  return {
    log: program.log,
    stop: async () => {
      // Its processes are in no group of its own: it ends them itself.
      await runProgram([...command, 'stop']);
      await program.stop();
    },
  };
}

/** Signs in as a mail program does; resolves to the server's answer. */
function imapLogin(port: number, name: string, password: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no answer after: ${heard}`)));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      const isGreeting = heard === '';
      heard += chunk.toString('utf8');
      if (isGreeting) socket.write(`a LOGIN "${name}" "${password}"\r\n`);
      const answer = /^a .*$/m.exec(heard);
      if (answer === null) return;
      socket.destroy();
      resolve(answer[0]);
    });
  });
}

/** A mail server to which Dovecot hands on what it took. */
interface Relay {
  readonly port: number;
  heard(): string;
  close(): Promise<void>;
}

async function startRelay(): Promise<Relay> {
  let heard = '';
  const server: Server = createServer((socket) => {
    let isData = false;
    socket.on('error', () => socket.destroy());
    socket.write('220 relay\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString('utf8').split('\r\n').slice(0, -1)) {
        heard += `${line}\n`;
        if (isData && line !== '.') continue;
        const isBegin = !isData && /^DATA/i.test(line);
        isData = isBegin;
        const answer = isBegin ? '354 go' : /^QUIT/i.test(line) ? '221 bye' : '250 ok';
        socket.write(`${answer}\r\n`);
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    heard: () => heard,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

const modules = '/usr/lib/apache2/modules';
const withoutApache = withoutPrograms(
  '/usr/sbin/apache2',
  '/usr/bin/curl',
  `${modules}/mod_authnz_ldap.so`,
);
describe('Apache', { skip: withoutApache }, () => {
  let apache: RunningProgram;
  let port: number;

  const get = (name: string, password: string): Promise<Finished> =>
    runProgram([
      '/usr/bin/curl',
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-u',
      `${name}:${password}`,
      `http://127.0.0.1:${port}/reports/`,
    ]);

  before(async () => {
    port = await freePort();
    const client = await newClient('apache');
    const { folder, write } = workshop;
    mkdirSync(join(folder, 'www/reports'), { recursive: true });
    write('www/reports/index.html', 'the reports');
    const secret = write('tweestap-password', client.password);
    const conf = write(
      'tweestap.conf',
      connecting('apache/tweestap.conf', {
        'ldaps://login.voorbeeld.example:636': ldaps,
        '/etc/apache2/tweestap.pem': certificate,
        '/etc/apache2/tweestap-password': secret,
        [`cn=apache,ou=services,${base}`]: client.dn,
      }),
    );
    const loaded = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_basic', 'dir']
      .concat(['ldap', 'authnz_ldap'])
      .map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`);
    const main = write(
      'httpd.conf',
      `ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/httpd.pid
ErrorLog ${folder}/httpd.log
DefaultRuntimeDir ${folder}
Mutex pthread
Listen 127.0.0.1:${port}
${loaded.join('\n')}
User nobody
Group nogroup
DocumentRoot ${folder}/www
DirectoryIndex index.html
Include ${conf}
`,
    );
    apache = await startProgram(['/usr/sbin/apache2', '-D', 'FOREGROUND', '-f', main], port);
  });
  after(() => apache.stop());

  it('lets in whoever is in the group, with an app password, until it is deleted', async () => {
    const { id, plain } = await appPasswordOf(bram);
    assert.equal((await get('bram', plain)).output, '200');
    assert.equal((await get('bram', 'wrong')).output, '401');
    await deleteAppPassword(bram, id);
    assert.equal((await get('bram', plain)).output, '401');
  });

  it('keeps out whoever is in no such group', async () => {
    const { plain } = await appPasswordOf('chris@voorbeeld.example');
    assert.equal((await get('chris', plain)).output, '401');
  });

  it('takes no name for a filter', async () => {
    const { plain } = await appPasswordOf(bram);
    for (const name of ['*', 'bra*', 'bram)(uid=*', '*)(objectClass=*'])
      assert.equal((await get(name, plain)).output, '401', name);
  });
});
