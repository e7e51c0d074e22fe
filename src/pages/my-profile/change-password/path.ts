/** Owns where a person changes their password. */

/** The page and its form. */
export const changePasswordPath = '/my-profile/change-password';
