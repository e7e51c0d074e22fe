/**
 * The Tweestap Authenticator without its screen: it speaks to a running service as the app does,
 * over HTTP (`methods/notification/protocol.ts`).
 */
import assert from 'node:assert/strict';

import { z } from 'zod';

import {
  apiPaths,
  type AnswerRequest,
  type PairRequest,
} from '../../src/methods/notification/protocol.ts';
import { newAppDevice } from './app-device.ts';
import type { Service } from './tweestap.ts';
import { until } from './poll.ts';

export interface AppOverHttp {
  /** Types the code of the page. */
  joins(code: string, asked?: Partial<PairRequest>): Promise<void>;
  /** Decides about the request that is shown; waits for it. What came of it. */
  decides(asked: Partial<AnswerRequest>): Promise<string>;
  approves(number: string, pin?: string): Promise<string>;
}

const paired = z.object({ account: z.string() });
const granted = z.object({ token: z.string() });
const listed = z.object({ requests: z.array(z.object({ id: z.string() })) });
const answered = z.object({ result: z.string() });

/** An app that has joined nothing yet; `now` is the clock of the service. */
export function appOverHttp({ ask, origin }: Service, now: () => Date): AppOverHttp {
  const device = newAppDevice();
  let account = '';
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200, answer.body);
    return JSON.parse(answer.body);
  };
  const at = (): number => now().getTime();
  const shown = async (): Promise<string> => {
    const asked = device.tokenRequest(origin, { account, at: at() });
    const { token } = granted.parse(await post(apiPaths.token, asked));
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await ask(apiPaths.requests, { headers });
    return listed.parse(JSON.parse(body)).requests[0]?.id ?? '';
  };
  const app: AppOverHttp = {
    joins: async (code, asked = {}) => {
      const request = device.pairing(origin, { code, at: at(), ...asked });
      ({ account } = paired.parse(await post(apiPaths.pair, request)));
    },
    decides: async (asked) => {
      const request = await until('a request in the app', async () => (await shown()) || false);
      const answer = device.answer(origin, { account, at: at(), request, ...asked });
      return answered.parse(await post(apiPaths.answer, answer)).result;
    },
    approves: (number, pin = '') => app.decides({ decision: 'approve', number, pin }),
  };
  return app;
}
