/** Owns what the keeper of applications promises. */
import type { Application } from './application.ts';

export interface ApplicationStore {
  add(application: Application): Promise<void>;
  find(clientId: string): Promise<Application | undefined>;
  list(): Promise<readonly Application[]>;
  /** Writes all of it anew but its id and its day; false when there is none. */
  replace(application: Application): Promise<boolean>;
  /** Removes it with everything it was ever granted; false when there is none. */
  remove(clientId: string): Promise<boolean>;
}
