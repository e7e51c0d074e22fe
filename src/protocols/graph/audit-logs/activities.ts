/**
 * Owns what Entra calls what happened, for alarms and reports that were made for it: rows,
 * for a report of fraud A-053. What Entra has no word for keeps the one of our log.
 */
import type { AuditEvent } from '../../../audit/audit-event.ts';

/** The services that Entra's events come from, and ours for the rest. */
export const services = [
  'Tweestap',
  'Authentication Methods',
  'Self-service Password Management',
] as const;
type Service = (typeof services)[number];

export interface Activity {
  /** `activityDisplayName`. */
  readonly name: string;
  readonly service: Service;
  /** `resultReason`; names the method where there is one. */
  readonly reason: string;
}

/** What Entra calls it. */
export function activityOf({ kind, details }: Pick<AuditEvent, 'kind' | 'details'>): Activity {
  const { reason } = details;
  const own = typeof reason === 'string' ? reason : '';
  if (kind === fraud.kind) {
    const name = details['blocks'] === false ? fraud.noAction : fraud.blocked;
    return { name, service: 'Authentication Methods', reason: own };
  }
  const known = activities[kind];
  if (known === undefined) return { name: kind, service: 'Tweestap', reason: own };
  const what = methodIn(details);
  const { name, service, reasonBefore } = known;
  return {
    name,
    service,
    reason: reasonBefore === undefined || what === undefined ? own : `${reasonBefore} ${what}`,
  };
}

/** What our log calls something, whichever of the two names is asked for. */
export function kindOf(name: string): string {
  return kinds.get(name.toLowerCase()) ?? name;
}

const fraud = {
  kind: 'fraud-reported',
  blocked: 'Fraud reported - user is blocked for MFA',
  noAction: 'Fraud reported - no action taken',
} as const;

interface Known {
  readonly name: string;
  readonly service: Service;
  readonly reasonBefore?: string;
}

const info = (name: string, reasonBefore?: string): Known => ({
  name,
  service: 'Authentication Methods',
  ...(reasonBefore === undefined ? {} : { reasonBefore }),
});
const reset = (name: string): Known => ({ name, service: 'Self-service Password Management' });

/** One kind for each name, so that a search for it is as quick as for ours. */
const activities: Readonly<Record<string, Known>> = {
  'method-registered': info('User registered security info', 'User registered'),
  'registration-finished': info('User registered all required security info'),
  'method-removed': info('User deleted security info', 'User deleted'),
  'default-method-changed': info(
    'User changed default security info',
    'User changed the default to',
  ),
  'reset-confirmed': info('User reviewed security info'),
  'method-registered-by-admin': info('Admin registered security info', 'Admin registered'),
  'method-removed-by-admin': info('Admin deleted security info', 'Admin deleted'),
  'default-method-changed-by-admin': info(
    'Admin updated security info',
    'Admin changed the default to',
  ),
  'reset-requested': reset('Self-serve password reset flow activity progress'),
  'reset-stopped': reset('Blocked from self-service password reset'),
  'password-changed': reset('Change password (self-service)'),
  'password-set-by-admin': reset('Reset password (by admin)'),
  'password-reset': reset('Reset password (self-service)'),
  'password-unlocked': reset('Unlock user account (self-service)'),
};

const kinds: ReadonlyMap<string, string> = new Map([
  ...Object.entries(activities).map(([kind, { name }]) => [name.toLowerCase(), kind] as const),
  [fraud.blocked.toLowerCase(), fraud.kind],
  [fraud.noAction.toLowerCase(), fraud.kind],
]);

/** Entra's words for things and for ways to ask. */
const methodNames: Readonly<Record<string, string>> = {
  mobile: 'Mobile Phone',
  alternateMobile: 'Alternate Mobile Phone',
  office: 'Office Phone',
  'authenticator-app': 'Authenticator App',
  'security-key': 'Fido2 Authentication Method',
  email: 'Email',
  'security-questions': 'Security Questions',
  'recovery-codes': 'Recovery Codes',
  'temporary-access-pass': 'Temporary Access Pass',
  'text-message': 'Mobile Phone SMS',
  'phone-call': 'Mobile Phone Call',
  'authenticator-code': 'Authenticator App with Code',
  notification: 'Authenticator App with Notification',
};

function methodIn({ kind, slot, method }: AuditEvent['details']): string | undefined {
  const name = kind === 'phone' ? slot : (kind ?? method);
  return typeof name === 'string' ? (methodNames[name] ?? name) : undefined;
}
