/**
 * Owns where one SIP message ends and the next begins in a stream (RFC 3261 §18.3, RFC 5626 §3.5.1): by
 * Content-Length, with empty lines in between as signs of life.
 */
import { longestMessage, messageOf, readHead, type SipMessage } from './message.ts';

export interface Framer {
  /**
   * The messages that are whole now. One that is no message is left out.
   *
   * @throws an `Error` where nobody can tell any more where the next one begins
   */
  push(chunk: Buffer): readonly SipMessage[];
}

/** A stream that begins. */
export function createFramer(): Framer {
  let received: Buffer = Buffer.alloc(0);
  return {
    push: (chunk) => {
      received = Buffer.concat([received, chunk]);
      const messages: SipMessage[] = [];
      for (;;) {
        received = withoutEmptyLines(received);
        const end = received.indexOf('\r\n\r\n');
        if (end === -1) break;
        const head = readHead(received.subarray(0, end));
        if (head === undefined || !/SIP\//i.test(head.start))
          throw new Error('no SIP: where a message ends cannot be told');
        const whole = end + 4 + (head.length ?? 0);
        if (whole > longestMessage) throw new Error('no SIP: a message is too long');
        if (received.length < whole) break;
        const message = messageOf(head, received.subarray(end + 4, whole));
        if (message !== undefined) messages.push(message);
        received = received.subarray(whole);
      }
      if (received.length > longestMessage) throw new Error('no SIP: a message is too long');
      return messages;
    },
  };
}

function withoutEmptyLines(bytes: Buffer): Buffer {
  let from = 0;
  while (bytes[from] === 0x0d && bytes[from + 1] === 0x0a) from += 2;
  return bytes.subarray(from);
}
