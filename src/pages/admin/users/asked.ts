/** Owns what a list of people is asked for: how it stands in an address, and what it means. */
import { z } from 'zod';

import { perUserMfaStates, roles } from '../../../accounts/user.ts';
import type { Everybody } from '../../../administration/jobs/job.ts';
import type { Methods } from '../../../methods/method.ts';
import { signInKinds } from '../../../registrations/options.ts';

/** What may stand behind the question mark; what is not one of ours asks for nothing. */
export const listQuery = z.object({
  text: z.string().max(113).default('').catch(''),
  state: z.enum(perUserMfaStates).optional().catch(undefined),
  standing: z.enum(['blocked', 'off', 'never']).optional().catch(undefined),
  kind: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional()
    .catch(undefined),
  group: z
    .string()
    .trim()
    .max(200)
    .transform((name) => (name === '' ? undefined : name))
    .optional()
    .catch(undefined),
  role: z.enum(roles).optional().catch(undefined),
  'c-role': z.literal('1').optional().catch(undefined),
  'c-groups': z.literal('1').optional().catch(undefined),
  'c-mail': z.literal('1').optional().catch(undefined),
  'c-added': z.literal('1').optional().catch(undefined),
  after: z.string().max(113).optional().catch(undefined),
  /** Present where a quick step was pressed and nobody selected. */
  none: z.literal('1').optional().catch(undefined),
  /** Present where somebody was just removed. */
  removed: z.literal('1').optional().catch(undefined),
  /** Present where everybody on the page is to be selected. */
  all: z.literal('1').optional().catch(undefined),
  /** Present where everybody who is found is meant, on whichever page. */
  everybody: z.literal('1').optional().catch(undefined),
});

/** Columns that are shown where they are asked for. */
export const furtherColumns = ['role', 'groups', 'mail', 'added'] as const;

/** What was asked for, as it stands in the address. */
export type Asked = z.infer<typeof listQuery>;

/** Whom it means, on whichever page. */
export function everybodyOf(
  { text, state, standing, kind, group, role }: Asked,
  methods: Methods,
): Everybody {
  return {
    text,
    state,
    group,
    roles: role === undefined ? undefined : [role],
    isBlocked: standing === 'blocked',
    switchedOff: standing === 'off',
    registered:
      standing === 'never'
        ? { kinds: signInKinds(methods), has: false }
        : kind === undefined
          ? undefined
          : { kinds: [kind], has: true },
  };
}
