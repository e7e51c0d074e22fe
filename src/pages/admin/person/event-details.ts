/** Owns how the details of an event are told to those in charge: in words, and only what helps them. */
import { z } from 'zod';

import type { AuditEvent } from '../../../audit/audit-event.ts';
import { countryName, formatDateTime } from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { nameOfWay, reasonOfStep, type Named } from '../../my-profile/recent-sign-ins/views.ts';
import { wordsIn as approvalWordsIn } from '../approvals/words.ts';
import { wordsIn as jobWordsIn } from '../jobs/words.ts';
import { settingsTold } from '../settings/told.ts';
import { wordFor, wordsIn } from '../words.ts';

type Told = Pick<AuditEvent, 'kind' | 'at' | 'details'>;

/** Facts for programs: nobody helps somebody else with them. */
const forPrograms: readonly string[] = [
  'job',
  'acr',
  'id',
  'device',
  'denied',
  'provider',
  'limit',
  'epoch',
  'askedBy',
];

/**
 * Each detail of an event in words, in the order in which they were written. What is new to the log and
 * has no words here yet is told by its own name; a count of nothing is left out.
 */
export function detailsOf(event: Told, names: Named, locale: Locale): readonly string[] {
  return Object.entries(event.details).flatMap(([name, value]) => {
    if (forPrograms.includes(name)) return [];
    return typeof value === 'string'
      ? told(event, name, value, names, locale)
      : counted(name, value, locale);
  });
}

function told(
  event: Told,
  name: string,
  value: string,
  names: Named,
  locale: Locale,
): readonly string[] {
  const words = wordsIn(locale);
  const { person, details } = words;
  const each = (all: Readonly<Record<string, string>>): readonly string[] =>
    value.split(' ').flatMap((one) => (Object.hasOwn(all, one) ? [all[one] ?? one] : []));
  switch (name) {
    case 'amr':
      return each(details.proofs);
    case 'fields': {
      // Of a name it is told below what it was and is.
      const told = renamed(event).map(({ path }) => path);
      return value
        .split(' ')
        .flatMap((one) =>
          told.includes(one) || !Object.hasOwn(details.fields, one)
            ? []
            : [wordFor(details.fields, one, one)],
        );
    }
    case 'method':
      return [nameOfWay(value, names, locale)];
    case 'methods':
      return value.split(' ').map((one) => nameOfWay(one, names, locale));
    case 'kind':
      return [
        event.kind === 'message-settled'
          ? wordFor(details.messages, value, value)
          : wordFor(words.kinds, value, words.kinds.other),
      ];
    case 'slot':
      // Of most kinds the place is a number only.
      return each(details.slots);
    case 'result':
      return [wordFor(details.results, value, value)];
    case 'reason':
      return [reasonOf(event, value, locale)];
    case 'typed':
      return [details.typed(value)];
    case 'serialNumber':
      return [details.serialNumber(value)];
    case 'keyId':
    case 'replaced':
    case 'kid':
    case 'withdrawn':
      return [details[name](value)];
    case 'signsFrom': {
      const from = new Date(value);
      return [
        details.signsFrom(Number.isNaN(from.getTime()) ? value : formatDateTime(from, locale)),
      ];
    }
    case 'file':
    case 'version':
      return [details[name](value)];
    case 'takenAt': {
      const taken = new Date(value);
      return [
        details.takenAt(Number.isNaN(taken.getTime()) ? value : formatDateTime(taken, locale)),
      ];
    }
    case 'door':
      return [wordFor(details.doors, value, value)];
    case 'why':
      return [wordFor({ ...details.whys, ...words.states }, value, value)];
    case 'paths':
      return settingsTold(value.split(' '), locale);
    case 'changes':
      return renamed(event).map(({ path, from, to }) =>
        details.renamed(wordFor(details.fields, path, path), from, to),
      );
    case 'clientId':
      return [names.applicationOf(value)];
    case 'country':
      return [countryName(value, locale)];
    case 'name':
    case 'group':
    case 'dn':
      return [value];
    case 'from':
      return [details.from(wordFor({ ...words.states, ...words.roles }, value, value))];
    case 'to':
      return [details.to(wordFor({ ...words.states, ...words.roles }, value, value))];
    case 'act':
      return [wordFor(approvalWordsIn(locale).acts, value, value)];
    case 'task':
      return [wordFor(jobWordsIn(locale).tasks, value, value)];
    case 'joined':
      return value === '' ? [] : [details.joined(value)];
    case 'left':
      return value === '' ? [] : [details.left(value)];
    case 'until': {
      const until = new Date(value);
      return Number.isNaN(until.getTime())
        ? [value]
        : [person.blockedUntil(formatDateTime(until, locale)).replace(/\.$/, '')];
    }
    default:
      return [`${name}: ${value}`];
  }
}

/** Names that somebody had and has; what a policy was is told on a page of its own. */
function renamed({ kind, details: { changes } }: Told): z.infer<typeof renamings> {
  if (kind !== 'contact-changed' || typeof changes !== 'string') return [];
  try {
    return renamings.parse(JSON.parse(changes));
  } catch {
    return [];
  }
}

const renamings = z.array(z.object({ path: z.string(), from: z.string(), to: z.string() }));

/** Why: one of our own words, or what somebody typed, which is told as it is. */
function reasonOf({ kind, at }: Told, reason: string, locale: Locale): string {
  const { person, details } = wordsIn(locale);
  const isTyped = kind === 'user-blocked' || kind === 'user-unblocked';
  if (isTyped) return person.reason(reason === 'fraud-reported' ? person.fraud : reason);
  // The same word says something else of an answer than of an app password.
  const isOfAnswer = kind === 'answer-rejected';
  if (!isOfAnswer && Object.hasOwn(details.reasons, reason))
    return wordFor(details.reasons, reason, reason);
  return reasonOfStep({ at, method: '', result: 'failure', reason }, locale);
}

function counted(name: string, value: number | boolean, locale: Locale): readonly string[] {
  const { counts, yes, no } = wordsIn(locale).details;
  if (typeof value === 'boolean') {
    const word = wordFor(value ? yes : no, name, '');
    return word === '' ? [] : [word];
  }
  if (value === 0) return [];
  const word = wordFor(counts, name, '');
  return [word === '' ? `${name}: ${value}` : `${word}: ${value}`];
}
