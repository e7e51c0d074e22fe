/**
 * Owns the life of the service worker as the app sees it: registered, renewed, and put to use when
 * nothing can be lost by it: when the app opens, or when the person says so.
 */

export interface Updating {
  /** Puts the new version to use: the page loads anew. */
  use(): void;
  /** Whether there is a new version now. */
  look(): Promise<boolean>;
}

const workerPath = 'service-worker.js';

/** Where the worker that answers for the app is; the browser needs it for pushes too. */
export const workerUrl = new URL(workerPath, location.href).pathname;

/** Registers the worker. `mayUseAtOnce`: nothing has been typed yet, so a waiting version is used. */
export async function keepUpToDate(options: {
  readonly mayUseAtOnce: boolean;
  readonly onReady: () => void;
}): Promise<Updating> {
  const { serviceWorker } = navigator;
  const hadController = serviceWorker.controller !== null;
  let isReloading = false;
  serviceWorker.addEventListener('controllerchange', () => {
    // The first worker takes over a page that is as new as itself.
    if (!hadController || isReloading) return;
    isReloading = true;
    location.reload();
  });
  const registration = await serviceWorker.register(workerUrl, { updateViaCache: 'none' });
  const use = (): void => registration.waiting?.postMessage('take-over');
  const tell = (): void => {
    if (registration.waiting !== null && hadController) options.onReady();
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', tell);
  });
  if (registration.waiting !== null && options.mayUseAtOnce) use();
  else tell();

  return {
    use,
    look: async () => {
      try {
        await registration.update();
        await settled(registration.installing);
      } catch {
        // No network: what we have is what there is.
      }
      tell();
      return registration.waiting !== null;
    },
  };
}

function settled(worker: ServiceWorker | null): Promise<void> {
  return new Promise((resolve) => {
    if (worker === null || worker.state !== 'installing') resolve();
    else worker.addEventListener('statechange', () => resolve(), { once: true });
  });
}
