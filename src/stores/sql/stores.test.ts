/** Every contract of a store, on every database. */
import { after, describe, it } from 'node:test';

import {
  postgresqlServer,
  postgresUrl,
  sqliteServer,
  type DatabaseServer,
} from '../../../test/support/database.ts';
import { describeMetaStore } from '../../accounts/meta-store.contract.ts';
import {
  describeKnownBrowserStore,
  describeUserStore,
} from '../../accounts/user-store.contract.ts';
import { describeProvisioningStore } from '../../accounts/provisioning-store.contract.ts';
import { describeDirectorySyncStore } from '../../administration/directory/sync-store.contract.ts';
import { describeJobStore } from '../../administration/jobs/job-store.contract.ts';
import { describeAppPasswordStore } from '../../app-passwords/app-password-store.contract.ts';
import { describeApplicationStore } from '../../applications/application-store.contract.ts';
import { describeKeyStore } from '../../applications/key-store.contract.ts';
import { describeLdapClientStore } from '../../applications/ldap-client-store.contract.ts';
import { describeRadiusClientStore } from '../../applications/radius-client-store.contract.ts';
import { describeAuditStore, describeSignInEventStore } from '../../audit/audit-store.contract.ts';
import { describeClosedPrefixStore } from '../../delivery/closed-prefix-store.contract.ts';
import { describeGreetingStore } from '../../delivery/greeting-store.contract.ts';
import { describeOutboxStore } from '../../delivery/outbox-store.contract.ts';
import { describeRestStore } from '../../delivery/rest-store.contract.ts';
import { describePolicyStore } from '../../policies/policy-store.contract.ts';
import { describeGrantStore, describeOidcStore } from '../../protocols/oidc/oidc-store.contract.ts';
import { describeHeardStore } from '../../protocols/webhooks/heard-store.contract.ts';
import { describeHardwareTokenStore } from '../../registrations/hardware-token-store.contract.ts';
import { describeRegistrationStore } from '../../registrations/registration-store.contract.ts';
import { describeSessionStore } from '../../sessions/session-store.contract.ts';
import { describeTrustedDeviceStore } from '../../sessions/trusted-device-store.contract.ts';
import { describeApprovalStore } from '../../accounts/approval-store.contract.ts';
import { describeAttemptStore } from '../../signin/attempt-store.contract.ts';
import { describeDoorKeyStore } from '../../signin/door-key-store.contract.ts';
import { describeSnoozeStore } from '../../signin/snooze-store.contract.ts';
import { describeThrottleStore } from '../../throttle/throttle-store.contract.ts';

describe('the stores on SQLite', () => describeStores(sqliteServer()));

if (postgresUrl === undefined) {
  it('the stores on PostgreSQL', { skip: 'TWEESTAP_TEST_POSTGRES_URL is not set' }, () => {});
} else {
  const server = postgresqlServer(postgresUrl);
  describe('the stores on PostgreSQL', () => describeStores(server));
}

function describeStores(server: DatabaseServer): void {
  after(() => server.close());
  const { fresh } = server;
  describeUserStore(fresh);
  describeKnownBrowserStore(fresh);
  describeMetaStore(fresh);
  describeProvisioningStore(fresh);
  describeAttemptStore(fresh);
  describeJobStore(fresh);
  describeDirectorySyncStore(fresh);
  describeRegistrationStore(fresh);
  describeHardwareTokenStore(fresh);
  describeApprovalStore(fresh);
  describeAppPasswordStore(fresh);
  describeDoorKeyStore(fresh);
  describeSessionStore(fresh);
  describeTrustedDeviceStore(fresh);
  describeApplicationStore(fresh);
  describeLdapClientStore(fresh);
  describeRadiusClientStore(fresh);
  describeKeyStore(fresh);
  describeGrantStore(fresh);
  describeOidcStore(fresh);
  describeOutboxStore(fresh);
  describeRestStore(fresh);
  describeClosedPrefixStore(fresh);
  describeGreetingStore(fresh);
  describeSnoozeStore(fresh);
  describeThrottleStore(fresh);
  describeAuditStore(fresh);
  describeSignInEventStore(fresh);
  describePolicyStore(fresh);
  describeHeardStore(fresh);
}
