import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { z } from 'zod';

import { readVectors } from '../../../test/vectors/read-vectors.ts';
import {
  answerText,
  apiPath,
  apiPaths,
  canonicalCode,
  pairingLink,
  pairText,
  protocolName,
  tokenText,
} from './protocol.ts';
import { isDeviceKey, isSignedBy } from './signature.ts';

const at = z.number();
const judged = { says: z.string(), text: z.string(), signature: z.string() };

// What others build their app by: whoever changes a line here breaks theirs.
const vectors = readVectors(
  'authenticator-v1.json',
  z.object({
    protocol: z.string(),
    key: z.object({
      privateKey: z.string(),
      publicKey: z.string(),
      x: z.string(),
      y: z.string(),
    }),
    origin: z.string(),
    links: z.array(z.object({ code: z.string(), link: z.string() })),
    codes: z.array(z.object({ typed: z.string(), canonical: z.string() })),
    signed: z.array(
      z.discriminatedUnion('purpose', [
        z.object({
          purpose: z.literal('pair'),
          ...judged,
          fields: z.object({
            code: z.string(),
            key: z.string(),
            pin: z.string().exactOptional(),
            at,
          }),
        }),
        z.object({
          purpose: z.literal('token'),
          ...judged,
          fields: z.object({ account: z.string(), at, nonce: z.string() }),
        }),
        z.object({
          purpose: z.literal('answer'),
          ...judged,
          fields: z.object({
            account: z.string(),
            request: z.string(),
            decision: z.enum(['approve', 'deny', 'report']),
            number: z.string(),
            pin: z.string(),
            at,
          }),
        }),
      ]),
    ),
    refused: z.array(z.object(judged)),
  }),
);

describe('the protocol of the authenticator, as others read it', () => {
  const { key, origin, signed, refused } = vectors;

  it('is told of in prose, call by call', () => {
    const file = new URL('../../../docs/authenticator-protocol.md', import.meta.url);
    const page = readFileSync(file, 'utf8');
    assert.ok(page.includes(protocolName) && page.includes(`${apiPath}/`));
    for (const path of Object.values(apiPaths)) {
      const call = path.slice(apiPath.length + 1);
      assert.match(page, new RegExp(`\`(?:GET|POST|PUT) ${call}\``), call);
    }
  });

  it('has a name, links and codes as its vectors say', () => {
    assert.equal(protocolName, vectors.protocol);
    for (const { code, link } of vectors.links) assert.equal(pairingLink(origin, code), link);
    for (const { typed, canonical } of vectors.codes) {
      assert.equal(canonicalCode(typed), canonical, typed);
    }
  });

  it('signs the very texts of its vectors', () => {
    for (const one of signed) {
      switch (one.purpose) {
        case 'pair':
          assert.equal(pairText(origin, one.fields), one.text, one.says);
          break;
        case 'token':
          assert.equal(tokenText(origin, one.fields), one.text, one.says);
          break;
        case 'answer':
          assert.equal(answerText(origin, one.fields), one.text, one.says);
          break;
      }
    }
  });

  it('is checked alike by Node and by browsers', async () => {
    assert.ok(isDeviceKey(key.publicKey));
    const inBrowsers = await crypto.subtle.importKey(
      'spki',
      Buffer.from(key.publicKey, 'base64url'),
      { name: 'ECDSA', namedCurve: 'P-256' },
      true,
      ['verify'],
    );
    const { x, y } = await crypto.subtle.exportKey('jwk', inBrowsers);
    assert.deepEqual([x, y], [key.x, key.y]);
    const verdicts = async (
      cases: readonly { readonly text: string; readonly signature: string }[],
    ): Promise<readonly boolean[]> =>
      Promise.all(
        cases.flatMap(({ text, signature }) => [
          Promise.resolve(isSignedBy(key.publicKey, text, signature)),
          crypto.subtle.verify(
            ecdsa,
            inBrowsers,
            Buffer.from(signature, 'base64url'),
            Buffer.from(text),
          ),
        ]),
      );
    assert.ok(signed.length > 5 && refused.length > 5);
    assert.deepEqual(
      await verdicts(signed),
      signed.flatMap(() => [true, true]),
    );
    assert.deepEqual(
      await verdicts(refused),
      refused.flatMap(() => [false, false]),
    );
  });

  it('is signed alike by browsers and by Node', async () => {
    const bytes = Buffer.from(key.privateKey, 'base64url');
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const inBrowsers = await crypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']);
    const inNode = createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
    for (const { text } of signed) {
      const made = [
        Buffer.from(await crypto.subtle.sign(ecdsa, inBrowsers, Buffer.from(text))),
        sign('sha256', Buffer.from(text), { key: inNode, dsaEncoding: 'ieee-p1363' }),
      ];
      for (const signature of made) {
        assert.ok(isSignedBy(key.publicKey, text, signature.toString('base64url')));
      }
    }
  });

  it('signs no field of two lines, which could pass for two fields', () => {
    const answer = { account: 'a.b', request: 'r', number: '42', pin: '', at: 1 } as const;
    for (const number of ['42\n', '4\r2', '42\n\n']) {
      assert.throws(
        () => answerText(origin, { ...answer, decision: 'approve', number }),
        RangeError,
      );
    }
  });
});

const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
