import { z } from 'zod';

/**
 * Nothing to set: six digits, 30 seconds and SHA-1 are what every authenticator app knows, and how
 * many codes are good at a moment is no matter of taste (attack ATK-15).
 */
export const settings = z.strictObject({});
export type Settings = z.infer<typeof settings>;
