/**
 * Owns the first registration inside a sign-in: the steps of *Additional security verification*.
 * Proving a draft is an ordinary challenge; what was proved is kept at once, so leaving half-way
 * loses nothing, and nobody is let in before Done.
 */
import {
  methodRegistered,
  methodRemoved,
  registrationFinished,
  stateChanged,
} from '../audit/audit.ts';
import type { User } from '../accounts/user.ts';
import { suggestedExpiry } from '../app-passwords/standing.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Begun, Method, Setup } from '../methods/method.ts';
import { deliveryCountries, settingsOf, standingOf } from '../policies/policy.ts';
import { isForSignIn } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import { startChallenge } from './asking.ts';
import {
  firstStage,
  type Addition,
  type Attempt,
  type Draft,
  type RegistrationProgress,
  type RegistrationStage,
} from './attempt.ts';
import { origin } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { endWhatItOpened, revokeEverything } from './revoke-everything.ts';
import type { Known } from './situation.ts';
import { tell, tellOldPhone } from './telling.ts';

/** A choice on step 1, or of the backup phone: how to be contacted, and the form's fields. */
export interface Contact {
  readonly methodId: string;
  readonly input: Readonly<Record<string, string>>;
}

/** The next attempt, or the field that is wrong and why. */
export type Registering =
  | { readonly kind: 'ok'; readonly attempt: Attempt }
  | { readonly kind: 'refused'; readonly field: string; readonly message: string };

/** The reason of a `STEP_NOT_ALLOWED`: the maximum was reached while this was being proved. */
export const allPlacesTaken = 'all places are taken';

const empty: Omit<RegistrationProgress, 'stage'> = {
  draft: undefined,
  provedKind: undefined,
  appPassword: undefined,
  done: false,
};

/** The progress of this attempt; what somebody proved in an earlier attempt counts. */
export function progressOf(attempt: Attempt): RegistrationProgress {
  return attempt.registration ?? { ...empty, stage: firstStage(attempt) };
}

/** Moves to a stage, dropping what was being proved. */
export function atStage(attempt: Attempt, stage: RegistrationStage): Attempt {
  return {
    ...attempt,
    challenge: undefined,
    notice: undefined,
    registration: { ...progressOf(attempt), stage, draft: undefined },
  };
}

/** What a method is told when a registration begins. */
export function setupOf(
  parts: Pick<SigninParts, 'random' | 'origin'>,
  known: Pick<Known, 'policy'>,
  user: User,
  method: Method,
): Setup {
  return {
    settings: settingsOf(known.policy, method),
    organisation: known.policy.organisation.name,
    userPrincipalName: user.userPrincipalName,
    random: parts.random,
    origin: parts.origin,
    mail: user.mail,
    directory: {
      mobilePhone: user.mobilePhone,
      businessPhone: user.businessPhone,
      businessPhoneExtension: user.businessPhoneExtension,
    },
    countries: deliveryCountries(known.policy),
  };
}

/** "Set it up now": on to step 1, or straight to the last step when something is registered already. */
export async function setUpNow(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
): Promise<Attempt> {
  const begun = atStage(attempt, 'contact');
  const [first] = known.registrations;
  if (first === undefined || known.options.length === 0) return begun;
  return toLastStep(
    parts,
    work,
    { ...begun, registration: { ...progressOf(begun), provedKind: first.kind } },
    known,
    user,
  );
}

/** One of the things that the step asks for, by its place among them: from there as for any addition. */
export function beginAddition(attempt: Attempt, adds: Addition): Attempt {
  return {
    ...attempt,
    request: { ...attempt.request, adds },
    addsInPassing: true,
    challenge: undefined,
    choosing: false,
    notice: undefined,
    registration: undefined,
  };
}

/** Begins to prove a new phone or app: makes the draft and starts its challenge. */
export async function contact(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  choice: Contact,
): Promise<Registering> {
  const method = parts.methods.get(choice.methodId);
  if (method?.begin === undefined || standingOf(known.policy, method, user) !== 'allowed') {
    throw new TweestapError('STEP_NOT_ALLOWED');
  }
  const begun: Begun = method.begin(
    setupOf(parts, known, user, method),
    choice.input,
    attempt.locale,
  );
  if (begun.kind === 'refused') return begun;
  if (!method.appliesTo(begun.secret) || !isWanted(attempt, known, method, begun.slot)) {
    throw new TweestapError('STEP_NOT_ALLOWED');
  }

  const awaited = method.pairing?.code(begun.secret);
  const draft: Draft = {
    methodId: method.id,
    kind: method.registers.id,
    slot: begun.slot,
    secret: begun.secret,
    ...(awaited === undefined ? {} : { pairing: pairingMark(parts, 'code', awaited) }),
  };
  const progress = progressOf(attempt);
  const drafted: Attempt = {
    ...attempt,
    notice: undefined,
    registration: {
      ...progress,
      stage: progress.provedKind === undefined ? 'prove' : 'prove-backup',
      draft,
    },
  };
  // There is nobody to ask before its device has joined.
  if (awaited !== undefined) {
    return { kind: 'ok', attempt: { ...drafted, challenge: undefined, choosing: false } };
  }
  const target = { method, secret: begun.secret, registrationId: undefined };
  const started = await startChallenge(parts, work, { attempt: drafted, known, user, target });
  return { kind: 'ok', attempt: started };
}

/** By what a device finds the draft that it belongs to: the code that is typed there, or its own id. */
export function pairingMark(
  { box }: Pick<SigninParts, 'box'>,
  by: 'code' | 'device',
  value: string,
): string {
  return box.keyedHash(`pairing-${by}`, value).toString('base64url');
}

/**
 * Whether it may be what is registered now: the first thing proves the person, and who came to add
 * something (Security info) adds just that.
 */
function isWanted(attempt: Attempt, known: Known, method: Method, slot: string): boolean {
  if (isFirst(known) && !method.draftProves) return false;
  const { adds } = attempt.request;
  if (adds === undefined) return true;
  return (
    adds.kind === method.registers.id &&
    (adds.slot === '' || adds.slot === slot) &&
    (adds.replaces === undefined || isTheirs(known, adds.replaces, adds.kind))
  );
}

/** Whoever is signed in by now may be somebody else, and what was to be replaced may be gone. */
function isTheirs(known: Known, registrationId: string, ofKind: string): boolean {
  return known.registrations.some(({ id, kind }) => id === registrationId && kind === ofKind);
}

/** Nothing is registered that proves a sign-in. */
function isFirst(known: Known): boolean {
  return known.standing?.hasRegistrations !== true;
}

/** Keeps a draft that was just proved, and says which step comes next. */
export async function keepDraft(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
): Promise<Attempt> {
  const progress = progressOf(attempt);
  const { draft } = progress;
  const method = draft === undefined ? undefined : parts.methods.get(draft.methodId);
  if (draft === undefined || method === undefined) throw new TweestapError('STEP_NOT_ALLOWED');

  const { registration, replaced } = await keepInSlot(
    parts,
    work,
    attempt,
    known,
    user,
    draft,
    method,
  );
  for (const gone of replaced) {
    await endWhatItOpened(work.stores, parts.methods, gone, {
      keepSession: sessionOf(attempt),
      keepAttempt: attempt.id,
      now: work.now,
    });
    await work.stores.audit.append(methodRemoved(origin(attempt, work.now), gone.kind, gone.slot));
  }
  await work.stores.audit.append(
    methodRegistered(origin(attempt, work.now), registration.kind, registration.slot),
  );
  // Trust was given for what was registered then.
  await work.stores.trustedDevices.removeAll(user.id);
  const [old] = replaced;
  const label = method.views.label(draft.secret, attempt.locale);
  await (old === undefined
    ? tell(parts, work, attempt, known, user, 'methodRegistered', label)
    : tellOfChange(parts, work, attempt, known, user, old, registration));
  const wasFirst = isFirst(known);
  if (wasFirst) {
    // Whoever came with the password alone, before this was asked for, is signed out (attack ATK-34).
    await revokeEverything(work.stores, {
      userId: user.id,
      reason: 'first-method-registered',
      actor: user.id,
      appPasswords: false,
      at: work.now,
      keepAttempt: attempt.id,
    });
  }
  const isAddition = attempt.request.adds !== undefined && progress.provedKind === undefined;
  const becomesDefault = isAddition
    ? isForSignIn(registration, parts.methods) && isDefaultGone(user, known, replaced)
    : progress.provedKind === undefined;
  if (becomesDefault) {
    await work.stores.users.setDefaultMethod(user.id, {
      registrationId: registration.id,
      methodId: askedAsBefore(parts, known, user, replaced, registration) ?? method.id,
    });
  }
  const kept: Attempt = {
    ...attempt,
    replaces: wasFirst ? undefined : attempt.replaces,
    registration: { ...progress, draft: undefined, provedKind: progress.provedKind ?? draft.kind },
  };
  // Who is asked to register by the admin finishes that, wherever they began it (row A-002).
  if (isAddition && (!wasFirst || user.perUserMfaState !== 'enabled')) {
    return { ...kept, registration: { ...progressOf(kept), done: true } };
  }
  const wantsBackup =
    !isAddition &&
    progress.provedKind === undefined &&
    draft.kind !== 'phone' &&
    phoneAllowed(parts, known, user);
  return wantsBackup ? atStage(kept, 'backup') : toLastStep(parts, work, kept, known, user);
}

/** The session that this attempt came from, and ends with a new one in its place. */
function sessionOf({ replaces }: Attempt): Buffer | undefined {
  return replaces === undefined ? undefined : Buffer.from(replaces, 'base64url');
}

/** Whether the default was what has just been replaced; one more method does not become it (row S-110). */
function isDefaultGone(user: User, known: Known, replaced: readonly Registration[]): boolean {
  const { defaultMethod } = user;
  if (defaultMethod === undefined) return true;
  const gone = new Set(replaced.map(({ id }) => id));
  return !known.registrations.some(
    ({ id }) => id === defaultMethod.registrationId && !gone.has(id),
  );
}

/** Who was called by default is called at the new number, though it was proved by a text. */
function askedAsBefore(
  { methods }: SigninParts,
  known: Known,
  user: User,
  replaced: readonly Registration[],
  by: Registration,
): string | undefined {
  const { defaultMethod } = user;
  if (!replaced.some(({ id }) => id === defaultMethod?.registrationId)) return undefined;
  const method = methods.get(defaultMethod?.methodId ?? '');
  const isPossible =
    method !== undefined &&
    method.appliesTo(by.secret) &&
    standingOf(known.policy, method, user) === 'allowed';
  return isPossible ? method.id : undefined;
}

/**
 * Tells of a replacement: by mail, and by a text to the phone that counts no longer, where it takes
 * texts. Whoever stole a session cannot read both.
 */
async function tellOfChange(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  old: Registration,
  by: Registration,
): Promise<void> {
  const { locale } = attempt;
  const kind = parts.methods.kind(by.kind);
  const detailOf = ({ secret }: Registration): string => kind?.detail(secret, locale) ?? '';
  const name = kind?.name(by.secret, locale) ?? by.kind;
  const what = `${name}: ${detailOf(old)} → ${detailOf(by)}`;
  await tell(parts, work, attempt, known, user, 'methodChanged', what);

  const byText = parts.methods.all.find(
    (method) =>
      method.sends === 'text' &&
      method.registers.id === old.kind &&
      method.appliesTo(old.secret) &&
      standingOf(known.policy, method, user) === 'allowed',
  );
  const number = byText?.destination(old.secret);
  if (number === undefined || number === byText?.destination(by.secret)) return;
  await tellOldPhone(parts, work, attempt, known, user, number);
}

/** No backup phone after all: on to the last step. */
export async function skipBackup(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
): Promise<Attempt> {
  return toLastStep(parts, work, attempt, known, user);
}

/**
 * Done: everything required is registered. *Enabled* becomes *enforced* (row A-002), and the app
 * password that was shown is made, where it is wanted.
 */
export async function done(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  keepAppPassword: boolean,
): Promise<Attempt> {
  const { stores, now } = work;
  const progress = progressOf(attempt);
  if (progress.appPassword !== undefined && keepAppPassword) {
    await makeReadyMade(parts, work, attempt, known, user, progress.appPassword.plain);
  }
  if (await stores.users.moveState(user.id, 'enabled', 'enforced')) {
    await stores.audit.append(
      stateChanged({ at: now, userId: user.id, actor: 'system', from: 'enabled', to: 'enforced' }),
    );
  }
  await stores.audit.append(registrationFinished(origin(attempt, now)));
  return { ...attempt, registration: { ...progress, appPassword: undefined, done: true } };
}

/** As any other one: with the end that we suggest, and a mail that says so (attack ATK-72). */
async function makeReadyMade(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  plain: string,
): Promise<void> {
  const { policy } = known;
  if (!policy.appPasswords.allowed) return;
  const made = await parts.appPasswords.make(work.stores, {
    userId: user.id,
    name: readyMadeName[attempt.locale],
    expiryDays: suggestedExpiry(policy),
    plain,
  });
  if (made.kind === 'full') return;
  const { name } = made.appPassword;
  await tell(parts, work, attempt, known, user, 'appPasswordMade', name);
}

/** The names that a ready-made app password gets; the person can make more, with names of their own. */
export const readyMadeName = { en: 'Older apps', nl: 'Oudere apps' } as const;

/**
 * *Keep using your existing applications*: with a ready-made app password where policy allows them (row
 * S-009). It opens nothing before Done, so whoever leaves here leaves nothing behind.
 */
async function toLastStep(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
): Promise<Attempt> {
  const staged = atStage(attempt, 'app-password');
  const { appPasswords } = known.policy;
  if (!appPasswords.allowed || (await work.stores.appPasswords.list(user.id)).length > 0) {
    return staged;
  }
  const appPassword = { plain: parts.appPasswords.draw() };
  return { ...staged, registration: { ...progressOf(staged), appPassword } };
}

/** Puts the draft in its slot; what is replaced leaves its place. */
async function keepInSlot(
  parts: SigninParts,
  work: Work,
  attempt: Attempt,
  known: Known,
  user: User,
  draft: Draft,
  method: Method,
): Promise<{ readonly registration: Registration; readonly replaced: readonly Registration[] }> {
  const { stores, now } = work;
  const isFixed = draft.slot !== '';
  const replaced = known.registrations.filter(
    ({ id, kind, slot }) =>
      kind === draft.kind &&
      (id === attempt.request.adds?.replaces || (isFixed && slot === draft.slot)),
  );
  for (const { id } of replaced) await stores.registrations.remove(id, user.id);
  const slots = isFixed ? [draft.slot] : method.registers.slots;
  for (const slot of slots) {
    const registration: Registration = {
      id: parts.random.token(16),
      userId: user.id,
      kind: draft.kind,
      slot,
      secret: draft.secret,
      version: 1,
      createdAt: now,
      lastUsedAt: now,
    };
    if (await stores.registrations.add(registration)) return { registration, replaced };
  }
  throw new TweestapError('STEP_NOT_ALLOWED', { details: { reason: allPlacesTaken } });
}

function phoneAllowed(parts: SigninParts, known: Known, user: User): boolean {
  return parts.methods.all.some(
    (method) =>
      method.registers.id === 'phone' && standingOf(known.policy, method, user) === 'allowed',
  );
}

/** After a draft was proved it is kept; a proof of something registered changes the attempt only. */
export async function afterVerdict(
  parts: SigninParts,
  work: Work,
  before: Attempt,
  judged: Attempt,
  known: Known,
  user: User,
): Promise<Attempt> {
  const wasDraft = before.challenge !== undefined && before.challenge.registrationId === undefined;
  return wasDraft && judged.challenge === undefined
    ? keepDraft(parts, work, judged, known, user)
    : judged;
}
