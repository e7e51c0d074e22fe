import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { html, render } from '../../lib/html.ts';
import { button, link } from './button.ts';
import { checkbox, checkboxes, radioTiles } from './choice.ts';
import { form } from './form.ts';
import { errorSummary, notice } from './notice.ts';
import { qrPanel, secretDisplay } from './secret.ts';
import { pager, table } from './table.ts';
import { tiles } from './tile.ts';
import { timeAgo } from './time.ts';
import { countdown, waiting } from './waiting.ts';

const now = new Date('2026-11-20T12:00:00Z');
const inSeconds = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

describe('a form', () => {
  it('posts with its token, once however often it is pressed', () => {
    const page = render(form({ action: '/go', csrf: 'a"b', body: html`` }));
    assert.match(page, /^<busy-form><form class="form" method="post" action="\/go"/);
    assert.match(page, /<input type="hidden" name="csrf" value="a&quot;b">/);
  });

  it('leaves the token out where it only asks', () => {
    const page = render(form({ action: '/search', csrf: 'secret', method: 'get', body: html`` }));
    assert.doesNotMatch(page, /secret/);
  });

  it('never runs script for an address', () => {
    assert.doesNotMatch(
      render(form({ action: 'javascript:alert(1)', csrf: 'x', body: html`` })),
      /javascript/,
    );
    assert.doesNotMatch(
      render(button({ label: 'x', formaction: 'javascript:alert(1)' })),
      /javascript/,
    );
    assert.doesNotMatch(render(link({ label: 'x', href: ' jAvascript:alert(1)' })), /javascript:/i);
  });
});

describe('a button', () => {
  it('says why it cannot be pressed', () => {
    const page = render(button({ label: 'Send', id: 'send', disabledReason: 'Wait 20 seconds.' }));
    assert.match(page, / disabled aria-describedby="send-reason"/);
    assert.match(page, /id="send-reason">Wait 20 seconds\./);
  });

  it('tells screen readers what it is about', () => {
    assert.match(
      render(button({ label: 'Delete', about: 'Pixel 9' })),
      /<span class="hidden">Pixel 9</,
    );
  });
});

describe('an error summary', () => {
  it('takes the focus, and links to the fields', () => {
    const page = render(
      errorSummary({ locale: 'nl', errors: [{ field: 'code', message: 'Voer de code in.' }] }),
    );
    assert.match(page, /role="alert" tabindex="-1" autofocus/);
    assert.match(page, /<a href="#code">Voer de code in\.<\/a>/);
    assert.match(page, /Er is een probleem/);
  });

  it('is not there when nothing is wrong', () => {
    assert.equal(render(errorSummary({ locale: 'en', errors: [] })), '');
  });

  it('escapes what it tells', () => {
    const page = render(
      errorSummary({ locale: 'en', errors: [{ field: '"><x', message: '<img>' }] }),
    );
    assert.doesNotMatch(page, /<img>|<x/);
  });
});

describe('a notice', () => {
  it('names its kind in words', () => {
    assert.match(render(notice({ locale: 'en', kind: 'warning', body: 'x' })), />Warning: </);
  });
});

describe('tiles of choices', () => {
  it('bind every choice to its words, and grey out what is not allowed with its reason', () => {
    const page = render(
      radioTiles({
        locale: 'en',
        name: 'method',
        legend: 'How?',
        value: 'phone',
        error: 'Choose one.',
        options: [
          { value: 'phone', label: 'Phone', detail: 'A text' },
          { value: 'app', label: 'App', disabledReason: 'Not allowed here.' },
        ],
      }),
    );
    assert.match(
      page,
      /<fieldset class="field wrong" aria-describedby="method-group-error"><legend>How\?/,
    );
    assert.match(
      page,
      /id="method" name="method" value="phone" checked aria-labelledby="method-label"/,
    );
    assert.match(page, /id="method-2"[^>]* disabled[^>]* aria-describedby="method-2-detail"/);
    assert.match(page, /id="method-2-detail">Not allowed here\./);
  });

  it('send the choice with the form around them, or lead somewhere', () => {
    const page = render(
      tiles([
        { label: 'Text', to: { name: 'method', value: 'text' } },
        { label: 'Help', to: { href: '/help' } },
        { label: 'Call', detail: 'never seen', to: { disabledReason: 'Not now.' } },
      ]),
    );
    assert.match(page, /<button class="tile" type="submit" name="method" value="text">/);
    assert.match(page, /<a class="tile" href="\/help">/);
    assert.match(page, /<div class="tile disabled">.*Not now\./);
    assert.doesNotMatch(page, /never seen/);
  });
});

describe('checkboxes', () => {
  it('are bound to their labels', () => {
    assert.match(
      render(checkbox({ name: 'trust', label: 'Trust' })),
      /id="trust" name="trust" value="1"><label for="trust">/,
    );
    const several = render(
      checkboxes({
        locale: 'en',
        name: 'allowed',
        legend: 'Allowed',
        options: [
          { label: 'A', value: 'a' },
          { label: 'B', value: 'b' },
        ],
      }),
    );
    assert.match(several, /for="allowed"/);
    assert.match(several, /for="allowed-2"/);
  });
});

describe('a table', () => {
  const page = render(
    table({
      locale: 'en',
      caption: 'People',
      columns: [
        { label: 'Name' },
        { label: 'Tries', align: 'end', sort: { href: '?sort=tries', direction: 'descending' } },
      ],
      rows: [['<Anna>', undefined]],
    }),
  );

  it('stays a table for screen readers where it is shown as a list', () => {
    for (const role of ['table', 'row', 'columnheader', 'rowheader', 'cell']) {
      assert.match(page, new RegExp(`role="${role}"`));
    }
  });

  it('names each cell, escapes it, and shows a dash for nothing', () => {
    assert.match(page, /<th role="rowheader" scope="row" data-label="Name">&lt;Anna&gt;<\/th>/);
    assert.match(page, /data-label="Tries">–</);
  });

  it('says how it is sorted', () => {
    assert.match(page, /aria-sort="descending"/);
  });

  it('has no pager for one page, and no way before the first', () => {
    const href = (page: number): string => `?page=${page}`;
    assert.equal(render(pager({ locale: 'en', page: 1, total: 1, href })), '');
    const first = render(pager({ locale: 'en', page: 1, total: 3, href }));
    assert.doesNotMatch(first, /rel="prev"/);
    assert.match(first, /rel="next" href="\?page=2"/);
  });
});

describe('a count-down', () => {
  it('tells the time left without script', () => {
    const page = render(
      countdown({ locale: 'nl', now, until: inSeconds(90), text: (time) => `Nog ${time} geldig.` }),
    );
    assert.match(page, />Nog 1 minuut, 30 seconden geldig\.</);
  });

  it('gives the script the clock of the server and the sentence to fill', () => {
    const page = render(
      countdown({ locale: 'en', now, until: inSeconds(90), atEnd: { enable: 'again' } }),
    );
    assert.match(page, /now="2026-11-20T12:00:00.000Z" until="2026-11-20T12:01:30.000Z"/);
    assert.match(page, /text="{time} left" ended="The time is up." enable="again"/);
  });
});

describe('waiting', () => {
  const ring = { now, startedAt: inSeconds(-30), until: inSeconds(30) };

  it('draws the time left and says the number to match', () => {
    const page = render(
      waiting({
        locale: 'en',
        what: 'Type this number',
        number: '72',
        numberLabel: 'Number:',
        ring,
        status: { url: '/status', step: 'a' },
      }),
    );
    const length = Number(/stroke-dasharray="([\d.]+)"/.exec(page)?.[1]);
    const offset = Number(/stroke-dashoffset="([\d.]+)"/.exec(page)?.[1]);
    assert.ok(Math.abs(offset - length / 2) < 0.2, 'half of the ring is left');
    assert.match(page, /<strong>72<\/strong>/);
    assert.match(page, /^<await-change url="\/status" step="a"/);
    assert.match(page, /role="status"/);
  });

  it('asks nobody when something around it asks', () => {
    assert.doesNotMatch(render(waiting({ locale: 'en', what: 'x', ring })), /await-change/);
  });
});

describe('a secret', () => {
  it('is shown in groups without blanks in it, and copied as it is', () => {
    const page = render(
      secretDisplay({ locale: 'en', label: 'App password', value: 'abcdefghij' }),
    );
    assert.match(
      page,
      /<code translate="no"><span>abcd<\/span><span>efgh<\/span><span>ij<\/span><\/code>/,
    );
    assert.match(page, /text="abcdefghij"/);
  });

  it('keeps the groups that it came with', () => {
    const page = render(
      secretDisplay({ locale: 'en', label: 'x', value: 'ab cd', copyValue: 'abcd' }),
    );
    assert.match(page, /<span>ab<\/span><span>cd<\/span>/);
    assert.match(page, /text="abcd"/);
  });

  it('as a QR code names itself for those who do not see it', () => {
    const page = render(qrPanel({ text: 'otpauth://totp/x?secret=ABC', label: 'QR code "x"' }));
    assert.match(page, /<svg role="img" aria-label="QR code &quot;x&quot;" viewBox="0 0 (\d+) \1"/);
    assert.doesNotMatch(page, /ABC/);
  });
});

describe('a moment', () => {
  it('is near in words and exact for machines', () => {
    const page = render(timeAgo({ locale: 'en', at: inSeconds(-120), now, timeZone: 'UTC' }));
    assert.match(
      page,
      /<time datetime="2026-11-20T11:58:00.000Z" title="[^"]*2026[^"]*">2 minutes ago<\/time>/,
    );
  });
});
