/**
 * Owns the judgement of what somebody decided in the app. Everything that could make one decision
 * pass for another is signed (attack ATK-27), and a request is answered once: what is no more open
 * is never judged.
 */
import { timingSafeEqual } from 'node:crypto';

import type { DeliveryEvent, DeviceDecision } from '../../delivery/message.ts';
import type { AppDevice, AppSecret } from '../authenticator-app.ts';
import type { Ask, RejectionReason, Verdict } from '../method.ts';
import { pinHash } from './pairing.ts';
import { answerText } from './protocol.ts';
import type { Settings } from './settings.ts';
import { accountOf, clockSlackMs, isSignedBy } from './signature.ts';
import type { State } from './state.ts';

type AppAsk = Ask<Settings, AppSecret>;
type AppVerdict = Verdict<State, AppSecret>;

/** Wrong PINs in a row that lock an app until its owner proves another way (`product.md`, 8). */
export const wrongPinsToLock = 5;
/** Denials in a row after which nothing is sent to an app until then (`product.md`, "Numbers"). */
export const denialsToClose = 3;

/** What a paired app, or the push service, reports. */
export function hear(ask: AppAsk, state: State, event: DeliveryEvent): AppVerdict {
  switch (event.kind) {
    case 'decision':
      return hearDecision(ask, state, event);
    // The app asks for what waits whenever it is opened, whether it was woken or not.
    case 'failed':
    case 'sent':
    case 'answered':
    case 'keys':
    case 'ended':
    case 'reply':
      return { kind: 'pending', state };
  }
}

function hearDecision(ask: AppAsk, state: State, event: DeviceDecision): AppVerdict {
  const { device } = ask.secret;
  if (device === undefined || !isFrom(ask, ask.secret, ask.challengeId, event)) return noAnswer();
  if (ask.now.getTime() >= state.expiresAt) return over('expired');
  switch (event.decision) {
    case 'report':
      return { ...over('fraud-reported'), suspends: true };
    case 'deny':
      return deny(ask.secret, device);
    case 'approve':
      return approve(ask, state, device, event);
  }
}

/** Whether this device signed just this, for us, about this request, now. */
export function isFrom(
  known: Pick<AppAsk, 'origin' | 'userId' | 'now'>,
  { device }: AppSecret,
  request: string,
  event: DeviceDecision,
): boolean {
  const { account, decision, number, pin, at, signature } = event;
  if (device === undefined || account !== accountOf(known.userId, device)) return false;
  if (Math.abs(at - known.now.getTime()) > clockSlackMs) return false;
  const signed = { account, request, decision, number, pin, at };
  if (/[\r\n]/.test(`${number}${pin}`)) return false;
  return isSignedBy(device.key, answerText(known.origin, signed), signature);
}

function deny(secret: AppSecret, device: AppDevice): AppVerdict {
  const denials = device.denials + 1;
  const suspends = denials >= denialsToClose;
  // When its owner opens it again, it begins anew.
  return {
    ...over('user-declined'),
    secret: { ...secret, device: { ...device, denials: suspends ? 0 : denials } },
    suspends,
  };
}

function approve(ask: AppAsk, state: State, device: AppDevice, event: DeviceDecision): AppVerdict {
  if (ask.settings.pin) {
    const wrong = wrongPin(ask, device, event.pin);
    if (wrong !== undefined) return wrong;
  }
  // One try: whoever sees the page does not guess.
  if (!isSame(state.number, event.number)) {
    return { kind: 'rejected', reason: 'incorrect-number', counts: true, ends: true };
  }
  return {
    kind: 'verified',
    secret: { ...ask.secret, device: { ...device, denials: 0, wrongPins: 0 } },
  };
}

/** What a wrong PIN brings about; undefined where it is right. An app without one has none right. */
function wrongPin(ask: AppAsk, device: AppDevice, pin: string): AppVerdict | undefined {
  const given = pinHash(ask.lastingHash, device.id, pin);
  if (device.pin !== undefined && isSame(device.pin, given)) return undefined;
  const wrongPins = device.wrongPins + 1;
  const locks = wrongPins >= wrongPinsToLock;
  return {
    kind: 'rejected',
    reason: locks ? 'app-locked' : 'incorrect-pin',
    counts: true,
    ends: locks,
    secret: { ...ask.secret, device: { ...device, wrongPins: locks ? 0 : wrongPins } },
    suspends: locks,
  };
}

/** Somebody else's signature is no answer: it ends nothing, or anybody could end it. */
function noAnswer(): AppVerdict {
  return { kind: 'rejected', reason: 'not-accepted', counts: false, ends: false };
}

function over(reason: RejectionReason): AppVerdict & { readonly kind: 'rejected' } {
  return { kind: 'rejected', reason, counts: false, ends: true };
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
