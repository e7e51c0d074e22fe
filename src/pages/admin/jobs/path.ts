/** Owns the addresses of long work. */

export const jobsPath = '/admin/jobs';

/** The page of one job. */
export function jobPath(id: string): string {
  return `${jobsPath}/${id}`;
}
