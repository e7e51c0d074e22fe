/** Owns the ways to add an account: choose one; type Code and URL; type the key of another service. */
import type { App, Screen } from '../app/hand.ts';
import { installOffer } from '../app/settings-screen.ts';
import { element } from '../ui/element.ts';
import { button, field, form } from '../ui/form.ts';
import { tile } from '../ui/notice.ts';
import { originOf, readCode, readKey, readScanned } from './link.ts';

export function addScreen(app: App): Screen {
  const said = app.words.add;
  return {
    title: said.title,
    back: '#/',
    body: [
      element('p', { class: 'intro' }, said.intro),
      ...(app.installing.state() === 'by-hand-ios' ? installOffer(app) : []),
    ],
    low: [
      element(
        'div',
        { class: 'tiles' },
        tile({ label: said.scan, detail: said.scanDetail, icon: 'scan', href: '#/add/scan' }),
        tile({
          label: said.manual,
          detail: said.manualDetail,
          icon: 'keyboard',
          href: '#/add/manual',
        }),
        tile({ label: said.other, detail: said.otherDetail, icon: 'key', href: '#/add/other' }),
        tile({
          label: said.restore,
          detail: said.restoreDetail,
          icon: 'upload',
          href: '#/restore',
        }),
      ),
    ],
  };
}

export function manualScreen(app: App): Screen {
  const said = app.words.manual;
  const code = field({
    label: said.code,
    class: 'mono',
    attributes: { name: 'code', autocapitalize: 'characters', autocorrect: 'off' },
  });
  const url = field({
    label: said.url,
    class: 'mono',
    attributes: { name: 'url', inputmode: 'url', autocorrect: 'off' },
  });
  const sending = form(
    async () => {
      code.fail(null);
      url.fail(null);
      const typed = readCode(code.input.value);
      const origin = originOf(url.input.value);
      if (origin === null) url.fail(said.urlWrong);
      if (typed === null) code.fail(said.codeWrong);
      if (typed !== null && origin !== null) app.invite({ kind: 'tweestap', origin, code: typed });
    },
    code.root,
    url.root,
  );
  sending.id = 'manual';
  return {
    title: said.title,
    back: '#/add',
    body: [element('p', { class: 'intro' }, said.intro), sending],
    low: [button(said.finish, { style: 'primary', form: 'manual' })],
  };
}

export function otherScreen(app: App): Screen {
  const said = app.words.other;
  const issuer = field({ label: said.issuer, attributes: { maxlength: 60 } });
  const account = field({ label: said.account, attributes: { maxlength: 120 } });
  const key = field({
    label: said.key,
    class: 'mono',
    attributes: { autocapitalize: 'characters', autocorrect: 'off' },
  });
  const sending = form(
    async () => {
      issuer.fail(null);
      key.fail(null);
      // Some services let one copy the whole address.
      const whole = readScanned(key.input.value.trim());
      if (whole?.kind === 'other') return app.invite(whole);
      const typed = readKey(key.input.value);
      const name = issuer.input.value.trim();
      if (typed === null) key.fail(said.keyWrong);
      if (name === '') issuer.fail(said.issuerWrong);
      if (typed === null || name === '') return;
      app.invite({
        kind: 'other',
        issuer: name,
        account: account.input.value.trim(),
        otp: { key: typed, digits: 6, period: 30, algorithm: 'sha1' },
      });
    },
    issuer.root,
    account.root,
    key.root,
  );
  sending.id = 'other';
  return {
    title: said.title,
    back: '#/add',
    body: [element('p', { class: 'intro' }, said.intro), sending],
    low: [button(said.add, { style: 'primary', form: 'other' })],
  };
}
