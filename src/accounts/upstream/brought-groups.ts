/** Owns what the keeper of groups promises that the organisation's directory let people into. */

export interface BroughtGroupStore {
  /** The names of the groups that this entry belongs to by the directory alone; empty where it is not known. */
  broughtTo(entryId: string): Promise<readonly string[]>;
}
