/**
 * Owns the calls of `methods/notification/protocol.ts` as a phone makes them: signed with its own key,
 * without cookies, and answered by values: a network that is not there is no fault.
 */
import {
  answerText,
  apiPaths,
  pairText,
  tokenText,
  type Activity,
  type AnswerRequest,
  type AnswerResult,
  type ApiError,
  type Decision,
  type DeviceChange,
  type Paired,
  type PairRequest,
  type PendingRequest,
  type PushSubscriptionData,
  type TokenGranted,
} from '../../src/methods/notification/protocol.ts';
import { encodeBase64url } from '../vault/base64url.ts';
import { makeSigningKey, sign } from '../vault/keys.ts';

export type Called<value> =
  | { readonly kind: 'ok'; readonly value: value }
  | { readonly kind: 'refused'; readonly error: ApiError }
  /** No network, no server, or an answer that is none of this protocol's. */
  | { readonly kind: 'unreachable' };

/** How long a call may take before it counts as unreachable. */
const patienceMs = 15_000;

export interface PairingDetails {
  readonly origin: string;
  readonly code: string;
  readonly name: string;
  readonly version: string;
  /** '' where none was asked for. */
  readonly pin: string;
}

/** Pairs with a new key. The key is worth nothing where this is not `ok`. */
export async function pair(
  details: PairingDetails,
): Promise<{ readonly answer: Called<Paired>; readonly signingKey: CryptoKey }> {
  const { signingKey, publicKey } = await makeSigningKey();
  const attempt = async (aheadMs: number): Promise<CalledAtTime<Paired>> => {
    const { origin, code, name, version, pin } = details;
    const at = Date.now() + aheadMs;
    const body: PairRequest = {
      code,
      key: publicKey,
      name,
      version,
      ...(pin === '' ? {} : { pin }),
      at,
      signature: await sign(signingKey, pairText(origin, { code, key: publicKey, pin, at })),
    };
    return call(`${origin}${apiPaths.pair}`, { method: 'POST', body });
  };
  const first = await attempt(0);
  const answer = isClockRefused(first) ? await attempt(first.now - Date.now()) : first;
  return { answer: withoutTime(answer), signingKey };
}

/** One paired account's line to its server. */
export interface Line {
  requests(): Promise<Called<readonly PendingRequest[]>>;
  answer(
    request: string,
    decision: Decision,
    typed: { readonly number: string; readonly pin: string },
  ): Promise<Called<AnswerResult>>;
  activity(): Promise<Called<readonly Activity[]>>;
  change(change: DeviceChange): Promise<Called<null>>;
  leave(): Promise<Called<null>>;
  /** The event stream, open; end it with the signal. */
  events(signal: AbortSignal): Promise<Called<ReadableStream<Uint8Array>>>;
  /** How far the server's clock is ahead of ours, as last heard. */
  aheadMs(): number;
}

/** What the server said with the last token. */
export interface Terms {
  readonly pin: boolean;
  readonly pushKey: string | null;
}

export function createLine(options: {
  readonly origin: string;
  readonly account: string;
  readonly signingKey: CryptoKey;
  readonly onTerms: (terms: Terms) => void;
}): Line {
  const { origin, account, signingKey } = options;
  let token: { readonly value: string; readonly expiresAt: number } | undefined;
  let asking: Promise<Called<string>> | undefined;
  let ahead = 0;

  const hear = (now: number): void => {
    ahead = now - Date.now();
  };

  const askToken = async (): Promise<Called<string>> => {
    const attempt = async (): Promise<CalledAtTime<TokenGranted>> => {
      const at = Date.now() + ahead;
      const nonce = encodeBase64url(crypto.getRandomValues(new Uint8Array(16)));
      const signature = await sign(signingKey, tokenText(origin, { account, at, nonce }));
      return call(`${origin}${apiPaths.token}`, {
        method: 'POST',
        body: { account, at, nonce, signature },
      });
    };
    let granted = await attempt();
    if (isClockRefused(granted)) {
      hear(granted.now);
      granted = await attempt();
    }
    if (granted.kind !== 'ok') return withoutTime(granted);
    const { value } = granted;
    hear(value.now);
    token = { value: value.token, expiresAt: value.expiresAt };
    options.onTerms({ pin: value.pin, pushKey: value.pushKey });
    return { kind: 'ok', value: value.token };
  };

  /** Several questions at once ask for one token. */
  const ownToken = async (): Promise<Called<string>> => {
    if (token !== undefined && token.expiresAt - 20_000 > Date.now() + ahead) {
      return { kind: 'ok', value: token.value };
    }
    asking ??= askToken().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  /** With the token we have; once more with a new one where that is over. */
  const authorised = async <value>(
    ask: (bearer: string) => Promise<Called<value>>,
  ): Promise<Called<value>> => {
    for (let again = true; ; again = false) {
      const granted = await ownToken();
      if (granted.kind !== 'ok') return granted;
      const answer = await ask(granted.value);
      if (answer.kind !== 'refused' || answer.error !== 'unauthorised' || !again) return answer;
      token = undefined;
    }
  };

  const authorisedCall = <value>(
    path: string,
    method: 'GET' | 'PUT' | 'DELETE',
    body?: unknown,
  ): Promise<Called<value>> =>
    authorised(async (bearer) =>
      withoutTime(await call<value>(`${origin}${path}`, { method, body, bearer })),
    );

  return {
    requests: async () =>
      mapped(
        await authorisedCall<{ readonly requests: readonly PendingRequest[] }>(
          apiPaths.requests,
          'GET',
        ),
        ({ requests }) => requests,
      ),
    answer: async (request, decision, { number, pin }) => {
      const attempt = async (): Promise<CalledAtTime<{ readonly result: AnswerResult }>> => {
        const unsigned = { account, request, decision, number, pin, at: Date.now() + ahead };
        const body: AnswerRequest = {
          ...unsigned,
          signature: await sign(signingKey, answerText(origin, unsigned)),
        };
        return call(`${origin}${apiPaths.answer}`, { method: 'POST', body });
      };
      let answer = await attempt();
      if (isClockRefused(answer)) {
        hear(answer.now);
        answer = await attempt();
      }
      return mapped(withoutTime(answer), ({ result }) => result);
    },
    activity: async () =>
      mapped(
        await authorisedCall<{ readonly activity: readonly Activity[] }>(apiPaths.activity, 'GET'),
        ({ activity }) => activity,
      ),
    change: (change) => authorisedCall<null>(apiPaths.device, 'PUT', change),
    leave: () => authorisedCall<null>(apiPaths.device, 'DELETE'),
    events: (signal) =>
      authorised(async (bearer) => {
        try {
          const response = await fetch(`${origin}${apiPaths.events}`, {
            credentials: 'omit',
            cache: 'no-store',
            headers: { accept: 'text/event-stream', authorization: `Bearer ${bearer}` },
            signal,
          });
          if (response.ok && response.body !== null) return { kind: 'ok', value: response.body };
          return withoutTime(await refusalOf(response));
        } catch {
          return { kind: 'unreachable' };
        }
      }),
    aheadMs: () => ahead,
  };
}

/** Web Push's own object in the protocol's words; null where the browser leaves the keys out. */
export function subscriptionData(subscription: PushSubscription): PushSubscriptionData | null {
  const p256dh = subscription.getKey('p256dh');
  const auth = subscription.getKey('auth');
  if (p256dh === null || auth === null) return null;
  const { endpoint } = subscription;
  return { endpoint, p256dh: encodeBase64url(p256dh), auth: encodeBase64url(auth) };
}

interface Refused {
  readonly kind: 'refused';
  readonly error: ApiError;
  readonly now?: number;
}

type CalledAtTime<value> = Exclude<Called<value>, { kind: 'refused' }> | Refused;

async function call<value>(
  url: string,
  options: {
    readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
    readonly body?: unknown;
    readonly bearer?: string;
  },
): Promise<CalledAtTime<value>> {
  const { method, body, bearer } = options;
  try {
    const response = await fetch(url, {
      method,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) return await refusalOf(response);
    // What comes from a server that one has paired with is believed to be of its shape.
    const value: value = response.status === 204 ? null : await response.json();
    return { kind: 'ok', value };
  } catch {
    return { kind: 'unreachable' };
  }
}

const errors: readonly ApiError[] = [
  'unreadable',
  'unauthorised',
  'unknown-account',
  'unknown-code',
  'pin-needed',
  'clock',
  'too-many',
];

async function refusalOf(response: Response): Promise<Refused | { readonly kind: 'unreachable' }> {
  try {
    const { error, now }: { readonly error?: unknown; readonly now?: unknown } =
      await response.json();
    const known = errors.find((each) => each === error);
    if (known === undefined) return { kind: 'unreachable' };
    return { kind: 'refused', error: known, ...(typeof now === 'number' ? { now } : {}) };
  } catch {
    return { kind: 'unreachable' };
  }
}

function isClockRefused<value>(
  answer: CalledAtTime<value>,
): answer is Refused & { readonly now: number } {
  return answer.kind === 'refused' && answer.error === 'clock' && answer.now !== undefined;
}

function withoutTime<value>(answer: CalledAtTime<value>): Called<value> {
  return answer.kind === 'refused' ? { kind: 'refused', error: answer.error } : answer;
}

function mapped<from, to>(answer: Called<from>, change: (value: from) => to): Called<to> {
  return answer.kind === 'ok' ? { kind: 'ok', value: change(answer.value) } : answer;
}
