/** A sign-in wakes the phone that approves it, and goes on where nothing wakes it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { appSecret } from '../../src/methods/authenticator-app.ts';
import { apiPaths } from '../../src/methods/notification/protocol.ts';
import { newAppDevice } from '../support/app-device.ts';
import type { Answer } from '../support/http-client.ts';
import { newPerson, type Person } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startPushService, type PushService } from '../support/push-service.ts';
import { startTweestap, type Tweestap } from '../support/tweestap.ts';

describe('a sign-in that a phone approves', () => {
  let service: PushService;
  let tweestap: Tweestap;
  before(async () => {
    service = await startPushService();
    tweestap = await startTweestap({
      environment: { TWEESTAP_PUSH: 'web-push', TWEESTAP_WEB_PUSH_SERVICES: service.host },
    });
  });
  after(async () => {
    await tweestap.close();
    await service.close();
  });

  const call = async (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<Answer> =>
    tweestap.ask(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  /** Somebody whose app is paired and subscribed, and what that app does. */
  async function withPhone(language: 'en' | 'nl' = 'en') {
    const person = await newPerson(tweestap, { registered: ['app'], language });
    const { stores } = tweestap.installation.database;
    const user = await stores.users.findByName(person.userPrincipalName);
    const [registration] = await stores.registrations.list(user?.id ?? '');
    assert.ok(user !== undefined && registration !== undefined);
    const device = newAppDevice();
    const id = device.key.slice(-22);
    await stores.registrations.replace(registration.id, registration.version, {
      ...appSecret.parse(registration.secret),
      device: { id, key: device.key, name: 'Phone', version: '1.0.0', wrongPins: 0, denials: 0 },
    });
    const methodId = 'notification';
    await stores.users.setDefaultMethod(user.id, { registrationId: registration.id, methodId });
    const account = `${user.id}.${id}`;
    const { origin } = tweestap;
    const at = (): number => tweestap.now().getTime();

    const asked = device.tokenRequest(origin, { account, at: at() });
    const granted = await call('POST', apiPaths.token, asked);
    const { token, pushKey } = JSON.parse(granted.body);
    const subscription = await service.subscribe(pushKey);
    const subscribed = await call('PUT', apiPaths.device, { push: subscription }, token);
    assert.equal(subscribed.status, 204, subscribed.body);
    return {
      person,
      subscription,
      /** What it is woken with. */
      pushes: () => service.received().filter(({ endpoint }) => endpoint === subscription.endpoint),
      /** What it sees when it asks. */
      requests: async (): Promise<readonly { readonly id: string }[]> =>
        JSON.parse((await call('GET', apiPaths.requests, undefined, token)).body).requests,
      approves: async (request: string, number: string): Promise<string> => {
        const decision = { account, request, number, at: at() };
        const { body } = await call('POST', apiPaths.answer, device.answer(origin, decision));
        return JSON.parse(body).result;
      },
      /** Whether it is to be woken at all. */
      isSubscribed: async (): Promise<boolean> => {
        const now = await stores.registrations.find(registration.id);
        return appSecret.parse(now?.secret).device?.push !== undefined;
      },
    };
  }

  const numberOn = ({ browser }: Person): string =>
    /<strong[^>]*>(\d{2})<\/strong>/.exec(browser.page.html)?.[1] ??
    assert.fail(`no number in ${browser.page.text}`);
  const isIn = async ({ browser, words }: Person): Promise<void> => {
    await browser.untilItMovesOn();
    assert.equal(browser.page.heading, words.profile.title);
  };

  it('wakes it with nothing to read, and lets in who types the number there', async () => {
    const { person, pushes, requests, approves } = await withPhone();
    await person.arrives();
    const push = await until('the push', () => pushes()[0]);
    const number = numberOn(person);
    for (const secret of [number, person.userPrincipalName, 'Voorbeeld', 'voorbeeld', 'Tweestap']) {
      assert.ok(!push.text.includes(secret), `${secret} is in ${push.text}`);
    }
    assert.ok(push.ttl > 0 && push.ttl <= 60, `${push.ttl} s`);
    const [request, ...more] = await requests();
    assert.ok(request !== undefined && more.length === 0);
    assert.equal(await approves(request.id, number), 'approved');
    await isIn(person);
  });

  it('goes on where the push service is out of order: the phone that is opened sees what waits', async () => {
    const { person, pushes, requests, approves } = await withPhone('nl');
    service.behave('broken');
    try {
      await person.arrives();
      const number = numberOn(person);
      const [request] = await requests();
      assert.ok(request !== undefined);
      assert.equal(await approves(request.id, number), 'approved');
      await isIn(person);
      assert.deepEqual(pushes(), []);
    } finally {
      service.behave('well');
    }
  });

  it('knocks no more where the browser has ended its subscription', async () => {
    const { person, subscription, pushes, isSubscribed, requests } = await withPhone();
    service.unsubscribe(subscription);
    const knocks = (): number =>
      service.refusals().filter((why) => why === 'the subscription has ended').length;
    await person.arrives();
    await until('the address to be forgotten', async () => !(await isSubscribed()));
    assert.equal(knocks(), 1);
    assert.equal((await requests()).length, 1, 'it still waits for whoever opens the app');
    await tweestap.advanceSeconds(61);
    await person.arrives();
    assert.equal((await requests()).length, 1);
    assert.equal(knocks(), 1);
    assert.deepEqual(pushes(), []);
  });
});
