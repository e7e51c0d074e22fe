/** Owns where Recent sign-ins is. */

/** The list; what is said of one of them lies below. */
export const recentSignInsPath = '/my-profile/recent-sign-ins';
