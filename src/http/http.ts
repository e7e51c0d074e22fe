/**
 * Owns the web server: what holds for every request before a page or a system sees it, and for every
 * answer after. Read `headers.ts`, `hosts.ts`, `csrf.ts` for the rules; here is their order.
 */
import type { RequestListener, Server } from 'node:http';

import {
  LogController,
  fastify,
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';

import { TweestapError, type ErrorCode } from '../errors/errors.ts';
import { chooseLocale, isLocale, spoken, type Locale } from '../i18n/locale.ts';
import { forTerminal } from '../lib/hidden-text.ts';
import { addressRanges, clientAddress, normaliseAddress } from '../lib/ip.ts';
import { csrfFieldName } from '../ui/components/form.ts';
import type { Assets } from '../ui/assets.ts';
import { findCookie, setCookie } from './cookies.ts';
import { isFromForeignPage, isFromOurPage, isOwnToken } from './csrf.ts';
import { readForms } from './door.ts';
import { answerOf, sendError, type Answered } from './error-page.ts';
import { eventStreamType } from './event-stream.ts';
import { fileRoutes } from './files.ts';
import { parseFields } from './form-encoding.ts';
import { securityHeaders } from './headers.ts';
import { isBareAddress, namesOrigin } from './hosts.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { allowLater, handOver, wasHandedOver } from './later.ts';
import { answerClientError, serverLimits, type Listener } from './listener.ts';
import type { Metrics } from './metrics.ts';
import { operationRoutes, type ReadinessCheck } from './operation.ts';
import { bindRequest, visitorOf, type Organisation, type Site } from './site.ts';

export interface HttpParts {
  /** The origin people see; the scheme decides about Secure cookies and HSTS. */
  readonly origin: string;
  readonly assets: () => Assets;
  /** What pages show of the organisation; may fail, the last known is then shown. */
  readonly organisation: () => Promise<Organisation>;
  readonly keyedHash: Site['keyedHash'];
  readonly token: Site['token'];
  /** Names a request: eight characters that one can read out. */
  readonly requestId: () => string;
  /** CIDR ranges whose `X-Forwarded-*` is believed. */
  readonly trustedProxies: readonly string[];
  readonly logger: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly metricsToken: string | undefined;
  readonly readiness: readonly ReadinessCheck[];
  readonly isStopping: () => boolean;
  /** Absent: a server that is only injected into (tests). */
  readonly listener?: Listener;
}

/** Forms are small; uploads get routes of their own. */
const longestBody = 64 * 1024;
/** Beyond as many requests at once the rest is turned away, before it costs anything (ATK-98). */
const mostInFlight = 1000;

/** Makes the server; pages and systems are then registered on it. */
export function createHttpServer(parts: HttpParts): FastifyInstance {
  const { listener, logger } = parts;
  const site: Site = {
    origin: parts.origin,
    isSecure: parts.origin.startsWith('https:'),
    assets: parts.assets,
    keyedHash: parts.keyedHash,
    token: parts.token,
  };
  let answer: RequestListener | undefined;
  const options: FastifyHttpOptions<Server> = {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent) => parent,
    genReqId: parts.requestId,
    requestIdHeader: false,
    trustProxy: false,
    bodyLimit: longestBody,
    forceCloseConnections: 'idle',
    http: serverLimits,
    clientErrorHandler: answerClientError,
    schemaController: { compilersFactory: noCompilers },
    frameworkErrors: (error, request, reply) => {
      doorkeeper.greet(request, reply);
      void tellFault(parts, request, reply, answerOf(error));
    },
    routerOptions: {
      maxParamLength: 300,
      querystringParser: (encoded) => {
        return parseFields(encoded) ?? malformedQuery;
      },
    },
  };
  const listening: FastifyHttpOptions<Server> =
    listener === undefined
      ? options
      : {
          ...options,
          serverFactory: (handler) => {
            answer = handler;
            return listener.server;
          },
        };
  const app: FastifyInstance = fastify(listening);
  const doorkeeper = createDoorkeeper(parts, site);
  const lifecycle = { parts, doorkeeper, inFlight: createInFlight() };

  // Not before every route is there: until then the listener says that we are starting.
  app.addHook('onReady', (done) => {
    if (answer !== undefined) listener?.attach(answer);
    done();
  });

  receive(app, lifecycle);
  allowLater(app, () => {
    const part: FastifyInstance = fastify(options);
    receive(part, lifecycle);
    return part;
  });
  operationRoutes(app, {
    ...parts,
    onReadiness: (check, fault) => {
      if (fault === undefined) logger.info({ check }, 'ready again');
      else logger.error({ check, err: toldOf(fault) }, 'not ready');
    },
  });
  fileRoutes(app, parts.assets);
  return app;
}

/** What every request goes through, on the server and on each of its parts. */
function receive(
  app: FastifyInstance,
  {
    parts,
    doorkeeper,
    inFlight,
  }: {
    readonly parts: HttpParts;
    readonly doorkeeper: Doorkeeper;
    readonly inFlight: InFlight;
  },
): void {
  const paths = rememberPaths(app);
  const faults = new WeakMap<FastifyRequest, ErrorCode>();

  app.addHook('onRequest', async (request, reply) => {
    doorkeeper.greet(request, reply);
    const { later } = request.routeOptions.config;
    if (later !== undefined) return handOver(later, request, reply);
    inFlight.enter(request, reply);
    if (isOperation(request)) return;
    if (inFlight.count() > mostInFlight && !inFlight.makeRoom(request)) {
      throw new TweestapError('BUSY');
    }
    await doorkeeper.learnOrganisation();
    doorkeeper.requireOurName(request);
    requireOurPage(request);
    requireQuery(request);
    switchLanguage(request, reply);
  });

  app.addHook('preValidation', (request, _reply, next) => {
    requireToken(request);
    next();
  });

  app.addHook('onResponse', (request, reply, next) => {
    inFlight.leave(request);
    if (!wasHandedOver(request)) report(parts, request, reply, faults.get(request));
    next();
  });

  app.setErrorHandler((error, request, reply) => {
    const answered = answerOf(error);
    faults.set(request, answered.code);
    if (answered.status >= 500) {
      parts.logger.error({ requestId: request.id, err: toldOf(error) }, 'request failed');
    }
    return tellFault(parts, request, reply, answered);
  });

  app.setNotFoundHandler((request, reply) => {
    const allowed = paths.methodsOf(request.url);
    if (allowed.length === 0) throw new TweestapError('NOT_FOUND');
    reply.header('allow', allowed.join(', '));
    throw new TweestapError('METHOD_NOT_ALLOWED');
  });

  readForms(app);
}

/**
 * Answers what went wrong. Never throws: the framework would say what went wrong with the page, to
 * anybody, or end the whole process where the address itself could not be read.
 */
function tellFault(
  { logger }: Pick<HttpParts, 'logger'>,
  request: FastifyRequest,
  reply: FastifyReply,
  answered: Answered,
): FastifyReply {
  try {
    return sendError(request, reply, answered);
  } catch (fault) {
    logger.error({ requestId: request.id, err: toldOf(fault) }, 'a fault was not told');
    return reply.code(500).type('text/plain; charset=utf-8').send(`INTERNAL ${request.id}\n`);
  }
}

/** Routes bring no JSON schemas (see `parse.ts`), so the two hundred files that read some stay unread. */
const noCompilers = {
  buildValidator: () => () => noSchemas(),
  buildSerializer: () => () => noSchemas(),
};

function noSchemas(): never {
  throw new Error('Routes have no JSON schemas here: parse with http/parse.ts.');
}

const languageCookie = 'lang';
const yearSeconds = 365 * 86_400;
const changingMethods = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const malformedQuery = Object.freeze({});

/** What machines ask is answered under any name, and while everything else is turned away. */
function isOperation(request: FastifyRequest): boolean {
  const route = request.routeOptions.url;
  return route === '/healthz' || route === '/readyz';
}

interface Doorkeeper {
  /** Writes the headers that every answer has, and notes who asks. */
  greet(request: FastifyRequest, reply: FastifyReply): void;
  /** Refreshes what pages show of the organisation; keeps the last known where that fails. */
  learnOrganisation(): Promise<void>;
  /** Throws `HOST_UNKNOWN` where the request names another host than ours. */
  requireOurName(request: FastifyRequest): void;
}

function createDoorkeeper(parts: HttpParts, site: Site): Doorkeeper {
  const headers = securityHeaders(site.isSecure);
  const proxies = addressRanges(parts.trustedProxies);
  let organisation: Organisation = {
    name: 'Tweestap',
    defaultLanguage: 'en',
    logoUrl: undefined,
    helpLink: undefined,
  };

  return {
    greet: (request, reply) => {
      // On the raw response: what an engine answers by itself has them as well.
      for (const [name, value] of headers) reply.raw.setHeader(name, value);
      // Gone with the connection, and the log wants it at the end.
      const { remoteAddress } = request.socket;
      bindRequest(request, site, () => {
        const { headers: asked } = request;
        const chosenLocale = chosenLocaleOf(site, request);
        const accepted = asked['accept-language'];
        return {
          requestId: request.id,
          address: clientAddress(remoteAddress, asked['x-forwarded-for'], proxies) ?? 'unknown',
          userAgent: forTerminal((asked['user-agent'] ?? '').slice(0, 400)),
          chosenLocale,
          locale: chooseLocale(chosenLocale, accepted, organisation.defaultLanguage),
          organisation,
        };
      });
    },
    learnOrganisation: async () => {
      try {
        organisation = await parts.organisation();
      } catch {
        // Whoever needs the database will say that it is gone; a name on a page does not.
      }
    },
    requireOurName: (request) => {
      if (request.routeOptions.config.door?.hosts === 'any') return;
      const { rawHeaders } = request.raw;
      const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name));
      if (hosts.length > 1) throw new TweestapError('REQUEST_MALFORMED');
      const forwarded = request.headers['x-forwarded-host'];
      const isForwarded =
        typeof forwarded === 'string' &&
        proxies.has(normaliseAddress(request.socket.remoteAddress ?? '') ?? '');
      const host = isForwarded ? forwarded : request.headers.host;
      if (namesOrigin(host, site.origin)) return;
      // Prometheus finds its targets by address.
      if (request.routeOptions.url === '/metrics' && isBareAddress(host)) return;
      throw new TweestapError('HOST_UNKNOWN');
    },
  };
}

function chosenLocaleOf(site: Site, request: FastifyRequest): Locale | undefined {
  const asked = askedLanguage(request);
  if (asked !== undefined) return asked;
  const kept = findCookie(site, request.headers.cookie, languageCookie);
  return isLocale(kept) ? kept : undefined;
}

function askedLanguage(request: FastifyRequest): Locale | undefined {
  const { query } = request;
  if (typeof query !== 'object' || query === null) return undefined;
  if ('lang' in query && isLocale(query.lang)) return query.lang;
  // Links that were made for Entra: `?mkt=nl-NL` at a reset, `?lng=nl` at Security info (row E-112).
  const tag = 'lng' in query ? query.lng : 'mkt' in query ? query.mkt : undefined;
  return typeof tag === 'string' ? spoken(tag) : undefined;
}

/** `?lang=nl` on any page is remembered for a year; so is what Entra calls it. */
function switchLanguage(request: FastifyRequest, reply: FastifyReply): void {
  if (request.routeOptions.config.door !== undefined) return;
  const asked = askedLanguage(request);
  if (asked !== undefined) {
    setCookie(reply, languageCookie, asked, { maxAgeSeconds: yearSeconds });
  }
}

/** Nothing is changed because a page of somebody else says so (attack ATK-80). */
function requireOurPage(request: FastifyRequest): void {
  if (!changingMethods.has(request.method) || request.is404) return;
  const { door } = request.routeOptions.config;
  const isForeign = door === undefined ? !isFromOurPage(request) : isFromForeignPage(request);
  if (isForeign && door?.origins !== 'any') throw new TweestapError('REQUEST_FOREIGN');
}

function requireToken(request: FastifyRequest): void {
  if (!changingMethods.has(request.method) || request.is404) return;
  if (request.routeOptions.config.door !== undefined) return;
  const { token, fields } = takeToken(request.body);
  if (!isOwnToken(request, token)) throw new TweestapError('REQUEST_FOREIGN');
  request.body = fields;
}

function takeToken(body: unknown): { token: string | undefined; fields: unknown } {
  if (typeof body !== 'object' || body === null || !(csrfFieldName in body)) {
    return { token: undefined, fields: body };
  }
  const { [csrfFieldName]: token, ...fields } = body;
  return { token: typeof token === 'string' ? token : undefined, fields };
}

/** An engine reads its own query, and answers what is wrong with it in its protocol's words. */
function requireQuery(request: FastifyRequest): void {
  if (request.query !== malformedQuery) return;
  if (request.routeOptions.config.door?.body === 'raw') return;
  throw new TweestapError('REQUEST_MALFORMED', { details: { part: 'query' } });
}

/** Remembers which addresses answer which methods, to tell "no such page" from "not like that". */
function rememberPaths(app: FastifyInstance): { methodsOf(url: string): readonly string[] } {
  const known: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method, config }) => {
    // What a part answers, it knows by itself.
    if (config?.later !== undefined) return;
    const escaped = url
      .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll(/:[A-Za-z]\w*/g, '[^/]+')
      .replaceAll('*', '.*');
    known.push({ pattern: new RegExp(`^${escaped}$`), methods: [method].flat() });
  });
  return {
    methodsOf: (url) => {
      const [path = ''] = url.split(/[?#]/, 1);
      const methods = known.filter(({ pattern }) => pattern.test(path));
      return [...new Set(methods.flatMap((each) => each.methods))].toSorted();
    },
  };
}

/** One line a request: which route, never which address, since addresses carry ids. */
function report(
  parts: HttpParts,
  request: FastifyRequest,
  reply: FastifyReply,
  fault: ErrorCode | undefined,
): void {
  const { method } = request;
  const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
  const milliseconds = reply.elapsedTime;
  const status = reply.statusCode;
  // How long a stream was open says nothing of how long it takes to be answered.
  if (reply.getHeader('content-type') !== eventStreamType) {
    parts.metrics.request({ method, route, status, seconds: milliseconds / 1000 });
  }
  const isNoise = isOperation(request) || route === '/metrics' || route === '/assets/*';
  parts.logger[isNoise ? 'debug' : 'info'](
    {
      requestId: request.id,
      method,
      route,
      status,
      ms: Math.round(milliseconds * 10) / 10,
      address: visitorOf(request).address,
      ...(fault === undefined ? {} : { fault }),
    },
    'request',
  );
}

/** An error for the log: what it says and what led to it, but none of what it carries besides. */
function toldOf(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const details = error instanceof TweestapError ? { details: error.details } : {};
  const cause =
    error.cause === undefined || depth > 4 ? {} : { cause: toldOf(error.cause, depth + 1) };
  return {
    type: error.name,
    message: error.message,
    ...code,
    ...details,
    stack: error.stack,
    ...cause,
  };
}
