/** Owns the organisation's own greetings in SQL. */
import type { Greeting, GreetingMoment, GreetingStore } from '../../delivery/greeting-store.ts';
import type { OnConnection, StoreParts } from './parts.ts';
import type { Row } from './schema.ts';
import { statement, type Argument } from './statement.ts';
import { fromDate, toDate } from './values.ts';

export function prepareGreetingStore({ build }: StoreParts): OnConnection<GreetingStore> {
  const all = statement(() =>
    build
      .selectFrom('greeting')
      .select(['language', 'moment', 'words', 'sound_id', 'changed_at'])
      .orderBy('language')
      .orderBy('moment'),
  );
  const soundById = statement((is: Argument<{ id: string }>) =>
    build.selectFrom('greeting').select('sound').where('sound_id', '=', is('id')),
  );
  const put = statement((is: Argument<Row<'greeting'>>) =>
    build
      .insertInto('greeting')
      .values({
        language: is('language'),
        moment: is('moment'),
        words: is('words'),
        sound_id: is('sound_id'),
        sound: is('sound'),
        changed_at: is('changed_at'),
      })
      .onConflict((conflict) =>
        conflict.columns(['language', 'moment']).doUpdateSet({
          words: is('words'),
          sound_id: is('sound_id'),
          sound: is('sound'),
          changed_at: is('changed_at'),
        }),
      ),
  );
  const remove = statement(
    (is: Argument<{ language: Greeting['language']; moment: GreetingMoment }>) =>
      build
        .deleteFrom('greeting')
        .where('language', '=', is('language'))
        .where('moment', '=', is('moment')),
  );

  return (connection) => ({
    list: async () => (await connection.rows(all({}))).map(toGreeting),
    sound: async (id) => (await connection.first(soundById({ id })))?.sound ?? undefined,
    put: async ({ language, moment, says, changedAt }, sound) => {
      await connection.change(
        put({
          language,
          moment,
          words: 'words' in says ? says.words : null,
          sound_id: 'soundId' in says ? says.soundId : null,
          sound: sound ?? null,
          changed_at: fromDate(changedAt),
        }),
      );
    },
    remove: async (language, moment) => (await connection.change(remove({ language, moment }))) > 0,
  });
}

function toGreeting(row: Omit<Row<'greeting'>, 'sound'>): Greeting {
  const { language, moment, words, sound_id: soundId } = row;
  return {
    language,
    moment,
    says: soundId === null ? { words: words ?? '' } : { soundId },
    changedAt: toDate(row.changed_at),
  };
}
