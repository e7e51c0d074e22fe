/** The result codes of LDAP that a directory like ours gives (RFC 4511 appendix A, RFC 3062 names). */
export const resultCodes = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  compareFalse: 5,
  compareTrue: 6,
  authMethodNotSupported: 7,
  adminLimitExceeded: 11,
  unavailableCriticalExtension: 12,
  confidentialityRequired: 13,
  noSuchAttribute: 16,
  undefinedAttributeType: 17,
  noSuchObject: 32,
  invalidDnSyntax: 34,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  other: 80,
} as const;

export type ResultCode = (typeof resultCodes)[keyof typeof resultCodes];

/** What an operation came to. */
export interface LdapResult {
  readonly code: ResultCode;
  /** Of `noSuchObject`: how far the name goes that there is. */
  readonly matchedDn?: string;
  /** For whoever reads the client's log; never tells more than the code does. */
  readonly message?: string;
}
