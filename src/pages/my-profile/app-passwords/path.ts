/** Owns where app passwords are. */

/** The list; what is done from it lies below. */
export const appPasswordsPath = '/my-profile/app-passwords';

/** Where one is made. */
export const newAppPasswordPath = `${appPasswordsPath}/add`;
