/**
 * Owns what every request needs to know of the installation, and what we know of whoever asks.
 * Both are bound to the request by the first hook of the server (`http.ts`).
 */
import assert from 'node:assert/strict';

import type { FastifyRequest } from 'fastify';

import type { Locale } from '../i18n/locale.ts';
import type { Assets } from '../ui/assets.ts';

/** What pages show of the organisation. */
export interface Organisation {
  readonly name: string;
  readonly defaultLanguage: Locale;
  readonly logoUrl: string | undefined;
  /** Where people find their own help desk. */
  readonly helpLink: string | undefined;
}

/** The installation, as the web server sees it. */
export interface Site {
  /** The one origin people see, as browsers write it: `https://login.voorbeeld.example`. */
  readonly origin: string;
  /** False on loopback http only. */
  readonly isSecure: boolean;
  /** What pages load now; it changes with the organisation's colour. */
  readonly assets: () => Assets;
  /** HMAC under the installation's key (`SecretBox.keyedHash`). */
  readonly keyedHash: (purpose: string, value: string) => Buffer;
  /** A random token in base64url (`Random.token`). */
  readonly token: (bytes: number) => string;
}

/** Who asks, as far as the request tells. */
export interface Visitor {
  /** Names this request in the log and on an error page: `K7Q2M4TX`. */
  readonly requestId: string;
  /** The client's address, past trusted proxies; `unknown` where the connection has none. */
  readonly address: string;
  /** At most 400 characters; empty where there is none. */
  readonly userAgent: string;
  /** Chosen by the person on these pages, by `?lang=` now or by its cookie earlier. */
  readonly chosenLocale: Locale | undefined;
  /** The language for somebody we do not know yet; see `localeFor`. */
  readonly locale: Locale;
  readonly organisation: Organisation;
}

interface Binding {
  readonly site: Site;
  readonly introduce: () => Visitor;
  visitor: Visitor | undefined;
}

const bindings = new WeakMap<FastifyRequest, Binding>();

/**
 * Binds a request to its site and visitor; the server does it before anything else. `introduce` is
 * called when somebody first wants to know who asks.
 */
export function bindRequest(request: FastifyRequest, site: Site, introduce: () => Visitor): void {
  bindings.set(request, { site, introduce, visitor: undefined });
}

/** The installation that this request came to. */
export function siteOf(request: FastifyRequest): Site {
  return bindingOf(request).site;
}

/** Who asks. */
export function visitorOf(request: FastifyRequest): Visitor {
  const binding = bindingOf(request);
  return (binding.visitor ??= binding.introduce());
}

/**
 * The language for a person we know: what they chose on these pages, else their own setting, else
 * the browser's, else the organisation's.
 */
export function localeFor(request: FastifyRequest, preferred: Locale | undefined): Locale {
  const { chosenLocale, locale } = visitorOf(request);
  return chosenLocale ?? preferred ?? locale;
}

function bindingOf(request: FastifyRequest): Binding {
  const binding = bindings.get(request);
  assert.ok(binding !== undefined, 'a request that did not come through createHttpServer');
  return binding;
}
