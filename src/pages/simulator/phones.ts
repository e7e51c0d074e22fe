/**
 * Owns which telephones there are and what happened on each: the directory's numbers of the sample
 * people, and every other number that something was sent to. Pure.
 */
import type {
  ArrivedCall,
  ArrivedMessage,
  ArrivedText,
  Reply,
} from '../../delivery/providers/simulator/network.ts';
import type { SamplePerson } from './sample-person.ts';

/** One telephone as it stands on the page. */
export interface Phone {
  /** For anchors and forms: the same phone keeps it. */
  readonly id: string;
  readonly kind: 'mobile' | 'office';
  /** Undefined: a number that stands in nobody's directory entry. */
  readonly owner: SamplePerson | undefined;
  /** E.164. */
  readonly number: string;
  readonly extension: string | undefined;
  /** Oldest first. */
  readonly entries: readonly PhoneEntry[];
  /** The newest call that rings or is under way. */
  readonly call: ArrivedCall | undefined;
}

export type PhoneEntry = { readonly id: string; readonly at: Date } & (
  | { readonly kind: 'text'; readonly text: ArrivedText }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'call'; readonly call: ArrivedCall }
);

type Line = Pick<Phone, 'kind' | 'owner' | 'number' | 'extension'>;

/** The telephones of these people in their order, then those of nobody we know. */
export function phonesOf(
  people: readonly SamplePerson[],
  messages: readonly ArrivedMessage[],
  replies: readonly Reply[],
): readonly Phone[] {
  const lines: Line[] = people.flatMap(linesOf);
  for (const message of messages) {
    const line = strangersLine(lines, message);
    if (line !== undefined) lines.push(line);
  }
  return lines.map((line) => {
    const reached = messages.filter((message) => rings(line, message));
    const entries = [
      ...reached.map(entryOf).filter((entry) => entry !== undefined),
      ...replies.filter(({ from }) => isMobile(line, from)).map(replyEntry),
    ].toSorted(byArrival);
    const call = reached.findLast(
      (message): message is ArrivedCall =>
        message.kind === 'call' && message.call.phase !== 'ended',
    );
    return { ...line, id: idOf(line), entries, call };
  });
}

/** The numbers of a person's directory entry; one that cannot be read is left out. */
function linesOf(person: SamplePerson): readonly Line[] {
  const mobile = numberOf(person.mobilePhone);
  const office = numberOf(person.businessPhone);
  return [
    ...(mobile === undefined
      ? []
      : [{ kind: 'mobile' as const, owner: person, number: mobile.number, extension: undefined }]),
    ...(office === undefined ? [] : [{ kind: 'office' as const, owner: person, ...office }]),
  ];
}

// The directory is free text; which number is possible is judged where something is sent to it.
const written = /^\s*(\+[\d\s().-]{6,24}?)(?:\s*(?:x|ext\.?)\s*(\d{1,7}))?\s*$/i;

function numberOf(
  text: string | undefined,
): { readonly number: string; readonly extension: string | undefined } | undefined {
  const [, number, extension] = written.exec(text ?? '') ?? [];
  if (number === undefined) return undefined;
  return { number: `+${number.replaceAll(/\D/g, '')}`, extension };
}

/** A line for a message that reaches none of the known ones. */
function strangersLine(lines: readonly Line[], message: ArrivedMessage): Line | undefined {
  if (message.kind === 'mail' || message.kind === 'push') return undefined;
  if (lines.some((line) => rings(line, message))) return undefined;
  const extension = message.kind === 'call' ? message.call.script.extension : undefined;
  return {
    kind: extension === undefined ? 'mobile' : 'office',
    owner: undefined,
    number: message.to,
    extension,
  };
}

/** Whether a message reaches this line: texts reach mobiles, and an extension rings on one desk. */
function rings(line: Line, message: ArrivedMessage): boolean {
  switch (message.kind) {
    case 'text':
      return isMobile(line, message.to);
    case 'call': {
      if (line.number !== message.to) return false;
      const { extension } = message.call.script;
      return line.extension === undefined || line.extension === extension;
    }
    case 'mail':
    case 'push':
      return false;
  }
}

function isMobile(line: Line, number: string): boolean {
  return line.kind === 'mobile' && line.number === number;
}

function entryOf(message: ArrivedMessage): PhoneEntry | undefined {
  switch (message.kind) {
    case 'text':
      return { kind: 'text', id: message.id, at: message.at, text: message };
    case 'call':
      return { kind: 'call', id: message.id, at: message.at, call: message };
    case 'mail':
    case 'push':
      return undefined;
  }
}

/** By time; what came in the same moment, in the order in which the network took it. */
function byArrival(one: PhoneEntry, other: PhoneEntry): number {
  return one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1);
}

function replyEntry(reply: Reply): PhoneEntry {
  return { kind: 'reply', id: reply.id, at: reply.at, reply };
}

function idOf({ kind, number, extension }: Line): string {
  const digits = number.replaceAll(/\D/g, '');
  return `${kind}-${digits}${extension === undefined ? '' : `x${extension.replaceAll(/\W/g, '')}`}`;
}
