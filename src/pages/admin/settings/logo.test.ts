import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { testOrigin } from '../../../../test/support/http-server.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';
import { createLogoUrl } from '../../logo.ts';

/** One blue dot. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChAGAyXjUaAAAAABJRU5ErkJggg==',
  'base64',
);

describe('the logo and the look of the organisation', () => {
  let pages: Pages;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    const anna = await pages.person({ role: 'global-admin' });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
  });
  afterEach(() => pages.close());

  const organisation = async () => {
    pages.policies.forget();
    return (await pages.policies.current()).organisation;
  };
  /** Sends the form with a file, as a browser does. */
  const sends = async (bytes: Buffer, fileName = 'logo.png') => {
    await visitor.open('/admin/settings/logo');
    const csrf = /name="csrf" value="([^"]+)"/.exec(visitor.page.html)?.[1] ?? assert.fail();
    const boundary = 'sent-by-a-test';
    const part = (head: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`;
    return pages.server.inject({
      method: 'POST',
      url: '/admin/settings/logo',
      headers: {
        host: new URL(testOrigin).host,
        origin: testOrigin,
        'sec-fetch-site': 'same-origin',
        'content-type': `multipart/form-data; boundary=${boundary}`,
        cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      payload: Buffer.concat([
        Buffer.from(`${part('name="csrf"')}${csrf}\r\n`),
        Buffer.from(part(`name="logo"; filename="${fileName}"`)),
        bytes,
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]),
    });
  };

  it('is shown before it is kept, served as a picture, and taken back', async () => {
    const shown = await sends(png);
    assert.equal(shown.statusCode, 200);
    assert.match(shown.body, /Is this the logo\?/);
    const address = /name="logo" value="([^"]+)"/.exec(shown.body)?.[1] ?? assert.fail();
    assert.ok(shown.body.includes(`<img src="${address}"`));
    assert.equal((await organisation()).logo, undefined, 'nothing is kept by looking');

    await pages.governing.changePolicy('test', (policy) => ({
      ...policy,
      organisation: { ...policy.organisation, logo: address },
    }));
    const { logo } = await organisation();
    const url = createLogoUrl()(logo) ?? assert.fail();
    const served = await pages.server.inject({ url, headers: { host: new URL(testOrigin).host } });
    assert.equal(served.headers['content-type'], 'image/png');
    assert.equal(served.headers['content-security-policy'], "default-src 'none'; sandbox");
    assert.equal(served.headers['x-content-type-options'], 'nosniff');
    assert.deepEqual(served.rawPayload, png);
    const [event] = await pages.stores.audit.list({ limit: 1 });
    assert.match(String(event?.details['changes']), /organisation\.logo/);

    await visitor.open('/admin/settings/logo');
    await visitor.press('Remove the logo');
    assert.match(visitor.page.text, /Saved/);
    assert.equal((await organisation()).logo, undefined);
    assert.equal(
      (await pages.server.inject({ url, headers: { host: new URL(testOrigin).host } })).statusCode,
      404,
    );
    await visitor.press('Undo puts back what was so before');
    assert.equal((await organisation()).logo, address);
    // The page stood at the address of the form; whoever asks for that again is shown the logo.
    await visitor.open('/admin/settings/logo/keep');
    assert.deepEqual([visitor.page.path, visitor.page.status], ['/admin/settings/logo', 200]);
  });

  it('is no document, however it is called, and no large picture', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    );
    for (const [bytes, words] of [
      [svg, /That is no PNG, JPEG or WebP/],
      [Buffer.concat([png, Buffer.alloc(33 * 1024)]), /larger than 32 KB/],
      [Buffer.alloc(0), /That is no PNG|Choose a picture/],
    ] as const) {
      const refused = await sends(bytes);
      assert.equal(refused.statusCode, 422);
      assert.match(refused.body, words);
    }
    await visitor.open('/admin/settings/logo');
    assert.equal((await organisation()).logo, undefined);
  });

  it('shows colour, name and text of the form before they are saved', async () => {
    await visitor.open('/admin/settings/organisation');
    await visitor.press('Preview', {
      'organisation.name': 'Vrije School',
      'organisation.brandColour': '#aa2200',
      'organisation.signInText.en': 'Pupils ask the porter.',
    });
    assert.match(visitor.page.text, /Vrije School Sign in User name .* Pupils ask the porter\./);
    const styles = /href="(\/admin\/settings\/preview\.css[^"]+)"/.exec(visitor.page.html)?.[1];
    assert.ok(styles);
    assert.match((await visitor.ask(styles)).body, /\.preview\{--brand:light-dark\(#[0-9a-f]{6}/);
    assert.notEqual((await organisation()).name, 'Vrije School');
    await visitor.press('Save');
    assert.equal((await organisation()).name, 'Vrije School');
    const stranger = newVisitor(pages.server);
    await stranger.open('/sign-in');
    assert.match(stranger.page.text, /Pupils ask the porter\./);
    const other = newVisitor(pages.server, { language: 'nl' });
    await other.open('/sign-in');
    assert.doesNotMatch(other.page.text, /Pupils/);
  });

  it('says which colour it takes', async () => {
    await visitor.open('/admin/settings/organisation');
    await visitor.press('Preview', { 'organisation.brandColour': 'red' });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /Type a colour as # and six digits/);
    assert.match(visitor.page.html, /value="red"/);
  });

  it('comes back to where it is chosen once whoever keeps it has proved themselves again', async () => {
    await visitor.open('/admin/settings/logo');
    await pages.governing.changePolicy('test', (policy) => ({
      ...policy,
      organisation: {
        ...policy.organisation,
        logo: `data:image/png;base64,${png.toString('base64')}`,
      },
    }));
    await visitor.open('/admin/settings/logo');
    pages.clock.advanceSeconds(301);
    await visitor.press('Remove the logo');
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Logo');
    assert.notEqual((await organisation()).logo, undefined);
  });
});
