/**
 * Owns the list of everything that the API does: one line for each resource, whose file has its
 * operations and its shapes. What is not here is not there.
 */
import { directoryAuditOperations } from './audit-logs/directory-audits.ts';
import { signInOperations } from './audit-logs/sign-ins.ts';
import { authenticatorMethodOperations } from './authentication/authenticator-methods.ts';
import { emailMethodOperations } from './authentication/email-methods.ts';
import { hardwareOathDeviceOperations } from './authentication/hardware-oath-devices.ts';
import { hardwareOathMethodOperations } from './authentication/hardware-oath-methods.ts';
import { fido2MethodOperations } from './authentication/fido2-methods.ts';
import { methodOperations, strangeMethodOperations } from './authentication/methods.ts';
import { passwordMethodOperations } from './authentication/password-methods.ts';
import { phoneMethodOperations } from './authentication/phone-methods.ts';
import { requirementOperations } from './authentication/requirements.ts';
import { signInPreferenceOperations } from './authentication/sign-in-preferences.ts';
import { temporaryAccessPassOperations } from './authentication/temporary-access-pass-methods.ts';
import { groupOperations } from './groups.ts';
import type { Operation } from './operation.ts';
import { authenticationMethodsPolicyOperations } from './policies/authentication-methods-policy.ts';
import { authenticationStrengthPolicyOperations } from './policies/authentication-strength-policies.ts';
import { authorizationPolicyOperations } from './policies/authorization-policy.ts';
import { methodConfigurationOperations } from './policies/method-configurations.ts';
import { namedLocationOperations } from './policies/named-locations.ts';
import { credentialRegistrationOperations } from './reports/credential-registrations.ts';
import { credentialUsageOperations } from './reports/credential-usage.ts';
import { registeredUserOperations } from './reports/registered-users.ts';
import { userRegistrationDetailOperations } from './reports/user-registration-details.ts';
import { appPasswordOperations } from './tweestap/app-passwords.ts';
import { applicationOperations } from './tweestap/applications.ts';
import { approvalOperations } from './tweestap/approvals.ts';
import { auditChainOperations } from './tweestap/audit-chain.ts';
import { blockOperations } from './tweestap/blocks.ts';
import { deliveryOperations } from './tweestap/deliveries.ts';
import { greetingOperations } from './tweestap/greetings.ts';
import { jobOperations } from './tweestap/jobs.ts';
import { ldapClientOperations } from './tweestap/ldap-clients.ts';
import { directoryOperations } from './tweestap/directory.ts';
import { numberBlockOperations } from './tweestap/number-blocks.ts';
import { policyOperations } from './tweestap/policy.ts';
import { radiusClientOperations } from './tweestap/radius-clients.ts';
import { whatIfOperations } from './tweestap/what-if.ts';
import { userOperations } from './users.ts';

export const operations: readonly Operation[] = [
  ...userOperations,
  ...groupOperations,
  ...methodOperations,
  ...strangeMethodOperations,
  ...phoneMethodOperations,
  ...emailMethodOperations,
  ...fido2MethodOperations,
  ...authenticatorMethodOperations,
  ...temporaryAccessPassOperations,
  ...passwordMethodOperations,
  ...requirementOperations,
  ...signInPreferenceOperations,
  ...hardwareOathDeviceOperations,
  ...hardwareOathMethodOperations,
  ...authenticationMethodsPolicyOperations,
  ...methodConfigurationOperations,
  ...authenticationStrengthPolicyOperations,
  ...authorizationPolicyOperations,
  ...namedLocationOperations,
  ...signInOperations,
  ...directoryAuditOperations,
  ...userRegistrationDetailOperations,
  ...registeredUserOperations,
  ...credentialUsageOperations,
  ...credentialRegistrationOperations,
  ...appPasswordOperations,
  ...blockOperations,
  ...policyOperations,
  ...applicationOperations,
  ...radiusClientOperations,
  ...ldapClientOperations,
  ...jobOperations,
  ...whatIfOperations,
  ...auditChainOperations,
  ...deliveryOperations,
  ...greetingOperations,
  ...directoryOperations,
  ...numberBlockOperations,
  ...approvalOperations,
];
