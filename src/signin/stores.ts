/** Owns the list of stores that one step of a sign-in changes together. */
import type { ProvisioningStore } from '../accounts/provisioning-store.ts';
import type { BroughtGroupStore } from '../accounts/upstream/brought-groups.ts';
import type { KnownBrowserStore, UserStore } from '../accounts/user-store.ts';
import type { AppPasswordStore } from '../app-passwords/app-password-store.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { GrantStore } from '../applications/grant-store.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import type { SignInEventStore } from '../audit/sign-in-event.ts';
import type { ClosedPrefixStore } from '../delivery/closed-prefix-store.ts';
import type { GreetingStore } from '../delivery/greeting-store.ts';
import type { OutboxStore } from '../delivery/outbox-store.ts';
import type { PolicyStore } from '../policies/policy-store.ts';
import type { HardwareTokenStore } from '../registrations/hardware-token-store.ts';
import type { RegistrationStore } from '../registrations/registration-store.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { TrustedDeviceStore } from '../sessions/trusted-device-store.ts';
import type { ThrottleStore } from '../throttle/throttle-store.ts';
import type { ApprovalStore } from '../accounts/approval-store.ts';
import type { AttemptStore } from './attempt-store.ts';
import type { DoorKeyStore } from './door-key-store.ts';
import type { SnoozeStore } from './snooze-store.ts';

export interface SigninStores {
  readonly users: UserStore;
  readonly knownBrowsers: KnownBrowserStore;
  readonly attempts: AttemptStore;
  readonly registrations: RegistrationStore;
  readonly hardwareTokens: HardwareTokenStore;
  readonly approvals: ApprovalStore;
  readonly appPasswords: AppPasswordStore;
  readonly doorKeys: DoorKeyStore;
  readonly sessions: SessionStore;
  readonly trustedDevices: TrustedDeviceStore;
  readonly applications: Pick<ApplicationStore, 'find'>;
  readonly grants: GrantStore;
  readonly outbox: OutboxStore;
  readonly closedPrefixes: ClosedPrefixStore;
  readonly greetings: GreetingStore;
  readonly policies: PolicyStore;
  readonly provisioning: ProvisioningStore;
  readonly broughtGroups: BroughtGroupStore;
  readonly snoozes: SnoozeStore;
  readonly throttle: ThrottleStore;
  readonly audit: AuditStore;
  readonly signInEvents: SignInEventStore;
}
