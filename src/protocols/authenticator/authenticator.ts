/**
 * Owns `/authenticator/api/v1/…`: how a paired Tweestap Authenticator asks and answers. The shapes
 * and what is signed stand in `methods/notification/protocol.ts`; what follows from them in
 * `signin/devices.ts`. There are no cookies here, so whatever origin an app was loaded from may ask:
 * an app holds accounts of several organisations.
 */
import { createHash } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { ApplicationStore } from '../../applications/application-store.ts';
import type { SignInEvent } from '../../audit/sign-in-event.ts';
import { systemDoor } from '../../http/door.ts';
import type { EventStreams } from '../../http/event-stream.ts';
import { visitorOf } from '../../http/site.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SecretBox } from '../../lib/secret-box.ts';
import { appSecret } from '../../methods/authenticator-app.ts';
import type { RejectionReason } from '../../methods/method.ts';
import {
  apiPaths,
  canonicalCode,
  tokenText,
  type Activity,
  type Answered,
  type AnswerResult,
  type ApiError,
  type Paired,
  type PendingRequest,
  type TokenGranted,
} from '../../methods/notification/protocol.ts';
import { settings as notificationSettings } from '../../methods/notification/settings.ts';
import { clockSlackMs, isSignedBy } from '../../methods/notification/signature.ts';
import { deviceName } from '../../signin/device-name.ts';
import type { Decided, Devices, FoundDevice, PendingSignIn } from '../../signin/devices.ts';
import { personTopic } from '../../signin/topics.ts';
import type { HeardStore } from '../webhooks/heard-store.ts';
import { answerRequest, deviceChange, pairRequest, tokenRequest } from './shapes.ts';
import { createDeviceTokens } from './tokens.ts';

export interface AuthenticatorParts {
  readonly devices: Devices;
  readonly streams: EventStreams;
  readonly applications: Pick<ApplicationStore, 'find'>;
  /** Notes what was signed, so that it is heard once on whatever node. */
  readonly heard: Pick<HeardStore, 'firstTime'>;
  readonly box: Pick<SecretBox, 'keyedHash'>;
  readonly clock: Clock;
  /** What devices sign as origin. */
  readonly origin: string;
  /** What browsers subscribe with; undefined where nothing is pushed. */
  readonly pushKey: string | undefined;
}

/** The routes; register them as a plugin of their own. */
export function authenticatorRoutes(parts: AuthenticatorParts): (app: FastifyInstance) => void {
  const { devices, streams, heard, clock, origin } = parts;
  const tokens = createDeviceTokens(parts.box);
  const pushKey = parts.pushKey ?? null;
  /** True for the one who brings it first. */
  const isFirst = (...said: readonly string[]): Promise<boolean> => {
    const id = createHash('sha256').update(said.join('\n')).digest('base64url');
    return heard.firstTime('authenticator', id, clock.now());
  };

  /** The device that this request's token is for; undefined where it was answered already. */
  const holder = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FoundDevice | undefined> => {
    const [, token = ''] =
      /^Bearer ([\w.-]{1,300})$/.exec(request.headers.authorization ?? '') ?? [];
    const account = tokens.read(token, clock.now());
    if (account === undefined) {
      refuse(reply, 401, 'unauthorised');
      return undefined;
    }
    const found = await devices.find(account);
    if (found === undefined) refuse(reply, 404, 'unknown-account');
    return found;
  };

  return (app) => {
    systemDoor(app, { body: 'json', origins: 'any' });
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers(anyOrigin);
    });
    for (const path of Object.values(apiPaths)) {
      app.options(path, async (_request, reply) => reply.code(204).headers(preflight).send());
    }

    app.post(apiPaths.pair, async (request, reply) => {
      const asked = pairRequest.safeParse(request.body);
      if (!asked.success) return refuse(reply, 400, 'unreadable');
      const code = canonicalCode(asked.data.code);
      const { address } = visitorOf(request);
      const pairing = await devices.pair(code, asked.data, address);
      switch (pairing.kind) {
        case 'paused': {
          const seconds = (pairing.untilAt.getTime() - clock.now().getTime()) / 1000;
          reply.header('retry-after', String(Math.ceil(seconds)));
          return refuse(reply, 429, 'too-many');
        }
        case 'refused':
          return refuse(reply, pairingStatus[pairing.reason], pairing.reason, clock.now());
        case 'paired':
          return reply.send(pairedOf(pairing.found, pushKey, origin, clock.now()));
      }
    });

    app.post(apiPaths.token, async (request, reply) => {
      const asked = tokenRequest.safeParse(request.body);
      if (!asked.success) return refuse(reply, 400, 'unreadable');
      const { account, at, nonce, signature } = asked.data;
      const now = clock.now();
      if (Math.abs(at - now.getTime()) > clockSlackMs) return refuse(reply, 422, 'clock', now);
      const found = await devices.find(account);
      if (found === undefined) return refuse(reply, 404, 'unknown-account');
      const isSigned = isSignedBy(found.device.key, tokenText(origin, asked.data), signature);
      if (!isSigned || !(await isFirst('token', account, String(at), nonce))) {
        return refuse(reply, 401, 'unauthorised');
      }
      const granted: TokenGranted = {
        ...tokens.issue(account, now),
        pin: isPinAsked(found),
        pushKey,
        now: now.getTime(),
      };
      return reply.send(granted);
    });

    app.get(apiPaths.requests, async (request, reply) => {
      const found = await holder(request, reply);
      if (found === undefined) return reply;
      const requests = (await devices.pending(found)).map((one) => requestOf(one, found));
      return reply.send({ requests });
    });

    app.get(apiPaths.events, async (request, reply) => {
      const found = await holder(request, reply);
      if (found === undefined) return reply;
      const topics = [personTopic(found.user.id)];
      return streams.open(request, reply, { topics, owner: `device:${found.account}` });
    });

    app.post(apiPaths.answer, async (request, reply) => {
      const asked = answerRequest.safeParse(request.body);
      if (!asked.success) return refuse(reply, 400, 'unreadable');
      const { request: requestId, ...decision } = asked.data;
      const now = clock.now();
      if (Math.abs(decision.at - now.getTime()) > clockSlackMs) {
        return refuse(reply, 422, 'clock', now);
      }
      const found = await devices.find(decision.account);
      if (found === undefined) return refuse(reply, 404, 'unknown-account');
      const event = { kind: 'decision', ...decision } as const;
      const known = { origin, userId: found.user.id, now };
      const isOwn = found.method.pairing?.isFrom(known, found.secret, requestId, event) ?? false;
      if (!isOwn) return answered(reply, 'refused');
      // The same once more, from whoever overheard it: whatever it decided, it was decided.
      if (!(await isFirst('answer', decision.account, requestId, String(decision.at)))) {
        return answered(reply, 'over');
      }
      const { address } = visitorOf(request);
      return answered(reply, resultOf(await devices.decide(found, requestId, event, address)));
    });

    app.put(apiPaths.device, async (request, reply) => {
      const asked = deviceChange.safeParse(request.body);
      if (!asked.success) return refuse(reply, 400, 'unreadable');
      const found = await holder(request, reply);
      if (found === undefined) return reply;
      const isKept = await devices.change(found, asked.data);
      return isKept ? reply.code(204).send() : refuse(reply, 400, 'unreadable');
    });

    app.delete(apiPaths.device, async (request, reply) => {
      const found = await holder(request, reply);
      if (found === undefined) return reply;
      await devices.leave(found, visitorOf(request).address);
      return reply.code(204).send();
    });

    app.get(apiPaths.activity, async (request, reply) => {
      const found = await holder(request, reply);
      if (found === undefined) return reply;
      const events = await devices.activity(found);
      const activity = await Promise.all(events.map((event) => activityOf(parts, found, event)));
      return reply.send({ activity });
    });
  };
}

/** Browsers let pages of any origin read the answers: nothing here rests on what a browser adds by itself. */
const anyOrigin = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after',
  'cross-origin-resource-policy': 'cross-origin',
} as const;

const preflight = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '7200',
} as const;

const pairingStatus = {
  'unknown-code': 404,
  unreadable: 400,
  clock: 422,
  'pin-needed': 422,
} as const;

function refuse(reply: FastifyReply, status: number, error: ApiError, now?: Date): FastifyReply {
  return reply.code(status).send({ error, ...(now === undefined ? {} : { now: now.getTime() }) });
}

function answered(reply: FastifyReply, result: AnswerResult): FastifyReply {
  const said: Answered = { result };
  return reply.send(said);
}

function isPinAsked({ settings }: FoundDevice): boolean {
  return notificationSettings.parse(settings).pin;
}

function pairedOf(found: FoundDevice, pushKey: string | null, origin: string, now: Date): Paired {
  const { key, digits, period, algorithm } = appSecret.parse(found.secret);
  return {
    account: found.account,
    userPrincipalName: found.user.userPrincipalName,
    organisation: found.policy.organisation.name,
    origin,
    otp: { key, digits, period, algorithm },
    pin: isPinAsked(found),
    pushKey,
    now: now.getTime(),
  };
}

function requestOf(
  pending: PendingSignIn,
  { user, policy, settings }: FoundDevice,
): PendingRequest {
  const { showApplication, showPlace } = notificationSettings.parse(settings);
  const locale = user.preferredLanguage ?? policy.organisation.defaultLanguage;
  return {
    id: pending.challengeId,
    purpose: pending.purpose,
    ...(showApplication ? { application: pending.applicationName ?? null } : {}),
    ...(showPlace ? { address: pending.address } : {}),
    browser: deviceName(pending.userAgent, locale),
    askedAt: pending.startedAt.getTime(),
    expiresAt: pending.expiresAt.getTime(),
    isTest: pending.isTest,
  };
}

async function activityOf(
  { applications }: Pick<AuthenticatorParts, 'applications'>,
  { user, policy }: FoundDevice,
  { at, applicationId, address, userAgent, result }: SignInEvent,
): Promise<Activity> {
  const application =
    applicationId === undefined ? undefined : await applications.find(applicationId);
  const locale = user.preferredLanguage ?? policy.organisation.defaultLanguage;
  return {
    at: at.getTime(),
    application: application?.name ?? null,
    address,
    browser: deviceName(userAgent, locale),
    result,
  };
}

function resultOf(decided: Decided): AnswerResult {
  if (decided.kind !== 'rejected') return decided.kind;
  return results[decided.reason] ?? 'over';
}

const results: Partial<Record<RejectionReason, AnswerResult>> = {
  'user-declined': 'denied',
  'fraud-reported': 'reported',
  'incorrect-number': 'wrong-number',
  'incorrect-pin': 'wrong-pin',
  'app-locked': 'locked',
  // Five wrong ones of whatever kind end a challenge.
  'too-many-wrong': 'locked',
  'not-accepted': 'refused',
};
