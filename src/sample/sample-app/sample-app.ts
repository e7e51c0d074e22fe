/**
 * Owns the sample application *Voorbeeld Intranet*: somebody else's website, on a port of its own,
 * that leaves signing in to Tweestap. It knows Tweestap as any application does, by OpenID Connect.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Applications } from '../../applications/applications.ts';
import type { ApplicationStore } from '../../applications/application-store.ts';
import { chooseLocale, isLocale, type Locale } from '../../i18n/locale.ts';
import { render, type SafeHtml } from '../../lib/html.ts';
import { createServer } from '../../lib/node-http.ts';
import { createRelyingParty, type Errand, type RelyingParty } from './relying-party.ts';
import { homePage, notFoundPage, troublePage, welcomePage, type Trouble } from './views.ts';
import { createVisitors, type Visitors } from './visitors.ts';

/** Its name at Tweestap. */
export const sampleApplicationName = 'Voorbeeld Intranet';

export interface SampleApplication {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts it on this machine; `port` 0 takes any free one. Registers it at Tweestap where it is not. */
export async function startSampleApplication(parts: {
  /** Tweestap's public URL. */
  readonly issuer: string;
  readonly port: number;
  readonly applications: Applications;
  readonly store: Pick<ApplicationStore, 'list'>;
}): Promise<SampleApplication> {
  let answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async (
    _request,
    response,
  ) => {
    response.writeHead(503, { 'retry-after': '1' }).end();
  };
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: parts.port }, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : parts.port);
    });
  });
  const origin = `http://localhost:${port}`;
  const credentials = await ensureSampleApplication({ ...parts, origin });
  answer = website({
    origin,
    issuer: parts.issuer,
    visitors: createVisitors(),
    tweestap: createRelyingParty({ issuer: parts.issuer, origin, ...credentials }),
  });
  return {
    origin,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Registers the sample application at this address, once; at another start it is found again, and
 * one of another address (another port) makes way.
 */
export async function ensureSampleApplication(parts: {
  readonly origin: string;
  readonly applications: Applications;
  readonly store: Pick<ApplicationStore, 'list'>;
}): Promise<{ readonly clientId: string; readonly clientSecret: string | undefined }> {
  const { origin, applications, store } = parts;
  const redirectUri = `${origin}/callback`;
  for (const known of await store.list()) {
    if (known.name !== sampleApplicationName) continue;
    if (known.redirectUris.includes(redirectUri)) return known;
    await applications.remove(known.clientId, 'sample');
  }
  const added = await applications.add(
    {
      name: sampleApplicationName,
      redirectUris: [redirectUri],
      postLogoutRedirectUris: [`${origin}/signed-out`],
      backchannelLogoutUri: `${origin}/backchannel-logout`,
    },
    'sample',
  );
  if (added.kind === 'refused') throw new Error('The sample application was refused.');
  return { clientId: added.application.clientId, clientSecret: added.clientSecret };
}

interface Website {
  readonly origin: string;
  readonly issuer: string;
  readonly visitors: Visitors;
  readonly tweestap: RelyingParty;
}

const sessionCookie = 'intranet-session';
const errandCookie = 'intranet-errand';
const languageCookie = 'intranet-lang';
const yearSeconds = 365 * 86_400;

const style = readFileSync(new URL('style.css', import.meta.url));
const live = readFileSync(new URL('live.js', import.meta.url));

/** Answers every request of the website. */
function website(
  site: Website,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    setHeaders(site, response);
    const address = request.url ?? '/';
    if (!URL.canParse(address, site.origin)) return void response.writeHead(400).end();
    const url = new URL(address, site.origin);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /':
        return showStart(site, request, response, url);
      case 'GET /sign-in':
        return begin(site, request, response, { stepUp: false });
      case 'GET /step-up':
        return begin(site, request, response, { stepUp: true });
      case 'GET /callback':
        return finish(site, request, response, url);
      case 'POST /sign-out':
        return signOut(site, request, response);
      case 'GET /signed-out':
        return show(response, welcomePage(localeOf(request), 'signed-out'));
      case 'POST /backchannel-logout':
        return hearLogout(site, request, response);
      case 'GET /signed-in':
        return answerSignedIn(site, request, response);
      case 'GET /style.css':
        return void response.writeHead(200, { 'content-type': 'text/css' }).end(style);
      case 'GET /live.js':
        return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(live);
      default:
        return show(response, notFoundPage(localeOf(request)), 404);
    }
  };
}

function setHeaders({ issuer }: Website, response: ServerResponse): void {
  const policy = `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self' ${issuer}; frame-ancestors 'none'; base-uri 'none'`;
  response.setHeader('content-security-policy', policy);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
}

async function showStart(
  { visitors }: Website,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const asked = url.searchParams.get('lang');
  if (isLocale(asked)) {
    response.appendHeader('set-cookie', cookie(languageCookie, asked, yearSeconds));
    return seeOther(response, '/');
  }
  const locale = localeOf(request);
  const id = readCookie(request, sessionCookie);
  const visitor = visitors.find(id);
  if (visitor === undefined) return show(response, welcomePage(locale, undefined));
  if (!visitor.isEnded) return show(response, homePage(locale, visitor));
  visitors.leave(id);
  response.appendHeader('set-cookie', cookie(sessionCookie, '', 0));
  return show(response, welcomePage(locale, 'signed-out-elsewhere'));
}

async function begin(
  { tweestap }: Website,
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly stepUp: boolean },
): Promise<void> {
  try {
    const { errand, address } = await tweestap.begin(options);
    // In the browser that began it, and in no other: whoever is sent a link to /callback is nobody.
    const kept = [errand.state, errand.nonce, errand.verifier].join('.');
    response.appendHeader('set-cookie', cookie(errandCookie, kept, 3600));
    return seeOther(response, address.href);
  } catch {
    return show(response, troublePage(localeOf(request), 'unreachable'), 503);
  }
}

async function finish(
  { tweestap, visitors }: Website,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const locale = localeOf(request);
  const errand = readErrand(request);
  response.appendHeader('set-cookie', cookie(errandCookie, '', 0));
  if (errand === undefined || url.searchParams.get('state') !== errand.state) {
    return show(response, troublePage(locale, 'stale'), 400);
  }
  const error = url.searchParams.get('error');
  if (error !== null) return show(response, troublePage(locale, troubleOf(error)), 403);
  try {
    const { claims, idToken } = await tweestap.finish(url, errand);
    visitors.leave(readCookie(request, sessionCookie));
    response.appendHeader('set-cookie', cookie(sessionCookie, visitors.enter(claims, idToken)));
    return seeOther(response, '/');
  } catch {
    return show(response, troublePage(locale, 'failed'), 502);
  }
}

async function signOut(
  { origin, tweestap, visitors }: Website,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Browsers say where a form comes from; another site's form changes nothing here.
  if (request.headers.origin !== origin) return void response.writeHead(403).end();
  const id = readCookie(request, sessionCookie);
  const visitor = visitors.find(id);
  visitors.leave(id);
  response.appendHeader('set-cookie', cookie(sessionCookie, '', 0));
  if (visitor === undefined) return seeOther(response, '/');
  try {
    return seeOther(response, (await tweestap.signOutAddress(visitor.idToken)).href);
  } catch {
    return seeOther(response, '/signed-out');
  }
}

/** OpenID Connect Back-Channel Logout 1.0 §2.8: 200 when it is done, 400 when the token will not do. */
async function hearLogout(
  { tweestap, visitors }: Website,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const fields = new URLSearchParams(await readBody(request));
    visitors.end(await tweestap.readLogout(fields.get('logout_token') ?? ''));
    response.writeHead(200).end();
  } catch {
    response.writeHead(400).end();
  }
}

async function answerSignedIn(
  { visitors }: Website,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const visitor = visitors.find(readCookie(request, sessionCookie));
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.end(visitor === undefined || visitor.isEnded ? 'no' : 'yes');
}

function troubleOf(error: string): Trouble {
  if (error === 'access_denied') return 'denied';
  return error === 'unmet_authentication_requirements' ? 'unmet' : 'failed';
}

function show(response: ServerResponse, page: SafeHtml, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(render(page));
}

function seeOther(response: ServerResponse, location: string): void {
  response.writeHead(303, { location }).end();
}

function localeOf(request: IncomingMessage): Locale {
  return chooseLocale(
    readCookie(request, languageCookie),
    request.headers['accept-language'],
    'en',
  );
}

function readErrand(request: IncomingMessage): Errand | undefined {
  const [state, nonce, verifier] = readCookie(request, errandCookie)?.split('.') ?? [];
  if (state === undefined || nonce === undefined || verifier === undefined) return undefined;
  return { state, nonce, verifier };
}

function readCookie(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return value === '' ? undefined : value;
}

function cookie(name: string, value: string, maxAgeSeconds?: number): string {
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${age}`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) throw new TypeError('The body is no bytes.');
    length += chunk.length;
    if (length > 16_384) throw new RangeError('The body is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
