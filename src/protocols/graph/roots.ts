/** Owns where the API is found. */

/** The roots of the API, and where each is found. What Graph has not is Tweestap's own. */
export const roots = { 'v1.0': '/v1.0', beta: '/beta', tweestap: '/tweestap/v1' } as const;
export type Root = keyof typeof roots;
