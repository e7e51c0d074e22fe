/** Owns what the answer of an exchange means, or that there is none: about whom is called, the call, or us. */
import { SipFault } from '../../../lib/sip/fault.ts';
import type { DeliveryEvent } from '../../message.ts';
import { deliveryRefused, type Refusal } from '../../refusal.ts';

/** How a call ended that nobody answered: what became of the telephone, or why the exchange has not called. */
export type Unanswered =
  | { readonly kind: 'telephone'; readonly event: DeliveryEvent }
  | { readonly kind: 'exchange'; readonly refusal: Refusal };

/** What an INVITE that failed means (RFC 3261 §21). */
export function meaningOf(error: unknown): Unanswered {
  if (!(error instanceof SipFault)) {
    const fault = 'the call could not be begun';
    return exchange({ fault, isUnsure: true });
  }
  const { status, retryAfterSeconds, isSent, message } = error;
  const fault = status === undefined ? message : `the exchange answered ${status}`;
  switch (status) {
    case undefined:
      return exchange({ fault, ...(isSent ? { isUnsure: true } : {}) });
    // Busy here, busy everywhere.
    case 486:
    case 600:
      return telephone('busy');
    // Declined: who is called saw it and did not want it, which a page calls the same.
    case 603:
      return telephone('busy');
    // No answer in time; not there now; we gave up.
    case 408:
    case 480:
    case 487:
      return telephone('no-answer');
    case 401:
    case 403:
    case 407:
      return exchange({ fault: `the exchange does not take our calls (${status})` });
    // No such number, or none any more, or not one that it can read.
    case 404:
    case 410:
    case 484:
    case 485:
    case 604:
      return {
        kind: 'exchange',
        refusal: {
          retry: false,
          reason: 'refused',
          isAboutMessage: true,
          fault: `the exchange knows no such number (${status})`,
        },
      };
    default:
      return exchange({
        fault,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      });
  }
}

/** Where an exchange is asked for. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tls' | 'tcp' | 'udp';
}

/** What `check` says of an exchange that was not reached: the system's own code, and what is to be looked at. */
export function unreachedAt(place: Place, error: unknown): string {
  if (!(error instanceof Error)) return 'the exchange was not reached.';
  return `${error.message}. ${adviceOn(codeOf(error.cause), place)}`;
}

/** The system's own code, or its words where it has none. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

function adviceOn(code: string, { host, port, transport }: Place): string {
  const place = `${host}:${port}`;
  if (code === 'ECONNREFUSED') return `Nothing listens at ${place} (${transport}).`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `No name server knows ${host}.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `Its certificate is not for ${host}.`;
  if (code === 'CERT_HAS_EXPIRED') return 'Its certificate has expired.';
  if (/SELF_SIGNED|VERIFY_LEAF|ISSUER_CERT/.test(code)) {
    return 'Nothing vouches for its certificate: put the one that does into delivery.sip.authorities.';
  }
  if (transport === 'tls' && /ETIMEDOUT|ECONNRESET|EPROTO|SSL/.test(code)) {
    return `A firewall is in the way, or what listens at ${place} speaks no TLS.`;
  }
  return `Is ${place} (${transport}) right, and is no firewall in the way?`;
}

/** What `check` says of a fault: all that helps, since nobody was called. */
export function checkFault(fault: string, cause?: unknown): Error {
  return deliveryRefused(
    { retry: true, reason: 'unreachable', fault },
    new Error(fault, { cause }),
  );
}

function telephone(reason: 'busy' | 'no-answer'): Unanswered {
  return { kind: 'telephone', event: { kind: 'ended', reason } };
}

function exchange(refusal: Pick<Refusal, 'fault' | 'isUnsure' | 'retryAfterSeconds'>): Unanswered {
  return { kind: 'exchange', refusal: { retry: true, reason: 'unreachable', ...refusal } };
}
