/**
 * Owns how the API says no: in Graph's shape, with Graph's codes. What a caller got wrong is returned as
 * a `Refusal`; what was thrown is translated here. Nothing that was sent is said back but the names of
 * properties and of what was asked for.
 */
import type { ErrorCode } from '../../errors/errors.ts';

/** Graph's codes, each with its status. */
export const refusals = {
  badRequest: 400,
  Request_BadRequest: 400,
  Request_UnsupportedQuery: 400,
  InvalidAuthenticationToken: 401,
  InteractionRequired: 401,
  Authorization_RequestDenied: 403,
  Request_ResourceNotFound: 404,
  Request_MethodNotAllowed: 405,
  Request_MultipleObjectsWithSameKeyValue: 409,
  Request_Conflict: 409,
  resourceModified: 412,
  Request_EntityTooLarge: 413,
  UnsupportedMediaType: 415,
  MisdirectedRequest: 421,
  TooManyRequests: 429,
  InternalServerError: 500,
  BadGateway: 502,
  ServiceUnavailable: 503,
} as const;
export type RefusalCode = keyof typeof refusals;

/** What is answered in place of what was asked for. */
export interface Refusal {
  readonly refused: RefusalCode;
  /** For whoever wrote the program: English, exact, nothing secret. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refusal(
  refused: RefusalCode,
  message: string,
  headers?: Readonly<Record<string, string>>,
): Refusal {
  return headers === undefined ? { refused, message } : { refused, message, headers };
}

/** As Graph says it of what is not there, or not for this caller to know of. */
export function notFound(what: string): Refusal {
  return refusal(
    'Request_ResourceNotFound',
    `Resource '${what.slice(0, 100)}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

export const denied = refusal(
  'Authorization_RequestDenied',
  'Insufficient privileges to complete the operation.',
);

/** What a fault of ours is called here. */
export const codesOfFaults: Readonly<Record<ErrorCode, RefusalCode>> = {
  ATTEMPT_NOT_FOUND: 'Request_ResourceNotFound',
  ATTEMPT_EXPIRED: 'Request_Conflict',
  ATTEMPT_FINISHED: 'Request_Conflict',
  ATTEMPT_CHANGED: 'Request_Conflict',
  STEP_NOT_ALLOWED: 'badRequest',
  REQUEST_MALFORMED: 'badRequest',
  REQUEST_TOO_LARGE: 'Request_EntityTooLarge',
  REQUEST_FOREIGN: 'Authorization_RequestDenied',
  NOT_FOUND: 'Request_ResourceNotFound',
  METHOD_NOT_ALLOWED: 'Request_MethodNotAllowed',
  NOT_SIGNED_IN: 'InvalidAuthenticationToken',
  STEP_UP_REQUIRED: 'InteractionRequired',
  NOT_ALLOWED: 'Authorization_RequestDenied',
  TOO_MANY_TRIES: 'TooManyRequests',
  BUSY: 'ServiceUnavailable',
  STORE_UNAVAILABLE: 'ServiceUnavailable',
  DELIVERY_REFUSED: 'BadGateway',
  UPSTREAM_UNAVAILABLE: 'ServiceUnavailable',
  PASSWORD_KEPT_ELSEWHERE: 'Request_Conflict',
  OWNED_BY_DIRECTORY: 'Request_BadRequest',
  CONFIGURATION_FAULTY: 'badRequest',
  KEY_MISSING: 'InternalServerError',
  RECORD_DAMAGED: 'Request_Conflict',
  HOST_UNKNOWN: 'MisdirectedRequest',
  INTERNAL: 'InternalServerError',
};
