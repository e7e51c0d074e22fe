/** Owns the address under which a forgotten password is reset. */

export const passwordResetPath = '/password-reset';
