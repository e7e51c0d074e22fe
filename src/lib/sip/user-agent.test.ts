import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import fc from 'fast-check';

import { until } from '../../../test/support/poll.ts';
import { startSipPeer, type Heard, type SipPeer } from '../../../test/support/sip-peer.ts';
import { makeCertificate } from '../self-signed-certificate.ts';
import type { SipDialog } from './dialog.ts';
import { SipFault } from './fault.ts';
import type { Call } from './invite.ts';
import type { Timing } from './timing.ts';
import { openUserAgent, type SipTarget, type SipUserAgent } from './user-agent.ts';

const offer = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n';
const answer = 'v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\ns=-\r\n';

/** Nobody has to wait long for anything; and nobody is hurried, as long as they answer at all. */
const slow: Timing = { t1Ms: 200, t2Ms: 800, t4Ms: 200 };
const quick: Timing = { t1Ms: 15, t2Ms: 40, t4Ms: 20 };

const openThings: (() => Promise<void>)[] = [];
afterEach(async () => {
  // The peer first: then nobody waits for its goodbyes.
  for (const close of openThings.splice(0)) await close();
});

async function agentOf(
  peer: { readonly port: number },
  more: Partial<SipTarget> = {},
  timing = slow,
): Promise<SipUserAgent> {
  const target = { transport: 'udp', host: '127.0.0.1', port: peer.port } as const;
  const who = { domain: 'exchange.example', user: 'tweestap', password: 'geheim' };
  const agent = await openUserAgent({ ...target, ...who, ...more }, { timing });
  openThings.push(agent.close);
  return agent;
}

async function start(more: Partial<SipTarget> = {}, timing = slow) {
  const peer = await startSipPeer(more.transport);
  openThings.push(peer.close);
  const agent = await agentOf(peer, more, timing);
  return { peer, agent };
}

let calls = 0;
function call(agent: SipUserAgent, more: Partial<Call> = {}): Promise<SipDialog> {
  calls += 1;
  const { signal } = new AbortController();
  const calling = agent.invite({
    to: '+31612345678',
    callId: `call-${calls}`,
    offer,
    signal,
    ...more,
  });
  // Whoever wants to know of its end asks for it.
  calling.catch(() => undefined);
  return calling;
}

async function faultOf(work: Promise<unknown>): Promise<SipFault> {
  const error = await work.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SipFault, String(error));
  assert.doesNotMatch(error.message, /geheim/);
  return error;
}

/** A call that was answered, with what was said on the way; `headers` are those of the answer. */
async function answered(
  more: Partial<SipTarget> = {},
  timing = slow,
  headers: readonly string[] = [],
) {
  const { peer, agent } = await start(more, timing);
  const calling = call(agent);
  const invite = await peer.next('INVITE');
  peer.answer(invite, '200 OK', { body: answer, headers });
  const dialog = await calling;
  const ack = await peer.next('ACK');
  return { peer, agent, dialog, invite, ack };
}

/** A call that nobody wants any more, before the exchange said anything. */
async function brokenOff() {
  const { peer, agent } = await start();
  const controller = new AbortController();
  const calling = call(agent, { signal: controller.signal });
  const invite = await peer.next('INVITE');
  controller.abort();
  await faultOf(calling);
  return { peer, agent, invite };
}

function tagOf(value: string): string {
  return /;tag=([^;]+)/.exec(value)?.[1] ?? '';
}

function branchOf(heard: Heard): string {
  return /;branch=([^;]+)/.exec(heard.header('Via'))?.[1] ?? '';
}

const challenge = (more = ''): string =>
  `Digest realm="exchange", nonce="abc", qop="auth", algorithm=SHA-256${more}`;

describe('a call', () => {
  it('is offered, rings, is answered, and is ended by us', async () => {
    const { peer, agent } = await start({ from: '+31201234567' });
    const progress: unknown[] = [];
    const calling = call(agent, {
      callId: 'one-call',
      displayName: 'Example "Org"',
      onProgress: (status, sdp) => progress.push([status, sdp]),
    });
    const invite = await peer.next('INVITE');
    assert.equal(invite.uri, 'sip:+31612345678@exchange.example');
    assert.match(
      invite.header('From'),
      /^"Example \\"Org\\"" <sip:\+31201234567@exchange\.example>;tag=[\da-f]{24}$/,
    );
    assert.equal(invite.header('To'), '<sip:+31612345678@exchange.example>');
    assert.equal(invite.header('Call-ID'), 'one-call');
    assert.match(invite.header('Via'), /^SIP\/2\.0\/UDP 127\.0\.0\.1:\d+;branch=z9hG4bK\w+;rport$/);
    assert.match(invite.header('Contact'), /^<sip:\+31201234567@127\.0\.0\.1:\d+>$/);
    assert.deepEqual([invite.header('Max-Forwards'), invite.body], ['70', offer]);
    peer.answer(invite, '100 Trying', { tag: '' });
    peer.answer(invite, '180 Ringing');
    peer.answer(invite, '183 Session Progress', { body: 'early' });
    peer.answer(invite, '200 OK', { body: answer });
    const dialog = await calling;
    assert.equal(dialog.answer, answer);
    assert.deepEqual(progress, [
      [100, undefined],
      [180, undefined],
      [183, 'early'],
    ]);
    const ack = await peer.next('ACK');
    assert.equal(ack.header('CSeq'), invite.header('CSeq').replace('INVITE', 'ACK'));
    assert.notEqual(branchOf(ack), branchOf(invite));
    assert.equal(ack.uri, `sip:peer@127.0.0.1:${peer.port};transport=udp`);
    const goodbye = dialog.bye();
    const bye = await peer.next('BYE');
    assert.deepEqual(
      [bye.uri, tagOf(bye.header('To')), tagOf(bye.header('From')), bye.header('Call-ID')],
      [ack.uri, 'peer', tagOf(invite.header('From')), 'one-call'],
    );
    assert.ok(Number.parseInt(bye.header('CSeq'), 10) > Number.parseInt(invite.header('CSeq'), 10));
    peer.answer(bye, '200 OK');
    await goodbye;
    assert.equal(await dialog.ended, 'by-us');
    await dialog.bye();
    assert.equal(new Set(peer.heard('BYE').map(branchOf)).size, 1);
  });

  it('is ended by them, and told so once', async () => {
    const { peer, dialog, invite } = await answered();
    peer.ask(invite, 'BYE', { number: 7 });
    const ok = await peer.next('200');
    assert.equal(ok.header('CSeq'), '7 BYE');
    assert.equal(await dialog.ended, 'by-them');
    // Our answer was lost: theirs comes again, and is answered again.
    peer.ask(invite, 'BYE', { number: 7 });
    await peer.again('200');
    await dialog.bye();
    assert.equal(peer.heard('BYE').length, 0);
  });

  it('takes the words of a ringing telephone where its answer has none', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    peer.answer(invite, '183 Session Progress', { body: answer });
    peer.answer(invite, '200 OK');
    assert.equal((await calling).answer, answer);
  });

  it('goes back by the way that the answer came, and past routers of the old kind', async () => {
    for (const [first, uri, routes] of [
      [
        '<sip:p1.example;lr>',
        'sip:phone@192.0.2.9',
        ['<sip:p1.example;lr>', '<sip:p2.example;lr>'],
      ],
      ['<sip:p1.example>', 'sip:p1.example', ['<sip:p2.example;lr>', '<sip:phone@192.0.2.9>']],
    ] as const) {
      const { peer, agent } = await start();
      const calling = call(agent);
      const invite = await peer.next('INVITE');
      peer.answer(invite, '200 OK', {
        body: answer,
        headers: [
          `Record-Route: <sip:p2.example;lr>, ${first}`,
          'Contact: "A, B" <sip:phone@192.0.2.9>;expires=60',
        ],
      });
      await calling;
      const ack = await peer.next('ACK');
      assert.deepEqual([ack.uri, ack.headers('Route')], [uri, routes]);
    }
  });

  it('says where the exchange sees us, unless the operator knows better', async () => {
    for (const [more, place] of [
      [{}, '203.0.113.7:4711'],
      [{ localHost: 'tweestap.example' }, undefined],
    ] as const) {
      const { peer, agent } = await start(more);
      const calling = call(agent);
      const invite = await peer.next('INVITE');
      const ours = /@(.+)>/.exec(invite.header('Contact'))?.[1];
      peer.answer(invite, '401 Unauthorized', {
        via: '=4711;received=203.0.113.7',
        headers: [`WWW-Authenticate: ${challenge()}`],
      });
      const again = await peer.next('INVITE');
      assert.equal(again.header('Contact'), `<sip:tweestap@${place ?? ours}>`);
      peer.answer(again, '486 Busy Here');
      await faultOf(calling);
    }
  });

  it('is refused with the words of the exchange, and acknowledged', async () => {
    for (const [status, after] of [
      ['404 Not Found', undefined],
      ['480 Temporarily Unavailable', undefined],
      ['486 Busy Here', undefined],
      ['603 Decline', undefined],
      ['503 Service Unavailable', 120],
    ] as const) {
      const { peer, agent } = await start();
      const calling = call(agent);
      const invite = await peer.next('INVITE');
      const headers = after === undefined ? [] : [`Retry-After: ${after} (maintenance);duration=9`];
      peer.answer(invite, status, { headers });
      const fault = await faultOf(calling);
      assert.deepEqual(
        [fault.status, fault.retryAfterSeconds, fault.isSent],
        [Number.parseInt(status, 10), after, true],
      );
      assert.equal(fault.message, `the exchange refuses the call (${status})`);
      const ack = await peer.next('ACK');
      assert.equal(branchOf(ack), branchOf(invite));
      assert.equal(tagOf(ack.header('To')), 'peer');
      // Our ACK was lost.
      peer.answer(invite, status, { headers });
      await peer.again('ACK');
    }
  });

  it('does not go where somebody else sends it', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    peer.answer(invite, '302 Moved', { headers: ['Contact: <sip:+8811234567@192.0.2.66>'] });
    const fault = await faultOf(calling);
    assert.equal(fault.status, 302);
    assert.match(fault.message, /elsewhere, where we do not go/);
    await peer.next('ACK');
    assert.equal(new Set(peer.heard('INVITE').map(branchOf)).size, 1);
  });

  it('is for people with odd names too, and for nobody else', async () => {
    const { peer, agent } = await start({ user: 'twee stap' });
    const calling = call(agent, { to: 'zoë#1 <x>' });
    const invite = await peer.next('INVITE');
    assert.equal(invite.uri, 'sip:zo%C3%AB%231%20%3Cx%3E@exchange.example');
    assert.match(invite.header('From'), /^<sip:twee%20stap@exchange\.example>;tag=/);
    peer.answer(invite, '404 Not Found');
    await faultOf(calling);
    const whole = call(agent, { to: 'sip:reception@other.example;user=phone' });
    const second = await peer.next('INVITE');
    assert.equal(second.uri, 'sip:reception@other.example;user=phone');
    peer.answer(second, '404 Not Found');
    await faultOf(whole);
    for (const wrong of [
      { to: 'a\r\nContact: <sip:b@c>' },
      { to: 'sip:a@b c' },
      { to: 'sip:a@b>\r\nX: y' },
      { to: '' },
      { callId: 'a b' },
      { callId: 'a\r\nX: y' },
    ]) {
      await assert.rejects(call(agent, wrong), TypeError, JSON.stringify(wrong));
    }
    assert.equal(new Set(peer.heard('INVITE').map(branchOf)).size, 2);
    for (const wrong of [{ domain: 'a b' }, { user: 'a"b' }, { from: '' }, { user: 'a\r\nb' }]) {
      await assert.rejects(agentOf(peer, wrong), TypeError, JSON.stringify(wrong));
    }
  });
});

describe('a call over a network that loses things', () => {
  it('is offered again until somebody answers, always the same', async () => {
    const { peer, agent } = await start({}, { ...quick, t1Ms: 30 });
    const calling = call(agent);
    for (let count = 0; count < 3; count += 1) await peer.again('INVITE');
    const [first, second, third] = peer.heard('INVITE');
    assert.ok(first);
    assert.deepEqual([second?.text, third?.text], [first.text, first.text]);
    peer.answer(first, '200 OK', { body: answer });
    await calling;
    await peer.next('ACK');
  });

  it('is acknowledged as often as it is answered', async () => {
    const { peer, invite, ack } = await answered();
    for (let count = 0; count < 2; count += 1) {
      peer.answer(invite, '200 OK', { body: answer });
      const again = await peer.again('ACK');
      assert.equal(again.text, ack.text);
    }
  });

  it('is hung up again until they know', async () => {
    const { peer, dialog } = await answered({}, { ...quick, t1Ms: 30 });
    const goodbye = dialog.bye();
    const first = await peer.next('BYE');
    const second = await peer.again('BYE');
    assert.equal(second.text, first.text);
    peer.answer(second, '200 OK');
    await goodbye;
  });

  it('fails when nobody answers, and may have arrived', async () => {
    const { peer, agent } = await start({}, quick);
    const fault = await faultOf(call(agent));
    assert.deepEqual([fault.status, fault.isSent], [undefined, true]);
    assert.match(fault.message, /did not answer/);
    assert.ok(peer.heard('INVITE').length >= 2);
  });

  it('fails at once where nobody listens, and has not arrived', async () => {
    const peer = await startSipPeer();
    const agent = await agentOf(peer);
    await peer.close();
    for (let count = 0; count < 2; count += 1) {
      const fault = await faultOf(call(agent));
      assert.deepEqual([fault.status, fault.isSent], [undefined, false]);
      assert.match(fault.message, /not reached: ECONNREFUSED/);
    }
  });

  it('may ring as long as its caller likes, once it is heard of', async () => {
    const { peer, agent } = await start({}, quick);
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    peer.answer(invite, '180 Ringing');
    // Much longer than an INVITE that nobody answers at all.
    const ringsUntil = performance.now() + 64 * quick.t1Ms * 1.3;
    await until('a long ring', () => performance.now() > ringsUntil);
    peer.answer(invite, '200 OK', { body: answer });
    assert.equal((await calling).answer, answer);
  });
});

describe('a call that is broken off', () => {
  it('is cancelled while it rings', async () => {
    const { peer, agent } = await start();
    const controller = new AbortController();
    const { promise: ringing, resolve: rings } = Promise.withResolvers<void>();
    const calling = call(agent, { signal: controller.signal, onProgress: () => rings() });
    const invite = await peer.next('INVITE');
    peer.answer(invite, '180 Ringing');
    await ringing;
    controller.abort();
    const fault = await faultOf(calling);
    assert.deepEqual([fault.status, fault.isSent], [undefined, true]);
    const cancel = await peer.next('CANCEL');
    assert.equal(cancel.header('Via'), invite.header('Via'));
    assert.equal(cancel.uri, invite.uri);
    assert.equal(cancel.header('CSeq'), invite.header('CSeq').replace('INVITE', 'CANCEL'));
    assert.equal(cancel.header('To'), invite.header('To'));
    peer.answer(cancel, '200 OK');
    peer.answer(invite, '487 Request Terminated');
    await peer.next('ACK');
    assert.equal(peer.heard('CANCEL').length, 1);
  });

  it('is cancelled only once the exchange said anything', async () => {
    const { peer, invite } = await brokenOff();
    // It is not offered again meanwhile, so that nothing rings that nobody waits for.
    const offered = peer.heard('INVITE').length;
    const aWhile = performance.now() + 600;
    await until('a while', () => performance.now() > aWhile);
    assert.deepEqual([peer.heard('INVITE').length, peer.heard('CANCEL').length], [offered, 0]);
    peer.answer(invite, '100 Trying', { tag: '' });
    const cancel = await peer.next('CANCEL');
    peer.answer(cancel, '200 OK');
    peer.answer(invite, '487 Request Terminated');
    await peer.next('ACK');
  });

  it('is hung up where they answered meanwhile', async () => {
    const { peer, agent } = await start();
    const controller = new AbortController();
    const calling = call(agent, { signal: controller.signal });
    const invite = await peer.next('INVITE');
    peer.answer(invite, '100 Trying', { tag: '' });
    controller.abort();
    await faultOf(calling);
    peer.answer(invite, '200 OK', { body: answer });
    await peer.next('ACK');
    const bye = await peer.next('BYE');
    assert.equal(tagOf(bye.header('To')), 'peer');
  });

  it('is never made where nobody wants it any more', async () => {
    const { peer, agent } = await start();
    const fault = await faultOf(call(agent, { signal: AbortSignal.abort() }));
    assert.equal(fault.isSent, false);
    await agent.close();
    assert.deepEqual(peer.heard(), []);
  });

  it('does not ask for a password any more', async () => {
    const { peer, agent, invite } = await brokenOff();
    peer.answer(invite, '401 Unauthorized', { headers: [`WWW-Authenticate: ${challenge()}`] });
    await peer.next('ACK');
    await agent.close();
    assert.equal(
      peer.heard('INVITE').filter(({ text }) => text.includes('Authorization')).length,
      0,
    );
  });

  it('is broken off or hung up when everything is closed', async () => {
    const { peer, agent, dialog } = await answered();
    const { promise: ringing, resolve: rings } = Promise.withResolvers<void>();
    const calling = call(agent, { onProgress: () => rings() });
    const invite = await peer.next('INVITE');
    peer.answer(invite, '180 Ringing');
    await ringing;
    const closing = agent.close();
    await faultOf(calling);
    const bye = await peer.next('BYE');
    peer.answer(bye, '200 OK');
    assert.equal(await dialog.ended, 'by-us');
    const cancel = await peer.next('CANCEL');
    peer.answer(cancel, '200 OK');
    peer.answer(invite, '487 Request Terminated');
    await closing;
    await assert.rejects(call(agent), SipFault);
  });
});

describe('a password', () => {
  it('is proved to the exchange, to its proxy, and in everything that follows', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const first = await peer.next('INVITE');
    assert.equal(first.header('Authorization'), '');
    peer.answer(first, '407 Proxy Authentication Required', {
      headers: [`Proxy-Authenticate: ${challenge()}`],
    });
    const second = await peer.next('INVITE');
    assert.match(second.header('Proxy-Authorization'), /username="tweestap", realm="exchange"/);
    peer.answer(second, '401 Unauthorized', {
      headers: [`WWW-Authenticate: Digest realm="exchange", nonce="other"`],
    });
    const third = await peer.next('INVITE');
    assert.match(third.header('Proxy-Authorization'), /nc=00000002/);
    assert.match(third.header('Authorization'), /nonce="other"/);
    // One call all the same, whose parts are counted and take ways of their own.
    const of = (what: (heard: Heard) => string): Set<string> =>
      new Set([first, second, third].map(what));
    assert.equal(of((heard) => heard.header('Call-ID')).size, 1);
    assert.equal(of((heard) => heard.header('From')).size, 1);
    assert.equal(of((heard) => heard.header('CSeq')).size, 3);
    assert.equal(of(branchOf).size, 3);
    peer.answer(third, '200 OK', { body: answer });
    const dialog = await calling;
    const acks = [await peer.next('ACK'), await peer.next('ACK'), await peer.next('ACK')];
    assert.equal(acks[2]?.header('Authorization'), third.header('Authorization'));
    void dialog.bye();
    const bye = await peer.next('BYE');
    assert.match(bye.header('Proxy-Authorization'), /nc=00000003/);
    peer.answer(bye, '401 Unauthorized', {
      headers: [`WWW-Authenticate: ${challenge(', stale=true').replace('abc', 'fresh')}`],
    });
    const again = await peer.next('BYE');
    assert.match(again.header('Authorization'), /nonce="fresh"/);
    peer.answer(again, '200 OK');
  });

  it('that was refused is not told again', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const headers = [`WWW-Authenticate: ${challenge()}`];
    peer.answer(await peer.next('INVITE'), '401 Unauthorized', { headers });
    peer.answer(await peer.next('INVITE'), '401 Unauthorized', { headers });
    const fault = await faultOf(calling);
    assert.equal(fault.status, 401);
    assert.equal(fault.message, 'the exchange refuses our name or password (401 Unauthorized)');
    assert.equal(new Set(peer.heard('INVITE').map(branchOf)).size, 2);
  });

  it('is not asked of us for ever, however stale everything is', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    let isOver = false;
    const over = faultOf(calling).finally(() => {
      isOver = true;
    });
    const headers = [`WWW-Authenticate: ${challenge(', stale=true')}`];
    const seen = new Set<string>();
    await until('the end of it', () => {
      for (const each of peer.heard('INVITE')) {
        if (seen.has(branchOf(each))) continue;
        seen.add(branchOf(each));
        peer.answer(each, '401 Unauthorized', { headers });
      }
      return isOver;
    });
    assert.equal((await over).status, 401);
    assert.ok(seen.size < 7);
  });

  it('is not told to a telephone that asks for it', async () => {
    const { peer, agent } = await start({ realm: 'exchange' });
    const calling = call(agent);
    peer.answer(await peer.next('INVITE'), '401 Unauthorized', {
      headers: ['WWW-Authenticate: Digest realm="telephone", nonce="abc"'],
    });
    const fault = await faultOf(calling);
    assert.match(fault.message, /somebody else than the exchange asks for our password/);
    assert.equal(new Set(peer.heard('INVITE').map(branchOf)).size, 1);
  });
});

describe('somebody who is not the exchange', () => {
  it('is not heard, whatever they know', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    const ours = Number(/:(\d+);/.exec(invite.header('Via'))?.[1]);
    const stranger = createSocket('udp4').bind(0, '127.0.0.2');
    await once(stranger, 'listening');
    const forged = [
      'SIP/2.0 200 OK',
      `Via: ${invite.header('Via')}`,
      `From: ${invite.header('From')}`,
      `To: ${invite.header('To')};tag=forged`,
      `Call-ID: ${invite.header('Call-ID')}`,
      `CSeq: ${invite.header('CSeq')}`,
      '',
      'forged',
    ].join('\r\n');
    await new Promise((sent) => stranger.send(forged, ours, '127.0.0.1', sent));
    stranger.close();
    peer.answer(invite, '200 OK', { body: answer });
    assert.equal((await calling).answer, answer);
    const ack = await peer.next('ACK');
    assert.equal(tagOf(ack.header('To')), 'peer');
  });

  it('is not heard at the exchange’s own address either, without the names of the call', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    const wrong = (change: (text: string) => string): Heard => {
      const text = change(invite.text);
      const header = (name: string): string =>
        new RegExp(`^${name}: (.*)\r$`, 'm').exec(text)?.[1] ?? '';
      return { ...invite, text, header, headers: (name) => [header(name)] };
    };
    for (const change of [
      (text: string) => text.replace(/tag=\w+/, 'tag=wrong'),
      (text: string) => text.replace(/branch=\w+/, 'branch=z9hG4bKwrong'),
      (text: string) => text.replace(/Call-ID: .*/, 'Call-ID: wrong\r'),
      (text: string) => text.replace(/CSeq: \d+/, 'CSeq: 99'),
      (text: string) => text.replace(/CSeq: (\d+) INVITE/, 'CSeq: $1 BYE'),
    ]) {
      peer.answer(wrong(change), '603 Decline');
    }
    peer.say('not SIP at all');
    peer.answer(invite, '200 OK', { body: answer });
    const dialog = await calling;
    // Nor can they hang up without knowing the names of both ends.
    peer.ask(invite, 'BYE', { tag: 'guessed' });
    await peer.next('481');
    peer.ask(
      wrong((text) => text.replace(/tag=\w+/, 'tag=wrong')),
      'BYE',
    );
    await peer.next('481');
    peer.ask(invite, 'OPTIONS');
    await peer.next('200');
    void dialog.bye();
    assert.equal(await dialog.ended, 'by-us');
  });
});

describe('whatever the exchange says', () => {
  it('hurts nobody: the next call is a call', async () => {
    const { peer, agent, dialog, invite } = await answered();
    dialog.onReinvite(() => answer);
    const calling = call(agent);
    const ringing = await peer.next('INVITE');
    const said = [
      invite.text.replace(/^INVITE/, 'UPDATE').replace('INVITE', 'UPDATE'),
      ringing.text.replace(/^INVITE .*/, 'SIP/2.0 183 Session Progress'),
      ringing.text.replace(/^INVITE .*/, 'SIP/2.0 401 Unauthorized'),
    ].map((text) => text.replaceAll(/^Content-Length: .*\r\n/gm, ''));
    const broken = fc.asyncProperty(
      fc.constantFrom(...said),
      fc.nat(400),
      fc.string({ maxLength: 8 }),
      async (text, at, bit) => {
        peer.say(text.slice(0, at) + bit + text.slice(at + bit.length));
        // One by one, or the system drops what is too much at a time.
        await setImmediate();
      },
    );
    await fc.assert(broken, { numRuns: 300 });
    // Beyond any number that came of it.
    peer.ask(invite, 'OPTIONS', { number: 2 ** 31 - 1 });
    await until('the answer', () =>
      peer.heard('200').some((each) => each.header('CSeq') === `${2 ** 31 - 1} OPTIONS`),
    );
    // It may have been refused by then, in a way that nobody could tell from an honest one.
    peer.answer(ringing, '200 OK', { body: answer });
    await calling.catch(() => undefined);
    const next = call(agent);
    const third = await until('a third call', () =>
      peer.heard('INVITE').find((each) => each.header('Call-ID') === `call-${calls}`),
    );
    peer.answer(third, '200 OK', { body: answer });
    assert.equal((await next).answer, answer);
  });
});

describe('a call that rings at several telephones', () => {
  it('is one call: whoever answers second is hung up', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    peer.answer(invite, '200 OK', { tag: 'kitchen', body: answer });
    peer.answer(invite, '200 OK', { tag: 'desk', body: 'other' });
    const dialog = await calling;
    assert.equal(dialog.answer, answer);
    const acks = [await peer.next('ACK'), await peer.next('ACK')];
    assert.deepEqual(acks.map((ack) => tagOf(ack.header('To'))).toSorted(), ['desk', 'kitchen']);
    const bye = await peer.next('BYE');
    assert.equal(tagOf(bye.header('To')), 'desk');
    peer.answer(invite, '200 OK', { tag: 'hall', body: 'third' });
    const late = await peer.next('ACK');
    assert.deepEqual(
      [tagOf(late.header('To')), late.header('CSeq')],
      ['hall', invite.header('CSeq').replace('INVITE', 'ACK')],
    );
    await until('the goodbye to the hall', () =>
      peer.heard('BYE').some((each) => tagOf(each.header('To')) === 'hall'),
    );
    peer.ask(invite, 'BYE', { tag: 'kitchen' });
    assert.equal(await dialog.ended, 'by-them');
  });
});

describe('what the other side asks in a call', () => {
  it('can wait while it rings, where it is about sound', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    peer.answer(invite, '180 Ringing');
    const sdp = ['Content-Type: application/sdp'];
    for (const [method, said, status] of [
      ['UPDATE', {}, '200'],
      ['UPDATE', { body: 'v=0', headers: sdp }, '491'],
      ['INVITE', {}, '491'],
      ['INFO', { body: 'Signal=1', headers: ['Content-Type: application/dtmf-relay'] }, '200'],
      ['OPTIONS', {}, '200'],
      ['REFER', {}, '405'],
    ] as const) {
      peer.ask(invite, method, said);
      const heard = await peer.next(status);
      assert.match(heard.header('CSeq'), new RegExp(`${method}$`));
      if (method === 'INVITE')
        peer.ask(invite, 'ACK', { number: Number.parseInt(heard.header('CSeq'), 10) });
    }
    peer.answer(invite, '200 OK', { body: answer });
    assert.equal((await calling).answer, answer);
  });

  it('is over before it was answered, where they hang up first', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    peer.answer(invite, '180 Ringing');
    peer.ask(invite, 'BYE');
    await peer.next('200');
    // Their answer was the slower one.
    peer.answer(invite, '200 OK', { body: answer });
    const dialog = await calling;
    await peer.next('ACK');
    assert.equal(await dialog.ended, 'by-them');
    assert.deepEqual(peer.heard('BYE'), []);
  });

  it('is a new offer, which is answered or not acceptable', async () => {
    const { peer, dialog, invite } = await answered();
    const sdp = ['Content-Type: application/sdp'];
    peer.ask(invite, 'INVITE', { body: 'too early', headers: sdp });
    await peer.next('488');
    const offers: string[] = [];
    dialog.onReinvite((offered) => {
      offers.push(offered);
      if (offered === 'broken') throw new Error('no SDP');
      return offered === 'video' ? null : `answer to ${offered}`;
    });
    for (const [index, method] of ['INVITE', 'UPDATE'].entries()) {
      peer.ask(invite, method, {
        body: `hold ${index}`,
        headers: ['Content-Type: Application/SDP;charset=utf-8'],
      });
      const ok = await peer.next('200');
      assert.equal(ok.body, `answer to hold ${index}`);
      assert.match(ok.header('Contact'), /^<sip:tweestap@127\.0\.0\.1:\d+>$/);
    }
    for (const body of ['video', 'broken']) {
      peer.ask(invite, 'INVITE', { body, headers: sdp });
      await peer.next('488');
    }
    peer.ask(invite, 'INVITE', { body: 'x', headers: ['Content-Type: text/plain'] });
    await peer.next('415');
    assert.deepEqual(offers, ['hold 0', 'hold 1', 'video', 'broken']);
  });

  it('is our own offer again, where theirs comes with the acknowledgement', async () => {
    const { peer, dialog, invite } = await answered();
    const heard: string[] = [];
    dialog.onReinvite((sdp) => {
      heard.push(sdp);
      return 'mine';
    });
    peer.ask(invite, 'INVITE', { number: 200 });
    const ok = await peer.next('200');
    assert.equal(ok.body, offer);
    peer.ask(invite, 'ACK', { number: 200, body: 'theirs' });
    await until('their answer', () => heard.length > 0);
    assert.deepEqual(heard, ['theirs']);
    // A sign of life without words.
    peer.ask(invite, 'UPDATE', { number: 201 });
    const alive = await peer.next('200');
    assert.equal(alive.body, '');
  });

  it('is a key that was pressed, or whether we are there', async () => {
    const { peer, dialog, invite } = await answered();
    const keys: string[] = [];
    dialog.onInfo((type, body) => {
      keys.push(`${type} ${body}`);
      if (body === 'fault') throw new Error('whoever listens fails');
    });
    const headers = ['Content-Type: application/DTMF-relay'];
    peer.ask(invite, 'INFO', { headers, body: 'Signal=5\r\nDuration=160' });
    await peer.next('200');
    peer.ask(invite, 'INFO');
    await peer.next('200');
    peer.ask(invite, 'INFO', { headers, body: 'fault' });
    await peer.next('500');
    assert.deepEqual(keys, [
      'application/dtmf-relay Signal=5\r\nDuration=160',
      'application/dtmf-relay fault',
    ]);
    peer.ask(invite, 'OPTIONS');
    const able = await peer.next('200');
    assert.match(able.header('Allow'), /INVITE, .*UPDATE/);
    peer.ask(invite, 'REFER');
    await peer.next('405');
    peer.ask(invite, 'UPDATE', { headers: ['Require: replaces'] });
    const bad = await peer.next('420');
    assert.equal(bad.header('Unsupported'), 'replaces');
    peer.ask(invite, 'INFO', { number: 1 });
    await peer.next('500');
  });

  it('is answered anew until the answer to a new offer is taken, and lost where it never is', async () => {
    const { peer, dialog, invite } = await answered({}, quick);
    dialog.onReinvite(() => answer);
    const headers = ['Content-Type: application/sdp'];
    peer.ask(invite, 'INVITE', { number: 300, body: 'x', headers });
    await peer.next('200');
    await peer.again('200');
    peer.ask(invite, 'ACK', { number: 300 });
    peer.ask(invite, 'INVITE', { number: 301, body: 'y', headers });
    assert.equal(await dialog.ended, 'lost');
    await peer.next('BYE');
  });

  it('is nothing, where there is no call', async () => {
    const { peer, agent } = await start();
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    peer.answer(invite, '486 Busy Here');
    await faultOf(calling);
    for (const [method, status] of [
      ['INFO', '481'],
      ['BYE', '481'],
      ['CANCEL', '481'],
      ['INVITE', '481'],
    ] as const) {
      peer.ask(invite, method);
      await peer.next(status);
    }
    const outside = (method: string, number: number): string =>
      [
        `${method} sip:tweestap@127.0.0.1 SIP/2.0`,
        `v: SIP/2.0/UDP 127.0.0.1:${peer.port};branch=z9hG4bK${number}`,
        'f: <sip:somebody@example.org>;tag=1',
        't: <sip:tweestap@127.0.0.1>',
        `i: outside-${number}`,
        `CSeq: ${number} ${method}`,
        'l: 0',
        '',
        '',
      ].join('\r\n');
    peer.say(outside('OPTIONS', 1));
    assert.match((await peer.next('200')).header('To'), /;tag=\w+/);
    peer.say(outside('INVITE', 2));
    await peer.next('403');
    peer.say(outside('MESSAGE', 3));
    await peer.next('405');
  });
});

describe('a call that dies', () => {
  it('is lost with its connection, and hung up over another', async () => {
    const { peer, agent, dialog, invite } = await answered({ transport: 'tcp' });
    assert.match(invite.header('Contact'), /;transport=tcp>$/);
    peer.hangUp();
    assert.equal(await dialog.ended, 'lost');
    peer.answer(await peer.next('BYE'), '481 Gone');
    // The next call finds a new connection by itself.
    const calling = call(agent);
    peer.answer(await peer.next('INVITE'), '200 OK', { body: answer });
    assert.equal((await calling).answer, answer);
  });

  it('is lost where they promised signs of life, and none came', async () => {
    const { peer, dialog } = await answered({}, slow, ['x: 1;refresher=uas']);
    assert.equal(await dialog.ended, 'lost');
    await peer.next('BYE');
  });

  it('lives on where signs of life come', async () => {
    const { peer, dialog, invite } = await answered({}, slow, ['Session-Expires: 2;refresher=uas']);
    peer.ask(invite, 'UPDATE', { headers: ['Session-Expires: 1800;refresher=uac'] });
    await peer.next('200');
    const notYet = performance.now() + 1_400;
    await until('more than they promised', () => performance.now() > notYet);
    assert.deepEqual(peer.heard('BYE'), []);
    peer.ask(invite, 'BYE');
    assert.equal(await dialog.ended, 'by-them');
  });

  it('lives on where nobody says whose turn the signs of life are', async () => {
    const { peer, dialog, invite } = await answered({}, slow, ['Session-Expires: 1;refresher=uac']);
    const notYet = performance.now() + 1_000;
    await until('as long as they said', () => performance.now() > notYet);
    peer.ask(invite, 'BYE');
    assert.equal(await dialog.ended, 'by-them');
  });

  it('is not tried again on a connection that says nothing', async () => {
    const { peer, agent } = await start({ transport: 'tcp' }, quick);
    const fault = await faultOf(call(agent));
    assert.match(fault.message, /did not answer/);
    const calling = call(agent);
    const [first, second] = await until('the second', () => {
      const heard = peer.heard('INVITE');
      return heard.length === 2 && heard;
    });
    assert.ok(first && second);
    assert.notEqual(first.header('Contact'), second.header('Contact'));
    peer.answer(second, '200 OK', { body: answer });
    assert.equal((await calling).answer, answer);
  });

  it('fails before it is answered, where the connection breaks', async () => {
    const { peer, agent } = await start({ transport: 'tcp' });
    const calling = call(agent);
    await peer.next('INVITE');
    peer.hangUp();
    const fault = await faultOf(calling);
    assert.deepEqual([fault.isSent, fault.message], [true, 'the connection broke']);
  });

  it('is not even begun where no connection comes about', async () => {
    const { peer, agent } = await start({ transport: 'tcp' });
    await peer.close();
    const fault = await until('the end of the connection', async () => {
      const each = await faultOf(call(agent));
      return each.message.includes('ECONNREFUSED') && each;
    });
    assert.equal(fault.isSent, false);
    const nobody = await faultOf(agentOf(peer, { transport: 'tcp' }));
    assert.match(nobody.message, /the exchange was not reached: ECONNREFUSED/);
  });
});

describe('an exchange that is asked whether it is there', () => {
  it('says so, and takes the password or not', async () => {
    const { peer, agent } = await start();
    const probing = agent.probe(new AbortController().signal);
    const first = await peer.next('OPTIONS');
    assert.equal(first.uri, 'sip:exchange.example');
    peer.answer(first, '401 Unauthorized', { headers: [`WWW-Authenticate: ${challenge()}`] });
    const second = await peer.next('OPTIONS');
    assert.match(second.header('Authorization'), /uri="sip:exchange\.example"/);
    peer.answer(second, '200 OK');
    assert.equal(await probing, 200);
    const refused = agent.probe(new AbortController().signal);
    for (let count = 0; count < 2; count += 1) {
      peer.answer(await peer.next('OPTIONS'), '401 Unauthorized', {
        headers: [`WWW-Authenticate: ${challenge()}`],
      });
    }
    assert.equal(await refused, 401);
  });

  it('is not waited for longer than anybody wants', async () => {
    const { peer, agent } = await start();
    const controller = new AbortController();
    const probing = agent.probe(controller.signal);
    probing.catch(() => undefined);
    await peer.next('OPTIONS');
    controller.abort();
    await faultOf(probing);
    const silent = await start({}, quick);
    const fault = await faultOf(silent.agent.probe(new AbortController().signal));
    assert.match(fault.message, /did not answer/);
  });
});

describe('an exchange that is called by TLS', () => {
  const made = makeCertificate({ hosts: ['localhost'], now: new Date(), days: 1 });
  const tlsPeer = async (): Promise<SipPeer> => {
    const peer = await startSipPeer('tls', made);
    openThings.push(peer.close);
    return peer;
  };
  const target = { transport: 'tls', host: 'localhost', ca: made.authority } as const;

  it('is spoken to in secret', async () => {
    const peer = await tlsPeer();
    const agent = await agentOf(peer, target);
    const calling = call(agent);
    const invite = await peer.next('INVITE');
    assert.match(invite.header('Via'), /^SIP\/2\.0\/TLS /);
    peer.answer(invite, '200 OK', { body: answer });
    const dialog = await calling;
    void dialog.bye();
    await peer.next('BYE');
  });

  it('is told nothing where nobody vouches for it, or for its name', async () => {
    const peer = await tlsPeer();
    const stranger = makeCertificate({ hosts: ['localhost'], now: new Date(), days: 1 });
    for (const wrong of [
      { ...target, ca: stranger.authority },
      { ...target, host: '127.0.0.1' },
    ]) {
      const fault = await faultOf(agentOf(peer, wrong));
      assert.match(fault.message, /not reached: .*(?:CERT|VERIFY)/);
      assert.equal(fault.isSent, false);
    }
    assert.deepEqual(peer.heard(), []);
  });
});
