/** Owns where the door of SCIM is. */

export const scimPath = '/scim/v2';
