/** Owns the addresses of the settings. */
import { settingsPath } from '../path.ts';
import type { GroupId } from './groups.ts';

export const methodsPath = `${settingsPath}/methods`;

export const logoPath = `${settingsPath}/logo`;
export const keepLogoPath = `${logoPath}/keep`;
export const previewStylesPath = `${settingsPath}/preview.css`;

export const strengthsPath = `${settingsPath}/strengths`;
export const newStrengthPath = `${strengthsPath}/new`;

/** The page of one authentication strength. */
export function strengthPath(id: string): string {
  return `${strengthsPath}/${id}`;
}

/** The page of a group of settings. */
export function groupPath(group: GroupId): string {
  return `${settingsPath}/${group}`;
}

/** The page of one method. */
export function methodPath(id: string): string {
  return `${methodsPath}/${id}`;
}
