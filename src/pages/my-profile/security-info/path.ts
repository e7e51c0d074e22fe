/** Owns where Security info is. */

/** The list; what is done from it lies below. */
export const securityInfoPath = '/my-profile/security-info';
