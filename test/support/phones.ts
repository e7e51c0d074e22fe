/** The phones and the mailbox of the sample organisation, by the simulator's API: what people hold in their hands. */
import assert from 'node:assert/strict';

import type { Answer } from './http-client.ts';
import { until } from './poll.ts';

/** As the API tells of it (interfaces.md). */
export interface Message {
  readonly id: string;
  readonly kind: 'text' | 'call' | 'mail' | 'push';
  readonly to: string;
  readonly from: string;
  readonly text: string;
  readonly subject?: string;
  readonly language: string;
  readonly status: string;
  readonly reason?: string;
  readonly extension?: string;
}

/** A telephone that rings, or rang. */
export interface IncomingCall {
  /** As it is now. */
  look(): Promise<Message>;
  answer(): Promise<void>;
  /** A whole entry: `#`, `42#`. */
  keys(keys: string): Promise<void>;
  hangUp(): Promise<void>;
  voicemail(): Promise<void>;
}

export interface Phone {
  /** E.164. */
  readonly number: string;
  /** The next text that was not read yet; waits for it. */
  text(): Promise<Message>;
  /** The six digits in it. */
  code(): Promise<string>;
  /** The next call that was not picked up yet; waits for it. */
  call(): Promise<IncomingCall>;
  /** All that ever came, oldest first. */
  messages(): Promise<readonly Message[]>;
  /** Sends a text back. */
  replies(text: string): Promise<void>;
}

/** Sends a request to one running service. */
export type AskService = (
  path: string,
  options?: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  },
) => Promise<Answer>;

export interface Phones {
  phone(number: string): Phone;
  /** The next mail to this address that was not read yet; waits for it. */
  mail(address: string): Promise<Message>;
  messages(filter?: { readonly to?: string; readonly kind?: string }): Promise<readonly Message[]>;
  /** A channel misbehaves: `down`, `slow`, `error`, `duplicate`, `none`. */
  fault(channel: Message['kind'], fault: string, ms?: number): Promise<void>;
}

/** The simulators of all these services together: whichever of them sent a message, it arrives. */
export function phonesOf(services: readonly AskService[]): Phones {
  const read = new Set<string>();

  const list = async (
    filter: { readonly to?: string; readonly kind?: string } = {},
  ): Promise<readonly (Message & { readonly at: AskService })[]> => {
    const query = new URLSearchParams(filter).toString();
    const lists = await Promise.all(
      services.map(async (ask) => {
        const { status, body } = await ask(`/simulator/api/messages?${query}`);
        assert.equal(status, 200, body);
        const messages: readonly Message[] = JSON.parse(body);
        return messages.map((message) => ({ ...message, at: ask }));
      }),
    );
    return lists.flat();
  };

  const next = async (
    kind: Message['kind'],
    to: string,
  ): Promise<Message & { readonly at: AskService }> => {
    const message = await until(`a ${kind} to ${to}`, async () =>
      (await list({ kind, to })).find(({ id }) => !read.has(id)),
    );
    read.add(message.id);
    return message;
  };

  const phone = (number: string): Phone => ({
    number,
    text: () => next('text', number),
    code: async () => {
      const { text } = await next('text', number);
      return /\b\d{6}\b/.exec(text)?.[0] ?? assert.fail(`no code in “${text}”`);
    },
    call: async () => {
      const { id, at } = await next('call', number);
      const tell = (action: string, body?: unknown): Promise<void> =>
        post(at, `/simulator/api/calls/${id}/${action}`, body);
      return {
        look: async () =>
          (await list({ kind: 'call', to: number })).find((message) => message.id === id) ??
          assert.fail('the call is gone'),
        answer: () => tell('answer'),
        keys: (keys) => tell('keys', { keys }),
        hangUp: () => tell('hangup'),
        voicemail: () => tell('voicemail'),
      };
    },
    messages: () => list({ to: number }),
    replies: async (text) => {
      for (const ask of services) await post(ask, '/simulator/api/texts', { from: number, text });
    },
  });

  return {
    phone,
    mail: (address) => next('mail', address),
    messages: list,
    fault: async (channel, fault, ms) => {
      for (const ask of services) {
        await post(ask, '/simulator/api/faults', {
          channel,
          fault,
          ...(ms === undefined ? {} : { ms }),
        });
      }
    },
  };
}

/** A POST to a system's door that answers 204. */
export async function post(ask: AskService, path: string, body: unknown = {}): Promise<void> {
  const answer = await ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 204, `${path}: ${answer.body}`);
}
