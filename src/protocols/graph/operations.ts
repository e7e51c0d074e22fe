/**
 * Owns the list of everything that the API does: one line for each resource, whose file has its
 * operations and its shapes. What is not here is not there.
 */
import { groupOperations } from './groups.ts';
import type { Operation } from './operation.ts';
import { userOperations } from './users.ts';

export const operations: readonly Operation[] = [...userOperations, ...groupOperations];
