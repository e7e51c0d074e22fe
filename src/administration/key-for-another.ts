/**
 * Owns asking a security key to make a credential for somebody else: whoever asked brings the answer,
 * within five minutes. Nothing is kept meanwhile; the question itself is sealed, and says for whom it is,
 * by whom it was asked and until when. The answer is judged as any other (`methods/security-key`).
 */
import type { User } from '../accounts/user.ts';
import type { Random } from '../lib/random.ts';
import type { SecretBox } from '../lib/secret-box.ts';
import type { Ask } from '../methods/method.ts';
import { challenge } from '../methods/security-key/ceremony.ts';
import { securityKeyKind } from '../methods/security-key/kind.ts';
import { begin } from '../methods/security-key/registration.ts';
import type { Created } from '../methods/security-key/response.ts';
import { keySecret, type KeySecret } from '../methods/security-key/secret.ts';
import type { Settings } from '../methods/security-key/settings.ts';
import type { CreationOptions } from '../methods/security-key/state.ts';
import { verify } from '../methods/security-key/verification.ts';
import type { Registration } from '../registrations/registration.ts';

/** Whose key it is to be, and who asks for them. */
export interface KeyFor {
  readonly user: User;
  readonly registrations: readonly Registration[];
  readonly settings: Settings;
  readonly organisation: string;
  readonly origin: string;
  /** As the audit log names whoever asks. */
  readonly actor: string;
  readonly now: Date;
  readonly random: Random;
  readonly box: Pick<SecretBox, 'seal' | 'open' | 'keyedHash'>;
}

export interface KeyQuestion {
  readonly options: CreationOptions;
  readonly endsAt: Date;
}

/** What the key is asked. */
export function askKey(known: KeyFor): KeyQuestion {
  const { state } = challenge(askWith(known, { name: securityKeyKind.id }));
  if (state.ceremony !== 'create') throw new Error('a draft of a key has no credential yet');
  const endsAt = new Date(state.expiresAt);
  const sealed = known.box.seal(endsAt.toISOString(), contextOf(known)).toString('base64url');
  return { options: { ...state.options, challenge: sealed }, endsAt };
}

/** What is kept of the key that answered; undefined where the answer proves nothing. */
export async function judgeKey(
  known: KeyFor,
  name: string,
  credential: Created,
): Promise<KeySecret | undefined> {
  const asked = challengeIn(credential);
  const endsAt = asked === undefined ? undefined : endOf(known, asked);
  if (asked === undefined || endsAt === undefined) return undefined;
  const draft = begin(setupOf(known), { name }, 'en');
  if (draft.kind === 'refused') return undefined;
  const { state } = challenge(askWith(known, draft.secret));
  if (state.ceremony !== 'create') return undefined;
  const verdict = await verify(
    askWith(known, draft.secret),
    { ...state, options: { ...state.options, challenge: asked }, expiresAt: endsAt.getTime() },
    { credential: { ceremony: 'create', credential } },
  );
  return verdict.kind === 'verified' ? verdict.secret : undefined;
}

function askWith(known: KeyFor, secret: KeySecret): Ask<Settings, KeySecret> {
  const { user, registrations, box } = known;
  const hash = (value: string): Buffer => box.keyedHash('key-for-another', `${user.id} ${value}`);
  return {
    settings: known.settings,
    secret,
    others: registrations
      .filter(({ kind }) => kind === securityKeyKind.id)
      .map(({ id, secret: other }) => ({ id, secret: keySecret.parse(other) })),
    challengeId: '',
    now: known.now,
    random: known.random,
    keyedHash: hash,
    lastingHash: hash,
    locale: 'en',
    organisation: known.organisation,
    origin: known.origin,
    userId: user.id,
    userPrincipalName: user.userPrincipalName,
    privileged: false,
    codeSeconds: 0,
  };
}

function setupOf(known: KeyFor): Parameters<typeof begin>[0] {
  const { user, settings, organisation, origin, random } = known;
  return {
    settings,
    organisation,
    userPrincipalName: user.userPrincipalName,
    random,
    origin,
    mail: user.mail,
    directory: user,
    countries: [],
  };
}

function contextOf({ user, actor }: KeyFor): readonly string[] {
  return ['key-for-another', user.id, actor];
}

/** Until when a question of ours is good that was asked for this person by this actor. */
function endOf(known: KeyFor, asked: string): Date | undefined {
  try {
    const opened = known.box.open(Buffer.from(asked, 'base64url'), contextOf(known));
    return new Date(opened.toString());
  } catch {
    return undefined;
  }
}

/** The question that the browser or tool says it answered; nothing of it is believed yet. */
function challengeIn({ response }: Created): string | undefined {
  try {
    const said: unknown = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString());
    if (typeof said !== 'object' || said === null || !('challenge' in said)) return undefined;
    const { challenge: text } = said;
    return typeof text === 'string' && /^[\w-]{20,400}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
