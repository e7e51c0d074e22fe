/** Owns what comes of a request, and how it is told to a client. */
import { attributes, type Packet } from '../../lib/radius/packet.ts';
import { textAttributes, writeAnswer } from '../../lib/radius/writing.ts';

export type Outcome =
  | { readonly kind: 'accept' }
  | { readonly kind: 'reject'; readonly message: string }
  /** Ask the person this, and send what they typed along with the state. */
  | { readonly kind: 'challenge'; readonly message: string; readonly state: string }
  /** Nothing was judged: the client sends it again by itself. */
  | { readonly kind: 'silence' };

/** The packet to send; undefined for none. */
export function write(request: Packet, secret: Buffer, outcome: Outcome): Buffer | undefined {
  switch (outcome.kind) {
    case 'silence':
      return undefined;
    case 'accept':
      return writeAnswer(request, secret, { code: 'access-accept', attributes: [] });
    case 'reject':
      return writeAnswer(request, secret, {
        code: 'access-reject',
        attributes: textAttributes('reply-message', outcome.message),
      });
    case 'challenge':
      return writeAnswer(request, secret, {
        code: 'access-challenge',
        attributes: [
          ...textAttributes('reply-message', outcome.message),
          { type: attributes.state, value: Buffer.from(outcome.state) },
        ],
      });
  }
}
