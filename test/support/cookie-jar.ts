/**
 * A browser's cookies (RFC 6265), for one host. Ports do not matter, as in browsers: what one port
 * of this machine sets the other ports get to see.
 */
export interface CookieJar {
  /** The `Cookie` header for a path; undefined where there are none. */
  header(path: string): string | undefined;
  /** Takes the `Set-Cookie` headers of an answer to a request for this path. */
  take(setCookies: readonly string[], path: string): void;
  /** The value of the cookie with this name, or one whose name ends like that. */
  find(name: string): string | undefined;
  /** Plants a cookie for all paths, as somebody else may have done. */
  plant(name: string, value: string): void;
  /** Forgets those whose names contain this; all of them unless told. */
  forget(part?: string): void;
  /** Another jar with the same cookies in it, as somebody would have who stole them. */
  copy(): CookieJar;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

export function cookieJar(kept: readonly Cookie[] = []): CookieJar {
  const cookies = new Map(kept.map((cookie) => [keyOf(cookie), cookie]));
  const all = (): readonly Cookie[] => [...cookies.values()];
  return {
    header: (path) => {
      const sent = all()
        .filter((cookie) => matches(path, cookie.path))
        .toSorted((one, other) => other.path.length - one.path.length);
      return sent.length === 0
        ? undefined
        : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    take: (setCookies, requestPath) => {
      for (const text of setCookies) {
        const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
        const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
        const valueOf = (attribute: string): string | undefined =>
          attributes
            .find((each) => each.toLowerCase().startsWith(`${attribute}=`))
            ?.slice(attribute.length + 1);
        const cookie = { name, value, path: valueOf('path') ?? folderOf(requestPath) };
        const age = valueOf('max-age');
        const expires = valueOf('expires');
        const isOver =
          age === undefined
            ? expires !== undefined && Date.parse(expires) <= Date.now()
            : Number(age) <= 0;
        // Replaced ones keep their place: browsers send the oldest first (RFC 6265 §5.4).
        if (isOver) cookies.delete(keyOf(cookie));
        else cookies.set(keyOf(cookie), cookie);
      }
    },
    find: (name) => all().find((cookie) => cookie.name.endsWith(name))?.value,
    plant: (name, value) => {
      const cookie = { name, value, path: '/' };
      cookies.set(keyOf(cookie), cookie);
    },
    forget: (part = '') => {
      for (const cookie of all()) if (cookie.name.includes(part)) cookies.delete(keyOf(cookie));
    },
    copy: () => cookieJar(all()),
  };
}

function keyOf({ name, path }: Pick<Cookie, 'name' | 'path'>): string {
  return `${name} ${path}`;
}

/** RFC 6265 §5.1.4. */
function matches(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
