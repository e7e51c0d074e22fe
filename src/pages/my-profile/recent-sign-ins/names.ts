/** Owns looking up what things are called that an event names by their ids. */
import type { Application } from '../../../applications/application.ts';
import type { Named } from './views.ts';

/** The names as they are now; an application that is gone is called by its id. */
export async function named(
  applications: { list(): Promise<readonly Pick<Application, 'clientId' | 'name'>[]> },
  methods: Named['methods'],
): Promise<Named> {
  const names = new Map((await applications.list()).map(({ clientId, name }) => [clientId, name]));
  return { methods, applicationOf: (id) => names.get(id) ?? id };
}
