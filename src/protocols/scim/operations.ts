/** Owns the list of everything that the SCIM door does. What is not here is not there. */
import { discoveryOperations } from './discovery.ts';
import { groupOperations } from './groups.ts';
import type { ScimOperation } from './operation.ts';
import { userOperations } from './users.ts';

export const scimOperations: readonly ScimOperation[] = [
  ...discoveryOperations,
  ...userOperations,
  ...groupOperations,
];
