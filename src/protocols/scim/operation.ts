/**
 * Owns what an operation of the SCIM door is: one method at one address and the act that stands behind it.
 * The router, the check of who may and the test that walks role × route are drawn from these values.
 */
import type { Act } from '../../accounts/administering.ts';
import type { User } from '../../accounts/user.ts';
import type { AtApi, AtPages } from '../../administration/acting-admin.ts';
import type { ScimFault } from './faults.ts';
import type { ScimParts } from './parts.ts';

/** One request, once it is known who asks and that they may. */
export interface ScimCall {
  readonly parts: ScimParts;
  /** Where addresses begin: `https://login.voorbeeld.example/scim/v2`. */
  readonly base: string;
  readonly by: AtApi | AtPages;
  /** Who asks, as `accounts/administering.ts` judges them. Names in other directories are theirs alone. */
  readonly actor: Pick<User, 'id' | 'role'>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly method: ScimOperation['method'];
  /** As the headers `If-Match` and `If-None-Match` have it; `version.ts` reads them. */
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** What is answered when it went well. */
export interface Answer {
  readonly status: number;
  /** Absent: nothing is sent but the status. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScimOperation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `scimPath`, with its variables. */
  readonly path: string;
  readonly act: Act;
  readonly run: (call: ScimCall) => Promise<Answer | ScimFault>;
}
