import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { render } from '../../lib/html.ts';
import { barChart, columnChart, lineChart, type ChartOptions } from './chart.ts';

const options: ChartOptions = {
  locale: 'en',
  title: 'Sign-ins <by day>',
  partHeading: 'Day',
  parts: [
    { label: 'Monday', href: '/admin/sign-ins?from=2026-11-16' },
    { label: 'Tuesday & more' },
    { label: 'Wednesday' },
  ],
  series: [
    { label: 'Signed in', values: [1, 3, 0] },
    { label: 'Refused', values: [1, 0, 0], tone: 2, href: '/admin/sign-ins?result=failure' },
  ],
  format: (value) => `${value}×`,
};

describe('a chart', () => {
  for (const [name, draw] of Object.entries({ columnChart, lineChart, barChart })) {
    it(`is drawn without script and inline styles, with its numbers beside it: ${name}`, () => {
      const drawn = render(draw(options));
      assert.doesNotMatch(drawn, /style=|<script/);
      assert.match(drawn, /aria-label="Sign-ins &lt;by day&gt;"/);
      assert.match(drawn, /<strong>4×<\/strong>.*<strong>1×<\/strong>/s, 'the sums, large');
      const [, table = ''] = drawn.split('<table');
      for (const cell of ['Tuesday &amp; more', '3×', '>Refused<', '0×']) {
        assert.ok(table.includes(cell), cell);
      }
      assert.match(table, /href="\/admin\/sign-ins\?from=2026-11-16"/, 'for the keyboard');
      assert.doesNotMatch(drawn, /NaN|Infinity/);
    });

    it(`shows nothing as nothing: ${name}`, () => {
      const empty = { ...options, series: [{ label: 'None', values: [0, 0, 0] }] };
      assert.doesNotMatch(render(draw(empty)), /NaN|Infinity/);
      const without = { ...options, parts: [], series: [{ label: 'None', values: [] }] };
      assert.doesNotMatch(render(draw(without)), /NaN|Infinity|undefined/);
    });
  }

  it('draws columns as high as their numbers, one on top of the other', () => {
    const drawn = render(columnChart(options));
    // The highest is 3, which is the top of the scale.
    assert.match(drawn, /<rect class="s1" x="1" y="66.67" width="8" height="33.33"\/>/);
    assert.match(drawn, /<rect class="s2" x="1" y="33.33" width="8" height="33.33"\/>/);
    assert.match(drawn, /<rect class="s1" x="11" y="0" width="8" height="100"\/>/);
    assert.match(drawn, /<span>3×<\/span><span>0×?<\/span>/);
  });

  it('draws bars as long as their numbers, or as shares', () => {
    assert.match(render(barChart(options)), /x="33.33" y="0" width="33.33"/);
    const shares = render(barChart({ ...options, asShares: true }));
    assert.match(shares, /<rect class="s2" x="50" y="0" width="50" height="10"\/>/);
  });

  it('keeps drawings out of the order of the keyboard, and from screen readers', () => {
    const drawn = render(columnChart(options));
    const [, drawing = ''] = /<svg viewBox="0 0 30 100"(.*?)<\/svg>/s.exec(drawn) ?? [];
    assert.match(drawing, /aria-hidden="true"/);
    for (const [link] of drawing.matchAll(/<a [^>]*>/g)) assert.match(link, /tabindex="-1"/);
  });
});
