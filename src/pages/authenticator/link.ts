/**
 * Owns putting a program of several modules together into one file: each module becomes a function
 * that hands out what it exports, in the order in which they need one another. It reads the plain way
 * in which this house imports and exports, and refuses every other.
 */
import { readFileSync } from 'node:fs';

import { minifyJs } from '../../ui/assets.ts';
import { stripTypes } from '../../ui/strip-types.ts';

export interface LinkOptions {
  /** Values of `declare const`s that only the build knows, by name. */
  readonly constants?: Readonly<Record<string, unknown>>;
  /** Where a browser finds what is loaded later (`import('./x.ts')`): its URL → an address. */
  readonly later?: (module: URL) => string;
  /** Where a browser finds a package's module: `qr/decode.js` → an address. */
  readonly packages?: (specifier: string) => string;
}

/** One ES module that holds `entry` and all it imports. Throws at what it does not understand. */
export function linkModules(entry: URL, options: LinkOptions = {}): string {
  const names = new Map<string, string>();
  const heads: string[] = [];
  const bodies: string[] = [];

  const add = (url: URL): string => {
    const known = names.get(url.href);
    if (known !== undefined) return known;
    const source = stripTypes(readFileSync(url, 'utf8'));
    const module = readModule(url, source, options, (imported, list) => {
      if (!imported.startsWith('.')) {
        const address = options.packages?.(imported);
        if (address === undefined) throw new Error(`${url.pathname} imports ${imported}.`);
        heads.push(`import { ${list} } from '${address}';\n`);
        return '';
      }
      const from = add(new URL(imported, url));
      return list === '' ? '' : `const { ${list.replaceAll(' as ', ': ')} } = ${from};`;
    });
    const name = `m${names.size}`;
    names.set(url.href, name);
    const body = minifyJs(module.body);
    const list = module.exports.join(', ');
    const isEntry = url.href === entry.href;
    if (isEntry) bodies.push(body, list === '' ? '' : `export { ${list} };\n`);
    else bodies.push(`const ${name} = (() => {\n${body}return { ${list} };\n})();\n`);
    return name;
  };
  add(entry);

  const constants = Object.entries(options.constants ?? {}).map(
    ([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`,
  );
  return [...heads, ...constants, ...bodies].join('');
}

interface Module {
  readonly body: string;
  readonly exports: readonly string[];
}

const importing = /^import\s*(?:\{([^}]*)\}\s*from\s*)?'([^']+)';?/gm;
const exporting = /^export\s+((?:async\s+)?function\*?|const|class)\s+(\w+)/gm;
const importingLater = /\bimport\('([^']+)'\)/g;

function readModule(
  url: URL,
  source: string,
  { later }: LinkOptions,
  take: (specifier: string, list: string) => string,
): Module {
  const exports: string[] = [];
  const body = source
    .replaceAll(importing, (_whole, list: string | undefined, specifier: string) => {
      const wanted = (list ?? '').split(',').map((each) => each.trim());
      return take(specifier, wanted.filter((each) => each !== '').join(', '));
    })
    .replaceAll(exporting, (_whole, kind: string, name: string) => {
      exports.push(name);
      return `${kind} ${name}`;
    })
    .replaceAll(importingLater, (_whole, specifier: string) => {
      if (later === undefined) throw new Error(`${url.pathname} loads something later.`);
      return `import(${JSON.stringify(later(new URL(specifier, url)))})`;
    });
  const strange = /^\s*(?:import\b(?!\s*[(.])|export\b).*$/m.exec(body)?.[0];
  if (strange !== undefined) throw new Error(`${url.pathname}: cannot put together “${strange}”.`);
  return { body, exports };
}
