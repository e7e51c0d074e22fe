/**
 * Owns what runs while the app is closed: it keeps the app's files, so that codes are there without a
 * network, and says that somebody asks when a push comes. It never touches what the app says to
 * servers, and holds no secret.
 */
import { localeFor, wordsIn } from '../words.ts';

declare const self: ServiceWorkerGlobalScope;

/** What the build says: which files the app consists of, and which edition of them this is. */
declare const shell: { readonly build: string; readonly files: readonly string[] };

const cachePrefix = 'tweestap-authenticator-';
const cacheName = `${cachePrefix}${shell.build}`;
const [appPath = '/authenticator/'] = shell.files;
const apiPath = `${appPath}api/`;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(self.skipWaiting());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (!url.pathname.startsWith(appPath) || url.pathname.startsWith(apiPath)) return;
  if (url.pathname.endsWith('/service-worker.js')) return;
  event.respondWith(answer(request, url));
});

// The words say nothing of who, where and what: they stand on a locked screen (attack ATK-26).
self.addEventListener('push', (event) => {
  const words = wordsIn(localeFor(undefined, self.navigator.languages)).push;
  event.waitUntil(
    Promise.all([
      self.registration.showNotification(words.title, {
        body: words.body,
        tag: 'tweestap-request',
        requireInteraction: true,
        icon: `${appPath}icon-192.png`,
        badge: `${appPath}badge-96.png`,
      }),
      tellPages('pushed'),
    ]),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openApp());
});

/** All of it or nothing: half an app is none. Names with a hash may come from the browser's cache. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(
    shell.files.map(
      (file) => new Request(file, { cache: file.includes('/files/') ? 'default' : 'no-cache' }),
    ),
  );
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(cachePrefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** From what is kept; what is loaded later (the QR reader) is kept when it came once. */
async function answer(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request.mode === 'navigate' ? appPath : url.pathname);
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok && url.pathname.includes('/files/')) {
    await cache.put(url.pathname, response.clone());
  }
  return response;
}

async function tellPages(message: string): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const page of pages) page.postMessage(message);
}

async function openApp(): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = pages.find(({ url }) => new URL(url).pathname === appPath);
  if (open === undefined) await self.clients.openWindow(appPath);
  else await open.focus();
}
