/** Owns how a job, and what came of it for each person, are told in words. */
import type { Job, JobTask } from '../../../administration/jobs/job.ts';
import { formatDateTime } from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { wordFor } from '../words.ts';
import { wordsIn } from './words.ts';

/** What is done to each. */
export function taskName(task: JobTask, locale: Locale): string {
  const { tasks } = wordsIn(locale);
  return tasks[task.kind === 'step' ? task.step : task.kind];
}

/** What else there is to say about it. */
export function taskDetails({ task }: Job, locale: Locale): readonly string[] {
  const words = wordsIn(locale);
  switch (task.kind) {
    case 'step':
      return task.announces === true ? [words.announces] : [];
    case 'groups':
      return [
        ...(task.join.length === 0 ? [] : [words.joins(task.join.join(', '))]),
        ...(task.leave.length === 0 ? [] : [words.leaves(task.leave.join(', '))]),
      ];
    case 'remind':
      return task.from === undefined
        ? []
        : [words.from(formatDateTime(new Date(task.from), locale))];
    default:
      return [];
  }
}

/** What came of it for one person: a word of ours, or everything that is wrong with their line. */
export function resultText(result: string, locale: Locale): string {
  const words = wordsIn(locale);
  if (!result.startsWith('!')) return wordFor(words.results, result, words.results.failed);
  return result
    .slice(1)
    .split(' ')
    .map((code) => faultText(code, locale))
    .join('. ');
}

function faultText(code: string, locale: Locale): string {
  const { fields, faults } = wordsIn(locale);
  const [first = '', reason] = code.split(':');
  if (reason === undefined) return wordFor(faults, first, faults.other);
  return `${wordFor(fields, first, first)}: ${wordFor(faults, reason, faults.other).toLowerCase()}`;
}
