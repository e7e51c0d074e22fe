/**
 * Owns Web Push as the app sees it: allowed by the person, subscribed at the browser's push service
 * once for each server's key. A registration of a service worker has one subscription with one key, so
 * a second organisation gets a registration beside the first.
 */
import { subscriptionData } from '../approvals/server-calls.ts';
import type { NotificationState } from '../app/hand.ts';
import type { PushSubscriptionData } from '../../src/methods/notification/protocol.ts';
import { decodeBase64url } from '../vault/base64url.ts';
import { workerUrl } from './updating.ts';

/** Whether notifications are possible, and allowed. */
export function notificationState(): NotificationState {
  if (!('Notification' in window) || !('PushManager' in window)) return 'cannot';
  switch (Notification.permission) {
    case 'granted':
      return 'on';
    case 'denied':
      return 'denied';
    case 'default':
      return 'off';
  }
}

/** Where this server is to push; null where the browser does not let us. `keys`: all that are in use. */
export async function subscriptionFor(
  key: string,
  keys: readonly string[],
): Promise<PushSubscriptionData | null> {
  const applicationServerKey = decodeBase64url(key);
  if (applicationServerKey === null || notificationState() !== 'on') return null;
  try {
    const { pushManager } = await registrationFor(key, keys);
    const known = await pushManager.getSubscription();
    const subscription =
      known ?? (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
    return subscriptionData(subscription);
  } catch {
    // No push service (a browser without one, no network now): the app asks when it is opened.
    return null;
  }
}

/** Whether the browser has a subscription, of this app or of a server beside the first. */
export async function isSubscribed(): Promise<boolean> {
  try {
    const registrations = await navigator.serviceWorker.getRegistrations();
    const found = await Promise.all(
      registrations.map(({ pushManager }) => pushManager.getSubscription()),
    );
    return found.some((subscription) => subscription !== null);
  } catch {
    return false;
  }
}

/** Takes the notifications away that ask to open the app: it is open. */
export async function clearNotifications(): Promise<void> {
  for (const { scope } of await navigator.serviceWorker.getRegistrations()) {
    const registration = await navigator.serviceWorker.getRegistration(scope);
    for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
  }
}

/** The registration whose subscription has this key, or may get one. */
async function registrationFor(
  key: string,
  keys: readonly string[],
): Promise<ServiceWorkerRegistration> {
  const main = await readyWorker();
  const known = await main.pushManager.getSubscription();
  const knownKey = known === null ? undefined : keyOf(known);
  if (known === null || knownKey === key) return main;
  if (knownKey === undefined || !keys.includes(knownKey)) {
    // Of a server that has a new key, or that no account here is at any more.
    await known.unsubscribe();
    return main;
  }
  const scope = `${workerUrl.slice(0, workerUrl.lastIndexOf('/') + 1)}push/${key.slice(0, 24)}/`;
  const beside = await navigator.serviceWorker.register(workerUrl, {
    scope,
    updateViaCache: 'none',
  });
  await activated(beside);
  return beside;
}

/** The registration that answers for the app. Rejects where none comes to life: `ready` never says so. */
function readyWorker(): Promise<ServiceWorkerRegistration> {
  return Promise.race([
    navigator.serviceWorker.ready,
    new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error('no service worker')), 10_000);
    }),
  ]);
}

function keyOf({ options }: PushSubscription): string | undefined {
  const { applicationServerKey } = options;
  if (applicationServerKey === null) return undefined;
  const text = btoa(String.fromCharCode(...new Uint8Array(applicationServerKey)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function activated(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active !== null || worker === null) return Promise.resolve();
  return new Promise((resolve) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated' || worker.state === 'redundant') resolve();
    });
    // A page holds the worker before it; one that is only for pushes need not wait.
    worker.postMessage('take-over');
  });
}
