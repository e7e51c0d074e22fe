import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Script } from 'node:vm';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { loadAssets, minifyCss } from './assets.ts';

describe('the assets', () => {
  const assets = loadAssets();
  const css = assets.files.get(assets.cssHref);
  const js = assets.files.get(assets.jsHref);

  it('are one stylesheet and one script, small enough for a page of 20 KB', () => {
    assert.deepEqual([...assets.files.keys()], [assets.cssHref, assets.jsHref]);
    const size = (css?.br.length ?? 0) + (js?.br.length ?? 0);
    assert.ok(size > 0 && size <= 12_000, `${size} bytes`);
  });

  it('are the same whole and compressed', () => {
    for (const file of assets.files.values()) {
      assert.deepEqual(brotliDecompressSync(file.br), file.body);
      assert.deepEqual(gunzipSync(file.gzip), file.body);
    }
  });

  it('have a name that changes with what is in them', () => {
    assert.match(assets.cssHref, /^\/assets\/tweestap-[\w-]{12}\.css$/);
    assert.equal(loadAssets().cssHref, assets.cssHref);
    const red = loadAssets({ brandColour: '#e30613' });
    assert.notEqual(red.cssHref, assets.cssHref);
    assert.equal(red.jsHref, assets.jsHref);
  });

  it('hold a script that parses and defines every element', () => {
    const source = js?.body.toString() ?? '';
    new Script(source);
    for (const name of [
      'await-change',
      'busy-form',
      'code-input',
      'copy-text',
      'count-down',
      'keep-sheet',
      'show-password',
    ]) {
      assert.match(source, new RegExp(`customElements\\.define\\('${name}'`));
    }
  });

  it('load nothing from elsewhere', () => {
    for (const file of assets.files.values()) {
      assert.doesNotMatch(file.body.toString(), /https?:|@import|url\(|data:/);
    }
  });

  it('give browsers without light-dark() the light page', () => {
    const text = css?.body.toString() ?? '';
    const [before] = text.split('@supports (color:light-dark(');
    assert.match(before ?? '', /--page:#f3f4f6/);
    assert.doesNotMatch(before ?? '', /light-dark|color-scheme:light dark/);
  });

  it('bring a feature of its own beside them', () => {
    const url = new URL('styles/print.css', import.meta.url);
    const { bundles, files } = loadAssets({ bundles: { simulator: { styles: [url] } } });
    const href = bundles['simulator']?.cssHref ?? '';
    assert.match(href, /^\/assets\/simulator-[\w-]{12}\.css$/);
    assert.ok(files.has(href));
  });
});

describe('minified CSS', () => {
  it('means the same', () => {
    assert.equal(
      minifyCss(
        '/* a */\na > b,\n.c :is(d, e) {\n  width: calc(1px + 2px);\n  content: "x ;  y";\n}\n',
      ),
      'a > b,.c :is(d,e){width:calc(1px + 2px);content:"x ;  y"}',
    );
  });
});
