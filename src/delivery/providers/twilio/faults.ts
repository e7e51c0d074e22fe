/**
 * Owns what Twilio's error codes mean to us (https://www.twilio.com/docs/api/errors). What is wrong
 * with our account, our sender or our credentials may be set right while the message is worth
 * something, and another provider may carry it meanwhile; what is wrong with the receiver is final.
 */
import { jsonIn, refusalByStatus, type HttpAnswer } from '../../http-call.ts';
import type { DeliveryEvent } from '../../message.ts';
import type { Refusal } from '../../refusal.ts';

/** Whom an operator knows to be asked. */
export const providerName = 'Twilio';

type FailureReason = Extract<DeliveryEvent, { readonly kind: 'failed' }>['reason'];

/** The receiver has sent STOP. */
const optedOut = 21610;

/** About us, not about the receiver. */
const ours: ReadonlySet<number> = new Set([
  20003, // the credentials are wrong
  20005, // the account is not active
  20006, // access denied
  20008, // credentials for tests
  20404, // no such account or resource
  21210, // the caller's number is not verified
  21212, // no valid sender
  21213, // no sender
  21603, // no sender
  21606, // the sender is not ours, or sends no texts
  21611, // the sender's queue is full
  21659, // the sender is no number of Twilio's
  21660, // the sender belongs to another account
  21661, // the sender sends no texts
  21701, // no such messaging service
  21702, // no such messaging service
  21703, // a messaging service without numbers
]);

/** What an answer of the API says against the message; undefined where it was taken. */
export function refusalIn(answer: HttpAnswer): Refusal | undefined {
  const byStatus = refusalByStatus(providerName, answer);
  if (byStatus === undefined || answer.status >= 500) return byStatus;
  const code = codeIn(answer);
  const fault = code === undefined ? byStatus.fault : `${byStatus.fault}, error ${code}`;
  if (code === optedOut) return { retry: false, reason: 'opted-out', fault };
  const isOurs = answer.status === 401 || answer.status === 403 || answer.status === 404;
  if (byStatus.retry || isOurs || (code !== undefined && ours.has(code))) {
    return { ...byStatus, retry: true, reason: 'unreachable', fault };
  }
  return { ...byStatus, fault };
}

/** Why a text that Twilio took did not arrive, by the code of its report. */
export function failureOf(errorCode: string): FailureReason {
  switch (errorCode) {
    case '21610':
      return 'opted-out';
    // Blocked by the receiver's network, filtered by it, or not allowed there.
    case '30004':
    case '30007':
    case '30034':
    case '30453':
      return 'refused';
    default:
      return 'unreachable';
  }
}

/** Never more of the answer than its code: the words may quote whom the message was for. */
function codeIn(answer: HttpAnswer): number | undefined {
  const said = jsonIn(answer);
  const code = typeof said === 'object' && said !== null && 'code' in said ? said.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
