import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';

import type { FastifyInstance } from 'fastify';

import { httpServerForTests, testOrigin } from '../../../test/support/http-server.ts';
import { helpBundle } from '../help/bundle.ts';
import { helpRoutes } from '../help/help.ts';
import { authenticatorAppRoutes } from './authenticator.ts';
import { loadAuthenticatorFiles } from './files.ts';

/** What a phone loads before anybody scans may weigh as much over the wire. */
const mostBytes = 60_000;

describe('the authenticator as it is served', () => {
  let server: FastifyInstance;
  before(async () => {
    server = httpServerForTests({ bundles: { help: helpBundle } });
    helpRoutes(server);
    authenticatorAppRoutes(server);
    await server.ready();
  });
  after(() => server.close());

  const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    server.inject({ url, headers: { host: new URL(testOrigin).host, ...headers } });
  const page = async (): Promise<string> => (await get('/authenticator/')).body;
  const namedIn = (text: string): readonly string[] =>
    [...text.matchAll(/["'](\/authenticator\/[\w./-]+\.\w+)["']/g)].map(([, path = '']) => path);

  it('has a policy of its own, and may use the camera', async () => {
    const { statusCode, headers } = await get('/authenticator/');
    assert.equal(statusCode, 200);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.match(policy, /connect-src 'self' https: /);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.match(String(headers['permissions-policy']), /camera=\(self\)/);
    const help = await get('/help');
    assert.match(String(help.headers['permissions-policy']), /camera=\(\)/);
    assert.match(String(help.headers['content-security-policy']), /connect-src 'self';/);
  });

  it('runs no script and no style that stand in the page', async () => {
    const html = await page();
    assert.doesNotMatch(html, /<script(?![^>]* src=)|<style| style=| on\w+=/);
  });

  it('finds everything that its page, its worker and its manifest name', async () => {
    const manifest = await get('/authenticator/manifest.webmanifest');
    const worker = await get('/authenticator/service-worker.js');
    assert.match(String(worker.headers['content-type']), /javascript/);
    const icons: { readonly icons: readonly { readonly src: string }[] } = manifest.json();
    const named = [
      ...namedIn(await page()),
      ...namedIn(worker.body),
      ...icons.icons.map(({ src }) => `/authenticator/${src}`),
    ];
    assert.ok(named.length > 10);
    for (const path of new Set(named)) assert.equal((await get(path)).statusCode, 200, path);
  });

  it('lets browsers keep what is named after its content, and ask about the rest', async () => {
    for (const path of namedIn(await page()).filter((each) => each.includes('/files/'))) {
      assert.match(String((await get(path)).headers['cache-control']), /immutable/);
    }
    for (const path of ['/authenticator/', '/authenticator/service-worker.js']) {
      const { headers } = await get(path);
      assert.equal(headers['cache-control'], 'no-cache');
      const again = await get(path, { 'if-none-match': String(headers['etag']) });
      assert.equal(again.statusCode, 304);
    }
  });

  it('weighs little before anybody scans', () => {
    const { page: html, worker, files } = loadAuthenticatorFiles();
    const shell: readonly string[] = JSON.parse(
      /"files":(\[[^\]]*\])/.exec(worker.body.toString())?.[1] ?? '[]',
    );
    assert.ok(shell.length > 8);
    assert.ok(shell.every((path) => !path.includes('scanner') && !path.includes('qr')));
    const bytes = shell.map((path) => files.get(path)?.br.length ?? html.br.length);
    const sum = worker.br.length + bytes.reduce((one, other) => one + other, 0);
    assert.ok(sum < mostBytes, `${sum} bytes`);
  });

  it('comes compressed, whole', async () => {
    const { headers, rawPayload } = await get('/authenticator/', { 'accept-encoding': 'br, gzip' });
    assert.equal(headers['content-encoding'], 'br');
    assert.equal(brotliDecompressSync(rawPayload).toString(), await page());
  });

  it('is found without the last stroke, and nothing else is', async () => {
    const short = await get('/authenticator');
    assert.equal(short.statusCode, 301);
    assert.equal(short.headers['location'], '/authenticator/');
    for (const path of ['/authenticator/app.ts', '/authenticator/files/app.js']) {
      assert.equal((await get(path)).statusCode, 404, path);
    }
  });

  it('has icons of the sizes that its manifest promises', () => {
    for (const [path, { body }] of loadAuthenticatorFiles().files) {
      const [, size] = /-(\d+)\.png$/.exec(path) ?? [];
      if (size === undefined) continue;
      assert.equal(body.readUInt32BE(16), Number(size), path);
      assert.equal(body.readUInt32BE(20), Number(size), path);
    }
  });
});
