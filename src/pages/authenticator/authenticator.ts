/**
 * Owns how the Tweestap Authenticator (`authenticator/`) reaches a phone: its page with a policy of
 * its own, its files, its service worker. It is put together when it is first asked for. What a paired
 * phone then says to us is `protocols/authenticator`.
 */
import type { FastifyInstance } from 'fastify';

import { TweestapError } from '../../errors/errors.ts';
import { sendFile } from '../../http/files.ts';
import { permissionsPolicy } from '../../http/headers.ts';
import { appPath } from '../../methods/notification/protocol.ts';
import { loadAuthenticatorFiles, type AuthenticatorFiles } from './files.ts';

/**
 * Stricter than the pages' where it can be, and open to other servers: one phone serves the accounts
 * of several organisations. `localhost` is for whoever develops.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self' https: http://localhost:* http://127.0.0.1:*",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const immutable = 'public, max-age=31536000, immutable';
/** Kept, but asked about each time it is used. */
const revalidated = 'no-cache';

/** `/authenticator/` and what it loads. */
export function authenticatorAppRoutes(app: FastifyInstance): void {
  let loaded: AuthenticatorFiles | undefined;
  const files = (): AuthenticatorFiles => {
    loaded ??= loadAuthenticatorFiles();
    return loaded;
  };

  app.get(appPath.slice(0, -1), (_request, reply) => reply.redirect(appPath, 301));

  app.get(appPath, (request, reply) =>
    sendFile(
      request,
      reply.headers({
        'content-security-policy': contentSecurityPolicy,
        'permissions-policy': permissionsPolicy({ camera: true }),
        // A push may wake a browser that asks for nothing else; nobody links here with secrets.
        'referrer-policy': 'no-referrer',
      }),
      files().page,
      revalidated,
    ),
  );

  app.get(`${appPath}service-worker.js`, (request, reply) =>
    sendFile(request, reply, files().worker, revalidated),
  );

  app.get(`${appPath}*`, (request, reply) => {
    const [path = ''] = request.url.split('?');
    const file = files().files.get(path);
    if (file === undefined) throw new TweestapError('NOT_FOUND');
    return sendFile(request, reply, file, path.includes('/files/') ? immutable : revalidated);
  });
}
