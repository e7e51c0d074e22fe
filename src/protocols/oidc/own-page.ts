/** Owns showing a page of ours from within the engine, and telling it from those the engine makes. */
import type { KoaContextWithOIDC } from 'oidc-provider';

import { render, type SafeHtml } from '../../lib/html.ts';

const shown = new WeakSet<object>();

type Context = Pick<KoaContextWithOIDC, 'req' | 'response' | 'type' | 'body'>;

/** Answers with a page; the status stays as it is. */
export function showPage(ctx: Context, page: SafeHtml): void {
  ctx.type = 'html';
  ctx.body = render(page);
  shown.add(ctx.req);
}

/** Whether the answer is HTML that the engine made by itself: a form that a script sends on. */
export function isEnginePage(ctx: Context): boolean {
  return ctx.response.is('html') === 'html' && typeof ctx.body === 'string' && !shown.has(ctx.req);
}
