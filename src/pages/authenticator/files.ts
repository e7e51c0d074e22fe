/**
 * Owns what the Tweestap Authenticator consists of as a browser loads it: its page, one script, one
 * stylesheet, its service worker and what is loaded later, put together from `authenticator/` once.
 * Nothing is built at install. Names that hold the hash of their content never change what they mean.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { fileOf, inBothSchemes, minifyCss, minifyJs, type AssetFile } from '../../ui/assets.ts';
import { appPath } from '../../methods/notification/protocol.ts';
import { linkModules } from './link.ts';

export interface AuthenticatorFiles {
  /** Under its own name, and asked for anew each time: the page. */
  readonly page: AssetFile;
  readonly worker: AssetFile;
  /** By path. Their names hold their hash, but for the manifest and the icons. */
  readonly files: ReadonlyMap<string, AssetFile>;
}

const root = new URL('../../../authenticator/', import.meta.url);
const tokens = new URL('../../ui/styles/tokens.css', import.meta.url);
const filesPath = `${appPath}files/`;

/** What the page names and a phone must have to show anything at all, in this order. */
const icons = [
  'icon.svg',
  'icon-192.png',
  'icon-512.png',
  'maskable-512.png',
  'touch-180.png',
  'badge-96.png',
];

const types = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
} as const;

type Extension = keyof typeof types;

/** Reads and puts together everything; throws where a file is missing or cannot be put together. */
export function loadAuthenticatorFiles(): AuthenticatorFiles {
  const files = new Map<string, AssetFile>();
  const add = (path: string, extension: Extension, content: string | Buffer): string => {
    const body = Buffer.from(content);
    files.set(path, fileOf(body, types[extension], hashOf(body)));
    return path;
  };
  const publish = (name: string, extension: 'css' | 'js', text: string): string =>
    add(`${filesPath}${name}-${hashOf(Buffer.from(text))}.${extension}`, extension, text);

  for (const icon of icons) {
    add(`${appPath}${icon}`, icon.endsWith('.svg') ? 'svg' : 'png', read(`icons/${icon}`));
  }
  const manifest = add(
    `${appPath}manifest.webmanifest`,
    'webmanifest',
    JSON.stringify(JSON.parse(read('manifest.webmanifest').toString())),
  );
  const version = readVersion();
  const css = publish(
    'app',
    'css',
    [
      inBothSchemes(stylesheet(tokens) + stylesheet(new URL('styles/colours.css', root))),
      stylesheet(new URL('styles/authenticator.css', root)),
    ].join(''),
  );
  const js = publish(
    'app',
    'js',
    linkModules(new URL('app/app.ts', root), {
      constants: { appVersion: version },
      later: (module) =>
        publish('scanner', 'js', linkModules(module, { packages: packageFiles() })),
    }),
  );
  const page = read('index.html').toString().replace('{{css}}', css).replace('{{js}}', js);
  const pageBody = Buffer.from(page.replaceAll(/>\s+</g, '><'));
  const shell = [appPath, css, js, manifest, ...icons.map((icon) => `${appPath}${icon}`)];
  const build = hashOf(
    Buffer.from(
      [hashOf(pageBody), ...[...files].map(([path, { etag }]) => `${path} ${etag}`)].join('\n'),
    ),
  );
  const worker = Buffer.from(
    linkModules(new URL('service-worker/worker.ts', root), {
      constants: { shell: { build, files: shell } },
    }),
  );
  return {
    page: fileOf(pageBody, types.html, hashOf(pageBody)),
    worker: fileOf(worker, types.js, hashOf(worker)),
    files,
  };

  /** The QR reader, for browsers that have none: two modules, as they are. */
  function packageFiles(): (specifier: string) => string {
    const packaged = (file: string): string =>
      minifyJs(readFileSync(new URL(import.meta.resolve(file)), 'utf8'));
    return (specifier) => {
      if (specifier !== 'qr/decode.js') throw new Error(`The authenticator knows no ${specifier}.`);
      const index = publish('qr', 'js', packaged('qr'));
      return publish(
        'qr-decode',
        'js',
        packaged(specifier).replace("from './index.js'", `from '${index}'`),
      );
    };
  }
}

function stylesheet(url: URL): string {
  return minifyCss(readFileSync(url, 'utf8'));
}

function read(file: string): Buffer {
  return readFileSync(new URL(file, root));
}

function readVersion(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../package.json', root), 'utf8'),
  );
  return manifest.version;
}

function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 12);
}
