/** Owns what a new password must be: long enough, not absurdly long; no classes of characters (NIST SP 800-63B-4 §3.1.1). */

export type PasswordFault = 'too-short' | 'too-long';

/** 8 to 256 characters after NFKC, at most 1,024 bytes; undefined when it will do. */
export function passwordFault(password: string): PasswordFault | undefined {
  const normal = password.normalize('NFKC');
  const characters = [...normal].length;
  if (characters < 8) return 'too-short';
  if (characters > 256 || Buffer.byteLength(normal) > 1024) return 'too-long';
  return undefined;
}
