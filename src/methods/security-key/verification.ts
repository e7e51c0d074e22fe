/**
 * Owns what a right answer is: every check of WebAuthn §7.1 and §7.2, here or in the library
 * (`docs/decisions/0008-webauthn-by-a-library.md`), and the few that it leaves to us. A fault of any
 * kind is one and the same refusal: which check failed helps nobody but who crafts answers.
 */
import type { Ask, Verdict } from '../method.ts';
import { algorithms, relyingPartyId, userHandleOf } from './ceremony.ts';
import { isAnswerTo, type Created, type Response, type Signed } from './response.ts';
import type { Credential, KeySecret } from './secret.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';

type Judged = Verdict<State, KeySecret>;

const notAccepted: Judged = {
  kind: 'rejected',
  reason: 'not-accepted',
  counts: true,
  ends: false,
};

/**
 * What the browser sent. A new credential, a counter that moved or a passkey that got a copy bring
 * the secret to keep; the question itself is good once, because the attempt forgets it with the
 * first right answer.
 */
export async function verify(
  ask: Ask<Settings, KeySecret>,
  state: State,
  { credential: response }: { readonly credential: Response },
): Promise<Judged> {
  if (ask.now.getTime() >= state.expiresAt) {
    return { kind: 'rejected', reason: 'expired', counts: false, ends: true };
  }
  const { origin } = ask;
  if (!isAnswerTo(response, { challenge: state.options.challenge, origin })) return notAccepted;
  if (response.ceremony !== state.ceremony) return notAccepted;
  return response.ceremony === 'create'
    ? judgeCreated(ask, state.options.challenge, response.credential)
    : judgeSigned(ask, state.options.challenge, response.credential);
}

async function judgeCreated(
  { secret, others, origin }: Ask<Settings, KeySecret>,
  expectedChallenge: string,
  created: Created,
): Promise<Judged> {
  if (secret.credential !== undefined) return notAccepted;
  const made = await madeOf(origin, expectedChallenge, created);
  if (made === undefined) return notAccepted;
  const isTheirsAlready = others.some(({ secret: other }) => other.credential?.id === made.id);
  if (isTheirsAlready) return notAccepted;
  return { kind: 'verified', secret: { name: secret.name, credential: made } };
}

/** The new credential, if everything about it holds. */
async function madeOf(
  origin: string,
  expectedChallenge: string,
  created: Created,
): Promise<Credential | undefined> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { decodeAttestationObject, decodeCredentialPublicKey, cose } =
    await import('@simplewebauthn/server/helpers');
  const { id, rawId, type, response } = created;
  const { clientDataJSON, attestationObject } = response;
  try {
    // We ask for none: what came with certificates all the same is not for us to parse.
    const attestation = decodeAttestationObject(bytesOf(attestationObject));
    const isPlain = attestation.get('fmt') === 'none';
    const isOwn =
      attestation.get('fmt') === 'packed' && attestation.get('attStmt').get('x5c') === undefined;
    if (!isPlain && !isOwn) return undefined;

    const verified = await verifyRegistrationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: relyingPartyId(origin),
      requireUserPresence: true,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...algorithms],
    });
    if (!verified.verified) return undefined;
    const { credential, aaguid, credentialDeviceType, credentialBackedUp } =
      verified.registrationInfo;
    if (credential.id !== id) return undefined;
    const key = decodeCredentialPublicKey(credential.publicKey);
    if (!isKeyOfItsAlgorithm(key, cose)) return undefined;
    return {
      id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: knownTransports(response.transports),
      aaguid,
      isBackupEligible: credentialDeviceType === 'multiDevice',
      isBackedUp: credentialBackedUp,
    };
  } catch {
    return undefined;
  }
}

async function judgeSigned(
  { secret, others, origin, userId }: Ask<Settings, KeySecret>,
  expectedChallenge: string,
  signed: Signed,
): Promise<Judged> {
  const { userHandle } = signed.response;
  if (userHandle !== null && userHandle !== undefined && userHandle !== userHandleOf(userId)) {
    return notAccepted;
  }
  const asked = secret.credential?.id === signed.id;
  const other = others.find((one) => one.secret.credential?.id === signed.id);
  const theirs = asked ? secret : other?.secret;
  const credential = theirs?.credential;
  if (theirs === undefined || credential === undefined) return notAccepted;

  const seen = await seenIn(origin, expectedChallenge, signed, credential);
  if (seen === undefined) return notAccepted;
  // A key that counts and does not go forward has a twin (WebAuthn §6.1.1). Zero always is no count.
  const counts = seen.counter > 0 || credential.counter > 0;
  if (counts && seen.counter <= credential.counter) {
    return { kind: 'rejected', reason: 'counter-went-back', counts: true, ends: false };
  }
  const isChanged =
    seen.counter !== credential.counter || seen.isBackedUp !== credential.isBackedUp;
  return {
    kind: 'verified',
    ...(asked || other === undefined ? {} : { by: other.id }),
    ...(isChanged ? { secret: { ...theirs, credential: { ...credential, ...seen } } } : {}),
  };
}

/** What the key says of itself, if it was this key that signed. */
async function seenIn(
  origin: string,
  expectedChallenge: string,
  { id, rawId, type, response }: Signed,
  credential: Credential,
): Promise<Pick<Credential, 'counter' | 'isBackedUp'> | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { clientDataJSON, authenticatorData, signature } = response;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: relyingPartyId(origin),
      requireUserVerification: true,
      // The counter is judged above, once the signature is known to be the key's own.
      credential: { id: credential.id, publicKey: bytesOf(credential.publicKey), counter: 0 },
    });
    const { newCounter, credentialDeviceType, credentialBackedUp } = authenticationInfo;
    // Whether a passkey may be copied is fixed when it is made (WebAuthn §7.2 step 19).
    const isEligible = credentialDeviceType === 'multiDevice';
    if (!verified || isEligible !== credential.isBackupEligible) return undefined;
    return { counter: newCounter, isBackedUp: credentialBackedUp };
  } catch {
    return undefined;
  }
}

type Cose = (typeof import('@simplewebauthn/server/helpers'))['cose'];
type CoseKey = ReturnType<
  (typeof import('@simplewebauthn/server/helpers'))['decodeCredentialPublicKey']
>;

/** The curve and size that the algorithm means: ES256 is P-256 here (WebAuthn §5.8.5). */
function isKeyOfItsAlgorithm(key: CoseKey, cose: Cose): boolean {
  const alg = key.get(cose.COSEKEYS.alg);
  if (cose.isCOSEPublicKeyEC2(key)) {
    return alg === -7 && key.get(cose.COSEKEYS.crv) === cose.COSECRV.P256;
  }
  if (cose.isCOSEPublicKeyOKP(key)) {
    return alg === -8 && key.get(cose.COSEKEYS.crv) === cose.COSECRV.ED25519;
  }
  if (cose.isCOSEPublicKeyRSA(key)) {
    return alg === -257 && (key.get(cose.COSEKEYS.n)?.byteLength ?? 0) >= 256;
  }
  return false;
}

/** As browsers call them; a name that nobody knows yet is kept, an absurd one is not. */
function knownTransports(sent: readonly string[]): string[] {
  return [...new Set(sent)].filter((name) => /^[a-z-]{1,32}$/.test(name)).slice(0, 10);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64url'));
}
