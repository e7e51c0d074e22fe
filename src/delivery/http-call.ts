/**
 * Owns asking a provider by HTTP: one request with a deadline, an answer that is read whole, and what
 * went wrong in the one shape the worker knows (`refusal.ts`): surely not taken, perhaps taken, or
 * never to be taken. Nothing that a provider wrote gets into a fault: it may quote what was sent.
 */
import { callOutside, OutgoingError, type OutgoingAnswer } from '../lib/outgoing.ts';
import { deliveryRefused, type Refusal } from './refusal.ts';

/** A request to a provider. */
export interface HttpCall {
  /** Whom an operator knows to be asked: "Twilio". */
  readonly provider: string;
  readonly url: URL;
  /** `POST` unless told. */
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** For the whole call; 8,000 milliseconds unless told. The worker gives up at 10,000. */
  readonly timeoutMs?: number;
  /** Certificates (PEM) that vouch for the provider, where the usual authorities do not. */
  readonly authorities?: string | undefined;
}

/** What a provider answered, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: OutgoingAnswer['headers'];
  readonly text: string;
}

const defaultTimeoutMs = 8_000;
const mostAnswerBytes = 1_048_576;

/**
 * Asks, once. Throws `DELIVERY_REFUSED` where no answer came: it may be tried again, and `isUnsure`
 * says whether the provider may have had the request.
 */
export async function callProvider(call: HttpCall): Promise<HttpAnswer> {
  const { provider, url, method = 'POST', headers, body, signal, authorities } = call;
  try {
    const answer = await callOutside(
      url,
      { method, headers, ...(body === undefined ? {} : { body }) },
      {
        // The operator named it: a gateway may well stand in the organisation's own network.
        allows: () => true,
        timeoutMs: call.timeoutMs ?? defaultTimeoutMs,
        maximumBytes: mostAnswerBytes,
        signal,
        ...(authorities === undefined ? {} : { authorities }),
      },
    );
    return {
      status: answer.status,
      headers: answer.headers,
      text: answer.body.toString('utf8'),
    };
  } catch (error) {
    throw deliveryRefused(
      {
        retry: true,
        reason: 'unreachable',
        fault: `${provider} was not reached: ${whyNot(error)}`,
        ...(error instanceof OutgoingError && !error.mayHaveArrived ? {} : { isUnsure: true }),
      },
      error,
    );
  }
}

/**
 * What a status says against a message; undefined where it was taken (2xx). Busy (429, 503) is surely
 * not taken and told when to come back; any other 5xx may hide one that was; the rest is final.
 */
export function refusalByStatus(provider: string, answer: HttpAnswer): Refusal | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const fault = `${provider} answered ${status}`;
  if (status === 429 || status === 503) {
    const retryAfterSeconds = retryAfter(answer);
    return {
      retry: true,
      reason: 'unreachable',
      fault,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
  return status >= 500
    ? { retry: true, reason: 'unreachable', isUnsure: true, fault }
    : { retry: false, reason: 'refused', fault };
}

/** An answer that says yes and nothing that we understand: whoever sent it may have taken the message. */
export function unreadableAnswer(provider: string): Refusal {
  const fault = `${provider} answered something that is not its protocol`;
  return { retry: true, reason: 'unreachable', isUnsure: true, fault };
}

/** The JSON of an answer, whatever it is; undefined where it is none. */
export function jsonIn({ text }: HttpAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3); a date is left to our own patience. */
function retryAfter({ headers }: HttpAnswer): number | undefined {
  const told = headers['retry-after'];
  return told !== undefined && /^\d{1,6}$/.test(told) ? Number(told) : undefined;
}

/** Ours or the machine's own words: `too-slow`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
function whyNot(error: unknown): string {
  if (!(error instanceof OutgoingError)) return 'failed';
  const { cause, reason } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return reason === 'failed' && typeof code === 'string' ? code : reason;
}
