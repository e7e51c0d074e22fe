/**
 * Owns the events of people and their accounts: one function each, so that every door writes the same words. Names
 * are in the past tense; details hold facts, never secrets. Those of other things have files of their kind.
 */
import type { AuditEvent } from './audit-event.ts';

/** Where a person's own act came from. */
export interface Origin {
  readonly at: Date;
  readonly userId: string | undefined;
  /** Undefined for what is done from inside a session. */
  readonly attemptId: string | undefined;
  readonly address: string;
}

/** An act on an account by somebody: an administrator, the command line, the system. */
export interface Act {
  readonly at: Date;
  readonly userId: string;
  readonly actor: string;
  /** From where, when it was done on a page. */
  readonly address?: string | undefined;
}

type Details = AuditEvent['details'];

function own(kind: string, origin: Origin, details: Details = {}): AuditEvent {
  return {
    kind,
    at: origin.at,
    userId: origin.userId,
    actor: origin.userId ?? 'stranger',
    attemptId: origin.attemptId,
    address: origin.address,
    details,
  };
}

/** What somebody did to an account, theirs or another's. */
export function act(
  kind: string,
  { at, userId, actor, address }: Act,
  details: Details = {},
): AuditEvent {
  return { kind, at, userId, actor, attemptId: undefined, address, details };
}

/** The password was right. */
export const passwordAccepted = (origin: Origin): AuditEvent => own('password-accepted', origin);

/** The password was wrong, or the name unknown; `typed` is the name as typed. */
export const passwordRejected = (origin: Origin, typed: string, reason?: string): AuditEvent =>
  own('password-rejected', origin, {
    typed: typed.slice(0, 113),
    ...(reason === undefined ? {} : { reason }),
  });

/** The directory that keeps the password did not answer. */
export const passwordUnanswered = (origin: Origin, typed: string): AuditEvent =>
  own('password-unanswered', origin, { typed: typed.slice(0, 113) });

/** The password was not looked at: too many were wrong. */
export const passwordNotEvaluated = (origin: Origin, typed: string): AuditEvent =>
  own('password-not-evaluated', origin, { typed: typed.slice(0, 113) });

/** Somebody with the right password may not come in. */
export const signInBlocked = (origin: Origin, reason: string): AuditEvent =>
  own('sign-in-blocked', origin, { reason });

/** A second step was asked for. */
export const challengeStarted = (origin: Origin, method: string): AuditEvent =>
  own('challenge-started', origin, { method });

/** A text or call was not sent: a limit or the day budget was reached. */
export const messageRefused = (origin: Origin, method: string, limit: string): AuditEvent =>
  own('message-refused', origin, { method, limit });

/** A provider took the message, or surely did not. */
export const messageSettled = (
  origin: Omit<Origin, 'attemptId'> & { readonly attemptId: string | undefined },
  settled: {
    readonly kind: string;
    readonly provider: string;
    readonly result: string;
    /** Where a text or a call went (ISO 3166). */
    readonly country?: string;
  },
): AuditEvent => ({
  kind: 'message-settled',
  at: origin.at,
  userId: origin.userId,
  actor: 'system',
  attemptId: origin.attemptId,
  address: undefined,
  details: settled,
});

/** The second step was proved. */
export const answerAccepted = (origin: Origin, method: string): AuditEvent =>
  own('answer-accepted', origin, { method });

/** The second step was refused, with its reason (row A-111). */
export const answerRejected = (origin: Origin, method: string, reason: string): AuditEvent =>
  own('answer-rejected', origin, { method, reason });

/** An answer was not looked at: too many were wrong. */
export const answerNotEvaluated = (origin: Origin, method: string): AuditEvent =>
  own('answer-not-evaluated', origin, { method });

/** Too many wrong second steps: paused, and the password counts as known to a stranger. */
export const secondStepsPaused = (origin: Origin, until: Date): AuditEvent =>
  own('second-steps-paused', origin, { until: until.toISOString() });

/** The person said that a call or request was not theirs. */
export const fraudReported = (origin: Origin, method: string, blocks = true): AuditEvent =>
  own('fraud-reported', origin, { method, blocks });

/** A device joined a registration that is not proved yet. */
export const devicePaired = (origin: Origin, method: string): AuditEvent =>
  own('device-paired', origin, { method });

/**
 * What the events are called that tell of something registered, by its owner or by those in charge. A
 * hardware token is, with its first code.
 */
export const registeredKinds = [
  'method-registered',
  'method-registered-by-admin',
  'token-activated',
] as const;

/** Something was registered and proved. */
export const methodRegistered = (origin: Origin, kind: string, slot: string): AuditEvent =>
  own('method-registered', origin, { kind, slot });

/** The person deleted something registered. */
export const methodRemoved = (origin: Origin, kind: string, slot: string): AuditEvent =>
  own('method-removed', origin, { kind, slot });

/** The person chose what is asked first. */
export const defaultMethodChanged = (origin: Origin, method: string): AuditEvent =>
  own('default-method-changed', origin, { method });

/** A second step was proved on a device that is not asked again for a while. */
export const deviceTrusted = (origin: Origin, device: string): AuditEvent =>
  own('device-trusted', origin, { device });

/** A trusted device stood in for the second step. */
export const trustedDeviceUsed = (origin: Origin, device: string): AuditEvent =>
  own('trusted-device-used', origin, { device });

/** A value came that had been changed since: somebody has a copy, and the trust has ended. */
export const trustedDeviceReused = (origin: Origin, device: string): AuditEvent =>
  own('trusted-device-reused', origin, { device });

/** The person ended the trust in a device. */
export const trustedDeviceRemoved = (origin: Origin, device: string): AuditEvent =>
  own('trusted-device-removed', origin, { device });

/** The person ended the trust in all their devices. */
export const trustedDevicesRemoved = (origin: Origin, count: number): AuditEvent =>
  own('trusted-devices-removed', origin, { count });

/** All that the organisation requires is registered. */
export const registrationFinished = (origin: Origin): AuditEvent =>
  own('registration-finished', origin);

/** Signed in: a session was opened. */
export const signedIn = (origin: Origin, acr: string, amr: readonly string[]): AuditEvent =>
  own('signed-in', origin, { acr, amr: amr.join(' ') });

/** The person said that a sign-in was not theirs; `denied` is the attempt of it. */
export const signInDenied = (origin: Origin, denied: string): AuditEvent =>
  own('sign-in-denied', origin, { denied });

/** The person changed the password. */
export const passwordChanged = (origin: Origin): AuditEvent => own('password-changed', origin);

/** Somebody asks for a new password in this name, which may be nobody's; `typed` as it was typed. */
export const resetRequested = (origin: Origin, typed: string): AuditEvent =>
  own('reset-requested', origin, { typed: typed.slice(0, 113) });

/** Something was proved in a reset that policy, or the account's state, leads nowhere. */
export const resetStopped = (origin: Origin): AuditEvent => own('reset-stopped', origin);

/** What the next event is called: it is asked for when somebody signs in. */
export const resetConfirmedKind = 'reset-confirmed';

/** The person looked at what a reset would ask them, and it was right. */
export const resetConfirmed = (origin: Origin): AuditEvent => own(resetConfirmedKind, origin);

/** A new password was set after these methods were proved; the old one was not asked. */
export const passwordReset = (origin: Origin, methods: readonly string[]): AuditEvent =>
  own('password-reset', origin, { methods: methods.join(' ') });

/** The pauses of the account were ended, and the password was left as it is. */
export const passwordUnlocked = (origin: Origin): AuditEvent => own('password-unlocked', origin);

/** Signed out of this browser. */
export const signedOut = (act_: Act): AuditEvent => act('signed-out', act_);

/** An older app came in by a door of systems with an app password; `id` says which. */
export const appPasswordAccepted = (origin: Origin, door: string, id: string): AuditEvent =>
  own('app-password-accepted', origin, { door, id });

/**
 * An older app came in with the account's own password; `why` that was enough: the person's state, or a
 * trusted network (rows A-001, E-087).
 */
export const ownPasswordAccepted = (origin: Origin, door: string, why: string): AuditEvent =>
  own('own-password-accepted', origin, { door, why });

/** A door of systems stayed shut; `typed` is the name as typed. */
export const doorRefused = (
  origin: Origin,
  refused: { readonly door: string; readonly reason: string; readonly typed: string },
): AuditEvent => own('door-refused', origin, { ...refused, typed: refused.typed.slice(0, 113) });

export const appPasswordMade = (
  made: Act & { readonly name: string; readonly door: string },
): AuditEvent => act('app-password-made', made, { name: made.name, door: made.door });

export const appPasswordRemoved = (removed: Act & { readonly id: string }): AuditEvent =>
  act('app-password-removed', removed, { id: removed.id });

export const appPasswordsRemoved = (removed: Act & { readonly count: number }): AuditEvent =>
  act('app-passwords-removed', removed, { count: removed.count });

export const everythingRevoked = (
  revoked: Act & {
    readonly reason: string;
    readonly sessions: number;
    readonly grants: number;
    readonly trustedDevices: number;
    readonly appPasswords: number;
  },
): AuditEvent =>
  act('everything-revoked', revoked, {
    reason: revoked.reason,
    sessions: revoked.sessions,
    grants: revoked.grants,
    trustedDevices: revoked.trustedDevices,
    appPasswords: revoked.appPasswords,
  });

export const userAdded = (added: Act): AuditEvent => act('user-added', added);

/** The name stays in the log, where the account is gone: who else would know who it was. */
export const userRemoved = (removed: Act & { readonly userPrincipalName: string }): AuditEvent =>
  act('user-removed', removed, { name: removed.userPrincipalName });

export const passwordSetByAdmin = (set: Act & { readonly temporary: boolean }): AuditEvent =>
  act('password-set-by-admin', set, { temporary: set.temporary });

export const stateChanged = (
  changed: Act & { readonly from: string; readonly to: string },
): AuditEvent => act('per-user-mfa-state-changed', changed, { from: changed.from, to: changed.to });

export const userBlocked = (blocked: Act & { readonly reason: string }): AuditEvent =>
  act('user-blocked', blocked, { reason: blocked.reason });

export const userUnblocked = (unblocked: Act & { readonly reason: string }): AuditEvent =>
  act('user-unblocked', unblocked, { reason: unblocked.reason });

/** The account may sign in, or may not until somebody switches it on again. */
export const accountSwitched = (switched: Act & { readonly enabled: boolean }): AuditEvent =>
  act('account-switched', switched, { enabled: switched.enabled });

/** What everybody knows somebody by: the values are told, for the account is known by others afterwards. */
interface Names {
  readonly userPrincipalName: string;
  readonly displayName: string;
}

/**
 * What the directory knows of a person was changed. `fields` names what; of names (`before`, `after`) it is
 * told from what to what (`changes`, as of a policy), of numbers and addresses never.
 */
export const contactChanged = (
  changed: Act & {
    readonly fields: readonly string[];
    readonly before?: Names;
    readonly after?: Names;
  },
): AuditEvent => {
  const { fields, before, after } = changed;
  const changes = (['userPrincipalName', 'displayName'] as const)
    .filter((path) => fields.includes(path) && before?.[path] !== after?.[path])
    .map((path) => ({ path, from: before?.[path], to: after?.[path] }));
  return act('contact-changed', changed, {
    fields: fields.join(' '),
    ...(changes.length === 0 ? {} : { changes: JSON.stringify(changes) }),
  });
};

/** Somebody in charge gave a person another role. */
export const roleChanged = (
  changed: Act & { readonly from: string; readonly to: string },
): AuditEvent => act('role-changed', changed, { from: changed.from, to: changed.to });

/** A person joined groups, left some, or both. */
export const groupsChanged = (
  changed: Act & { readonly joined: readonly string[]; readonly left: readonly string[] },
): AuditEvent =>
  act('groups-changed', changed, {
    joined: changed.joined.join(', '),
    left: changed.left.join(', '),
  });

/** A person was told by mail to set up a verification method, not for the first time where `reminder`. */
export const setUpAnnounced = (announced: Act & { readonly reminder: boolean }): AuditEvent =>
  act('set-up-announced', announced, { reminder: announced.reminder });

/** Somebody in charge deleted something registered. */
export const methodRemovedByAdmin = (
  removed: Act & { readonly kind: string; readonly slot: string },
): AuditEvent =>
  act('method-removed-by-admin', removed, { kind: removed.kind, slot: removed.slot });

/** A Temporary Access Pass was issued; an earlier one ended with that. */
export const passIssued = (
  issued: Act & { readonly minutes: number; readonly once: boolean },
): AuditEvent => act('pass-issued', issued, { minutes: issued.minutes, once: issued.once });

export const reRegistrationRequired = (required: Act & { readonly removed: number }): AuditEvent =>
  act('re-registration-required', required, { removed: required.removed });
