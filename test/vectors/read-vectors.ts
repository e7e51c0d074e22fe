import { readFileSync } from 'node:fs';

import type { z } from 'zod';

/** The vectors of a file in this folder, in the shape the schema says; throws where they are not. */
export function readVectors<schema extends z.ZodType>(
  file: string,
  schema: schema,
): z.output<schema> {
  return schema.parse(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')));
}
