/**
 * Owns how the administrator's pages are entered: by whoever has a role that opens this address, and
 * proved a second step in this session; for a change, one that is fresh. Who has no role finds nothing.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { mayAct, onlyLooks, type Act } from '../../accounts/administering.ts';
import { isPrivileged } from '../../accounts/user.ts';
import { TweestapError } from '../../errors/errors.ts';
import { sendPage } from '../../http/answer.ts';
import { offerWayBack } from '../../http/error-page.ts';
import { sessionToken } from '../../http/sign-in-cookies.ts';
import { visitorOf } from '../../http/site.ts';
import { readUploads } from '../../http/upload.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Methods } from '../../methods/method.ts';
import type { Policies } from '../../policies/policies.ts';
import { sessionLengths } from '../../policies/policy.ts';
import {
  ApprovalNeededError,
  isFreshForAdmin,
  isOpenForAdmin,
  type AtPages,
} from '../../administration/acting-admin.ts';
import { longestUserFile } from '../../administration/jobs/user-file.ts';
import type { FindCurrentSession } from '../../signin/current-session.ts';
import type { Signin } from '../../signin/signin.ts';
import type { SigninStores } from '../../signin/stores.ts';
import { ownOf } from '../my-profile/portal.ts';
import { askToSignIn } from '../attempt.ts';
import { forAChange, stepUp } from '../step-up.ts';
import { access, type Address } from './access.ts';
import { askPage } from './approvals/approval-pages.ts';
import { usersPath } from './path.ts';
import type { Admin } from './portal.ts';
import { wordsIn } from './words.ts';

export interface AdminGuardParts {
  readonly currentSession: FindCurrentSession;
  readonly signin: Pick<Signin, 'open'>;
  readonly stores: SigninStores;
  readonly policies: Policies;
  readonly methods: Methods;
  readonly clock: Clock;
}

/** What stands behind an address; it answers the request. */
export type Inside = (
  admin: Admin,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<FastifyReply>;

/** The address that whoever proves themselves first comes back to, with what they sent. */
export type KeepSent = (admin: Admin, request: FastifyRequest) => string;

/** Registers one address of the portal, behind the guard. `keepSent`: for forms that take long to fill in. */
export type Open = (address: Address, inside: Inside, keepSent?: KeepSent) => void;

/** Makes the guard of an app's addresses, which read forms with files too. */
export function guarded(app: FastifyInstance, parts: AdminGuardParts): Open {
  const { policies, clock } = parts;
  readUploads(app, {
    longestFile: longestUserFile,
    // Whoever may not do what stands behind the address fills no memory with it either.
    admits: async (request) => {
      const act = actAt(`${request.method} ${request.routeOptions.url ?? ''}`);
      const current = await parts.currentSession(sessionToken(request));
      if (current === undefined || act === undefined || !isPrivileged(current.user)) return false;
      const { administration } = await policies.current();
      return mayAct(current.user.role, act, administration);
    },
  });

  return (address, inside, keepSent) => {
    const [method, url = ''] = address.split(' ');
    const act = access[address];
    const isChange = !onlyLooks(act);
    // A button that stands on the page above it has no page of its own to come back to.
    const isPage = Object.hasOwn(access, `GET ${url}`);

    app.route({
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      handler: async (request, reply) => {
        const own = await ownOf(parts.currentSession, request, reply);
        if (own === undefined) return reply;
        // Every form stands at the address that it posts to: in another language it is asked once more.
        const admin = { ...own, frame: { ...own.frame, languageSwitch: { path: request.url } } };
        const { user, session } = admin.current;
        if (!isPrivileged(user)) throw new TweestapError('NOT_FOUND');
        offerWayBack(request, {
          href: usersPath,
          label: wordsIn(visitorOf(request).locale).toUsers,
        });
        const policy = await policies.current();
        if (!mayAct(user.role, act, policy.administration)) {
          throw new TweestapError('NOT_ALLOWED', { details: { act } });
        }
        // A form's page asks for the same once more; unless it is kept, what was typed is gone, which is
        // rare and safe.
        const returnTo =
          keepSent?.(admin, request) ?? (isPage ? request.url : parentOf(request.url));
        const prove = (freshSeconds: number): Promise<FastifyReply> =>
          stepUp(parts.signin, request, reply, admin.current, { returnTo, freshSeconds });
        const now = clock.now();
        if (!isOpenForAdmin(session, policy, now)) {
          return prove(sessionLengths(policy, true).absoluteSeconds);
        }
        if (isChange && !(await isFreshForAdmin(parts, parts.stores, admin.current, now))) {
          return prove(forAChange.freshSeconds);
        }
        try {
          return await inside(admin, request, reply);
        } catch (error) {
          if (!(error instanceof TweestapError)) throw error;
          if (error.code === 'NOT_SIGNED_IN') return askToSignIn(request, reply);
          if (error.code === 'STEP_UP_REQUIRED') return prove(forAChange.freshSeconds);
          if (!(error instanceof ApprovalNeededError)) throw error;
          // Asked at once, and not at an address: numbers and names would stand in it. One after another,
          // where several wait: each is its own question.
          const { targetId, waiting } = error;
          const [asking] = waiting;
          const target = targetId === '' ? undefined : await parts.stores.users.find(targetId);
          const page = askPage({ ...admin, ...asking, target, isMissing: false });
          return sendPage(reply, page, { status: 422 });
        }
      },
    });
  };
}

/** The address one step up: `/admin/jobs/1` of `/admin/jobs/1/begin`. */
function parentOf(url: string): string {
  const [path = ''] = url.split('?');
  return path.slice(0, path.lastIndexOf('/'));
}

function actAt(address: string): Act | undefined {
  return Object.entries(access).find(([known]) => known === address)?.[1];
}

/** Who acts, for the act itself. */
export function byOf({ current }: Admin, request: FastifyRequest): AtPages {
  return { current, address: visitorOf(request).address };
}
