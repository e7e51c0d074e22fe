/** Owns what the operator decides of the synchronisation with the organisation's own directory. */
import { z } from 'zod';

/** When people and groups are read, and how careful that is. */
export const syncSettings = z.strictObject({
  minutes: z
    .int()
    .min(0)
    .max(1_440)
    .default(15)
    .meta({ env: 'TWEESTAP_UPSTREAM_SYNC_MINUTES' })
    .describe(
      'From the end of one synchronisation to the beginning of the next; 0: only when somebody asks for one.',
    ),
  mostDisabledPercent: z
    .int()
    .min(0)
    .max(100)
    .default(20)
    .meta({ env: 'TWEESTAP_UPSTREAM_SYNC_MOST_DISABLED_PERCENT' })
    .describe(
      'If one synchronisation would switch off more of the accounts that the directory owns, and more than 5, it switches off none until an administrator confirms it. 100: it never asks, unless the directory names nobody at all.',
    ),
  linkByName: z
    .boolean()
    .default(false)
    .meta({ env: 'TWEESTAP_UPSTREAM_LINK_BY_NAME' })
    .describe(
      'Whether accounts and groups that were made here are the directory’s once somebody, or a group, has the same name there. Accounts with a role, and those that are switched off, are never: an administrator gives them to it one by one.',
    ),
  newState: z
    .enum(['disabled', 'enabled', 'enforced'])
    .default('disabled')
    .meta({ env: 'TWEESTAP_UPSTREAM_NEW_STATE' })
    .describe('The multi-factor state of whoever appears in the directory.'),
});
