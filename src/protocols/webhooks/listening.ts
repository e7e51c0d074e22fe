/**
 * Owns hearing providers that report on a connection of their own: it was proved when it was opened, so
 * their reports go the one way of all others (`hearing.ts`).
 */
import type { Provider } from '../../delivery/provider.ts';
import { TweestapError } from '../../errors/errors.ts';
import type { Hearing } from './hearing.ts';

/** Listens to all who can be listened to; what it returns ends that. */
export function listenToProviders(
  providers: readonly Provider[],
  hearing: Hearing,
): () => Promise<void> {
  const endings = providers.flatMap(({ name: provider, listen }) => {
    if (listen === undefined) return [];
    return [
      listen({
        about: (report) => unlessUnknown(() => hearing.about({ provider, ...report })),
        reply: (report) => unlessUnknown(() => hearing.reply({ provider, ...report })),
      }),
    ];
  });
  return async () => {
    await Promise.all(endings.map((end) => end()));
  };
}

/** What is about none of our messages would be brought again and again, were it not taken. */
async function unlessUnknown(hear: () => Promise<unknown>): Promise<void> {
  try {
    await hear();
  } catch (error) {
    if (!(error instanceof TweestapError) || error.code !== 'NOT_FOUND') throw error;
  }
}
