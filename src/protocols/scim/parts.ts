/** Owns the list of what the door of SCIM is given. */
import type { Administration } from '../../administration/administration.ts';
import type { Provisioning } from '../../administration/provisioning.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import type { CallerParts } from '../graph/parts.ts';

export interface ScimParts extends CallerParts {
  readonly administration: Administration;
  readonly provisioning: Provisioning;
  readonly clock: Clock;
  readonly random: Random;
}
