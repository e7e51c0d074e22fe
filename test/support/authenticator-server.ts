/**
 * A stand-in for an organisation's server as the Tweestap Authenticator meets it: it serves the real
 * app under the real headers and speaks `methods/notification/protocol.ts`, with every signature
 * checked by Node's own cryptography. What it knows it keeps in memory, and a test decides what happens.
 */
import assert from 'node:assert/strict';
import { createPublicKey, randomBytes, randomInt, randomUUID, verify } from 'node:crypto';
import type { ServerResponse } from 'node:http';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { systemDoor } from '../../src/http/door.ts';
import { listen } from '../../src/http/listener.ts';
import { encodeBase32 } from '../../src/lib/otp/base32.ts';
import { totp } from '../../src/lib/otp/otp.ts';
import {
  answerText,
  apiPath,
  apiPaths,
  canonicalCode,
  pairText,
  tokenText,
  type Activity,
  type AnswerRequest,
  type AnswerResult,
  type ApiError,
  type DeviceChange,
  type Paired,
  type PairRequest,
  type PendingRequest,
  type PushSubscriptionData,
  type TokenRequest,
} from '../../src/methods/notification/protocol.ts';
import { authenticatorAppRoutes } from '../../src/pages/authenticator/authenticator.ts';
import { loadAuthenticatorFiles } from '../../src/pages/authenticator/files.ts';
import { httpServerForTests } from './http-server.ts';

/** Somebody who registers the app. */
export interface Registrant {
  readonly userPrincipalName: string;
  readonly organisation?: string;
  /** Whether policy asks for a PIN. */
  readonly pin?: boolean;
  readonly pushKey?: string;
}

/** A sign-in that was asked about. */
export interface Asked {
  readonly id: string;
  /** What the other screen shows. */
  readonly number: string;
  /** What the phone decided, once it did. */
  result(): AnswerResult | undefined;
  /** Ends it as if it was answered elsewhere. */
  end(): void;
}

/** A phone that was paired. */
export interface PairedDevice {
  readonly account: string;
  readonly name: string;
  readonly version: string;
  readonly push: PushSubscriptionData | undefined;
  readonly isGone: boolean;
  /** The code that is right now. */
  code(): string;
}

export interface AuthenticatorServer {
  readonly origin: string;
  /** Somebody opens the page with the QR code; returns the activation code. */
  invite(registrant: Registrant): string;
  /** The phone that was paired last. */
  device(): PairedDevice;
  /** Somebody signs in as the owner of the phone that was paired last. */
  ask(options?: {
    readonly application?: string | null;
    readonly seconds?: number;
    readonly isTest?: boolean;
    readonly purpose?: 'sign-in' | 'reset';
  }): Asked;
  /** An admin removes the phone that was paired last. */
  remove(): void;
  /** A new version of the app is there. */
  publish(): void;
  /** How far this server's clock is ahead of everybody's. */
  setAhead(milliseconds: number): void;
  /** How many event streams are open. */
  streams(): number;
  /** What was refused, so that a test can say that nothing was. */
  readonly refusals: readonly string[];
  close(): Promise<void>;
}

interface Known {
  readonly account: string;
  readonly registrant: Registrant;
  readonly key: string;
  readonly otpKey: Buffer;
  readonly pin: string | undefined;
  name: string;
  version: string;
  push: PushSubscriptionData | undefined;
  isGone: boolean;
  wrongPins: number;
}

interface Open {
  readonly account: string;
  readonly number: string;
  readonly request: PendingRequest;
  result: AnswerResult | undefined;
  isOver: boolean;
}

const clockToleranceMs = 60_000;
const tokenMs = 600_000;
const pinsAllowed = 3;

/** Starts it on a free port of this machine. */
export async function startAuthenticatorServer(): Promise<AuthenticatorServer> {
  const listener = await listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://localhost:${listener.port}`;
  const app = httpServerForTests({ listener });
  let edition = 0;
  app.addHook('onRequest', async (request, reply) => {
    if (edition === 0 || !request.url.endsWith('/service-worker.js')) return;
    const { worker } = loadAuthenticatorFiles();
    await reply.type(worker.type).send(`${worker.body.toString()}\n// ${edition}\n`);
  });
  authenticatorAppRoutes(app);

  const waiting = new Map<string, Registrant>();
  const known = new Map<string, Known>();
  const tokens = new Map<string, { readonly account: string; readonly expiresAt: number }>();
  const nonces = new Set<string>();
  const open = new Map<string, Open>();
  const streams = new Map<ServerResponse, string>();
  const refusals: string[] = [];
  let ahead = 0;
  const now = (): number => Date.now() + ahead;

  const refuse = (reply: FastifyReply, status: number, error: ApiError): FastifyReply => {
    refusals.push(error);
    return reply.code(status).send({ error, ...(error === 'clock' ? { now: now() } : {}) });
  };
  const isLate = (at: number): boolean => Math.abs(at - now()) > clockToleranceMs;
  const changed = (account: string): void => {
    for (const [stream, whose] of streams) {
      if (whose === account) stream.write('event: changed\ndata: {}\n\n');
    }
  };
  const bearer = (request: FastifyRequest): Known | undefined => {
    const [, value = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const token = tokens.get(value);
    return token === undefined || token.expiresAt < now() ? undefined : known.get(token.account);
  };
  const pendingOf = (account: string): PendingRequest[] =>
    [...open.values()]
      .filter((each) => each.account === account && !each.isOver)
      .filter(({ request }) => request.expiresAt > now())
      .map(({ request }) => request);
  const last = (): Known => [...known.values()].at(-1) ?? assert.fail('no phone was paired yet');

  await app.register(async (api) => {
    systemDoor(api, { body: 'json', origins: 'any' });
    api.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-expose-headers': 'retry-after',
      });
    });
    api.options(`${apiPath}/*`, (_request, reply) => reply.code(204).send());

    api.post<{ Body: PairRequest }>(apiPaths.pair, (request, reply) => {
      const { body } = request;
      const registrant = waiting.get(canonicalCode(body.code));
      if (isLate(body.at)) return refuse(reply, 422, 'clock');
      if (registrant === undefined) return refuse(reply, 404, 'unknown-code');
      if (!isSigned(body.key, pairText(origin, body), body.signature)) {
        return refuse(reply, 401, 'unauthorised');
      }
      if (registrant.pin === true && body.pin === undefined)
        return refuse(reply, 422, 'pin-needed');
      waiting.delete(canonicalCode(body.code));
      const account = randomUUID();
      const otpKey = randomBytes(20);
      known.set(account, {
        account,
        registrant,
        key: body.key,
        otpKey,
        pin: body.pin,
        name: body.name,
        version: body.version,
        push: body.push,
        isGone: false,
        wrongPins: 0,
      });
      const paired: Paired = {
        account,
        userPrincipalName: registrant.userPrincipalName,
        organisation: registrant.organisation ?? 'Voorbeeld',
        origin,
        otp: { key: encodeBase32(otpKey), digits: 6, period: 30, algorithm: 'sha1' },
        pin: registrant.pin ?? false,
        pushKey: registrant.pushKey ?? null,
        now: now(),
      };
      return reply.send(paired);
    });

    api.post<{ Body: TokenRequest }>(apiPaths.token, (request, reply) => {
      const { body } = request;
      const device = known.get(body.account);
      if (device === undefined || device.isGone) return refuse(reply, 404, 'unknown-account');
      if (isLate(body.at)) return refuse(reply, 422, 'clock');
      const isFresh = !nonces.has(body.nonce);
      nonces.add(body.nonce);
      if (!isFresh || !isSigned(device.key, tokenText(origin, body), body.signature)) {
        return refuse(reply, 401, 'unauthorised');
      }
      const token = randomBytes(16).toString('base64url');
      const expiresAt = now() + tokenMs;
      tokens.set(token, { account: device.account, expiresAt });
      const { pin = false, pushKey = null } = device.registrant;
      return reply.send({ token, expiresAt, pin, pushKey, now: now() });
    });

    api.get(apiPaths.requests, (request, reply) => {
      const device = bearer(request);
      if (device === undefined) return refuse(reply, 401, 'unauthorised');
      if (device.isGone) return refuse(reply, 404, 'unknown-account');
      return reply.send({ requests: pendingOf(device.account) });
    });

    api.get(apiPaths.events, (request, reply) => {
      const device = bearer(request);
      if (device === undefined) return refuse(reply, 401, 'unauthorised');
      if (device.isGone) return refuse(reply, 404, 'unknown-account');
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'access-control-allow-origin': '*',
      });
      raw.write(': here\n\n');
      streams.set(raw, device.account);
      raw.once('close', () => streams.delete(raw));
      return reply;
    });

    api.post<{ Body: AnswerRequest }>(apiPaths.answer, (request, reply) => {
      const { body } = request;
      const device = known.get(body.account);
      if (device === undefined || device.isGone) return refuse(reply, 404, 'unknown-account');
      if (isLate(body.at)) return refuse(reply, 422, 'clock');
      if (!isSigned(device.key, answerText(origin, body), body.signature)) {
        return refuse(reply, 401, 'unauthorised');
      }
      const asked = open.get(body.request);
      const result = judge(device, asked, body);
      if (asked !== undefined && result !== 'wrong-pin' && result !== 'over') {
        asked.result = result;
        asked.isOver = true;
        changed(device.account);
      }
      return reply.send({ result });
    });

    api.route<{ Body: DeviceChange }>({
      method: ['PUT', 'DELETE'],
      url: apiPaths.device,
      handler: (request, reply) => {
        const device = bearer(request);
        if (device === undefined) return refuse(reply, 401, 'unauthorised');
        if (request.method === 'DELETE') device.isGone = true;
        else {
          device.name = request.body.name ?? device.name;
          device.version = request.body.version ?? device.version;
          if (request.body.push !== undefined) device.push = request.body.push ?? undefined;
        }
        return reply.code(204).send();
      },
    });

    api.get(apiPaths.activity, (request, reply) => {
      const device = bearer(request);
      if (device === undefined) return refuse(reply, 401, 'unauthorised');
      const about = { address: '145.97.20.4', browser: 'Firefox on Windows' };
      const activity: readonly Activity[] = [
        { ...about, at: now() - 60_000, application: 'Intranet', result: 'success' },
        { ...about, at: now() - 7_200_000, application: null, result: 'failure' },
        { ...about, at: now() - 90_000_000, application: 'Webmail', result: 'interrupted' },
      ];
      return reply.send({ activity });
    });
  });
  await app.ready();

  function judge(device: Known, asked: Open | undefined, body: AnswerRequest): AnswerResult {
    if (asked === undefined || asked.account !== device.account) return 'refused';
    if (asked.isOver || asked.request.expiresAt < now()) return 'over';
    if (body.decision !== 'approve') return body.decision === 'deny' ? 'denied' : 'reported';
    if (device.pin !== undefined && body.pin !== device.pin) {
      device.wrongPins += 1;
      return device.wrongPins >= pinsAllowed ? 'locked' : 'wrong-pin';
    }
    return body.number === asked.number ? 'approved' : 'wrong-number';
  }

  return {
    origin,
    refusals,
    invite: (registrant) => {
      const code = encodeBase32(randomBytes(8)).slice(0, 12);
      waiting.set(code, registrant);
      return code.replaceAll(/(.{4})(?=.)/g, '$1-');
    },
    device: () => {
      const { account, name, version, push, isGone, otpKey } = last();
      return {
        account,
        name,
        version,
        push,
        isGone,
        code: () => totp(otpKey, Math.floor(Date.now() / 1000)),
      };
    },
    ask: ({ application = 'Intranet', seconds = 60, isTest = false, purpose = 'sign-in' } = {}) => {
      const { account } = last();
      const id = randomUUID();
      const asked: Open = {
        account,
        number: String(randomInt(10, 100)),
        request: {
          id,
          purpose,
          application,
          address: '145.97.20.4',
          browser: 'Firefox on Windows',
          askedAt: now(),
          expiresAt: now() + seconds * 1000,
          isTest,
        },
        result: undefined,
        isOver: false,
      };
      open.set(id, asked);
      changed(account);
      return {
        id,
        number: asked.number,
        result: () => asked.result,
        end: () => {
          asked.isOver = true;
          changed(account);
        },
      };
    },
    remove: () => {
      const device = last();
      device.isGone = true;
      changed(device.account);
    },
    publish: () => {
      edition += 1;
    },
    setAhead: (milliseconds) => {
      ahead = milliseconds;
    },
    streams: () => streams.size,
    close: async () => {
      for (const stream of streams.keys()) stream.destroy();
      await listener.close(0);
      await app.close();
    },
  };
}

/** Whether the owner of this key signed this text: P-256, SHA-256, r and s (IEEE P1363). */
function isSigned(key: string, text: string, signature: string): boolean {
  const publicKey = createPublicKey({
    key: Buffer.from(key, 'base64url'),
    format: 'der',
    type: 'spki',
  });
  assert.equal(publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  return verify(
    'sha256',
    Buffer.from(text),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}
