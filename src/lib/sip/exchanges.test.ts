/** Our side of SIP against what others wrote: SIPp, whom we call, and Kamailio between us and it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import {
  freePort,
  newWorkshop,
  startProgram,
  withoutFiles,
  type RunningProgram,
} from '../../../test/support/programs.ts';
import { sippProgram, startSipp, type Sipp } from '../../../test/support/sipp.ts';
import { makeCertificate } from '../self-signed-certificate.ts';
import type { SipDialog } from './dialog.ts';
import { SipFault } from './fault.ts';
import { openUserAgent, type SipTarget, type SipUserAgent } from './user-agent.ts';

const offer =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n';

const openThings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of openThings.splice(0).toReversed()) await close();
});

async function phone(scenario: string, transport: 'udp' | 'tcp' = 'udp'): Promise<Sipp> {
  const path = fileURLToPath(new URL(`scenarios/${scenario}.xml`, import.meta.url));
  const sipp = await startSipp(path, transport);
  openThings.push(sipp.stop);
  return sipp;
}

async function agentFor(target: Pick<SipTarget, 'transport' | 'port'> & Partial<SipTarget>) {
  const who = {
    host: '127.0.0.1',
    domain: 'exchange.example',
    user: 'tweestap',
    password: 'geheim',
  };
  const agent = await openUserAgent({ ...who, ...target });
  openThings.push(agent.close);
  return agent;
}

let calls = 0;
/** Calls a telephone; a proxy finds it by its port. */
function call(
  agent: SipUserAgent,
  { port }: { readonly port: number },
  more: { readonly signal?: AbortSignal; readonly onProgress?: (status: number) => void } = {},
): Promise<SipDialog> {
  calls += 1;
  const callId = `exchange-${process.pid}-${calls}`;
  const signal = AbortSignal.timeout(20_000);
  return agent.invite({ to: String(port), callId, offer, signal, ...more });
}

/** Listens to a telephone that presses a key, asks us to hold, and hangs up. */
async function assertTalks(agent: SipUserAgent, sipp: Sipp): Promise<void> {
  const heard: string[] = [];
  const dialog = await call(agent, sipp);
  dialog.onInfo((type, body) => heard.push(type, body.trim()));
  dialog.onReinvite((sdp) => {
    heard.push(sdp.slice(0, 3));
    return offer;
  });
  assert.match(dialog.answer, /^v=0\r\no=phone /);
  assert.equal(await sipp.done, '');
  assert.equal(await dialog.ended, 'by-them');
  assert.deepEqual(heard, ['application/dtmf-relay', 'Signal=5\r\nDuration=160', 'v=0']);
}

async function faultOf(work: Promise<unknown>): Promise<SipFault> {
  const error = await work.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SipFault, String(error));
  return error;
}

describe('a call to SIPp', { skip: withoutFiles(sippProgram) }, () => {
  for (const transport of ['udp', 'tcp'] as const) {
    it(`is answered, hears keys, is held and hung up over ${transport.toUpperCase()}`, async () => {
      const sipp = await phone('talks', transport);
      await assertTalks(await agentFor({ transport, port: sipp.port }), sipp);
    });
  }

  it('ends when we hang up', async () => {
    const sipp = await phone('hears-goodbye');
    const dialog = await call(await agentFor({ transport: 'udp', port: sipp.port }), sipp);
    await dialog.bye();
    assert.equal(await dialog.ended, 'by-us');
    assert.equal(await sipp.done, '');
  });

  it('proves its password', async () => {
    const sipp = await phone('asks-for-password');
    const dialog = await call(await agentFor({ transport: 'udp', port: sipp.port }), sipp);
    await dialog.bye();
    assert.equal(await sipp.done, '');
    const other = await phone('asks-for-password');
    const wrong = await agentFor({ transport: 'udp', port: other.port, password: 'falsch' });
    assert.equal((await faultOf(call(wrong, other))).status, 403);
    assert.equal(await other.done, '');
  });

  it('is cancelled while it rings', async () => {
    const sipp = await phone('is-cancelled');
    const agent = await agentFor({ transport: 'udp', port: sipp.port });
    const controller = new AbortController();
    const onProgress = (status: number): void => {
      if (status === 180) controller.abort();
    };
    await faultOf(call(agent, sipp, { signal: controller.signal, onProgress }));
    assert.equal(await sipp.done, '');
  });

  it('is told that they are busy', async () => {
    const sipp = await phone('is-busy', 'tcp');
    const agent = await agentFor({ transport: 'tcp', port: sipp.port });
    assert.equal((await faultOf(call(agent, sipp))).status, 486);
    assert.equal(await sipp.done, '');
  });
});

const kamailio = '/usr/sbin/kamailio';
const modules = kamailioModules();

describe('a call through Kamailio', { skip: withoutFiles(sippProgram, kamailio, modules) }, () => {
  const made = makeCertificate({ hosts: ['localhost'], now: new Date(), days: 1 });
  const workshop = newWorkshop();
  const ports = { udp: 0, tcp: 0, tls: 0 };
  let proxy: RunningProgram | undefined;
  before(async () => {
    ports.udp = await freePort();
    ports.tcp = ports.udp;
    ports.tls = await freePort();
    const template = readFileSync(new URL('scenarios/kamailio.cfg', import.meta.url), 'utf8');
    const config = template
      .replaceAll('UDP_PORT', String(ports.udp))
      .replaceAll('TLS_PORT', String(ports.tls))
      .replace('MODULES', dirname(modules))
      .replace('KEY', workshop.write('key.pem', made.key))
      .replace('CERTIFICATE', workshop.write('certificate.pem', made.certificate));
    const path = workshop.write('kamailio.cfg', config);
    const { folder } = workshop;
    proxy = await startProgram(
      [kamailio, '-f', path, '-DD', '-E', '-w', folder, '-Y', folder, '-m', '32', '-M', '4'],
      ports.tls,
      { asNobody: folder },
    );
  });
  after(async () => {
    await proxy?.stop();
    workshop.remove();
  });
  const agentBy = (transport: SipTarget['transport'], more: Partial<SipTarget> = {}) =>
    agentFor({ transport, port: ports[transport], host: 'localhost', ca: made.authority, ...more });

  for (const transport of ['udp', 'tcp', 'tls'] as const) {
    it(`asks for the password and stays in the way, over ${transport.toUpperCase()}`, async () => {
      const agent = await agentBy(transport);
      const talks = await phone('talks');
      await assertTalks(agent, talks);
      const waits = await phone('hears-goodbye');
      const dialog = await call(agent, waits);
      await dialog.bye();
      assert.equal(await waits.done, '');
    });
  }

  it('takes the cancelling of a call to whom it rings', async () => {
    const sipp = await phone('is-cancelled');
    const controller = new AbortController();
    const onProgress = (status: number): void => {
      if (status === 180) controller.abort();
    };
    const agent = await agentBy('tls');
    await faultOf(call(agent, sipp, { signal: controller.signal, onProgress }));
    assert.equal(await sipp.done, '');
  });

  it('knows a wrong password from a right one, and is known by its certificate', async () => {
    const { signal } = new AbortController();
    assert.equal(await (await agentBy('tls')).probe(signal), 200);
    assert.equal(await (await agentBy('udp', { password: 'falsch' })).probe(signal), 407);
    const fault = await faultOf(call(await agentBy('tls', { password: 'falsch' }), { port: 9 }));
    assert.equal(fault.status, 407);
    assert.match(fault.message, /refuses our name or password/);
    const stranger = makeCertificate({ hosts: ['localhost'], now: new Date(), days: 1 });
    for (const wrong of [{ ca: stranger.authority }, { host: '127.0.0.1' }]) {
      assert.match((await faultOf(agentBy('tls', wrong))).message, /CERT|VERIFY/);
    }
  });
});

/** Where Debian keeps them, whatever the machine is made of; one that has to be installed by itself. */
function kamailioModules(): string {
  const lib = '/usr/lib';
  const places = readdirSync(lib).map((each) => `${lib}/${each}/kamailio/modules/tls.so`);
  return places.find((place) => existsSync(place)) ?? `${lib}/kamailio/modules/tls.so`;
}
