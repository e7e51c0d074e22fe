/**
 * Owns where the phone keeps things: IndexedDB, which alone can hold a key that nobody may read. Tabs
 * of the same browser tell one another when something has changed.
 */
import type { Account } from './account.ts';

export interface Vault {
  /** In their owner's order. */
  accounts(): Promise<readonly Account[]>;
  /** Keeps what `change` makes of them, in its order: all of it or nothing, one after another. */
  change(change: (accounts: readonly Account[]) => readonly Account[]): Promise<readonly Account[]>;
  setting(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  /** Calls when another tab has changed something. */
  onChange(listener: () => void): void;
}

const name = 'tweestap-authenticator';
const version = 1;

interface KeptAccount {
  readonly position: number;
  readonly account: Account;
}

/** Asks the browser not to clear what is kept here when the phone is full; some never promise it. */
export async function keepForGood(): Promise<void> {
  try {
    await navigator.storage.persist();
  } catch {
    // Then a backup and the home screen are what helps; the settings say so.
  }
}

/** Opens the vault; rejects where the browser keeps nothing (some private windows, a full disk). */
export async function openVault(): Promise<Vault> {
  const opening = indexedDB.open(name, version);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('accounts', { keyPath: 'position' });
    opening.result.createObjectStore('settings');
  };
  const database = await answerOf(opening);
  const channel = new BroadcastChannel(name);
  // A newer version in another tab may upgrade.
  database.onversionchange = () => database.close();

  return {
    accounts: async () => {
      const store = database.transaction('accounts').objectStore('accounts');
      const kept: readonly KeptAccount[] = await answerOf(store.getAll());
      return kept.map(({ account }) => account);
    },
    change: async (change) => {
      const transaction = database.transaction('accounts', 'readwrite', { durability: 'strict' });
      const store = transaction.objectStore('accounts');
      const kept: readonly KeptAccount[] = await answerOf(store.getAll());
      const changed = change(kept.map(({ account }) => account));
      store.clear();
      changed.forEach((account, position) => store.put({ position, account }));
      await doneWith(transaction);
      channel.postMessage('accounts');
      return changed;
    },
    setting: async (key) => {
      const store = database.transaction('settings').objectStore('settings');
      const value: unknown = await answerOf(store.get(key));
      return typeof value === 'string' ? value : undefined;
    },
    set: async (key, value) => {
      const transaction = database.transaction('settings', 'readwrite');
      transaction.objectStore('settings').put(value, key);
      await doneWith(transaction);
    },
    onChange: (listener) => {
      channel.onmessage = listener;
    },
  };
}

function answerOf<result>(request: IDBRequest<result>): Promise<result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database said no'));
  });
}

function doneWith(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the database said no'));
  });
}
