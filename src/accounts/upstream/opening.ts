/** Owns when the code that speaks to a directory is loaded: where there is one, and not before. */
import type { UpstreamSettings } from './settings.ts';
import type { UpstreamDirectory } from './upstream.ts';

/** The directory of these settings; nothing is asked yet. Throws `CONFIGURATION_FAULTY` where they cannot be used. */
export async function openUpstream(settings: UpstreamSettings): Promise<UpstreamDirectory> {
  const { createLdapDirectory } = await import('./ldap-directory.ts');
  return createLdapDirectory(settings);
}
