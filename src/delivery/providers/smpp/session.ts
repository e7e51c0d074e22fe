/**
 * Owns one connection to a message centre, from its bind to its end: no more texts wait for their answers
 * than the window lets, a silent line is asked whether it is there, and what the centre brings is answered
 * once it was heard. A connection that ended is never used again.
 */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

import { createGate } from '../../../lib/fifo.ts';
import {
  bindBody,
  commands,
  decodePdus,
  encodePdu,
  readDelivered,
  response,
  statuses,
  type Delivered,
  type Pdu,
} from '../../../lib/smpp/pdu.ts';
import type { SmppSettings } from './settings.ts';

/** Why a request has no answer: `isSent` says whether the centre may have had it. */
export class SmppFault extends Error {
  override readonly name = 'SmppFault';
  readonly isSent: boolean;
  constructor(message: string, isSent: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.isSent = isSent;
  }
}

export interface Session {
  isOpen(): boolean;
  /** Hands a text over; waits for room in the window and for the answer. Rejects with an `SmppFault`. */
  submit(body: Buffer, signal: AbortSignal): Promise<Pdu>;
  /** Says goodbye, and ends the connection. */
  close(): Promise<void>;
}

const answerMilliseconds = 8_000;
const goodbyeMilliseconds = 300;
/** Of whatever somebody gave up before it came to its end. */
export const brokenOff = 'it was broken off';

/** Connects and binds until `signal` ends that; rejects with an `SmppFault` whose `message` says why not. */
export async function openSession(
  settings: SmppSettings,
  onDelivered: (delivered: Delivered) => Promise<void>,
  signal: AbortSignal,
): Promise<Session> {
  const { host, port, security, authorities, window, enquireSeconds } = settings;
  const waiting = new Map<
    number,
    { resolve: (pdu: Pdu) => void; reject: (error: Error) => void }
  >();
  const room = createGate({ concurrency: window });
  let received: Buffer = Buffer.alloc(0);
  let sequence = 0;
  let isOpen = true;
  let lastHeardAt = performance.now();

  const socket: Socket =
    security === 'tls'
      ? connectSecurely({
          host,
          port,
          // An address is no name (RFC 6066 §3).
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...(authorities === undefined ? {} : { ca: authorities }),
        })
      : connect({ host, port });
  socket.setNoDelay(true);

  const end = (why: string, cause?: unknown): void => {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(enquiring);
    socket.destroy();
    for (const { reject } of waiting.values()) reject(new SmppFault(why, true, cause));
  };
  const write = (pdu: Pdu): void => {
    if (isOpen) socket.write(encodePdu(pdu));
  };

  const heard = async (pdu: Pdu): Promise<void> => {
    const { command, sequence: number, body } = pdu;
    const answer = (status: number, text = Buffer.alloc(0)): void =>
      write({ command: command + response, status, sequence: number, body: text });
    if (command >= response) {
      waiting.get(number)?.resolve(pdu);
    } else if (command === commands.enquireLink) answer(statuses.ok);
    else if (command === commands.unbind) {
      answer(statuses.ok);
      end('the message centre said goodbye');
    } else if (command === commands.deliverSm) {
      answer(await statusOf(body, onDelivered), Buffer.from([0]));
    } else
      write({
        command: commands.genericNack,
        status: 0x03,
        sequence: number,
        body: Buffer.alloc(0),
      });
  };
  socket.on('data', (chunk: Buffer) => {
    lastHeardAt = performance.now();
    try {
      const { pdus, rest } = decodePdus(Buffer.concat([received, chunk]));
      received = rest;
      for (const pdu of pdus) void heard(pdu);
    } catch (error) {
      end('the message centre speaks no SMPP', error);
    }
  });
  socket.on('error', (error) => end('the connection broke', error));
  socket.on('close', () => end('the connection was closed'));

  /** Asks at once, however many texts wait: the line itself is nobody's to fill. */
  const ask = async (command: number, body: Buffer, asking: AbortSignal): Promise<Pdu> => {
    if (!isOpen) throw new SmppFault('the connection was closed', false);
    if (asking.aborted) throw new SmppFault(brokenOff, false);
    sequence = (sequence % 0x7fff_ffff) + 1;
    const number = sequence;
    return new Promise<Pdu>((resolve, reject) => {
      const settle = (): void => {
        waiting.delete(number);
        clearTimeout(timer);
        asking.removeEventListener('abort', stop);
      };
      const giveUp = (why: string): void => {
        settle();
        reject(new SmppFault(why, true));
      };
      const timer = setTimeout(() => giveUp('no answer came'), answerMilliseconds);
      const stop = (): void => giveUp(brokenOff);
      asking.addEventListener('abort', stop, { once: true });
      waiting.set(number, {
        resolve: (pdu) => {
          settle();
          resolve(pdu);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      write({ command, status: statuses.ok, sequence: number, body });
    });
  };

  const enquiring = setInterval(() => {
    const silentMs = performance.now() - lastHeardAt;
    if (silentMs > enquireSeconds * 3_000) end('the message centre is silent');
    else if (silentMs > enquireSeconds * 500) {
      ask(commands.enquireLink, Buffer.alloc(0), new AbortController().signal).catch(() =>
        end('the message centre is silent'),
      );
    }
  }, enquireSeconds * 1_000);
  enquiring.unref();

  try {
    await connected(socket, security === 'tls' ? 'secureConnect' : 'connect', signal);
    const { status } = await ask(commands.bindTransceiver, bindBody(settings), signal);
    if (status !== statuses.ok) {
      throw new SmppFault(`the message centre refuses us (status ${hex(status)})`, false);
    }
  } catch (error) {
    end('it was not opened', error);
    if (error instanceof SmppFault) throw new SmppFault(error.message, false, error.cause);
    throw new SmppFault(`the message centre was not reached: ${codeOf(error)}`, false, error);
  }

  return {
    isOpen: () => isOpen,
    submit: async (body, asking) => {
      const leave = await room.enter(asking).catch((error: unknown) => {
        throw new SmppFault(brokenOff, false, error);
      });
      try {
        return await ask(commands.submitSm, body, asking);
      } finally {
        leave();
      }
    },
    close: async () => {
      if (!isOpen) return;
      const patience = AbortSignal.timeout(goodbyeMilliseconds);
      await ask(commands.unbind, Buffer.alloc(0), patience).catch(() => undefined);
      end('we said goodbye');
    },
  };
}

/** What is answered to a `deliver_sm`. */
async function statusOf(
  body: Buffer,
  onDelivered: (delivered: Delivered) => Promise<void>,
): Promise<number> {
  let delivered: Delivered;
  try {
    delivered = readDelivered(body);
  } catch {
    // Nobody will ever read it, however often it is brought.
    return statuses.permanentAppError;
  }
  try {
    await onDelivered(delivered);
    return statuses.ok;
  } catch {
    // It may bring it again.
    return statuses.temporaryAppError;
  }
}

/** A status as the specification writes it. */
export function hex(status: number): string {
  return `0x${status.toString(16).padStart(8, '0')}`;
}

function connected(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = (): void => settle(() => reject(new Error('ETIMEDOUT')));
    const timer = setTimeout(late, answerMilliseconds);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      act();
    };
    const stop = (): void => settle(() => reject(new Error('broken-off')));
    signal.addEventListener('abort', stop, { once: true });
    socket.once(event, () => settle(resolve));
    socket.once('error', (error) => settle(() => reject(error)));
    socket.once('close', () => settle(() => reject(new Error('ECONNRESET'))));
    if (signal.aborted) stop();
  });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
