/** Owns the list of what the API is given: the services behind it, and stores to read from. */
import type { ImmutableIds } from '../../accounts/upstream/entry-ids.ts';
import type { Approvals } from '../../administration/approvals.ts';
import type { Connecting } from '../../administration/connecting.ts';
import type { DirectorySync } from '../../administration/directory/directory.ts';
import type { Jobs } from '../../administration/jobs/jobs.ts';
import type { Supposed, WhatIf } from '../../administration/what-if.ts';
import type { Administration } from '../../administration/administration.ts';
import type { HardwareTokens } from '../../administration/hardware-tokens/hardware-tokens.ts';
import type { Deliveries } from '../../administration/deliveries.ts';
import type { Greetings } from '../../administration/greetings.ts';
import type { Governing } from '../../administration/governing.ts';
import type { NumberBlocks } from '../../administration/number-blocks.ts';
import type { Providing } from '../../administration/providing.ts';
import type { Applications } from '../../applications/applications.ts';
import type { LdapClients } from '../../applications/ldap-clients.ts';
import type { RadiusClients } from '../../applications/radius-clients.ts';
import type { OwnPassword } from '../../own-account/own-password.ts';
import type { OwnHardwareTokens } from '../../own-account/own-hardware-tokens.ts';
import type { SigninStores } from '../../signin/stores.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SecretBox } from '../../lib/secret-box.ts';
import type { Methods } from '../../methods/method.ts';
import type { Policies } from '../../policies/policies.ts';
import type { FindBearer } from '../oidc/access-tokens.ts';

/** What it takes to know who asks, here and at the door of SCIM. */
export interface CallerParts {
  /** The origin people see: every link begins with it, whatever a request says. */
  readonly origin: string;
  /** Outside transactions: for reading. Changes are acts of the services. */
  readonly stores: SigninStores;
  readonly policies: Policies;
  readonly methods: Methods;
  readonly bearer: FindBearer;
}

export interface GraphParts extends CallerParts {
  readonly administration: Administration;
  readonly governing: Governing;
  readonly providing: Providing;
  /** Changes are acts of the services; this one is for looking. */
  readonly applications: Pick<Applications, 'list' | 'show'>;
  readonly radiusClients: Pick<RadiusClients, 'list' | 'show'>;
  readonly ldapClients: Pick<LdapClients, 'list'>;
  readonly connecting: Connecting;
  readonly jobs: Jobs;
  readonly deliveries: Pick<Deliveries, 'retry'>;
  readonly greetings: Greetings;
  readonly numberBlocks: NumberBlocks;
  /** Undefined where no directory is configured. */
  readonly directorySync: DirectorySync | undefined;
  /** How its ids are written here. */
  readonly immutableIds: ImmutableIds;
  readonly approvals: Approvals;
  readonly whatIf: (supposed: Supposed) => Promise<WhatIf>;
  readonly hardwareTokens: HardwareTokens;
  /** For whoever activates their own, at `/me`. */
  readonly ownHardwareTokens: OwnHardwareTokens;
  /** For whoever changes their own, at `/me`. */
  readonly ownPassword: Pick<OwnPassword, 'changeThrough' | 'elsewhere'>;
  readonly box: Pick<SecretBox, 'seal' | 'open'>;
  readonly clock: Clock;
}
