/**
 * Browsers that sign in, as cheaply as a loader can play them: they follow every redirect, keep
 * cookies, send `Origin`, and read out of the pages what a form would send back.
 */
import type { Answer, Connection, Harness } from './harness.ts';
import { keyOf, nameOf, password, peopleCount } from './people.ts';

/** A browser that stands before the second step. */
export interface Waiting {
  readonly connection: Connection;
  readonly person: number;
  readonly path: string;
  readonly csrf: string;
  readonly challenge: string;
}

export interface Browsers {
  /** Name and password: opens the sign-in, shows its page, posts it, shows the page for the code. */
  arrive(connection: Connection): Promise<Waiting>;
  /** The code from the app; then the browser has a session. */
  answer(waiting: Waiting): Promise<void>;
  /** Both, in the number of requests that `pages` takes to get there: 4, or 6 as people type. */
  signIn(connection: Connection, pages?: 'together' | 'one by one'): Promise<void>;
  /** Opens the page that asks for name and password, and no more. */
  openPage(connection: Connection): Promise<{ readonly path: string; readonly csrf: string }>;
  /** A page that needs a session and nothing else. */
  readProfile(connection: Connection): Promise<void>;
}

/** Browsers of a server at this origin. No two sign-ins of the same two minutes share a person. */
export function createBrowsers(harness: Harness, origin: string): Browsers {
  const headers = { origin };
  let last = Math.floor(Math.random() * peopleCount);
  const next = (): number => {
    last = (last + 1) % peopleCount;
    return last;
  };

  const openPage = async (
    connection: Connection,
  ): Promise<{ readonly path: string; readonly csrf: string }> => {
    connection.jar.clear();
    const page = shown(await connection.request('GET', '/sign-in'));
    const [path] = /\/sign-in\/[\w-]{22}/.exec(page) ?? [];
    if (path === undefined) throw new Error('the page leads to no sign-in');
    return { path, csrf: valueIn(page, 'csrf') };
  };

  const arriveBy = async (
    connection: Connection,
    pages: 'together' | 'one by one',
  ): Promise<Waiting> => {
    const person = next();
    const name = nameOf(person);
    const { path, csrf } = await openPage(connection);
    if (pages === 'one by one') {
      sentOnTo(await connection.request('POST', `${path}/name`, { headers, form: { csrf, name } }));
      shown(await connection.request('GET', path));
    }
    const form = pages === 'together' ? { csrf, name, password } : { csrf, password };
    sentOnTo(await connection.request('POST', `${path}/password`, { headers, form }));
    const page = shown(await connection.request('GET', path));
    return { connection, person, path, csrf, challenge: valueIn(page, 'challenge') };
  };

  const answer = async (waiting: Waiting): Promise<void> => {
    const { connection, person, path, csrf, challenge } = waiting;
    const form = { csrf, challenge, code: harness.totp(keyOf(person)) };
    const answered = await connection.request('POST', `${path}/answer`, { headers, form });
    if (sentOnTo(answered) !== '/' || !connection.jar.has('tweestap-session')) {
      throw new Error(`user ${person} got no session`);
    }
  };

  return {
    openPage,
    answer,
    arrive: (connection) => arriveBy(connection, 'together'),
    signIn: async (connection, pages = 'together') => answer(await arriveBy(connection, pages)),
    readProfile: async (connection) => {
      shown(await connection.request('GET', '/my-profile'));
    },
  };
}

function sentOnTo({ status, headers, text }: Answer): string {
  const { location } = headers;
  if (status === 303 && location !== undefined) return location;
  throw new Error(`expected a redirect and got ${status}: ${text().slice(0, 300)}`);
}

function shown({ status, text }: Answer): string {
  if (status === 200) return text();
  throw new Error(`expected a page and got ${status}: ${text().slice(0, 300)}`);
}

/** The value of a hidden field. */
function valueIn(page: string, field: string): string {
  const before = `name="${field}" value="`;
  const start = page.indexOf(before) + before.length;
  if (start < before.length) throw new Error(`the page has no field ${field}`);
  return page.slice(start, page.indexOf('"', start));
}
