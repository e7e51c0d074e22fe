/**
 * Owns what the keeper of provisioning promises: what the directories that bring us people and groups call
 * them, and the groups that they made, which are there even while nobody belongs to them.
 */

/** A group that a directory made, or gave another name. */
export interface ProvisionedGroup {
  /** Never changes, whatever the group is called. */
  readonly id: string;
  /** What people belong to. */
  readonly name: string;
  readonly createdAt: Date;
}

/**
 * Ids are those of accounts and of provisioned groups alike: none is used for both. `directory` is whoever
 * provisions; each of them knows its own names alone.
 */
export interface ProvisioningStore {
  /** What a directory calls these; whoever it calls nothing is left out. Up to a thousand ids at once. */
  externalIds(directory: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Which ids a directory calls so, letter for letter; it may call several the same. At most a hundred. */
  idsOf(directory: string, externalId: string): Promise<readonly string[]>;
  /** Lets a directory call it so from now on; undefined: nothing any more. */
  call(directory: string, id: string, externalId: string | undefined): Promise<void>;
  /** Forgets what every directory calls it. */
  forget(id: string): Promise<void>;
  /** Holds all groups, made or not, until the caller's transaction ends: whoever else holds them waits. */
  holdGroups(): Promise<void>;
  /** All groups that were made, ordered by name. */
  groups(): Promise<readonly ProvisionedGroup[]>;
  /** False where there is one of this id or name already. */
  addGroup(group: ProvisionedGroup): Promise<boolean>;
  /** False where it has another name than `from` by now, or another one has the new name. */
  renameGroup(id: string, from: string, to: string): Promise<boolean>;
  /** With what every directory calls it; false where it was gone. */
  removeGroup(id: string): Promise<boolean>;
}
