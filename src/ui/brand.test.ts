import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { brandOf, brandStyles, contrast } from './brand.ts';

describe("the organisation's colour", () => {
  it('can be read on every surface, whatever it is', () => {
    const colour = fc
      .integer({ min: 0, max: 0xffffff })
      .map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(colour, (given) => {
        const brand = brandOf(given);
        assert.ok(brand !== undefined);
        for (const surface of ['#ffffff', '#f3f4f6']) {
          assert.ok(contrast(brand.light, surface) >= 7, `${given} on ${surface}`);
        }
        for (const surface of ['#1f2226', '#2b2f35']) {
          assert.ok(contrast(brand.dark, surface) >= 7, `${given} on ${surface}`);
        }
        assert.ok(contrast(brand.light, brand.onLight) >= 7);
        assert.ok(contrast(brand.dark, brand.onDark) >= 7);
      }),
      { numRuns: 300 },
    );
  });

  it('stays as it is when it is dark enough', () => {
    assert.deepEqual(brandOf('#3B1D8F')?.light, '#3b1d8f');
    assert.equal(brandOf('#3b1d8f')?.corrected, false);
    assert.equal(brandOf('#ffcc00')?.corrected, true);
  });

  it('is understood in its short form and in no other', () => {
    assert.equal(brandOf('#123')?.given, '#112233');
    for (const text of ['red', '#12', '123456', '#1234567', 'url(x)', '#12345g']) {
      assert.equal(brandOf(text), undefined);
    }
    assert.throws(() => brandStyles('red;}body{display:none'));
  });
});

describe('contrast', () => {
  it('is counted as WCAG does', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#777777', '#777777'), 1);
    assert.equal(contrast('#767676', '#ffffff').toFixed(2), '4.54');
  });
});

describe('the tokens', () => {
  const css = readFileSync(new URL('styles/tokens.css', import.meta.url), 'utf8');
  const token = (name: string): readonly [string, string] => {
    const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
    return [found?.[1] ?? assert.fail(`no --${name}`), found?.[2] ?? ''];
  };
  const atLeast = (ratio: number, word: string, surface: string): void => {
    for (const scheme of [0, 1] as const) {
      const found = contrast(token(word)[scheme], token(surface)[scheme]);
      assert.ok(found >= ratio, `--${word} on --${surface}: ${found.toFixed(2)}`);
    }
  };

  it('let words be read at 7 : 1 on each surface', () => {
    for (const word of ['text', 'muted', 'brand', 'danger', 'success', 'warning']) {
      for (const surface of ['page', 'surface', 'subtle']) atLeast(7, word, surface);
    }
    for (const kind of ['danger', 'success', 'warning']) atLeast(7, kind, `${kind}-surface`);
    for (const kind of ['danger', 'success', 'warning', 'info'])
      atLeast(7, 'text', `${kind}-surface`);
    atLeast(7, 'brand', 'info-surface');
    atLeast(7, 'on-brand', 'brand');
    atLeast(7, 'on-danger', 'danger');
  });

  it('let the edges of fields be seen at 3 : 1', () => {
    for (const surface of ['page', 'surface', 'subtle']) atLeast(3, 'border', surface);
  });

  it('let the parts of a chart be seen at 3 : 1', () => {
    for (const series of ['chart-1', 'chart-2', 'chart-3', 'chart-4']) {
      for (const surface of ['surface', 'subtle']) atLeast(3, series, surface);
    }
  });
});
