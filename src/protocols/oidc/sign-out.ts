/**
 * Owns signing out at an application's request (OpenID Connect RP-Initiated Logout 1.0). Whoever brings
 * an ID token of this very session is that application: it asks on the person's behalf, who pressed
 * *Sign out* there. Anybody else's page can send a browser here as well, so then the person is asked
 * (attack ATK-65). The applications are told, and our own session ends with the engine's.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';

import { clearCookie } from '../../http/cookies.ts';
import { localeFor } from '../../http/site.ts';
import type { Locale } from '../../i18n/locale.ts';
import type { EngineSessions } from './engine-session.ts';
import { showPage } from './own-page.ts';
import { signedOutPath } from './paths.ts';
import type { SigninDoor } from './signin-door.ts';
import { signedOutPage, signOutPage } from './views.ts';
import { currentVisit, type Visit } from './visit.ts';

/**
 * Asks the person, unless the application may sign them out by itself; the engine has checked the
 * request and keeps it in its session.
 */
export function askToSignOut(ctx: KoaContextWithOIDC, confirmPath: string): void {
  if (isOwnHint(ctx)) return;
  const visit = currentVisit();
  const xsrf = ctx.oidc.session?.state?.['secret'];
  if (visit === undefined || typeof xsrf !== 'string') throw new Error('No sign-out to ask about.');
  const page = signOutPage(visit.request, {
    locale: localeOf(visit),
    action: confirmPath,
    xsrf,
    application: ctx.oidc.client?.clientName,
    account: visit.person?.userPrincipalName,
  });
  showPage(ctx, page);
}

/** After the engine did its part of a sign-out: ours. Does nothing for any other request. */
export async function finishSignOut(
  ctx: KoaContextWithOIDC,
  parts: {
    readonly door: SigninDoor;
    readonly sessions: Pick<EngineSessions, 'end'>;
  },
): Promise<void> {
  const visit = currentVisit();
  if (visit === undefined || ctx.status >= 400) return;
  const { route, session, client } = ctx.oidc;
  if (route === 'end_session') {
    // Nobody is signed in: there is nothing to ask, nor to end.
    const isOver = session?.accountId === undefined;
    if (!isOver && !isOwnHint(ctx)) return;
    if (!isOver) {
      clearCookie(visit.reply, 'oidc');
      await parts.sessions.end(visit);
      await endOwnSession(ctx, visit, parts.door);
    }
    return seeOther(ctx, onward(ctx) ?? signedOutPath);
  }
  if (route !== 'end_session_confirm') return;

  await endOwnSession(ctx, visit, parts.door);
  const href = onward(ctx);
  if (href === undefined || client === undefined) return seeOther(ctx, signedOutPath);
  // A form leads nowhere but to our own origin, through every redirect that follows it: the way
  // back to the application begins at a page instead.
  ctx.remove('location');
  ctx.status = 200;
  ctx.set('refresh', `0; url=${href}`);
  const back = { application: client.clientName ?? client.clientId, href };
  showPage(ctx, signedOutPage(visit.request, { locale: localeOf(visit), back }));
}

/**
 * Whether the hint, whose signature the engine has checked, is an ID token that the application was
 * given within this session of this person (§2). One of an earlier session, or of somebody else, whom
 * an attacker may be, is not; nor is one that is not there.
 */
function isOwnHint({ oidc }: KoaContextWithOIDC): boolean {
  const { session, client } = oidc;
  const hint = oidc.entities.IdTokenHint?.payload;
  if (hint === undefined || session?.accountId === undefined || client === undefined) return false;
  const opened = session.authorizations?.[client.clientId];
  if (opened === undefined || hint['sub'] !== session.accountId) return false;
  // Applications that listen to no word of a sign-out are given no `sid`.
  return hint['sid'] === undefined || hint['sid'] === opened.sid;
}

async function endOwnSession(
  ctx: KoaContextWithOIDC,
  visit: Visit,
  door: SigninDoor,
): Promise<void> {
  await door.endSession(visit.request, visit.reply);
  const cookies = visit.reply.getHeader('set-cookie');
  if (cookies !== undefined) ctx.append('set-cookie', [cookies].flat().map(String));
}

/** The address at the application that was asked for, and is registered; with its `state`. */
function onward(ctx: KoaContextWithOIDC): string | undefined {
  const { postLogoutRedirectUri: address, state } = ctx.oidc.session?.state ?? {};
  if (typeof address !== 'string') return undefined;
  const url = new URL(address);
  if (typeof state === 'string') url.searchParams.set('state', state);
  return url.href;
}

function seeOther(ctx: KoaContextWithOIDC, address: string): void {
  ctx.redirect(address);
  ctx.status = 303;
}

function localeOf(visit: Visit): Locale {
  return localeFor(visit.request, visit.person?.preferredLanguage);
}
