/**
 * Owns the provider of the sample organisation: it carries texts, calls, mail and pushes to phones
 * and a mailbox that stand on a page (`pages/simulator`) instead of in people's pockets.
 */
import type { Provider } from '../../provider.ts';
import type { SimulatorNetwork } from './network.ts';

/** The name under which receipts and webhooks of the simulator are known. */
export const simulatorName = 'simulator';

/** A provider that hands everything to a simulated network. */
export function createSimulatorProvider(network: SimulatorNetwork): Provider {
  return {
    name: simulatorName,
    kinds: ['text', 'call', 'mail', 'push'],
    send: async (message, signal) => ({
      provider: simulatorName,
      reference: await network.carry(message, signal),
    }),
    // There is nothing to configure.
    check: async () => undefined,
  };
}
