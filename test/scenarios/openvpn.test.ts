/**
 * OpenVPN lets people in by RADIUS: Debian's server and client, on this machine, with the files of
 * `docs/connecting/openvpn.md`. The client is driven through its management interface, as the windows
 * of VPN programs do it.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { locales } from '../../src/i18n/locale.ts';
import { decodeBase32 } from '../../src/lib/otp/base32.ts';
import { totp } from '../../src/lib/otp/otp.ts';
import { wordsIn as codeWords } from '../../src/methods/authenticator-code/words.ts';
import { wordsIn as notificationWords } from '../../src/methods/notification/words.ts';
import { addUser } from '../support/people.ts';
import { until } from '../support/poll.ts';
import {
  connecting,
  freePort,
  newWorkshop,
  runProgram,
  startProgram,
  withoutPrograms,
  type RunningProgram,
  type Workshop,
} from '../support/programs.ts';
import { accessRequest, exchange, overUdp } from '../support/radius-client.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const openvpn = '/usr/sbin/openvpn';
const plugin = '/usr/lib/openvpn/openvpn-plugin-auth-pam.so';
const without =
  withoutPrograms(openvpn, plugin, '/usr/bin/openssl', '/dev/net/tun') ||
  (process.env['TWEESTAP_TEST_PAM_RADIUS'] === undefined
    ? 'TWEESTAP_TEST_PAM_RADIUS names no module of PAM'
    : false);

describe('OpenVPN', { skip: without }, () => {
  let tweestap: Tweestap;
  let workshop: Workshop;
  let server: { readonly program: RunningProgram; readonly port: number };
  const service = `tweestap-test-${randomBytes(4).toString('hex')}`;

  before(async () => {
    tweestap = await startTweestap();
    workshop = newWorkshop();
    await makeCertificates(workshop);
    const conf = workshop.write(
      'pam_radius_auth.conf',
      connecting('radius/pam_radius_auth.conf', {
        '127.0.0.1:1812': `127.0.0.1:${radiusPort()}`,
        'SECRET-OF-THE-CLIENT': await addClient(),
      }),
    );
    const rules = connecting('radius/pam.d-openvpn', { '/etc/pam_radius_auth.conf': conf });
    writeFileSync(`/etc/pam.d/${service}`, rules);
    server = await serve();
  });
  after(async () => {
    await server.program.stop();
    rmSync(`/etc/pam.d/${service}`, { force: true });
    await tweestap.close();
    workshop.remove();
  });

  const radiusPort = (): number => tweestap.server.radiusPort ?? assert.fail('it does not listen');
  const account = (name: string) =>
    tweestap.server.people.find((one) => one.userPrincipalName.startsWith(`${name}@`)) ??
    assert.fail(`there is no ${name}`);
  const codeOf = (name: string): string => {
    const key = decodeBase32(account(name).app?.key ?? '') ?? assert.fail('no app');
    return totp(key, tweestap.now().getTime() / 1000);
  };
  /** Adds this machine as a RADIUS client, which PAM's cannot sign; resolves to its secret. */
  const addClient = async (): Promise<string> => {
    const mode = ['--mode', 'password-then-challenge', '--unsigned', '--json'];
    const args = ['radius-client', 'add', 'OpenVPN', '--address', '127.0.0.1', ...mode];
    const { code, output, error } = await tweestap.command(...args);
    assert.equal(code, 0, error);
    const { secret }: { readonly secret: string } = JSON.parse(output);
    // A program would wait for a minute where nobody knows it yet.
    const { carry, close } = overUdp(radiusPort(), 500);
    const asked = { name: 'nobody', password: 'x' };
    await until('the client to be known', () =>
      exchange(carry, secret, accessRequest(secret, asked)),
    );
    close();
    return secret;
  };

  /** The server; its management interface says when it is there. */
  const serve = async (): Promise<typeof server> => {
    const [port, manage] = [await freePort(), await freePort()];
    const text = connecting('openvpn/server.conf', {
      '"openvpn login': `"${service} login`,
      'port 1194': `port ${port}\nlocal 127.0.0.1\nmanagement 127.0.0.1 ${manage}`,
      // A network that nobody has, with luck.
      '10.8.0.0': '10.213.47.0',
      '/etc/openvpn/server/ca.pem': join(workshop.folder, 'ca.pem'),
      '/etc/openvpn/server/server.pem': join(workshop.folder, 'server.pem'),
      '/etc/openvpn/server/server.key': join(workshop.folder, 'server.key'),
    });
    const file = workshop.write('server.conf', text);
    const program = await startProgram([openvpn, '--config', file], manage);
    return { program, port };
  };

  /** Somebody at a VPN program; resolves to what came of it. */
  const connects = async (
    name: string,
    password: string,
    code: string,
  ): Promise<'connected' | 'refused'> => {
    const manage = await freePort();
    const profile = workshop.write(
      `client-${manage}.ovpn`,
      connecting('openvpn/client.ovpn', {
        // Both ends are on one machine: nothing is to be routed.
        'dev tun': 'dev null\nifconfig-noexec\nroute-noexec',
        'remote vpn.voorbeeld.example 1194': `remote 127.0.0.1 ${server.port}`,
        'ca ca.pem': `ca ${workshop.folder}/ca.pem`,
      }),
    );
    const managed = ['--management', '127.0.0.1', String(manage), '--management-query-passwords'];
    const program = await startProgram(
      [openvpn, '--config', profile, ...managed, '--management-hold'],
      manage,
    );
    try {
      return await atWindow(manage, { name, password, code });
    } finally {
      await program.stop();
    }
  };

  it('lets in by password and the code below it, once', async () => {
    const { password } = account('chris');
    const code = codeOf('chris');
    assert.equal(await connects('chris', password, code), 'connected');
    assert.equal(await connects('chris', password, code), 'refused');
    assert.equal(await connects('chris', password, ''), 'refused');
  });

  it('waits for the phone that rings where the field for a code was left empty', async () => {
    const { id, userPrincipalName, password, mobilePhone } = await addUser(tweestap, ['phone']);
    const { stores } = tweestap.installation.database;
    const [registration] = await stores.registrations.list(id);
    const byCall = { registrationId: registration?.id ?? '', methodId: 'phone-call' };
    await stores.users.setDefaultMethod(id, byCall);
    const connecting = connects(userPrincipalName, password, '');
    const ringing = await tweestap.phones.phone(mobilePhone).call();
    await ringing.answer();
    await until(
      'the instruction to be spoken',
      async () => (await ringing.look()).text.includes('hash') || undefined,
    );
    await ringing.keys('#');
    assert.equal(await connecting, 'connected');
  });
});

describe("OpenVPN's plug-in for PAM", () => {
  it('knows with which words a code is asked for, in each language', () => {
    const [, told = ''] =
      /^plugin \S+ "openvpn (.*)"$/m.exec(connecting('openvpn/server.conf', {})) ?? [];
    const words = [...told.matchAll(/(\S+) OTP/g)].map(([, word = '']) => word);
    assert.ok(words.length > 0);
    for (const locale of locales) {
      const { challenge, token } = codeWords(locale);
      for (const title of [
        challenge.title,
        token.title,
        notificationWords(locale).challenge.title,
      ]) {
        const isKnown = words.some((word) => title.toLowerCase().startsWith(word));
        assert.ok(isKnown, `nothing answers “${title}”`);
      }
    }
  });
});

/** Answers what a VPN program asks, as somebody at its window; resolves once it is through or refused. */
function atWindow(
  port: number,
  typed: {
    readonly name: string;
    readonly password: string;
    readonly code: string;
  },
): Promise<'connected' | 'refused'> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    const end = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(90_000, () => end(() => reject(new Error(`nothing came after: ${heard}`))));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8');
      const lines = heard.split('\r\n');
      heard = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith(">PASSWORD:Need 'Auth'")) {
          // The answer to a static challenge goes with the password (OpenVPN's management-notes).
          const { name, password, code } = typed;
          const both = code === undefined ? password : `SCRV1:${base64(password)}:${base64(code)}`;
          socket.write(`username "Auth" "${name}"\npassword "Auth" "${both}"\n`);
        } else if (/^>STATE:\d+,CONNECTED,SUCCESS/.test(line)) end(() => resolve('connected'));
        else if (line.startsWith('>PASSWORD:Verification Failed')) end(() => resolve('refused'));
        else if (line.startsWith('>FATAL')) end(() => reject(new Error(line)));
      }
    });
    socket.write('state on\nhold release\n');
  });
}

/** An authority and a server's certificate, as `docs/connecting/openvpn.md` makes them. */
async function makeCertificates({ folder, write }: Workshop): Promise<void> {
  const script = write('certificates.sh', connecting('openvpn/certificates.sh', {}));
  const { code, output } = await runProgram(['/bin/sh', '-e', script, folder]);
  assert.equal(code, 0, output);
}
