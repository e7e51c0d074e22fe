/** Owns where the page of trusted devices is. */

/** The list; the question before all are ended lies below. */
export const trustedDevicesPath = '/my-profile/trusted-devices';
