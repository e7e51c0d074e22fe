/** A Tweestap Authenticator for tests: a key of its own, and everything that it signs. */
import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

import {
  answerText,
  pairText,
  tokenText,
  type AnswerRequest,
  type PairRequest,
  type TokenRequest,
} from '../../src/methods/notification/protocol.ts';

export interface AppDevice {
  /** Its public key: SubjectPublicKeyInfo, base64url. */
  readonly key: string;
  /** Signs any text: for forgeries. */
  sign(text: string): string;
  pairing(
    origin: string,
    asked: Pick<PairRequest, 'code' | 'at'> & Partial<PairRequest>,
  ): PairRequest;
  tokenRequest(origin: string, asked: Pick<TokenRequest, 'account' | 'at'>): TokenRequest;
  /** A decision about a request; an approval without a PIN unless told. */
  answer(
    origin: string,
    asked: Pick<AnswerRequest, 'account' | 'request' | 'at'> & Partial<AnswerRequest>,
  ): AnswerRequest;
}

/** A new device, with a key that nobody else has. */
export function newAppDevice(): AppDevice {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  const key = publicKey.toString('base64url');
  const own = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' });
  const signed = (text: string): string =>
    sign('sha256', Buffer.from(text), { key: own, dsaEncoding: 'ieee-p1363' }).toString(
      'base64url',
    );
  return {
    key,
    sign: signed,
    pairing: (origin, asked) => {
      const request = { name: 'Chrome on Android', version: '1.0.0', ...asked, key };
      return { ...request, signature: asked.signature ?? signed(pairText(origin, request)) };
    },
    tokenRequest: (origin, asked) => {
      const request = { ...asked, nonce: randomBytes(16).toString('base64url') };
      return { ...request, signature: signed(tokenText(origin, request)) };
    },
    answer: (origin, asked) => {
      const request = { decision: 'approve' as const, number: '', pin: '', ...asked };
      return { ...request, signature: asked.signature ?? signed(answerText(origin, request)) };
    },
  };
}
