/**
 * Owns how a secret that a form made gets to the page that shows it once. The redirect between them carries it
 * in a cookie, sealed for this session and this page alone, and the page takes it away: it stands in no
 * address, no table and no log, and no browser asks to send the form again.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { seeOther } from '../../http/answer.ts';
import { clearCookie, readCookie, setCookie } from '../../http/cookies.ts';
import type { Clock } from '../../lib/clock.ts';
import { SecretBoxError, type SecretBox } from '../../lib/secret-box.ts';
import type { Admin } from './portal.ts';

export interface Once {
  /** Goes to the page at `path`, which may show this once. 250 bytes of values fit. */
  hand(reply: FastifyReply, admin: Admin, path: string, values: Values): FastifyReply;
  /** What was handed to the page of this request; undefined once it was taken, or five minutes after. */
  take(request: FastifyRequest, reply: FastifyReply, admin: Admin): Values | undefined;
}

type Values = Readonly<Record<string, string>>;

const cookie = 'shown-once';
/** Time enough for a redirect, and for proving oneself on the way. */
const withinSeconds = 300;
const kept = z.object({ at: z.number(), values: z.record(z.string(), z.string()) });

/** Makes it; `box` seals with the key that every node has. */
export function createOnce(parts: {
  readonly box: Pick<SecretBox, 'seal' | 'open'>;
  readonly clock: Clock;
}): Once {
  const { box, clock } = parts;
  const place = ({ current }: Admin, path: string): readonly string[] => [
    'cookie',
    cookie,
    current.session.id.toString('base64url'),
    path,
  ];

  return {
    hand: (reply, admin, path, values) => {
      const plain = JSON.stringify({ at: clock.now().getTime(), values });
      const sealed = box.seal(plain, place(admin, path)).toString('base64url');
      setCookie(reply, cookie, sealed, { maxAgeSeconds: withinSeconds });
      return seeOther(reply, path);
    },

    take: (request, reply, admin) => {
      const sealed = readCookie(request, cookie);
      if (sealed === undefined) return undefined;
      clearCookie(reply, cookie);
      const [path = ''] = request.url.split('?', 1);
      try {
        const plain = box.open(Buffer.from(sealed, 'base64url'), place(admin, path)).toString();
        const { at, values } = kept.parse(JSON.parse(plain));
        return at + withinSeconds * 1000 > clock.now().getTime() ? values : undefined;
      } catch (error) {
        // Another session's, or meant for another page.
        if (error instanceof SecretBoxError) return undefined;
        throw error;
      }
    },
  };
}
