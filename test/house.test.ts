/**
 * The walls of the house that a linter cannot see whole: in which direction the rooms of src/ may
 * look at one another, and that no chain of imports comes back to where it began.
 * A new room is added to `floors` here and to .oxlintrc.json, which says the same in the editor.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

/** From the ground up. Rooms of one floor do not look at one another. */
const floors: readonly (readonly string[])[] = [
  ['lib'],
  ['i18n'],
  ['errors'],
  ['ui', 'audit', 'throttle'],
  ['accounts', 'applications', 'sessions', 'delivery', 'http'],
  ['methods'],
  ['policies', 'config.ts'],
  ['registrations', 'app-passwords'],
  ['signin'],
  ['administration'],
  ['own-account'],
  ['pages', 'protocols'],
  ['stores'],
  ['installation'],
  ['serving'],
  ['server.ts'],
  ['sample'],
  ['commands'],
  ['main.ts'],
];

/** Packages that only some rooms know: requests stay at the edge, SQL in its own room. */
const packageWalls: Readonly<Record<string, readonly string[]>> = {
  fastify: ['http', 'pages', 'protocols', 'installation', 'serving', 'server.ts'],
  kysely: ['stores', 'lib/sqlite'],
  pg: ['stores'],
  'node:sqlite': ['lib/sqlite'],
  'oidc-provider': ['protocols/oidc'],
};

/** All that `authenticator/` takes from elsewhere. */
const sharedWithPhones: ReadonlySet<string> = new Set([
  'src/i18n/locale.ts',
  'src/i18n/translation.ts',
  'src/lib/otp/base32.ts',
  'src/lib/otp/one-time-password.ts',
  'src/lib/otp/otpauth-uri.ts',
  'src/methods/notification/protocol.ts',
  'qr',
]);

/** One import: both ends as paths below src/, or `to` as the package's name. */
interface Import {
  readonly from: string;
  readonly to: string;
}

const isTest = (file: string): boolean => file.endsWith('.test.ts');
const isPackage = (imported: string): boolean => !imported.endsWith('.ts');
const isInside = (file: string, room: string): boolean =>
  file === room || file.startsWith(`${room}/`);

describe('the house', () => {
  const sources = readSources();
  const imports = sources.flatMap(({ file, text }) => importsOf(file, text));

  it('has a floor for every room', () => {
    const rooms = floors.flat();
    const homeless = sources
      .map(({ file }) => file)
      .filter((file) => !isTest(file) && !rooms.includes(roomOf(file)));
    assertNone(homeless, 'These files stand in no room that test/house.test.ts knows');
  });

  it('looks down, never up or sideways', () => {
    assertNone(imports.filter(looksUp).map(told), 'An import goes down or stays in its folder');
  });

  it('keeps methods and providers apart from one another', () => {
    assertNone(
      imports.filter(looksAtSibling).map(told),
      'A method or provider never looks at another',
    );
  });

  it('reads the registries in server.ts, config.ts and tests only', () => {
    assertNone(imports.filter(readsRegistry).map(told), 'A registry is read by the roof only');
  });

  it('reaches the database through server.ts and the commands only', () => {
    assertNone(imports.filter(reachesStores).map(told), 'Stores are handed in, not imported');
  });

  it('lets a migration import nothing but Kysely', () => {
    assertNone(imports.filter(leansOnHouse).map(told), 'A migration must still run in ten years');
  });

  it('keeps requests at the edge and SQL in its room', () => {
    assertNone(imports.filter(breaksPackageWall).map(told), 'This package belongs to another room');
  });

  it('declares what it imports', () => {
    const { dependencies, devDependencies } = readManifest();
    const undeclared = imports.filter(({ from, to }) => {
      if (!isPackage(to) || isBuiltin(to)) return false;
      const mayBeDevelopment = isTest(from) || from.endsWith('.contract.ts');
      return !dependencies.has(to) && !(mayBeDevelopment && devDependencies.has(to));
    });
    assertNone(undeclared.map(told), 'package.json does not list this among the dependencies');
  });

  it('takes each package as it was read once, and runs nothing of it at install', () => {
    const read = (name: string): string =>
      readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
    const lock: { readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>> } =
      JSON.parse(read('package-lock.json'));
    const loose = Object.entries(lock.packages).filter(
      ([path, { integrity }]) => path !== '' && typeof integrity !== 'string',
    );
    assertNone(
      loose.map(([path]) => path),
      'The lockfile does not say what this package holds',
    );
    assert.match(read('.npmrc'), /^ignore-scripts=true$/m);
  });

  it('leaves the fetch of Node in its drawer', () => {
    const importing = sources.filter(
      ({ file, text }) => !isTest(file) && /^import (?!type )[^;]*'node:http';/m.test(text),
    );
    assertNone(
      importing.map(({ file }) => `src/${file}`),
      'Take node:http from lib/node-http.ts: importing it costs 14 MB',
    );
  });

  it('never shows its tests to what it runs', () => {
    const shown = imports.filter(
      ({ from, to }) =>
        !isTest(from) &&
        !from.endsWith('.contract.ts') &&
        (to.startsWith('../') || /\.(test|contract)\.ts$/.test(to)),
    );
    assertNone(shown.map(told), 'What runs does not import tests, nor anything outside src/');
  });

  it('shares with the authenticator what a browser may know, and nothing else', () => {
    const app = readSources('authenticator')
      .filter(({ file }) => !isTest(file))
      .flatMap(({ file, text }) => importsOf(`authenticator/${file}`, text));
    assert.ok(app.length > 50);
    assertNone(
      app
        .filter(({ to }) => !to.startsWith('authenticator/') && !sharedWithPhones.has(to))
        .map(({ from, to }) => `${from} → ${to}`),
      'The authenticator runs on a phone, of any organisation',
    );
    assertNone(
      findCircles(app.filter(({ to }) => !isPackage(to))),
      'A circle of imports in the authenticator',
    );
  });

  it('has no circle of imports', () => {
    assertNone(
      findCircles(imports.filter(({ from, to }) => !isTest(from) && !isPackage(to))),
      'A circle of imports, types counted',
    );
  });
});

describe('the test of the house', () => {
  it('sees every way of importing', () => {
    const text = [
      "import { a, type B } from './a.ts';",
      "import type {\n  C,\n} from '../c/c.ts';",
      "import * as d from 'd';",
      "import e, { f } from '@scope/e/deep';",
      "import './side-effect.ts';",
      "export { g } from './g.ts';",
      "export * from './h.ts';",
      "const later = await import('../later/later.ts');",
      "export const text = 'a letter from ';",
      "const more = 'home';",
    ].join('\n');
    assert.deepEqual(
      importsOf('signin/signin.ts', text).map(({ to }) => to),
      [
        'signin/a.ts',
        'c/c.ts',
        'd',
        '@scope/e',
        'signin/side-effect.ts',
        'signin/g.ts',
        'signin/h.ts',
        'later/later.ts',
      ],
    );
  });

  it('tells a look up from a look down', () => {
    assert.ok(looksUp({ from: 'accounts/a.ts', to: 'signin/signin.ts' }));
    assert.ok(looksUp({ from: 'accounts/a.ts', to: 'sessions/sessions.ts' }));
    assert.ok(looksUp({ from: 'pages/sign-in/a.ts', to: 'protocols/oidc/a.ts' }));
    assert.ok(looksUp({ from: 'lib/otp/otp.test.ts', to: 'accounts/a.ts' }));
    assert.ok(looksUp({ from: 'config.ts', to: 'protocols/radius/radius.ts' }));
    assert.ok(!looksUp({ from: 'config.ts', to: 'protocols/radius/settings.ts' }));
    assert.ok(!looksUp({ from: 'signin/signin.ts', to: 'accounts/a.ts' }));
    assert.ok(!looksUp({ from: 'pages/sign-in/a.ts', to: 'pages/my-profile/b.ts' }));
    assert.ok(!looksUp({ from: 'accounts/a.test.ts', to: 'stores/sql/database.ts' }));
  });

  it('tells a sibling from what siblings share', () => {
    assert.ok(looksAtSibling({ from: 'methods/email/email.ts', to: 'methods/text-message/a.ts' }));
    assert.ok(
      looksAtSibling({
        from: 'delivery/providers/smtp/a.ts',
        to: 'delivery/providers/twilio/b.ts',
      }),
    );
    assert.ok(!looksAtSibling({ from: 'methods/email/email.ts', to: 'methods/code.ts' }));
    assert.ok(!looksAtSibling({ from: 'methods/registry.ts', to: 'methods/email/email.ts' }));
  });

  it('follows a circle to its end', () => {
    const circle = [
      { from: 'a.ts', to: 'b.ts' },
      { from: 'b.ts', to: 'c.ts' },
      { from: 'c.ts', to: 'b.ts' },
    ];
    assert.deepEqual(findCircles(circle), ['b.ts → c.ts → b.ts']);
  });
});

function looksUp({ from, to }: Import): boolean {
  if (isPackage(to) || to.startsWith('../') || roomOf(from) === roomOf(to)) return false;
  // Tests may furnish a room with anything, but lib/ must be able to move out with its tests.
  if (isTest(from)) return roomOf(from) === 'lib';
  // The operator's settings are composed from their owners, on whatever floor those live.
  if (from === 'config.ts' && posix.basename(to) === 'settings.ts') return false;
  return floorOf(to) >= floorOf(from);
}

function looksAtSibling({ from, to }: Import): boolean {
  const rooms = /^(methods|delivery\/providers)\/([^/]+)\//;
  const [, fromShelf, fromRoom] = rooms.exec(from) ?? [];
  const [, toShelf, toRoom] = rooms.exec(to) ?? [];
  return fromRoom !== undefined && fromShelf === toShelf && fromRoom !== toRoom;
}

function readsRegistry({ from, to }: Import): boolean {
  if (!/(^methods|\/providers)\/registry\.ts$/.test(to)) return false;
  return (
    from !== 'config.ts' && !['installation', 'server.ts'].includes(roomOf(from)) && !isTest(from)
  );
}

function reachesStores({ from, to }: Import): boolean {
  if (isPackage(to) || roomOf(to) !== 'stores' || isTest(from)) return false;
  return !['stores', 'installation', 'server.ts', 'commands'].includes(roomOf(from));
}

function leansOnHouse({ from, to }: Import): boolean {
  return /^stores\/sql\/migrations\/\d/.test(from) && !isTest(from) && to !== 'kysely';
}

function breaksPackageWall({ from, to }: Import): boolean {
  const rooms = packageWalls[to.startsWith('@fastify/') ? 'fastify' : to];
  return rooms !== undefined && !isTest(from) && !rooms.some((room) => isInside(from, room));
}

/** The first folder below src/, or the file's name where it stands in src/ itself. */
function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}

function floorOf(file: string): number {
  return floors.findIndex((rooms) => rooms.includes(roomOf(file)));
}

/** Every circle once, told from the file that was met first. */
function findCircles(imports: readonly Import[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const finished = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      circles.push([...path.slice(start), file].join(' → '));
      return;
    }
    if (finished.has(file)) return;
    for (const to of targets.get(file) ?? []) walk(to, [...path, file]);
    finished.add(file);
  };
  for (const file of targets.keys()) walk(file, []);
  return circles;
}

/** What a source imports, statically or later; types count as much as values. */
function importsOf(file: string, text: string): Import[] {
  const statement =
    /^\s*(?:import\s+(?:type\s+)?[\w$*{}\s,]+?\s+from|import|export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s*from)\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm;
  return [...text.matchAll(statement)].map((match) => {
    const specifier = match[1] ?? match[2] ?? '';
    const to = specifier.startsWith('.')
      ? posix.join(posix.dirname(file), specifier)
      : packageOf(specifier);
    return { from: file, to };
  });
}

function packageOf(specifier: string): string {
  if (isBuiltin(specifier)) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function readSources(folder = 'src'): { file: string; text: string }[] {
  const root = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts'))
    .toSorted()
    .map((file) => ({ file, text: readFileSync(root + file, 'utf8') }));
}

function readManifest(): { dependencies: Set<string>; devDependencies: Set<string> } {
  const url = new URL('../package.json', import.meta.url);
  const manifest: Record<string, Record<string, string>> = JSON.parse(readFileSync(url, 'utf8'));
  return {
    dependencies: new Set(Object.keys(manifest['dependencies'] ?? {})),
    devDependencies: new Set(Object.keys(manifest['devDependencies'] ?? {})),
  };
}

function told({ from, to }: Import): string {
  return isPackage(to) ? `src/${from} → ${to}` : `src/${from} → ${posix.join('src', to)}`;
}

function assertNone(breaches: readonly string[], rule: string): void {
  assert.ok(breaches.length === 0, `${rule}:\n  ${breaches.join('\n  ')}`);
}
