import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { render } from '../../lib/html.ts';
import { timeStep } from '../../lib/otp/one-time-password.ts';
import { parseOtpauthUri } from '../../lib/otp/otpauth-uri.ts';
import { totp } from '../../lib/otp/otp.ts';
import { describeMethod, later, sampleAsk, sampleSetup, sampleView } from '../method.contract.ts';
import type { Ask, Verdict } from '../method.ts';
import { authenticatorCode } from './authenticator-code.ts';
import { appAddress } from './registration.ts';
import {
  appSecret,
  furthestDrift,
  furthestResync,
  keyOf,
  type AppSecret,
} from '../authenticator-app.ts';
import { followDrift, liveOffsets } from './verification.ts';

const fresh = appSecret.parse({ key: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' });
/** Registered long ago: its codes of the last minutes were not used. */
const inUse: AppSecret = { ...fresh, acceptedStep: 1_000_000 };

describeMethod(authenticatorCode, {
  input: {},
  right: (ask) => ({ typed: { code: codeAt(ask) } }),
  wrong: (ask) => ({ typed: { code: codeAt(ask, 600) } }),
  unreadable: [
    { typed: undefined },
    { typed: {} },
    { typed: { code: '12345' } },
    { typed: { code: '1234567' } },
    { typed: { code: '12345678' } },
    { typed: { code: 'abc123' } },
    { typed: { code: { $gt: '' } } },
    { heard: { kind: 'keys', keys: '#', promptSpoken: true } },
  ],
  secrets: (ask) => {
    const { key } = appSecret.parse(ask.secret);
    return [
      { value: `secret=${key}`, seenIn: ['draft'] },
      { value: key.slice(0, 8), seenIn: ['draft'] },
      { value: codeAt(ask), seenIn: [] },
    ];
  },
});

describe('a code from an authenticator app', () => {
  it('is right while the app shows it, and one step longer', async () => {
    const step = stepStart();
    assert.equal((await type(step, codeAt(step))).kind, 'verified');
    assert.equal((await type(later(step, 29), codeAt(step))).kind, 'verified');
    assert.equal((await type(later(step, 30), codeAt(step))).kind, 'verified');
    assert.equal((await type(later(step, 59), codeAt(step))).kind, 'verified');
    assertWrong(await type(later(step, 60), codeAt(step)));
    assertWrong(await type(later(step, -1), codeAt(step)));
  });

  it('is taken with a blank in the middle, as apps show it', async () => {
    const ask = askOf(inUse);
    const code = codeAt(ask);
    const typed = `${code.slice(0, 3)} ${code.slice(3)}`;
    assert.equal((await type(ask, typed)).kind, 'verified');
  });

  it('is good once, for every page and door', async () => {
    const ask = askOf(inUse);
    const kept = keptOf(await type(ask, codeAt(ask)));
    assert.equal(kept.acceptedStep, timeStep(ask.now.getTime() / 1000));
    assertUsed(await type(askOf(kept), codeAt(ask)));
    assertUsed(await type(later(askOf(kept), 20), codeAt(ask)));
  });

  it('is not good any more once a newer one was used', async () => {
    const ask = askOf(inUse);
    const kept = keptOf(await type(ask, codeAt(ask)));
    assertUsed(await type(askOf(kept), codeAt(ask, -30)));
    const next = later(askOf(kept), 30);
    assert.equal((await type(next, codeAt(next))).kind, 'verified');
  });

  it('is used up by the registration that it proved', async () => {
    const ask = askOf(fresh);
    const kept = keptOf(await type(ask, codeAt(ask)));
    assertUsed(await type(askOf(kept), codeAt(ask)));
  });

  it('leaves the registration as it was when it is wrong', async () => {
    const verdict = await type(askOf(inUse), codeAt(askOf(inUse), 300));
    assert.deepEqual(verdict, {
      kind: 'rejected',
      reason: 'incorrect-code',
      counts: true,
      ends: false,
    });
  });

  it('is not good any more after an older database was put back, until ninety seconds on', async () => {
    for (const secret of [inUse, fresh, { ...inUse, drift: 1 }]) {
      const ask = stepStart();
      const restored = authenticatorCode.registers.afterRestore?.(secret, ask.now) ?? assert.fail();
      const kept = appSecret.parse(restored);
      for (const seconds of [-30, 0, 30, 60]) {
        const at = later({ ...ask, secret: kept }, seconds);
        for (const ahead of [-30, 0]) {
          const verdict = await type(at, codeAt(at, ahead));
          assert.equal(verdict.kind, 'rejected', `${seconds} s on, ${ahead} s ahead`);
        }
      }
      const at = later({ ...ask, secret: kept }, 90);
      assert.equal((await type(at, codeAt(at))).kind, 'verified');
    }
  });

  it('may have eight digits and change every minute, as tokens do', async () => {
    const token: AppSecret = { ...inUse, digits: 8, period: 60, algorithm: 'sha256' };
    const ask = askOf(token);
    const code = codeAt(ask);
    assert.equal(code.length, 8);
    assert.equal(keptOf(await type(ask, code)).acceptedStep, timeStep(seconds(ask), 60));
    assert.equal((await type(later(ask, 60), code)).kind, 'verified');
    assertWrong(await type(later(ask, 120), code));
    const short = await type(ask, code.slice(2));
    assert.equal(short.kind === 'rejected' && short.reason, 'unreadable');
  });

  it('agrees with oathtool', { skip: oathtoolMissing() }, async () => {
    const ask = askOf(inUse);
    const now = ask.now.toISOString().replace('T', ' ').replace('.000Z', ' UTC');
    const arguments_ = ['--totp', '--base32', '--now', now, inUse.key];
    const code = execFileSync('oathtool', arguments_, { encoding: 'utf8' }).trim();
    assert.equal((await type(ask, code)).kind, 'verified');
  });
});

describe('the clock of an app or token', () => {
  const offsets = [-90, -60, -30, 0, 30, 60, 90];

  it('may be one step behind, and not ahead, before it has shown anything else', async () => {
    assert.deepEqual(await accepted(inUse, offsets), [-30, 0]);
  });

  it('may be one step ahead when it is registered, and from then on', async () => {
    assert.deepEqual(await accepted(fresh, offsets), [-30, 0, 30]);
    const fast = await signsIn(fresh, 30, 1);
    assert.equal(fast.drift, 1);
    assert.deepEqual(await accepted(fast, offsets), [-30, 0, 30]);
    const stillFast = await signsIn(fast, 30, 3);
    assert.equal(stillFast.drift, 1);
    assert.deepEqual(await accepted(stillFast, offsets), [-30, 0, 30]);
  });

  it('may be two steps behind after it was seen behind, and never three', async () => {
    const slow = await signsIn(inUse, -30, 3);
    assert.equal(slow.drift, -1);
    assert.deepEqual(await accepted(slow, offsets), [-60, -30, 0]);
    const slower = await signsIn(slow, -60, 3);
    assert.equal(slower.drift, -2);
    assert.deepEqual(await accepted(slower, offsets), [-60, -30, 0]);
  });

  it('may be put right, and is believed again at once', async () => {
    const slow = await signsIn(inUse, -30, 3);
    assert.equal((await signsIn(slow, 0, 1)).drift, 0);
    const fast = await signsIn(fresh, 30, 3);
    assert.equal((await signsIn(fast, -30, 1)).drift, 0);
  });

  it('is not thought right because its owner typed slowly once', async () => {
    const fast = await signsIn(fresh, 30, 1);
    assert.equal((await signsIn(fast, 0, 2)).drift, 1);
  });

  it('never makes more than two codes good at a moment, or three once a drift was seen', () => {
    assert.equal(liveOffsets(inUse).length, 2);
    for (let drift = -furthestDrift; drift <= furthestDrift; drift += 1) {
      const live = liveOffsets({ ...inUse, drift });
      assert.ok(live.length <= 3);
      assert.equal(new Set(live).size, live.length);
      assert.ok(live.includes(0), 'a clock that was put right is always believed');
      for (const offset of live) assert.ok(Math.abs(offset) <= furthestDrift);
    }
  });

  it('of a token that was set right keeps its distance, and a step on each side', () => {
    for (const drift of [-furthestResync, -3, 3, furthestResync]) {
      const live = liveOffsets({ ...inUse, drift });
      assert.ok(live.includes(drift) && live.includes(drift - 1), String(drift));
      assert.ok(live.every((offset) => Math.abs(offset - drift) <= 2));
      assert.equal(live.length, 3);
      for (const offset of live) {
        assert.ok(Math.abs(followDrift(drift, offset)) <= Math.abs(drift), 'and no further off');
      }
    }
  });

  it('is followed by one step at a time, two at most, whatever is typed', () => {
    const drift = fc.integer({ min: -furthestDrift, max: furthestDrift });
    fc.assert(
      fc.property(drift, fc.integer({ min: -3, max: 3 }), (from, offset) => {
        const to = followDrift(from, offset);
        assert.ok(Math.abs(to - from) <= 1);
        assert.ok(Math.abs(to) <= furthestDrift);
      }),
    );
  });

  it('never brings back a step that is past', async () => {
    const typed = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 90 }), fc.constantFrom(-60, -30, 0, 30, 60)),
      {
        maxLength: 20,
      },
    );
    await fc.assert(
      fc.asyncProperty(typed, async (tries) => {
        let secret = fresh;
        let ask = askOf(secret);
        for (const [wait, off] of tries) {
          ask = later({ ...ask, secret }, wait);
          const verdict = await type(ask, codeAt(ask, off));
          if (verdict.kind !== 'verified') continue;
          const kept = keptOf(verdict);
          assert.ok(kept.acceptedStep > secret.acceptedStep);
          secret = kept;
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('registering an authenticator app', () => {
  const begin = (organisation = 'Voorbeeld') => {
    const begun = authenticatorCode.begin?.(
      sampleSetup(authenticatorCode, { organisation }),
      {},
      'en',
    );
    assert.ok(begun?.kind === 'begun');
    return begun;
  };

  it('makes a key of 160 bits, in any of five places', () => {
    const { secret, slot } = begin();
    assert.equal(keyOf(appSecret.parse(secret)).length, 20);
    assert.equal(slot, '');
    assert.deepEqual(authenticatorCode.registers.slots, ['1', '2', '3', '4', '5']);
  });

  it('puts organisation and user name into what the app scans', () => {
    const secret = appSecret.parse(begin().secret);
    const address = appAddress(secret, {
      organisation: 'Voorbeeld & Zn: zuid',
      userPrincipalName: 'anna@voorbeeld.example',
    });
    const read = parseOtpauthUri(address);
    assert.equal(read?.issuer, 'Voorbeeld & Zn  zuid');
    assert.equal(read.account, 'anna@voorbeeld.example');
    assert.deepEqual([...read.key], [...keyOf(secret)]);
    assert.deepEqual([read.digits, read.period, read.algorithm], [6, 30, 'sha1']);
  });

  it('shows a QR code, and Code and URL to type by hand', () => {
    const { secret } = begin();
    const ask = sampleAsk(authenticatorCode, secret);
    const drawn = authenticatorCode.views.draft?.(
      sampleView(ask, authenticatorCode.challenge(ask)),
    );
    assert.ok(drawn !== undefined);
    const page = render(drawn);
    assert.match(page, /<svg role="img"/);
    assert.match(page, />Code</);
    assert.match(page, />URL</);
    // In groups of four, to be read from a screen.
    assert.ok(page.includes(`<span>${appSecret.parse(secret).key.slice(0, 4)}</span>`));
    assert.match(page, /href="otpauth:\/\/totp\/Voorbeeld:anna%40voorbeeld\.example\?secret=/);
  });

  it('keeps a token as it was given, with the usual values where none were', () => {
    assert.deepEqual(fresh, {
      key: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      digits: 6,
      period: 30,
      algorithm: 'sha1',
      acceptedStep: -1,
      drift: 0,
    });
    assert.equal(appSecret.safeParse({ key: 'short' }).success, false);
    assert.equal(appSecret.safeParse({ ...fresh, drift: 41 }).success, false);
  });
});

function askOf(secret: AppSecret): Ask {
  return sampleAsk(authenticatorCode, secret);
}

/** The very second in which a new code appears. */
function stepStart(): Ask {
  return { ...askOf(inUse), now: new Date('2026-11-20T10:00:00Z') };
}

function seconds(ask: Ask): number {
  return ask.now.getTime() / 1000;
}

/** The code that a clock `off` seconds away shows. */
function codeAt(ask: Ask, off = 0): string {
  const { digits, period, algorithm, ...secret } = appSecret.parse(ask.secret);
  return totp(keyOf(secret), seconds(ask) + off, { digits, period, algorithm });
}

/** Types a code into a page that was opened just now. */
async function type(ask: Ask, code: string): Promise<Verdict> {
  return authenticatorCode.verify(ask, authenticatorCode.challenge(ask).state, { code });
}

/** Ten minutes after the last code that was used: none of those that are tried was used before. */
function afterwards(secret: AppSecret): Ask {
  const ask = askOf(secret);
  const lastUsed = secret.acceptedStep * secret.period;
  return later(ask, Math.max(0, lastUsed + 600 - seconds(ask)) + 10);
}

/** Which of these clocks would be let in now. */
async function accepted(secret: AppSecret, offs: readonly number[]): Promise<readonly number[]> {
  const letIn: number[] = [];
  const ask = afterwards(secret);
  for (const off of offs) {
    const verdict = await type(ask, codeAt(ask, off));
    if (verdict.kind === 'verified') letIn.push(off);
    else assertWrong(verdict);
  }
  return letIn;
}

/** Signs in some times with a clock that is `off` seconds away. */
async function signsIn(secret: AppSecret, off: number, times: number): Promise<AppSecret> {
  let kept = secret;
  for (let time = 0; time < times; time += 1) {
    const ask = afterwards(kept);
    kept = keptOf(await type(ask, codeAt(ask, off)));
  }
  return kept;
}

function keptOf(verdict: Verdict): AppSecret {
  assert.ok(verdict.kind === 'verified', JSON.stringify(verdict));
  return appSecret.parse(verdict.secret);
}

function assertWrong(verdict: Verdict): void {
  assert.deepEqual(verdict, {
    kind: 'rejected',
    reason: 'incorrect-code',
    counts: true,
    ends: false,
  });
}

function assertUsed(verdict: Verdict): void {
  assert.deepEqual(verdict, {
    kind: 'rejected',
    reason: 'code-already-used',
    counts: false,
    ends: false,
  });
}

function oathtoolMissing(): string | false {
  return existsSync('/usr/bin/oathtool') ? false : 'oathtool is not installed here';
}
