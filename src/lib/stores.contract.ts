/** What every contract of a store begins with: a fresh place to keep things. */
import type { Transact } from './transact.ts';

/** One node of a cluster: stores, and transactions over them. */
export interface Node<stores> {
  readonly stores: stores;
  readonly transact: Transact<stores>;
}

export interface FreshStores<stores> extends Node<stores> {
  /** Another node over the same data, as on another machine. */
  anotherNode(): Promise<Node<stores>>;
  close(): Promise<void>;
}

/** Makes stores with nothing in them. */
export type MakeStores<stores> = () => Promise<FreshStores<stores>>;

/** Runs a test on fresh stores and clears them away, however it ends. */
export async function onFreshStores<stores>(
  make: MakeStores<stores>,
  test: (fresh: FreshStores<stores>) => Promise<void>,
): Promise<void> {
  const fresh = await make();
  try {
    await test(fresh);
  } finally {
    await fresh.close();
  }
}

/** Does the same thing so many times at once, on two nodes by turns. */
export async function inParallel<stores, result>(
  fresh: FreshStores<stores>,
  times: number,
  work: (node: Node<stores>, index: number) => Promise<result>,
): Promise<readonly result[]> {
  const nodes = [fresh, await fresh.anotherNode()];
  return await Promise.all(
    Array.from({ length: times }, (_, index) => work(nodes[index % 2] ?? fresh, index)),
  );
}
