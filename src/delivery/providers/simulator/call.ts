/**
 * Owns one call of the simulated network: the script of any call (`delivery/call-script.ts`), where speaking
 * takes no time and what was said can be read on a page.
 */
import * as script from '../../call-script.ts';
import type { CallMessage } from '../../message.ts';

export interface Call extends script.Call {
  /** What was said so far, a sentence or two each. */
  readonly spoken: readonly string[];
  /** The extension, once it was dialled: after the answer, never before. */
  readonly dialled: string | undefined;
}

type Step = script.CallStep<Call>;

/** A telephone begins to ring. */
export function ring(message: CallMessage, now: Date): Call {
  return { ...script.ringing(message, now), spoken: [], dialled: undefined };
}

/** Dials the extension, if there is one, and says the greeting and the instruction to their end. */
export function speak(call: Call, now: Date): Call {
  if (call.phase !== 'answered' || call.promptSpoken) return call;
  const dialled = { ...call, dialled: call.script.extension };
  return script.prompted(said(dialled, ['greeting', 'instruction']), now);
}

/** An answering machine picks up. A call that was answered by a person has none. */
export function toVoicemail(call: Call, now: Date): Step | undefined {
  return call.phase === 'ringing' ? script.over(call, 'voicemail', now) : undefined;
}

/** Time went by: no answer, a pause after keys, silence. To be repeated until nothing comes of it. */
export function wait(call: Call, now: Date): Step | undefined {
  const step = script.wait(call, now);
  return step === undefined ? undefined : { ...step, call: said(step.call, step.says) };
}

/** Does what the service says after a report. */
export function obey(call: Call, turn: script.CallTurn, now: Date): Call {
  const step = script.obey(call, turn, now);
  return said(step.call, step.says);
}

function said(call: Call, parts: readonly script.CallPart[]): Call {
  if (parts.length === 0) return call;
  return { ...call, spoken: [...call.spoken, ...parts.map((part) => heard(call, part))] };
}

/** What is heard: words, or that a sound of the organisation is played in their place. */
export function heard({ script: message }: Pick<Call, 'script'>, part: script.CallPart): string {
  return message.sounds?.[part] === undefined ? message[part] : `♪ (${message[part]})`;
}
