/** A gateway for texts that takes an HTTP request, and answers as it is told. */
import { startStandIn, type Asked, type Identity } from './stand-in.ts';

export interface GatewayAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A gateway that answers as it is told; undefined: not at all. */
export interface Gateway {
  readonly address: string;
  readonly asked: Asked[];
  answer: (asked: Asked, count: number) => GatewayAnswer | undefined;
  readonly goDown: () => Promise<void>;
  readonly comeUp: () => Promise<void>;
}

/** Starts it; it answers 202 and what it calls the message until told otherwise. */
export async function startGateway(certificate?: Identity): Promise<Gateway> {
  const asked: Asked[] = [];
  const { address, goDown, comeUp } = await startStandIn((given) => {
    asked.push(given);
    const answered = gateway.answer(given, asked.length);
    return answered === undefined ? undefined : { body: '', ...answered };
  }, certificate);
  const gateway: Gateway = {
    address,
    asked,
    answer: (_asked, count) => ({
      status: 202,
      body: JSON.stringify({ messages: [{ id: `m${count}` }] }),
    }),
    goDown,
    comeUp,
  };
  return gateway;
}
