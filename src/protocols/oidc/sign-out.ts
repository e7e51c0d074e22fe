/**
 * Owns signing out at an application's request (OpenID Connect RP-Initiated Logout 1.0). The person
 * is asked, since anybody's page can send them here (attack ATK-65); then the engine tells the
 * applications, and our own session ends with the engine's.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';

import { localeFor } from '../../http/site.ts';
import type { Locale } from '../../i18n/locale.ts';
import { showPage } from './own-page.ts';
import { signedOutPath } from './paths.ts';
import type { SigninDoor } from './signin-door.ts';
import { signedOutPage, signOutPage } from './views.ts';
import { currentVisit, type Visit } from './visit.ts';

/** Asks the person; the engine has checked the request and keeps it in its session. */
export function askToSignOut(ctx: KoaContextWithOIDC, confirmPath: string): void {
  const visit = currentVisit();
  const xsrf = ctx.oidc.session?.state?.['secret'];
  if (visit === undefined || typeof xsrf !== 'string') throw new Error('No sign-out to ask about.');
  const page = signOutPage(visit.request, {
    locale: localeOf(visit),
    action: confirmPath,
    xsrf,
    application: ctx.oidc.client?.clientName,
    account: visit.person?.userPrincipalName,
    stayHref: onward(ctx) ?? '/',
  });
  showPage(ctx, page);
}

/** After the engine did its part of a sign-out: ours. Does nothing for any other request. */
export async function finishSignOut(ctx: KoaContextWithOIDC, door: SigninDoor): Promise<void> {
  const visit = currentVisit();
  if (visit === undefined || ctx.status >= 400) return;
  const { route, session, client } = ctx.oidc;
  // Nobody is signed in: there is nothing to ask.
  if (route === 'end_session' && session?.accountId === undefined) {
    return seeOther(ctx, onward(ctx) ?? signedOutPath);
  }
  if (route !== 'end_session_confirm') return;

  await door.endSession(visit.request, visit.reply);
  const cookies = visit.reply.getHeader('set-cookie');
  if (cookies !== undefined) ctx.append('set-cookie', [cookies].flat().map(String));

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
