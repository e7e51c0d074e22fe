import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import {
  coseOf,
  encodeCbor,
  softKey,
  type Cbor,
  type CborKey,
  type Crafted,
  type Question,
  type SoftKey,
} from '../../../test/support/authenticator.ts';
import { render } from '../../lib/html.ts';
import { describeMethod, later, sampleAsk, sampleSetup, sampleView } from '../method.contract.ts';
import type { Ask, ChallengeStart, Verdict } from '../method.ts';
import { userHandleOf } from './ceremony.ts';
import { keySecret, type KeySecret } from './secret.ts';
import { securityKey } from './security-key.ts';
import { state as keyState } from './state.ts';

describeMethod(securityKey, {
  input: { name: 'Blue key' },
  right: (ask, started) => typed(softKey().create(questionOf(ask, started))),
  wrong: (ask, started) =>
    typed(softKey().create({ ...questionOf(ask, started), origin: 'https://evil.example' })),
  unreadable: [
    { typed: undefined },
    { typed: {} },
    { typed: { credential: '' } },
    { typed: { credential: '{' } },
    { typed: { credential: '{}' } },
    { typed: { credential: { id: 'x' } } },
    { typed: { credential: JSON.stringify({ id: 'a', rawId: 'a', type: 'password' }) } },
    { typed: { credential: `"${'x'.repeat(20_000)}"` } },
    { heard: { kind: 'keys', keys: '#', promptSpoken: true } },
  ],
  secrets: () => [],
});

describe('registering a security key', () => {
  const draft: KeySecret = { name: 'Blue key' };

  for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
    it(`takes a key that signs with ${algorithm}, and then its answers`, async () => {
      const key = softKey({ algorithm });
      const kept = await registered(key);
      assert.equal(kept.name, 'Blue key');
      assert.equal(kept.credential?.id, key.id);
      assert.equal(kept.credential?.isBackupEligible, false);
      assert.deepEqual(kept.credential?.transports, ['usb']);
      assert.equal((await signs(kept, key)).kind, 'verified');
    });
  }

  it('asks for a key that verifies its owner, and for none that is registered already', async () => {
    const key = softKey();
    const ask = sampleAsk(securityKey, draft, {
      others: [{ id: 'other', secret: await registered(key) }],
    });
    const { options } = created(securityKey.challenge(ask));
    assert.equal(options.authenticatorSelection.userVerification, 'required');
    assert.equal(options.attestation, 'none');
    assert.equal(options.rp.id, 'login.voorbeeld.example');
    assert.deepEqual(
      options.excludeCredentials.map(({ id }) => id),
      [key.id],
    );
    assert.deepEqual(
      options.pubKeyCredParams.map(({ alg }) => alg),
      [-7, -8, -257],
    );
    // Nothing of the name: a passkey shows it to whoever holds the device.
    assert.doesNotMatch(Buffer.from(options.user.id, 'base64url').toString(), /anna@|voorbeeld/);
    assert.ok(Buffer.from(options.challenge, 'base64url').length >= 16);
  });

  it('never asks the same question twice', () => {
    const questions = ['one', 'two'].map(
      (challengeId) =>
        created(securityKey.challenge(sampleAsk(securityKey, draft, { challengeId }))).options
          .challenge,
    );
    assert.notEqual(questions[0], questions[1]);
  });

  it('refuses the same key a second time', async () => {
    const key = softKey();
    const ask = sampleAsk(securityKey, draft, {
      others: [{ id: 'other', secret: await registered(key) }],
    });
    const started = securityKey.challenge(ask);
    assertRefused(await answers(ask, started, key.create(questionOf(ask, started))));
  });

  it('takes a passkey that is synced, and remembers that it may be', async () => {
    const kept = await registered(softKey({ counts: false, flags: 5 + 8 + 16 }));
    assert.deepEqual(
      [kept.credential?.isBackupEligible, kept.credential?.isBackedUp, kept.credential?.counter],
      [true, true, 0],
    );
  });

  it('calls it what its owner calls it, and "Security key" where nothing was typed', () => {
    const begun = (name: string | undefined, locale: 'en' | 'nl' = 'en'): unknown =>
      securityKey.begin?.(sampleSetup(securityKey), name === undefined ? {} : { name }, locale);
    const secretOf = (name: string): unknown => ({
      kind: 'begun',
      slot: '',
      secret: { name },
    });
    assert.deepEqual(begun('  Blauwe \u202e sleutel\n '), secretOf('Blauwe sleutel'));
    assert.deepEqual(begun(undefined), secretOf('Security key'));
    assert.deepEqual(begun('\u200b', 'nl'), secretOf('Beveiligingssleutel'));
    assert.deepEqual(begun('x'.repeat(40)), secretOf('x'.repeat(40)));
    const refused = begun('x'.repeat(41));
    assert.ok(typeof refused === 'object' && refused !== null && 'field' in refused);
    assert.equal(refused.field, 'name');
  });

  it('asks for the name in a field that keeps what was typed', () => {
    const drawn = securityKey.form?.({
      settings: {},
      locale: 'en',
      typed: { name: '"><b>' },
      refused: { field: 'name', message: 'Too long.' },
    });
    assert.ok(drawn !== undefined);
    assert.match(render(drawn), /name="name"[^>]*value="&quot;&gt;&lt;b&gt;"/);
    assert.match(render(drawn), /Too long\./);
  });

  const certified = new Map<CborKey, Cbor>([
    ['alg', -7],
    ['sig', Buffer.from('00', 'hex')],
    ['x5c', [Buffer.alloc(40)]],
  ]);
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({
    format: 'jwk',
  });
  const shortRsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
    format: 'jwk',
  });
  const nested = Buffer.alloc(9000, 0x81).toString('base64url');
  const crafted: Readonly<Record<string, Crafted>> = {
    'made for another question': { challenge: 'AAAAAAAAAAAAAAAAAAAAAA' },
    'made on another site': { origin: 'https://evil.example' },
    'made on a look-alike': { origin: 'https://login.voorbeeld.examp1e' },
    'made on a sub-domain': { origin: 'https://x.login.voorbeeld.example' },
    'made on the parent domain': { origin: 'https://voorbeeld.example' },
    'made on another port': { origin: 'https://login.voorbeeld.example:8443' },
    'made without TLS': { origin: 'http://login.voorbeeld.example' },
    'made inside a frame': { crossOrigin: true },
    'made inside a frame of somebody named': {
      crossOrigin: true,
      topOrigin: 'https://evil.example',
    },
    'with a top origin of its own': { topOrigin: 'https://evil.example' },
    'for another host': { rpId: 'evil.example' },
    'for the parent domain': { rpId: 'voorbeeld.example' },
    'that is really an assertion': { type: 'webauthn.get' },
    'without its owner present': { flags: 64 + 4 },
    'without its owner verified': { flags: 64 + 1 },
    'backed up though it never may be': { flags: 64 + 5 + 16 },
    'without a credential in it': { flags: 5 },
    'with bytes behind it': { trailing: Buffer.from('00', 'hex') },
    'under another name than the key has': { id: 'AAAA' },
    'with two names': { rawId: 'AAAA' },
    'with an algorithm nobody asked for': {
      cose: new Map([...softKey().publicKey, [3, -35]]),
    },
    'with a curve that is not the one meant': {
      cose: new Map([...coseOf('ES256', p384), [-1, 2]]),
    },
    'with an RSA key that is too short': { cose: coseOf('RS256', shortRsa) },
    'with a key that lacks its half': {
      cose: new Map<CborKey, Cbor>([
        [1, 2],
        [3, -7],
      ]),
    },
    'with a key of another type than its algorithm': {
      cose: new Map([...softKey({ algorithm: 'EdDSA' }).publicKey, [3, -7]]),
    },
    'with an attestation nobody asked for': { fmt: 'packed', attStmt: certified },
    'with an attestation that is none': { attStmt: certified },
    'with a signature over itself that is wrong': {
      fmt: 'packed',
      attStmt: new Map<CborKey, Cbor>([
        ['alg', -7],
        ['sig', Buffer.alloc(70, 1)],
      ]),
    },
    'with an attestation of an unknown kind': { fmt: 'tweestap' },
    'with CBOR nested a thousand times': { attestationObject: nested },
    'with CBOR that ends too soon': { attestationObject: 'o2Nmb' },
    'with CBOR that says a thing twice': {
      attestationObject: Buffer.concat([
        Buffer.from([0xa2]),
        encodeCbor('fmt'),
        encodeCbor('none'),
        encodeCbor('fmt'),
        encodeCbor('none'),
      ]).toString('base64url'),
    },
    'with client data that is no JSON': { clientData: 'hello' },
    'with client data that is null': { clientData: 'null' },
  };
  for (const [what, change] of Object.entries(crafted)) {
    it(`refuses a credential ${what}`, async () => {
      const ask = sampleAsk(securityKey, draft);
      const started = securityKey.challenge(ask);
      assertRefused(
        await answers(ask, started, softKey().create(questionOf(ask, started), change)),
      );
    });
  }

  it('refuses an assertion in place of a new credential', async () => {
    const ask = sampleAsk(securityKey, draft);
    const started = securityKey.challenge(ask);
    const question = questionOf(ask, started);
    assertRefused(await answers(ask, started, softKey().get(question)));
    assertRefused(
      await answers(ask, started, softKey().get(question, { type: 'webauthn.create' })),
    );
  });

  it('keeps no way to reach a key that cannot be one', async () => {
    const key = softKey();
    const kept = await registered(key, { transports: ['usb', 'usb', 'Nonsense!', 'hybrid'] });
    assert.deepEqual(kept.credential?.transports, ['usb', 'hybrid']);
    assert.deepEqual((await registered(softKey(), { transports: [7] })).credential?.transports, []);
  });
});

describe('signing in with a security key', () => {
  it('asks all keys of the person at once, and takes whichever answers', async () => {
    const [blue, red, foreign] = [softKey(), softKey(), softKey()];
    const ask = sampleAsk(securityKey, await registered(blue), {
      others: [{ id: 'the-red-one', secret: await registered(red) }],
    });
    const started = securityKey.challenge(ask);
    const { options } = got(started);
    assert.equal(options.userVerification, 'required');
    assert.equal(options.rpId, 'login.voorbeeld.example');
    assert.deepEqual(
      options.allowCredentials.map(({ id, transports }) => [id, transports]),
      [
        [blue.id, ['usb']],
        [red.id, ['usb']],
      ],
    );
    const byBlue = await answers(ask, started, blue.get(questionOf(ask, started)));
    assert.ok(byBlue.kind === 'verified' && byBlue.by === undefined);
    const byRed = await answers(ask, started, red.get(questionOf(ask, started)));
    assert.ok(byRed.kind === 'verified' && byRed.by === 'the-red-one');
    assert.equal(keySecret.parse(byRed.secret).credential?.id, red.id);
    assertRefused(await answers(ask, started, foreign.get(questionOf(ask, started))));
  });

  it('follows the counter of a key, and refuses its twin', async () => {
    const key = softKey();
    const first = await registered(key);
    const second = keptOf(await signs(first, key));
    assert.equal(second.credential?.counter, 2);
    assert.equal((await signs(second, key, { counter: 90 })).kind, 'verified');
    for (const counter of [0, 1, 2]) {
      assert.deepEqual(await signs(second, key, { counter }), {
        kind: 'rejected',
        reason: 'counter-went-back',
        counts: true,
        ends: false,
      });
    }
  });

  it('believes no counter that the key did not sign', async () => {
    const key = softKey();
    const kept = await registered(key);
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    assertRefused(await signs(kept, key, { counter: 0, signedBy: stranger }));
  });

  it('takes a passkey that never counts, again and again, and has nothing to keep', async () => {
    const key = softKey({ counts: false });
    const kept = await registered(key);
    for (let round = 0; round < 3; round += 1) {
      assert.deepEqual(await signs(kept, key, {}, `challenge-${round}`), { kind: 'verified' });
    }
  });

  it('follows whether a passkey has a copy elsewhere, but not whether it may have one', async () => {
    const synced = softKey({ counts: false, flags: 5 + 8 });
    const kept = await registered(synced);
    const copied = keptOf(await signs(kept, synced, { flags: 5 + 8 + 16 }));
    assert.equal(copied.credential?.isBackedUp, true);
    assertRefused(await signs(kept, synced, { flags: 5 }));
    const bound = softKey({ counts: false });
    assertRefused(await signs(await registered(bound), bound, { flags: 5 + 8 }));
  });

  it('takes the name that a passkey remembers only where it is the right one', async () => {
    const key = softKey();
    const kept = await registered(key);
    const handle = userHandleOf('user-anna');
    assert.equal((await signs(kept, key, { userHandle: handle })).kind, 'verified');
    assertRefused(await signs(kept, key, { userHandle: userHandleOf('user-ben') }));
    // Safari before 17.4 says it so where the key remembers none.
    assert.equal((await signs(kept, key, { userHandle: '' })).kind, 'verified');
  });

  it('takes no answer to an earlier question, not even its own', async () => {
    const key = softKey({ counts: false });
    const kept = await registered(key);
    const first = sampleAsk(securityKey, kept, { challengeId: 'first' });
    const started = securityKey.challenge(first);
    const answer = key.get(questionOf(first, started));
    assert.equal((await answers(first, started, answer)).kind, 'verified');
    const second = sampleAsk(securityKey, kept, { challengeId: 'second' });
    assertRefused(await answers(second, securityKey.challenge(second), answer));
  });

  it('waits five minutes for it', async () => {
    const key = softKey();
    const ask = sampleAsk(securityKey, await registered(key));
    const started = securityKey.challenge(ask);
    const at = async (seconds: number): Promise<string> => {
      const verdict = await answers(
        later(ask, seconds),
        started,
        key.get(questionOf(ask, started)),
      );
      return verdict.kind === 'rejected' ? verdict.reason : verdict.kind;
    };
    assert.deepEqual([await at(299), await at(300)], ['verified', 'expired']);
  });

  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const crafted: Readonly<Record<string, Crafted>> = {
    'to another question': { challenge: 'AAAAAAAAAAAAAAAAAAAAAA' },
    'to no question': { challenge: '' },
    'from another site': { origin: 'https://evil.example' },
    'from a look-alike': { origin: 'https://login.voorbeeld.examp1e' },
    'from a sub-domain': { origin: 'https://x.login.voorbeeld.example' },
    'from another port': { origin: 'https://login.voorbeeld.example:8443' },
    'without TLS': { origin: 'http://login.voorbeeld.example' },
    'from inside a frame': { crossOrigin: true },
    'from inside a frame of somebody named': {
      crossOrigin: true,
      topOrigin: 'https://evil.example',
    },
    'for another host': { rpId: 'evil.example' },
    'that is really a creation': { type: 'webauthn.create' },
    'without its owner present': { flags: 4 },
    'without its owner verified': { flags: 1 },
    'backed up though it never may be': { flags: 5 + 16 },
    'signed by somebody else': { signedBy: stranger },
    'with a bogus signature': { signature: Buffer.alloc(71, 3).toString('base64url') },
    'with bytes behind it': { trailing: Buffer.from('00', 'hex') },
    'under a name that nobody has': { id: 'AAAA' },
    'with two names': { rawId: 'AAAA' },
    'with client data that is no JSON': { clientData: '{' },
    'with client data of another shape': { clientData: '{"type":["webauthn.get"]}' },
  };
  for (const [what, change] of Object.entries(crafted)) {
    it(`refuses an answer ${what}`, async () => {
      const key = softKey();
      assertRefused(await signs(await registered(key), key, change));
    });
  }

  it('refuses a new credential in place of an answer', async () => {
    const key = softKey();
    const ask = sampleAsk(securityKey, await registered(key));
    const started = securityKey.challenge(ask);
    const question = questionOf(ask, started);
    assertRefused(await answers(ask, started, key.create(question)));
    assertRefused(await answers(ask, started, key.create(question, { type: 'webauthn.get' })));
  });

  it('stumbles over nothing that comes in the shape of an answer', async () => {
    const key = softKey();
    const kept = await registered(key);
    const ask = sampleAsk(securityKey, kept);
    const started = securityKey.challenge(ask);
    const real = z(key.get(questionOf(ask, started)));
    const bytes = fc.uint8Array({ maxLength: 300 }).map((one) => Buffer.from(one));
    const base64 = bytes.map((one) => one.toString('base64url'));
    await fc.assert(
      fc.asyncProperty(base64, base64, base64, fc.boolean(), async (one, two, three, isReal) => {
        const response = isReal
          ? { ...real, authenticatorData: one, signature: two }
          : { clientDataJSON: one, authenticatorData: two, signature: three };
        const credential = { id: key.id, rawId: key.id, type: 'public-key', response };
        const verdict = await answers(ask, started, JSON.stringify(credential));
        assert.equal(verdict.kind, 'rejected');
      }),
      { numRuns: 200 },
    );
    const draft = sampleAsk(securityKey, { name: 'Blue key' });
    const begun = securityKey.challenge(draft);
    await fc.assert(
      fc.asyncProperty(base64, async (attestationObject) => {
        const crafted = key.create(questionOf(draft, begun), { attestationObject });
        assert.equal((await answers(draft, begun, crafted)).kind, 'rejected');
      }),
      { numRuns: 200 },
    );
  });
});

describe('the page of a security key', () => {
  it('says that it needs script, and begins by itself only where nothing was refused', async () => {
    const ask = sampleAsk(securityKey, await registered(softKey()));
    const started = securityKey.challenge(ask);
    const drawn = (error?: string): string =>
      render(securityKey.views.challenge(sampleView(ask, started, { error })).body);
    assert.match(drawn(), /<noscript>.*JavaScript.*<\/noscript>/);
    assert.match(drawn(), /<security-key[^>]* begins/);
    assert.doesNotMatch(drawn('No.'), /<security-key[^>]* begins/);
  });
});

/** The response within a credential's JSON. */
function z(credential: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(credential);
  assert.ok(typeof parsed === 'object' && parsed !== null && 'response' in parsed);
  assert.ok(typeof parsed.response === 'object' && parsed.response !== null);
  return { ...parsed.response };
}

function typed(credential: string): { readonly typed: unknown } {
  return { typed: { credential } };
}

function questionOf(ask: Pick<Ask, 'origin'>, { state }: Pick<ChallengeStart, 'state'>): Question {
  return { challenge: keyState.parse(state).options.challenge, origin: ask.origin };
}

function created({ state }: ChallengeStart) {
  const parsed = keyState.parse(state);
  assert.equal(parsed.ceremony, 'create');
  return parsed;
}

function got({ state }: ChallengeStart) {
  const parsed = keyState.parse(state);
  assert.equal(parsed.ceremony, 'get');
  return parsed;
}

async function answers(ask: Ask, started: ChallengeStart, credential: string): Promise<Verdict> {
  return securityKey.verify(ask, started.state, { credential });
}

/** Registers this key, as a browser would. */
async function registered(key: SoftKey, crafted: Crafted = {}): Promise<KeySecret> {
  const ask = sampleAsk(securityKey, { name: 'Blue key' }, { challengeId: `make ${key.id}` });
  const started = securityKey.challenge(ask);
  return keptOf(await answers(ask, started, key.create(questionOf(ask, started), crafted)));
}

/** Asks this registration, and lets the key answer. */
async function signs(
  secret: KeySecret,
  key: SoftKey,
  crafted: Crafted = {},
  challengeId = 'sign-in',
): Promise<Verdict> {
  const ask = sampleAsk(securityKey, secret, { challengeId });
  const started = securityKey.challenge(ask);
  return answers(ask, started, key.get(questionOf(ask, started), crafted));
}

function keptOf(verdict: Verdict): KeySecret {
  assert.equal(verdict.kind, 'verified');
  return keySecret.parse(verdict.secret);
}

function assertRefused(verdict: Verdict): void {
  assert.deepEqual(verdict, {
    kind: 'rejected',
    reason: 'not-accepted',
    counts: true,
    ends: false,
  });
}
