/**
 * A message centre (SMSC) for tests, on a port of this machine: written from the specification of SMPP
 * 3.4, with its own reading and writing of packets. It takes binds and texts, puts long ones together,
 * and brings receipts and replies.
 */
import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';

export interface CentreText {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly dataCoding: number;
  readonly esmClass: number;
  readonly registered: number;
  readonly validity: string;
  readonly message: Buffer;
}

export interface SmppServer {
  readonly port: number;
  /** Every part, as it came. */
  readonly parts: () => readonly CentreText[];
  readonly binds: () => readonly { readonly systemId: string; readonly password: string }[];
  /** How often it was asked whether it is there. */
  readonly enquiries: () => number;
  /** How many texts waited for their answer at one time, at most. */
  readonly mostWaiting: () => number;
  /** What our answers to what it brought said. */
  readonly answers: () => readonly number[];
  /** From now on: this status; never an answer; a broken line after the text; garbage. */
  fault: (fault: number | 'hang' | 'break' | 'garbage' | undefined) => void;
  /** How long a text waits for its answer. */
  slow: (milliseconds: number) => void;
  bring: (body: Buffer) => void;
  goDown: () => Promise<void>;
  comeUp: () => Promise<void>;
}

/** Starts it; end it with `goDown`. */
export async function startSmpp(certificate?: {
  readonly key: string;
  readonly certificate: string;
}): Promise<SmppServer> {
  const parts: CentreText[] = [];
  const binds: { systemId: string; password: string }[] = [];
  const answers: number[] = [];
  const sockets = new Set<Socket>();
  let enquiries = 0;
  let waiting = 0;
  let most = 0;
  let fault: number | 'hang' | 'break' | 'garbage' | undefined;
  let delay = 0;
  let server: Server | undefined;
  let port = 0;

  const pdu = (
    command: number,
    status: number,
    sequence: number,
    body: Buffer = Buffer.alloc(0),
  ): Buffer => {
    const all = Buffer.alloc(16 + body.length);
    [all.length, command, status, sequence].forEach((word, index) => {
      all.writeUInt32BE(word, index * 4);
    });
    body.copy(all, 16);
    return all;
  };

  const submitted = (socket: Socket, sequence: number, body: Buffer): void => {
    let at = 0;
    const text = (): string => {
      const end = body.indexOf(0, at);
      const found = body.toString('latin1', at, end);
      at = end + 1;
      return found;
    };
    const byte = (): number => body[at++] ?? 0;
    text();
    at += 2;
    const from = text();
    at += 2;
    const to = text();
    const esmClass = byte();
    at += 2;
    text();
    const validity = text();
    const registered = byte();
    at += 1;
    const dataCoding = byte();
    at += 1;
    const message = body.subarray(at + 1, at + 1 + (body[at] ?? 0));
    assert.ok(message.length <= 160, 'longer than a part can be');
    if (typeof fault === 'number') {
      socket.write(pdu(0x8000_0004, fault, sequence));
      return;
    }
    const id = `id-${parts.length + 1}`;
    parts.push({ id, from, to, dataCoding, esmClass, registered, validity, message });
    if (fault === 'hang') return;
    if (fault === 'break') {
      socket.destroy();
      return;
    }
    if (fault === 'garbage') {
      socket.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
      return;
    }
    waiting += 1;
    most = Math.max(most, waiting);
    setTimeout(() => {
      waiting -= 1;
      socket.write(pdu(0x8000_0004, 0, sequence, Buffer.from(`${id}\0`)));
    }, delay);
  };

  const handle = (socket: Socket): void => {
    sockets.add(socket);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 16 && rest.length >= rest.readUInt32BE(0)) {
        const length = rest.readUInt32BE(0);
        const [command, status, sequence] = [4, 8, 12].map((at) => rest.readUInt32BE(at));
        const body = rest.subarray(16, length);
        rest = rest.subarray(length);
        if (command === 0x09) {
          const [systemId = '', password = ''] = body.toString('latin1').split('\0');
          binds.push({ systemId, password });
          const isRight = password === 'geheim';
          // A part of an answer at a time: a stream knows no packets.
          const answer = pdu(
            0x8000_0009,
            isRight ? 0 : 0x0e,
            sequence ?? 0,
            Buffer.from('centre\0'),
          );
          socket.write(answer.subarray(0, 7));
          setTimeout(() => socket.write(answer.subarray(7)), 5);
        } else if (command === 0x04) submitted(socket, sequence ?? 0, body);
        else if (command === 0x15) {
          enquiries += 1;
          if (fault !== 'hang') socket.write(pdu(0x8000_0015, 0, sequence ?? 0));
        } else if (command === 0x06) socket.end(pdu(0x8000_0006, 0, sequence ?? 0));
        else if (command === 0x8000_0005) answers.push(status ?? 0);
      }
    });
  };

  const comeUp = async (): Promise<void> => {
    const opened =
      certificate === undefined
        ? createServer(handle)
        : createSecureServer({ key: certificate.key, cert: certificate.certificate }, handle);
    await new Promise<void>((resolve) => {
      opened.listen(port, '127.0.0.1', resolve);
    });
    const address = opened.address();
    assert.ok(typeof address === 'object' && address !== null);
    ({ port } = address);
    server = opened;
  };
  await comeUp();

  return {
    get port() {
      return port;
    },
    parts: () => parts,
    binds: () => binds,
    enquiries: () => enquiries,
    mostWaiting: () => most,
    answers: () => answers,
    fault: (next) => {
      fault = next;
    },
    slow: (milliseconds) => {
      delay = milliseconds;
    },
    bring: (body) => {
      for (const socket of sockets) socket.write(pdu(0x05, 0, 4711, body));
    },
    goDown: async () => {
      const closing = server;
      server = undefined;
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        if (closing === undefined) resolve();
        else closing.close(() => resolve());
      });
    },
    comeUp,
  };
}

/** What a `deliver_sm` holds: a text, or a receipt where `esmClass` is 4. */
export function deliverBody(text: {
  readonly from: string;
  readonly message: Buffer;
  readonly esmClass?: number;
  readonly dataCoding?: number;
  readonly optional?: Buffer;
}): Buffer {
  const { from, message, esmClass = 0, dataCoding = 0, optional = Buffer.alloc(0) } = text;
  return Buffer.concat([
    Buffer.from([0, 1, 1]),
    Buffer.from(`${from}\0`),
    Buffer.from([1, 1]),
    Buffer.from('3197010240000\0'),
    Buffer.from([esmClass, 0, 0, 0, 0, 0, 0, dataCoding, 0, message.length]),
    message,
    optional,
  ]);
}
