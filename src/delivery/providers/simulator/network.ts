/**
 * Owns the simulated network: the telephones, the mailbox and the provider behind them, as they would
 * stand outside. Messages reach it through delivery, and whatever people do with their phones comes
 * back through signed webhooks, as with a real provider. Everything is kept in memory, and bounded.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Locale } from '../../../i18n/locale.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Random } from '../../../lib/random.ts';
import { createRecent } from '../../../lib/recent.ts';
import {
  answer,
  enter,
  hangUp,
  press,
  type CallReport,
  type CallStep,
  type CallTurn,
} from '../../call-script.ts';
import type { MessageKind, QueuedMessage } from '../../message.ts';
import { deliveryRefused } from '../../refusal.ts';
import { obey, ring, speak, toVoicemail, wait, type Call } from './call.ts';
import { createReporter, type DeliverWebhook, type WebhookAnswer } from './report.ts';

export type Fault = 'none' | 'down' | 'slow' | 'error' | 'duplicate';

/** How a channel misbehaves; `milliseconds` is how slow `slow` is. */
export interface ChannelFault {
  readonly fault: Fault;
  readonly milliseconds: number;
}

interface Arrived {
  readonly id: string;
  /** What the provider calls it; a duplicate shares it. */
  readonly reference: string;
  readonly at: Date;
  readonly to: string;
  readonly from: string;
  readonly language: Locale;
}

export interface ArrivedText extends Arrived {
  readonly kind: 'text';
  readonly text: string;
  /** `undelivered`: the number wants no texts from us any more. */
  readonly status: 'delivered' | 'undelivered';
}

export interface ArrivedCall extends Arrived {
  readonly kind: 'call';
  readonly call: Call;
}

export interface ArrivedMail extends Arrived {
  readonly kind: 'mail';
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What a device was woken with. The keys it was encrypted for are not kept. */
export interface ArrivedPush extends Arrived {
  readonly kind: 'push';
  readonly text: string;
  /** Of the push service that would have carried it; '' where that is no address. */
  readonly service: string;
}

/** What reached the outside world. */
export type ArrivedMessage = ArrivedText | ArrivedCall | ArrivedMail | ArrivedPush;

/** A text that somebody sent back. */
export interface Reply {
  readonly id: string;
  readonly at: Date;
  readonly from: string;
  readonly text: string;
}

/** `refused`: not in the state this call is in. `unknown`: there is no such call. */
export type Done = 'done' | 'refused' | 'unknown';

export interface SimulatorNetwork {
  /**
   * Takes a message; resolves with what the network calls it. The same id is taken once, however
   * often it is sent. Rejects with `DELIVERY_REFUSED` as the channel's fault demands.
   */
  carry(message: QueuedMessage, signal: AbortSignal): Promise<string>;
  /** Everything that arrived, oldest first; `after` an id that is not known any more, everything. */
  messages(filter?: MessageFilter): readonly ArrivedMessage[];
  /** Texts sent back, oldest first. */
  replies(): readonly Reply[];
  /** Resolves once the greeting and the instruction were spoken. */
  answer(id: string): Promise<Done>;
  /** A whole entry: `#`, `42#`, `0#`. Resolves once what it led to was spoken. */
  keys(id: string, keys: string): Promise<Done>;
  /** One key: `#` or a pause ends the entry. */
  press(id: string, key: string): Promise<Done>;
  hangUp(id: string): Promise<Done>;
  voicemail(id: string): Promise<Done>;
  /** The owner of a phone texts back. Resolves once the service heard it. */
  reply(from: string, text: string): Promise<void>;
  setFault(channel: MessageKind, fault: ChannelFault): void;
  faults(): Readonly<Record<MessageKind, ChannelFault>>;
  /** Looks at the clock: calls nobody answers end, silence is broken. Runs by itself every second. */
  tick(): Promise<void>;
  /** Changes whenever anything here does, and with every start. */
  revision(): string;
  /** Ends the timer and waits for reports that are on their way. */
  stop(): Promise<void>;
}

export interface MessageFilter {
  readonly to?: string | undefined;
  readonly kind?: string | undefined;
  readonly after?: string | undefined;
}

export interface NetworkParts {
  readonly clock: Clock;
  readonly random: Random;
  /** Shared with the webhooks only; at least 16 bytes. */
  readonly secret: Buffer;
  /** How reports reach the service. */
  readonly deliver: DeliverWebhook;
  /** Told of reports that nobody took. Nothing unless told. */
  readonly onLost?: ((path: string, error: unknown) => void) | undefined;
  /** Whom messages come from, as the receiver sees it. */
  readonly senders: {
    /** E.164: texts and calls. */
    readonly number: string;
    /** Mail, and whom a push service may write to. */
    readonly mail: string;
  };
}

const keptMessages = 1_000;
const noFault: ChannelFault = { fault: 'none', milliseconds: 0 };

/** Makes a network with nothing on it. */
export function createSimulatorNetwork(parts: NetworkParts): SimulatorNetwork {
  const { clock, random, senders } = parts;
  const report = createReporter({ ...parts, onLost: parts.onLost ?? (() => undefined) });

  // References outlive the process in the outbox, so they begin differently each time.
  const run = random.token(6);
  let count = 0;
  let revision = 0;
  let arrived: readonly ArrivedMessage[] = [];
  let replies: readonly Reply[] = [];
  let faults: Readonly<Record<MessageKind, ChannelFault>> = {
    text: noFault,
    call: noFault,
    mail: noFault,
    push: noFault,
  };
  const references = createRecent<string>(keptMessages);
  const optedOut = createRecent<true>(keptMessages);
  /** What is reported of a call, in order: the next waits for the answer to the one before. */
  const conversations = new Map<string, Promise<void>>();
  const reporting = new Set<Promise<unknown>>();
  let timer: NodeJS.Timeout | undefined;

  const nextId = (): string => `${run}-${String((count += 1)).padStart(6, '0')}`;
  const changed = (): void => {
    revision += 1;
  };

  async function carry(queued: QueuedMessage, signal: AbortSignal): Promise<string> {
    const known = references.get(queued.id);
    if (known !== undefined) return known;
    const { kind } = queued.message;
    const { fault, milliseconds } = faults[kind];
    if (fault === 'down') {
      throw deliveryRefused({ retry: true, reason: 'unreachable', fault: 'the network is down' });
    }
    if (fault === 'error') {
      throw deliveryRefused({ retry: false, reason: 'refused', fault: 'the network refuses it' });
    }
    if (fault === 'slow') {
      await sleep(milliseconds, undefined, { signal });
      const meanwhile = references.get(queued.id);
      if (meanwhile !== undefined) return meanwhile;
    }
    const reference = nextId();
    references.set(queued.id, reference);
    arrive(queued, reference, reference);
    if (fault === 'duplicate') arrive(queued, nextId(), reference);
    return reference;
  }

  function arrive({ message }: QueuedMessage, id: string, reference: string): void {
    const at = clock.now();
    const { to, language } = message;
    const common = { id, reference, at, to, language };
    switch (message.kind) {
      case 'text': {
        const status = optedOut.get(to) === true ? 'undelivered' : 'delivered';
        keep({ ...common, kind: 'text', from: senders.number, text: message.body, status });
        if (status === 'undelivered') {
          track(
            report(
              'status',
              { reference, status: 'failed', reason: 'opted-out' },
              repeated('text'),
            ),
          );
        }
        break;
      }
      case 'call':
        keep({ ...common, kind: 'call', from: senders.number, call: ring(message, at) });
        break;
      case 'mail': {
        const { subject, text, html } = message;
        keep({ ...common, kind: 'mail', from: senders.mail, subject, text, html });
        break;
      }
      case 'push': {
        const { subscription, body } = message;
        const service = URL.parse(subscription.endpoint)?.host ?? '';
        keep({ ...common, kind: 'push', from: senders.mail, text: body, service });
        break;
      }
    }
  }

  function keep(message: ArrivedMessage): void {
    arrived = [...arrived, message].slice(-keptMessages);
    changed();
    if (message.kind === 'call') watchClock();
  }

  const repeated = (channel: MessageKind): { readonly twice: boolean } => ({
    twice: faults[channel].fault === 'duplicate',
  });

  function track(work: Promise<unknown>): void {
    const settled = work.catch(() => undefined).finally(() => reporting.delete(settled));
    reporting.add(settled);
  }

  const findCall = (id: string): ArrivedCall | undefined =>
    arrived.find((message): message is ArrivedCall => message.kind === 'call' && message.id === id);

  function become(id: string, call: Call): void {
    arrived = arrived.map((message) =>
      message.kind === 'call' && message.id === id ? { ...message, call } : message,
    );
    changed();
  }

  /** Something happens to a call: it changes at once, and what it has to say follows in order. */
  async function happen(
    id: string,
    step: (call: Call, now: Date) => CallStep<Call> | undefined,
  ): Promise<Done> {
    const found = findCall(id);
    if (found === undefined) return 'unknown';
    const next = step(found.call, clock.now());
    if (next === undefined) return 'refused';
    become(id, next.call);
    await converse(found, next.reports);
    return 'done';
  }

  function converse(message: ArrivedCall, reports: readonly CallReport[]): Promise<void> {
    const { id } = message;
    const before = conversations.get(id) ?? Promise.resolve();
    const after = before.then(async () => {
      for (const one of reports) await tell(message, one);
    });
    conversations.set(id, after);
    track(
      after.finally(() => {
        if (conversations.get(id) === after) conversations.delete(id);
      }),
    );
    return after;
  }

  async function tell({ id, reference }: ArrivedCall, event: CallReport): Promise<void> {
    const { kind, ...more } = event;
    const heard = await report('calls', { reference, event: kind, ...more }, repeated('call'));
    const call = findCall(id)?.call;
    if (call === undefined) return;
    const now = clock.now();
    const obeyed = obey(call, turnOf(heard), now);
    become(id, kind === 'answered' ? speak(obeyed, now) : obeyed);
  }

  async function tick(): Promise<void> {
    const open = arrived.filter(isOpenCall);
    if (open.length === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    await Promise.all(
      open.map(async ({ id }) => {
        while ((await happen(id, wait)) === 'done');
      }),
    );
  }

  function watchClock(): void {
    // Calls only: with nobody on the telephone, nothing wakes up.
    timer ??= setInterval(() => track(tick()), 1_000).unref();
  }

  return {
    carry,
    messages: ({ to, kind, after } = {}) => {
      const start = after === undefined ? -1 : arrived.findIndex(({ id }) => id === after);
      return arrived
        .slice(start + 1)
        .filter((message) => to === undefined || sameReceiver(message.to, to))
        .filter((message) => kind === undefined || message.kind === kind);
    },
    replies: () => replies,
    answer: (id) => happen(id, answer),
    keys: (id, keys) => happen(id, (call, now) => enter(call, keys, now)),
    press: (id, key) => happen(id, (call, now) => press(call, key, now)),
    hangUp: (id) => happen(id, hangUp),
    voicemail: (id) => happen(id, toVoicemail),
    reply: async (from, text) => {
      replies = [...replies, { id: nextId(), at: clock.now(), from, text }].slice(-keptMessages);
      changed();
      // As networks do by themselves (CTIA Messaging Principles §5.1.3).
      const word = text.trim().toLowerCase();
      if (word === 'stop') optedOut.set(from, true);
      if (word === 'start') optedOut.delete(from);
      const heard = report('texts', { from, to: senders.number, text }, repeated('text'));
      track(heard);
      await heard;
    },
    setFault: (channel, fault) => {
      faults = { ...faults, [channel]: fault };
      changed();
    },
    faults: () => faults,
    tick,
    revision: () => `${run}-${revision}`,
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await Promise.all(reporting);
    },
  };
}

function isOpenCall(message: ArrivedMessage): message is ArrivedCall {
  return message.kind === 'call' && message.call.phase !== 'ended';
}

/** Mail addresses are compared as people write them; numbers have one form only. */
function sameReceiver(one: string, other: string): boolean {
  return one.toLowerCase() === other.trim().toLowerCase();
}

/** What the service told the call to do; nothing, when nobody answered or nobody understands it. */
function turnOf(answered: WebhookAnswer | undefined): CallTurn {
  if (answered === undefined || answered.status !== 200) return {};
  let turn: unknown;
  try {
    turn = JSON.parse(answered.body);
  } catch {
    return {};
  }
  if (typeof turn !== 'object' || turn === null) return {};
  const say = 'say' in turn ? turn.say : undefined;
  return {
    ...(say === 'thanks' || say === 'refused' ? { say } : {}),
    hangUp: 'hangUp' in turn && turn.hangUp === true,
  };
}
