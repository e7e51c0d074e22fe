/**
 * Writes the gallery of `src/ui` to a folder, or serves it with the headers of the real thing:
 *
 *   node scripts/gallery.ts write FOLDER
 *   node scripts/gallery.ts serve [PORT]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { isLocale } from '../src/i18n/locale.ts';
import { render } from '../src/lib/html.ts';
import { loadAssets } from '../src/ui/assets.ts';
import { galleryPages, type GalleryOptions } from '../src/ui/gallery.ts';

const [mode = 'serve', target = mode === 'write' ? 'dist/gallery' : '0'] = process.argv.slice(2);
const assets = loadAssets();

if (mode === 'write') write(target);
else serve(Number(target));

function write(folder: string): void {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  for (const [path, file] of assets.files) writeFileSync(join(folder, path), file.body);
  for (const locale of ['en', 'nl'] as const) {
    for (const scheme of ['light', 'dark'] as const) {
      const suffix = `.${locale}.${scheme}.html`;
      const relative = {
        cssHref: assets.cssHref.replace(/^\//u, ''),
        jsHref: assets.jsHref.replace(/^\//u, ''),
      };
      const pages = galleryPages({
        assets: relative,
        locale,
        scheme,
        now: new Date(),
        href: (name) => `${name}${suffix}`,
      });
      for (const { name, page } of pages) {
        writeFileSync(join(folder, `${name}${suffix}`), render(page));
      }
    }
  }
  say(`Written to ${folder}`);
}

function serve(port: number): void {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    response.setHeader('cache-control', 'no-store');
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    const asset = assets.files.get(url.pathname);
    if (asset !== undefined) {
      response.setHeader('content-type', asset.type);
      response.end(asset.body);
      return;
    }
    if (url.pathname === '/status.json') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ step: 'waiting' }));
      return;
    }
    const lang = url.searchParams.get('lang');
    const scheme = schemeOf(url.searchParams.get('scheme'));
    const name = url.pathname.slice(1).replace(/\.html$/u, '') || 'sign-in';
    const found = galleryPages({
      assets,
      locale: isLocale(lang) ? lang : 'en',
      scheme,
      now: new Date(),
    }).find((page) => page.name === name);
    response.statusCode = found === undefined ? 404 : 200;
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(found === undefined ? 'No such page.' : render(found.page));
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    const actual = typeof address === 'object' && address !== null ? address.port : port;
    say(`http://127.0.0.1:${actual}/`);
  });
  process.once('SIGINT', () => server.close());
  process.once('SIGTERM', () => server.close());
}

function schemeOf(text: string | null): GalleryOptions['scheme'] {
  return text === 'light' || text === 'dark' ? text : undefined;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
