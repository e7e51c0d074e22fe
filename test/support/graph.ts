/** The API as its callers meet it: programs and people with tokens of their own, over real sockets. */
import assert from 'node:assert/strict';

import type { Role } from '../../src/accounts/user.ts';
import { addUser, codeOfApp, type Identity } from './people.ts';
import { relyingParty } from './relying-party.ts';
import type { Tweestap } from './tweestap.ts';
import { newBrowser } from './wire-browser.ts';

/** What came back, read as JSON where it is. */
export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  /** Graph's code of an error; undefined where it is none. */
  readonly code: string | undefined;
  /** The entities of a list. */
  readonly value: readonly Readonly<Record<string, unknown>>[];
}

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody or something with a token. */
export interface GraphCaller {
  readonly clientId: string;
  readonly token: string;
  ask(method: string, path: string, asked?: Asked): Promise<GraphAnswer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<GraphAnswer>;
}

/** A program with a role, as `tweestap app add` makes one. */
export async function programWith(
  tweestap: Pick<Tweestap, 'command' | 'origin'>,
  role: Exclude<Role, 'user'>,
): Promise<GraphCaller> {
  const kind = ['--grant', 'client_credentials', '--role', role];
  const added = await tweestap.command('app', 'add', `Script of ${role}`, ...kind, '--json');
  assert.equal(added.code, 0, added.error);
  const { clientId, clientSecret } = readObject(added.output);
  const response = await fetch(`${tweestap.origin}/oidc/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${String(clientId)}:${String(clientSecret)}`).toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = readObject(await response.text());
  return callerWith(tweestap.origin, String(clientId), String(token));
}

/** Somebody who signed in to an application that uses the API as them. */
export interface GraphPerson extends GraphCaller, Identity {
  readonly id: string;
}

const callback = 'https://console.example/callback';

/** Adds somebody with an authenticator app and this role, who signs in to such an application. */
export async function personWith(
  tweestap: Tweestap,
  role: Role,
  options: { readonly scope?: string; readonly flags?: readonly string[] } = {},
): Promise<GraphPerson> {
  const { scope = 'openid api', flags = ['--api'] } = options;
  const kind = ['--redirect-uri', callback, ...flags];
  const added = await tweestap.command('app', 'add', 'Console', ...kind, '--json');
  assert.equal(added.code, 0, added.error);
  const { clientId, clientSecret } = readObject(added.output);
  const identity = await addUser(tweestap, ['app'], { role });
  const application = { clientId: String(clientId), clientSecret: String(clientSecret) };
  const console_ = await relyingParty(tweestap.origin, application, callback);
  const errand = await console_.begin({ scope });
  const browser = newBrowser(tweestap.origin);
  await browser.open(errand.address);
  await browser.press('Next', { name: identity.userPrincipalName });
  await browser.press('Sign in', { password: identity.password });
  const code = codeOfApp(identity.key ?? '', tweestap.now());
  await browser.press('Verify', { code });
  const tokens = await console_.redeem(browser.screen.url, errand);
  return {
    ...identity,
    ...callerWith(tweestap.origin, application.clientId, tokens.access_token),
  };
}

/** Whoever presents this token. */
export function callerWith(origin: string, clientId: string, token: string): GraphCaller {
  const ask: GraphCaller['ask'] = async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return readAnswer(response);
  };
  return { clientId, token, ask, get: (path, headers = {}) => ask('GET', path, { headers }) };
}

/** Reads an answer of the API. */
export async function readAnswer(response: Response): Promise<GraphAnswer> {
  const text = await response.text();
  const isJson = /^application\/(?:scim\+)?json/.test(response.headers.get('content-type') ?? '');
  const body = isJson ? readObject(text) : { text };
  const error = isObject(body['error']) ? body['error'] : {};
  const value: unknown = body['value'];
  return {
    status: response.status,
    headers: response.headers,
    body,
    code: typeof error['code'] === 'string' ? error['code'] : undefined,
    value: Array.isArray(value) ? value.filter(isObject) : [],
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  return isObject(value) ? value : assert.fail(`this is no object: ${text.slice(0, 100)}`);
}
