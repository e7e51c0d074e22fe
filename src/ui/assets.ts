/**
 * Owns what pages load: one stylesheet and one script, put together once at start from `styles/`
 * and `elements/`, compressed beforehand and named after their content, so that a browser may keep
 * them for ever. Features with parts of their own (the simulator) become bundles beside them.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { brandStyles } from './brand.ts';
import { kept } from './kept.ts';
import { stripTypes } from './strip-types.ts';

/** A file as it is served, whole and compressed. */
export interface AssetFile {
  readonly type: string;
  readonly body: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
  /** A strong ETag, with its quotes. */
  readonly etag: string;
}

/** Where a page finds a bundle of its own; a page lists it in `bundles`. */
export interface BundleLinks {
  readonly cssHref?: string;
  readonly jsHref?: string;
}

export interface Assets {
  readonly cssHref: string;
  readonly jsHref: string;
  readonly bundles: Readonly<Record<string, BundleLinks>>;
  /** By path: `/assets/tweestap-<hash>.css`. Served as immutable. */
  readonly files: ReadonlyMap<string, AssetFile>;
}

/** Files of a feature that are loaded on its own pages only. */
export interface Bundle {
  readonly styles?: readonly URL[];
  readonly elements?: readonly URL[];
}

/**
 * Reads and prepares everything; throws when a file is missing or does not parse. `brandColour` is
 * the organisation's, as `#rrggbb`; it is corrected where its contrast is not enough.
 */
export function loadAssets(
  options: {
    readonly brandColour?: string | undefined;
    readonly bundles?: Readonly<Record<string, Bundle>> | undefined;
  } = {},
): Assets {
  const files = new Map<string, AssetFile>();
  const publish = (name: string, extension: 'css' | 'js', text: string): string => {
    const body = Buffer.from(text);
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
    const path = `/assets/${name}-${hash}.${extension}`;
    files.set(path, assetFile(body, extension, hash));
    return path;
  };
  const main = {
    cssHref: publish('tweestap', 'css', mainStylesheet(options.brandColour)),
    jsHref: publish('tweestap', 'js', script(ownElements())),
  };
  const bundles: Record<string, BundleLinks> = {};
  for (const [name, { styles = [], elements = [] }] of Object.entries(options.bundles ?? {})) {
    bundles[name] = {
      ...(styles.length === 0 ? {} : { cssHref: publish(name, 'css', stylesheet(styles)) }),
      ...(elements.length === 0 ? {} : { jsHref: publish(name, 'js', script(elements)) }),
    };
  }
  return { ...main, bundles, files };
}

// The order is the cascade: names of things first, exceptions (print) last.
const styleNames = [
  'tokens',
  'base',
  'layout',
  'form',
  'button',
  'content',
  'chart',
  'waiting',
  'print',
];

function ownStyles(): readonly URL[] {
  return styleNames.map((name) => new URL(`styles/${name}.css`, import.meta.url));
}

function ownElements(): readonly URL[] {
  const folder = new URL('elements/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => /\.element\.(?:ts|js)$/u.test(name))
    .toSorted()
    .map((name) => new URL(name, folder));
}

function mainStylesheet(brandColour: string | undefined): string {
  const [tokensUrl, ...others] = ownStyles();
  const tokens = `${stylesheet(tokensUrl === undefined ? [] : [tokensUrl])}${brandStyles(brandColour)}`;
  return `${inBothSchemes(tokens)}${stylesheet(others)}`;
}

/**
 * Tokens that are said with `light-dark()`, said twice: browsers before 2024 know no such thing and get
 * the light page.
 */
export function inBothSchemes(tokens: string): string {
  const light = tokens.replaceAll(
    /light-dark\(([^(),]+(?:\([^()]*\))?),[^(),]+(?:\([^()]*\))?\)/gu,
    '$1',
  );
  const plain = light.replaceAll('color-scheme:light dark', 'color-scheme:light');
  return `${plain}@supports (color:light-dark(#000,#fff)){${tokens}}`;
}

function stylesheet(urls: readonly URL[]): string {
  return urls.map((url) => minifyCss(readFileSync(url, 'utf8'))).join('');
}

/** Each file in a block of its own, so that their names do not meet. They import nothing. */
function script(urls: readonly URL[]): string {
  return urls
    .map((url) => {
      const source = readFileSync(url, 'utf8');
      const plain = url.pathname.endsWith('.ts') ? stripTypes(source) : source;
      if (/^\s*(?:import|export)\b(?!\s*\()/mu.test(plain)) {
        throw new Error(`${url.pathname} imports or exports: an element stands alone.`);
      }
      return `{\n${minifyJs(plain)}}\n`;
    })
    .join('');
}

/** Takes comments and needless blanks out of our own CSS; strings in it are left alone. */
export function minifyCss(css: string): string {
  return css
    .replaceAll(/\/\*[\s\S]*?\*\//gu, '')
    .split(/("[^"]*"|'[^']*')/u)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replaceAll(/\s+/gu, ' ')
            .replaceAll(/ ?([{};,]) ?/gu, '$1')
            .replaceAll(/(?<=[{;][\w-]+): /gu, ':')
            .replaceAll(';}', '}'),
    )
    .join('')
    .trim();
}

/** Takes whole-line comments, indents and empty lines away; the rest compresses well by itself. */
export function minifyJs(source: string): string {
  return source
    .replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gmu, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .map((line) => `${line}\n`)
    .join('');
}

function assetFile(body: Buffer, extension: 'css' | 'js', hash: string): AssetFile {
  const type = extension === 'css' ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  const { br, gzip, etag } = fileOf(body, type, hash);
  // Beforehand: no page waits for it.
  return { type, body, br, gzip, etag };
}

/** A file to be served; it is compressed when it is first asked for, once for all starts. */
export function fileOf(body: Buffer, type: string, hash: string): AssetFile {
  let br: Buffer | undefined;
  let gzip: Buffer | undefined;
  return {
    type,
    body,
    get br() {
      br ??= kept('br', body, () =>
        brotliCompressSync(body, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: 11,
            [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
          },
        }),
      );
      return br;
    },
    get gzip() {
      gzip ??= kept('gzip', body, () => gzipSync(body, { level: 9 }));
      return gzip;
    },
    etag: `"${hash}"`,
  };
}
