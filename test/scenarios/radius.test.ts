/**
 * The RADIUS door, as software that others wrote meets it: FreeRADIUS' radclient, and PAM with
 * pam_radius, each with the configuration that docs/connecting tells people to write.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { decodeBase32 } from '../../src/lib/otp/base32.ts';
import { totp } from '../../src/lib/otp/otp.ts';
import { until } from '../support/poll.ts';
import { connecting, newWorkshop, type Workshop } from '../support/programs.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

const radclient = process.env['TWEESTAP_TEST_RADCLIENT'];
const pamtester = process.env['TWEESTAP_TEST_PAMTESTER'];
const pamRadius = process.env['TWEESTAP_TEST_PAM_RADIUS'];
const withoutRadclient =
  radclient === undefined ? 'skipped because TWEESTAP_TEST_RADCLIENT names no radclient' : false;
const withoutPam =
  pamtester === undefined || pamRadius === undefined
    ? 'skipped because TWEESTAP_TEST_PAMTESTER or TWEESTAP_TEST_PAM_RADIUS names no program'
    : process.getuid?.() === 0
      ? false
      : 'skipped because only root may write to /etc/pam.d';

describe('the RADIUS door', () => {
  let tweestap: Tweestap;
  let workshop: Workshop;

  before(async () => {
    tweestap = await startTweestap();
    workshop = newWorkshop();
  });
  after(async () => {
    workshop.remove();
    await tweestap.close();
  });

  const port = (): number => tweestap.server.radiusPort ?? assert.fail('it does not listen');
  const passwordOf = (name: string): string => account(name).password;
  const account = (name: string) =>
    tweestap.server.people.find((one) => one.userPrincipalName.startsWith(`${name}@`)) ??
    assert.fail(`there is no ${name}`);
  const codeOf = (name: string): string => {
    const key = decodeBase32(account(name).app?.key ?? '') ?? assert.fail('no app');
    return totp(key, tweestap.now().getTime() / 1000);
  };
  const addClient = async (name: string, mode: string, ...more: string[]): Promise<string> => {
    const args = ['radius-client', 'add', name, '--address', '127.0.0.1', '--mode', mode, '--json'];
    const { code, output, error } = await tweestap.command(...args, ...more);
    assert.equal(code, 0, error);
    const added: { readonly secret: string } = JSON.parse(output);
    return added.secret;
  };
  const appPasswordOf = async (name: string): Promise<string> => {
    const { administration, appPasswords, database } = tweestap.installation;
    const user = await administration.find(`${name}@voorbeeld.example`);
    const made = await appPasswords.make(database.stores, {
      userId: user?.id ?? '',
      name: 'Laptop',
      expiryDays: 90,
    });
    assert.ok(made.kind === 'made');
    return made.plain;
  };

  /** What radclient prints of the answer to the request in the documentation. */
  const ask = async (
    secret: string,
    name: string,
    password: string,
    change: (request: string) => string = (request) => request,
  ): Promise<string> => {
    const request = connecting('radius/request.radclient', {
      'chris@voorbeeld.example': name,
      PASSWORD: password,
    });
    const file = workshop.write(`request-${randomBytes(4).toString('hex')}`, change(request));
    const args = ['-x', '-r', '3', '-t', '1', '-f', file, `127.0.0.1:${port()}`, 'auth', secret];
    return (await run(radclient ?? '', args)).output;
  };
  const withState =
    (answer: string) =>
    (request: string): string => {
      const [, state = assert.fail(answer)] = /State = (0x[0-9a-f]+)/.exec(answer) ?? [];
      return `${request.trimEnd()}\nState = ${state}\n`;
    };

  describe('for radclient', { skip: withoutRadclient }, () => {
    it('takes an app password, until it is revoked', async () => {
      const secret = await addClient('Mail', 'app-password');
      const plain = await appPasswordOf('chris');
      await until('the client to be known', async () =>
        (await ask(secret, 'chris', plain)).includes('Received Access-Accept'),
      );
      const wrong = await ask(secret, 'chris@voorbeeld.example', passwordOf('chris'));
      assert.match(wrong, /Received Access-Reject/);
      const revoked = await tweestap.command(
        'app-passwords',
        'revoke',
        'chris@voorbeeld.example',
        '--all',
      );
      assert.equal(revoked.code, 0, revoked.error);
      assert.match(await ask(secret, 'chris', plain), /Received Access-Reject/);
    });

    it('asks for a code, and takes it once', async () => {
      const secret = await addClient('VPN', 'password-then-challenge');
      const asked = await until('the challenge', async () => {
        const answer = await ask(secret, 'chris', passwordOf('chris'));
        return answer.includes('Received Access-Challenge') && answer;
      });
      assert.match(asked, /Reply-Message = "Enter the verification code from the mobile app\./);
      const code = codeOf('chris');
      const done = await ask(secret, 'chris', code, withState(asked));
      assert.match(done, /Received Access-Accept/);
      const again = await ask(secret, 'chris', code, withState(asked));
      assert.match(again, /Received Access-Reject/);
    });

    it('takes password and code in one field', async () => {
      tweestap.server.parts.advanceClock(60);
      const secret = await addClient('Old VPN', 'password+code');
      await until('the client to be known', async () =>
        (await ask(secret, 'chris', 'wrong')).includes('Received Access-Reject'),
      );
      const both = `${passwordOf('chris')}${codeOf('chris')}`;
      assert.match(await ask(secret, 'chris', both), /Received Access-Accept/);
      assert.match(await ask(secret, 'chris', both), /Received Access-Reject/);
    });

    it('says nothing to a request that is not signed, or signed with another secret', async () => {
      const secret = await addClient('Silent', 'app-password');
      await until('the client to be known', async () =>
        (await ask(secret, 'chris', 'wrong')).includes('Received Access-Reject'),
      );
      const bare = (request: string): string => request.replace(/^Message-Authenticator.*\n/m, '');
      for (const [typed, change] of [
        [secret, bare],
        ['another secret that is long', (request: string) => request],
      ] as const) {
        const answer = await ask(typed, 'chris', 'wrong', change);
        assert.match(answer, /No reply from server/);
        assert.doesNotMatch(answer, /Received/);
      }
    });
  });

  describe('for PAM', { skip: withoutPam }, () => {
    /** Signs in at a program that asks PAM; answers each prompt, and resolves to whether it worked. */
    const signIn = async (
      secret: string,
      name: string,
      answers: readonly ((said: string) => Promise<string> | string)[],
    ): Promise<{ readonly code: number | null; readonly output: string }> => {
      const conf = workshop.write(
        'pam_radius_auth.conf',
        connecting('radius/pam_radius_auth.conf', {
          '127.0.0.1:1812': `127.0.0.1:${port()}`,
          'SECRET-OF-THE-CLIENT': secret,
        }),
      );
      const service = `tweestap-test-${randomBytes(4).toString('hex')}`;
      const rules = connecting('radius/pam.d-openvpn', { '/etc/pam_radius_auth.conf': conf });
      writeFileSync(`/etc/pam.d/${service}`, rules);
      try {
        return await run(pamtester ?? '', [service, name, 'authenticate'], answers);
      } finally {
        rmSync(`/etc/pam.d/${service}`);
      }
    };

    it('lets people in by app password, or by password and the code of their app', async () => {
      const mail = await addClient('PAM for mail', 'app-password', '--unsigned');
      const plain = await appPasswordOf('bram');
      const known = async (): Promise<boolean> =>
        (await signIn(mail, 'bram', [() => plain])).code === 0;
      await until('the client to be known', known, 20_000);
      assert.notEqual((await signIn(mail, 'bram', [() => passwordOf('bram')])).code, 0);
      await removeClient('PAM for mail');

      const vpn = await addClient('PAM for the VPN', 'password-then-challenge', '--unsigned');
      tweestap.server.parts.advanceClock(60);
      const answers = [() => passwordOf('chris'), () => codeOf('chris')];
      let said = '';
      await until(
        'the code to be asked for and taken',
        async () => {
          const { code, output } = await signIn(vpn, 'chris', answers);
          said = output;
          return code === 0;
        },
        20_000,
      );
      assert.match(said, /Enter the verification code from the mobile app/);

      // The number of another way, and then # on the phone while the program waits.
      const phone = tweestap.phones.phone('+31612345602');
      const another = (): string => {
        // One message, and then none for half a minute.
        tweestap.server.parts.advanceClock(31);
        return '1';
      };
      const called = signIn(vpn, 'bram', [() => passwordOf('bram'), another]);
      const ringing = await phone.call();
      await ringing.answer();
      await until(
        'the instruction to be spoken',
        async () => (await ringing.look()).text.includes('hash') || undefined,
      );
      await ringing.keys('#');
      assert.equal((await called).code, 0);
      await removeClient('PAM for the VPN');
    });

    const removeClient = async (name: string): Promise<void> => {
      const { radiusClients } = tweestap.installation;
      const client = (await radiusClients.list()).find((one) => one.name === name);
      const { code, error } = await tweestap.command('radius-client', 'remove', client?.id ?? '');
      assert.equal(code, 0, error);
    };
  });

  it('is told as it was tried here', () => {
    const page = readFileSync(new URL('../../docs/connecting/radius.md', import.meta.url), 'utf8');
    for (const file of ['pam_radius_auth.conf', 'pam.d-openvpn', 'request.radclient']) {
      assert.ok(
        page.includes(connecting(`radius/${file}`, {}).trim()),
        `${file} is not on the page`,
      );
    }
  });
});

/** Runs a program that asks: each answer is typed once it has said something new. */
async function run(
  program: string,
  args: readonly string[],
  answers: readonly ((said: string) => Promise<string> | string)[] = [],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(program, args, { stdio: 'pipe', timeout: 60_000 });
  let output = '';
  let answered = 0;
  const hear = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
    const answer = answers[answered];
    // A prompt ends without a line's end.
    if (answer === undefined || output.endsWith('\n')) return;
    answered += 1;
    void Promise.resolve(answer(output)).then((line) => child.stdin.write(`${line}\n`));
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.stdin.on('error', () => {});
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, output };
}
