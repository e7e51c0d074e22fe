import { z } from 'zod';

import { codePattern } from './code.ts';

/** How many codes a person gets. */
export const codesMade = 10;

/** As long as they are shown: the codes themselves. They stand in a draft only, which is sealed at rest. */
const shown = z.strictObject({ codes: z.array(z.string().regex(codePattern)).length(codesMade) });

/** What is kept, by place: argon2id of each code that was not used yet, with a salt of its own. */
const kept = z.strictObject({ hashes: z.record(z.string().regex(/^[0-9]$/), z.string().min(1)) });

export const codesSecret = z.union([shown, kept]);
export type CodesSecret = z.infer<typeof codesSecret>;
