/**
 * Owns hearing providers that report on a connection of their own: it was proved when it was opened, so
 * their reports go the one way of all others (`hearing.ts`).
 */
import type { CallTurn } from '../../delivery/call-script.ts';
import type { Provider, ProviderEar } from '../../delivery/provider.ts';
import { TweestapError } from '../../errors/errors.ts';
import { turnAfter } from './call-turn.ts';
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
        about: (report) => about(provider, report, hearing),
        reply: async (report) => {
          await unlessUnknown(() => hearing.reply({ provider, ...report }));
        },
      }),
    ];
  });
  return async () => {
    await Promise.all(endings.map((end) => end()));
  };
}

async function about(
  provider: string,
  { messageId, ...report }: Parameters<ProviderEar['about']>[0],
  hearing: Hearing,
): Promise<CallTurn> {
  const outcome = await unlessUnknown(() =>
    messageId === undefined
      ? hearing.about({ provider, ...report })
      : hearing.of({ provider, messageId, ...report }),
  );
  // Whose call it is not, in that nothing is said.
  return turnAfter(report.event, outcome ?? 'ignored');
}

/** What is about none of our messages would be brought again and again, were it not taken. */
async function unlessUnknown<outcome>(hear: () => Promise<outcome>): Promise<outcome | undefined> {
  try {
    return await hear();
  } catch (error) {
    if (!(error instanceof TweestapError) || error.code !== 'NOT_FOUND') throw error;
    return undefined;
  }
}
