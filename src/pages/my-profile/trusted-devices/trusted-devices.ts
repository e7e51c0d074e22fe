/**
 * Owns the pages of somebody's trusted devices. Looking asks for the second step, as all that tells of
 * one's security does; ending a trust asks for nothing more: it makes things safer.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';

import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, query } from '../../../http/parse.ts';
import { dropTrustedDevice, trustedDeviceCookie } from '../../../http/sign-in-cookies.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { TrustedDevices } from '../../../own-account/trusted-devices.ts';
import { actorOf, createGuard, type GuardParts } from '../guard.ts';
import { trustedDevicesPath } from './path.ts';
import { endAllPage, listPage } from './views.ts';

export interface TrustedDevicePageParts extends GuardParts {
  readonly trustedDevices: TrustedDevices;
  readonly clock: Clock;
}

/** What the list may say of what was just done: a fixed choice, so that no address brings its own words. */
const doneQuery = z.object({
  done: z.enum(['ended', 'all-ended', 'gone']).optional().catch(undefined),
});
const endForm = z.object({ device: z.string().regex(/^[\w-]{43}$/) });
const endAllPath = `${trustedDevicesPath}/end-all`;

/** Registers the pages. */
export function trustedDeviceRoutes(
  parts: TrustedDevicePageParts,
): (app: FastifyInstance) => Promise<void> {
  const { trustedDevices, clock } = parts;
  const guard = createGuard(parts);

  return async (app) => {
    app.get(trustedDevicesPath, (request, reply) =>
      guard.opened(request, reply, trustedDevicesPath, async (own) => {
        const { done } = query(request, doneQuery);
        const { user } = own.current;
        const devices = await trustedDevices.list(user, trustedDeviceCookie(request));
        return sendPage(reply, listPage({ ...own, own: devices, now: clock.now(), done }));
      }),
    );

    app.post(`${trustedDevicesPath}/end`, (request, reply) => {
      const { device } = form(request, endForm);
      return guard.signedIn(request, reply, async (own) => {
        const { current } = own;
        const { devices } = await trustedDevices.list(current.user, trustedDeviceCookie(request));
        const isEnded = await trustedDevices.remove(current, device, actorOf(request, own));
        if (devices.some(({ id, isThisOne }) => isThisOne && id === device)) {
          dropTrustedDevice(reply);
        }
        return told(reply, isEnded ? 'ended' : 'gone');
      });
    });

    app.get(endAllPath, (request, reply) =>
      guard.opened(request, reply, endAllPath, async (own) => {
        const { user } = own.current;
        const { devices } = await trustedDevices.list(user, trustedDeviceCookie(request));
        return devices.length === 0
          ? seeOther(reply, trustedDevicesPath)
          : sendPage(reply, endAllPage(own, devices.length));
      }),
    );

    app.post(endAllPath, (request, reply) =>
      guard.signedIn(request, reply, async (own) => {
        const count = await trustedDevices.removeAll(own.current, actorOf(request, own));
        dropTrustedDevice(reply);
        return told(reply, count > 0 ? 'all-ended' : 'gone');
      }),
    );

    // Where a form's address is opened by itself (a restored tab): the page it belongs to.
    app.get(`${trustedDevicesPath}/end`, async (_request, reply) =>
      seeOther(reply, trustedDevicesPath),
    );
  };
}

function told(reply: FastifyReply, done: 'ended' | 'all-ended' | 'gone'): FastifyReply {
  return seeOther(reply, `${trustedDevicesPath}?done=${done}`);
}
