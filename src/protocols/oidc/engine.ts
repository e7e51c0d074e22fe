/**
 * Owns the engine itself (`oidc-provider`) and its edge: where its links lead, which headers leave
 * it, and what the operator hears of it. Imported late (see `oidc.ts`): it costs 130 ms and 20 MB.
 */
import Provider, { errors, type KoaContextWithOIDC } from 'oidc-provider';

import type { SigningKey } from '../../applications/key-store.ts';
import { TweestapError } from '../../errors/errors.ts';
import { configurationOf, type EngineParts } from './configuration.ts';
import { faultIn } from './engine-fault.ts';
import { governSessions, type EngineSessions } from './engine-session.ts';
import type { Report } from './events.ts';
import { answerInteraction } from './interactions.ts';
import { isEnginePage, showPage } from './own-page.ts';
import { finishSignOut } from './sign-out.ts';
import type { SigninDoor } from './signin-door.ts';
import { faultPage } from './views.ts';
import { currentVisit, during, type Visit } from './visit.ts';

export interface Engine {
  /** Answers a request by itself, on the raw response. Never rejects. */
  answer(visit: Visit): Promise<void>;
  /** Answers where the engine sends people for our sign-in. */
  interact(visit: Visit): Promise<void>;
  readonly sessions: EngineSessions;
}

/** Makes an engine that publishes these keys and signs with the first. It takes a millisecond. */
export function createEngine(
  parts: EngineParts & { readonly door: SigninDoor },
  keys: readonly SigningKey[],
): Engine {
  const { origin, door, report } = parts;
  const provider = new Provider(origin, configurationOf(parts, keys));
  answerAs(provider, origin);
  provider.use(async (ctx, next) => {
    try {
      await next();
      if (isAnswered(ctx)) await finishSignOut(ctx, { door, sessions });
    } catch (error) {
      report({ kind: 'failed', error });
      showFault(ctx, error);
    }
    setHeaders(ctx);
  });
  listen(provider, report);
  const sessions = governSessions(provider, parts);
  const handle = provider.callback();

  return {
    answer: (visit) => during(visit, () => handle(visit.request.raw, visit.reply.raw)),
    interact: (visit) => during(visit, () => answerInteraction({ ...parts, provider }, visit)),
    sessions,
  };
}

/** Links lead to the public URL, whatever `Host`, `Forwarded` or the request line say (ATK-31). */
function answerAs(provider: Provider, origin: string): void {
  const { protocol, host, hostname } = new URL(origin);
  const fixed = {
    protocol: protocol.slice(0, -1),
    secure: protocol === 'https:',
    host,
    hostname,
    href: `${origin}/`,
  };
  for (const [name, value] of Object.entries(fixed)) {
    Object.defineProperty(provider.request, name, { get: () => value });
  }
}

type EdgeContext = Parameters<Parameters<Provider['use']>[0]>[0];

/** Whether the engine knew what to do with the request: then its context is there. */
function isAnswered(ctx: EdgeContext): ctx is EdgeContext & KoaContextWithOIDC {
  return 'oidc' in ctx;
}

function setHeaders(ctx: EdgeContext): void {
  // Nothing here is for scripts of other pages: the engine's CORS headers stay behind.
  for (const name of Object.keys(ctx.response.headers)) {
    if (name.startsWith('access-control-')) ctx.remove(name);
  }
  const route = isAnswered(ctx) ? ctx.oidc.route : undefined;
  if (route === 'jwks' || route === 'discovery') ctx.set('cache-control', 'public, max-age=300');
  if (isEnginePage(ctx)) {
    // `response_mode=form_post`: the form leads to a registered address of the application, and
    // the engine has put the hash of its own script into the policy.
    const policy = ctx.response.get('content-security-policy');
    ctx.set('content-security-policy', policy.replace(/form-action [^;]*;? ?/, ''));
  }
}

/** What failed outside of the engine's own care: while it saved its session, or showed an error. */
function showFault(ctx: EdgeContext, error: unknown): void {
  const fault = faultIn(error) ?? TweestapError.from(error);
  const visit = currentVisit();
  ctx.status = fault.status;
  ctx.remove('location');
  if (visit?.by === 'browser') showPage(ctx, faultPage(visit.request, fault.code));
  else ctx.body = { error: 'server_error' };
}

/** Whatever the engine refuses or fails at reaches the operator, in words a stranger never reads. */
function listen(provider: Provider, report: Report): void {
  const refused = (ctx: KoaContextWithOIDC, error: Error): void => {
    report({
      kind: 'refused',
      clientId: ctx.oidc.client?.clientId,
      error: error.message,
      reason:
        error instanceof errors.OIDCProviderError
          ? (error.error_detail ?? error.error_description)
          : undefined,
    });
  };
  provider.on('authorization.error', refused);
  provider.on('grant.error', refused);
  provider.on('userinfo.error', refused);
  provider.on('revocation.error', refused);
  provider.on('end_session.error', refused);
  provider.on('end_session_confirm.error', refused);
  provider.on('server_error', (ctx, error) => {
    const fault = faultIn(error);
    report({ kind: 'failed', error: fault ?? error });
    // A database that is away is no bug: whoever asked may come again.
    if (fault !== undefined) ctx.status = fault.status;
  });
  // At the token endpoint a grant ends early for one reason only.
  provider.on('grant.revoked', (ctx, grantId) => {
    if (ctx.oidc.route === 'token') report({ kind: 'reused', grantId });
  });
  // What is left for Koa to print is browsers that went away.
  provider.silent = true;
}
