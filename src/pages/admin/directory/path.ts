/** Owns the addresses of the organisation's directory. */
import { personPath } from '../path.ts';

export const directoryPath = '/admin/directory';
export const directoryStatusPath = '/admin/directory/status';
export const directoryEventsPath = '/admin/directory/events';
export const synchronisePath = '/admin/directory/synchronise';
export const confirmSyncPath = '/admin/directory/confirm';
export const linkGroupPath = '/admin/directory/groups';

/** Where somebody's account is given to the directory, or taken back. */
export function linkAccountPath(id: string): string {
  return `${personPath(id)}/directory`;
}
