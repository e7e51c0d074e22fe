/** Owns the addresses of the settings. */
import { settingsPath } from '../path.ts';
import type { GroupId } from './groups.ts';

export const methodsPath = `${settingsPath}/methods`;

/** The page of a group of settings. */
export function groupPath(group: GroupId): string {
  return `${settingsPath}/${group}`;
}

/** The page of one method. */
export function methodPath(id: string): string {
  return `${methodsPath}/${id}`;
}
