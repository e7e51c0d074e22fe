/**
 * The Tweestap Authenticator without its screen: it speaks to a running service as the app does,
 * over HTTP (`methods/notification/protocol.ts`).
 */
import assert from 'node:assert/strict';

import { z } from 'zod';

import type { Installation } from '../../src/installation/installation.ts';
import { newApp, type AppSecret } from '../../src/methods/authenticator-app.ts';
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
  /** Was registered before, beside what its owner has; no page is opened for it. */
  isRegisteredFor(installation: Installation, userPrincipalName: string): Promise<void>;
  /** What it shows now. */
  requests(): Promise<readonly { readonly id: string; readonly purpose: string }[]>;
  /** Decides about the request that is shown; waits for it. What came of it. */
  decides(asked: Partial<AnswerRequest>): Promise<string>;
  approves(number: string, pin?: string): Promise<string>;
}

const paired = z.object({ account: z.string() });
const granted = z.object({ token: z.string() });
const listed = z.object({
  requests: z.array(z.object({ id: z.string(), purpose: z.string() })),
});
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
  const requests: AppOverHttp['requests'] = async () => {
    const asked = device.tokenRequest(origin, { account, at: at() });
    const { token } = granted.parse(await post(apiPaths.token, asked));
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await ask(apiPaths.requests, { headers });
    return listed.parse(JSON.parse(body)).requests;
  };
  const app: AppOverHttp = {
    joins: async (code, asked = {}) => {
      const request = device.pairing(origin, { code, at: at(), ...asked });
      ({ account } = paired.parse(await post(apiPaths.pair, request)));
    },
    isRegisteredFor: async ({ administration, database, random, clock }, userPrincipalName) => {
      const user = (await administration.find(userPrincipalName)) ?? assert.fail('nobody has it');
      const id = random.token(16);
      const named = { name: 'Pixel 8', version: '1.0.0' };
      const secret: AppSecret = {
        ...newApp(random),
        device: { id, key: device.key, ...named, wrongPins: 0, denials: 0 },
      };
      await database.stores.registrations.add({
        id: random.token(16),
        userId: user.id,
        kind: 'authenticator-app',
        slot: '5',
        secret,
        version: 1,
        createdAt: clock.now(),
        lastUsedAt: undefined,
      });
      account = `${user.id}.${id}`;
    },
    requests,
    decides: async (asked) => {
      const request = await until('a request in the app', async () => (await requests())[0]?.id);
      const answer = device.answer(origin, { account, at: at(), request, ...asked });
      return answered.parse(await post(apiPaths.answer, answer)).result;
    },
    approves: (number, pin = '') => app.decides({ decision: 'approve', number, pin }),
  };
  return app;
}
