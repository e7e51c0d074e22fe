/** Owns checking the chain of the audit log, a stretch at a time. */
import * as z from 'zod';

import { organisationOperation, sent, type Operation } from '../operation.ts';

/** Checked within a second or two. */
const mostEvents = 20_000;

const check = z.object({
  /** Whole up to this event. */
  checked: z.int(),
  /** The first that was changed, removed or moved. */
  brokenAt: z.int().nullable(),
  /** Whether there is nothing more to check; else go on after `checked`. */
  isDone: z.boolean(),
  length: z.int(),
});

export const auditChainOperations: readonly Operation[] = [
  organisationOperation({
    method: 'POST',
    path: '/auditLog/verify',
    roots: ['tweestap'],
    act: 'see-logs',
    does: `Checks that nobody changed the audit log: up to ${mostEvents} events behind one that was whole.`,
    body: sent({ after: z.int().min(0).exactOptional() }),
    answers: { kind: 'value', schema: check },
    run: async ({ parts, base }, { after = 0 }) => {
      const found = await parts.stores.audit.verifyPart({ after, most: mostEvents });
      return {
        status: 200,
        body: {
          '@odata.context': `${base}/$metadata#auditLog/verify`,
          ...found,
          brokenAt: found.brokenAt ?? null,
        },
      };
    },
  }),
];
