/**
 * Owns how a fault of ours passes through the engine. It takes an error that calls itself exposed for
 * one of its own and would tell it to strangers as it stands; so ours travel inside a plain one.
 */
import { TweestapError } from '../../errors/errors.ts';

class EngineFault extends Error {
  readonly fault: TweestapError;

  constructor(fault: TweestapError) {
    super('Something the engine was given failed.', { cause: fault });
    this.fault = fault;
  }
}

/** Does what the engine asked of us; a fault becomes one that it keeps to itself. */
export async function shielded<result>(work: () => Promise<result>): Promise<result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TweestapError ? new EngineFault(error) : error;
  }
}

/** The fault of ours in what the engine threw, if that is what it was. */
export function faultIn(error: unknown): TweestapError | undefined {
  if (error instanceof EngineFault) return error.fault;
  return error instanceof TweestapError ? error : undefined;
}
