/**
 * Owns which group here a group of the organisation's directory is: usually the one of its name. A group that
 * was here before, or that a policy names, is joined by nobody whom the directory alone puts there, until
 * somebody in charge says so: who makes groups in the directory would else decide who needs which method.
 */
import { isGroupName } from '../../accounts/group.ts';
import type { KnownGroup } from './sync-store.ts';

/** A group, as the directory tells of it. */
export interface ToldGroup {
  readonly id: string;
  readonly name: string;
}

/** What is asked about a name before a group of the directory gets it. */
export interface GroupSurroundings {
  /** Whether there is a group of this name that the directory did not make. */
  readonly isLocal: (name: string) => boolean;
  /** Whether a policy names it. */
  readonly isNamed: (name: string) => boolean;
  /** Whether another group of the directory has it. */
  readonly isTaken: (name: string) => boolean;
  /** Whether groups that were here before are the directory's by their name alone. */
  readonly links: boolean;
}

/** What a group of the directory is here from now on. */
export function groupAfter(
  known: KnownGroup | undefined,
  { id, name: told }: ToldGroup,
  run: number,
  { isLocal, isNamed, isTaken, links }: GroupSurroundings,
): KnownGroup {
  const before = known?.name;
  const stays = (conflict: KnownGroup['conflict']): KnownGroup => ({
    id,
    told,
    name: before,
    run,
    conflict,
  });
  const name = told.trim();
  if (before !== undefined && before === name) return stays(undefined);
  if (!isGroupName(name)) return stays('not-a-name');
  // People would leave what something is decided for, and nobody would notice.
  if (before !== undefined && isNamed(before)) return stays('named');
  if (isTaken(name)) return stays('taken');
  if (!links && (isLocal(name) || isNamed(name))) return stays('local');
  return { id, told, name, run, conflict: undefined };
}
