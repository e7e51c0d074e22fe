/** Owns making a backup and restoring one. The file never leaves the phone by itself. */
import { element, fill, newId } from '../ui/element.ts';
import { button, form, secretField } from '../ui/form.ts';
import { icon } from '../ui/icon.ts';
import { notice } from '../ui/notice.ts';
import { isSame } from '../vault/account.ts';
import { isBackup, makeBackup, readBackup } from '../vault/backup.ts';
import { keepForGood } from '../vault/database.ts';
import { shortestPassphrase, strengthOf } from '../vault/passphrase.ts';
import type { App, Screen } from './hand.ts';

const largestFile = 1_000_000;

export function backupScreen(app: App): Screen {
  const { words } = app;
  const said = words.backup;
  if (app.state().accounts.length === 0) {
    return {
      title: said.title,
      back: '#/settings',
      body: [notice('info', element('p', {}, said.none))],
    };
  }
  const strength = element('p', { class: 'strength', role: 'status' });
  const passphrase = secretField({
    label: said.passphrase,
    hint: said.passphraseHint(shortestPassphrase),
    words,
    attributes: { autocomplete: 'new-password', name: 'passphrase' },
    below: strength,
  });
  const again = secretField({
    label: said.again,
    words,
    attributes: { autocomplete: 'new-password', name: 'again' },
  });
  passphrase.input.addEventListener('input', () => {
    const found = strengthOf(passphrase.input.value);
    const isTyped = passphrase.input.value !== '';
    strength.className = `strength ${isTyped ? found : ''}`;
    fill(
      strength,
      isTyped ? element('span', { class: 'bars', 'aria-hidden': 'true' }) : null,
      isTyped ? `${said.strengthLabel} ${said.strength[found]}` : null,
    );
  });

  const save = async (): Promise<void> => {
    passphrase.fail(null);
    again.fail(null);
    const { value } = passphrase.input;
    const found = strengthOf(value);
    if (found === 'too-short') return passphrase.fail(said.tooShort(shortestPassphrase));
    if (found === 'weak') return passphrase.fail(said.tooWeak);
    if (again.input.value !== value) return again.fail(said.differs);
    const text = await makeBackup(app.state().accounts, value);
    download(`${said.fileName}-${new Date().toISOString().slice(0, 10)}.json`, text);
    app.go('#/settings');
    app.say(said.done);
  };
  const sending = form(save, passphrase.root, again.root);
  sending.id = 'backup';
  return {
    title: said.title,
    back: '#/settings',
    body: [
      element('p', { class: 'intro' }, said.intro),
      element('p', { class: 'intro' }, said.keys),
      sending,
    ],
    low: [button(said.button, { style: 'primary', icon: 'download', form: 'backup' })],
  };
}

export function restoreScreen(app: App): Screen {
  const { words } = app;
  const said = words.restore;
  const id = newId('file');
  const fault = element('p', { class: 'fault', id: `${id}-fault`, hidden: true });
  const file = element('input', {
    id,
    type: 'file',
    class: 'input',
    accept: '.json,application/json',
    'aria-describedby': fault.id,
  });
  const failFile = (message: string | null): void => {
    fill(fault, message === null ? null : icon('error', 16), message);
    fault.hidden = message === null;
    if (message !== null) file.focus();
  };
  const passphrase = secretField({
    label: said.passphrase,
    words,
    attributes: { autocomplete: 'current-password', name: 'passphrase' },
  });
  const place = element('div', { class: 'stack' });
  const low = element('div', { class: 'actions' }, restoreButton());

  const restore = async (): Promise<void> => {
    failFile(null);
    passphrase.fail(null);
    const chosen = file.files?.[0];
    if (chosen === undefined) return failFile(said.fileMissing);
    const text = chosen.size > largestFile ? '' : await chosen.text();
    if (passphrase.input.value === '' && isBackup(text)) {
      return passphrase.fail(said.passphraseMissing);
    }
    const found = await readBackup(text, passphrase.input.value, () => crypto.randomUUID());
    switch (found.kind) {
      case 'unreadable':
        return failFile(said.unreadable);
      case 'newer':
        return failFile(said.newer);
      case 'wrong-passphrase':
        return passphrase.fail(said.wrong);
      case 'accounts': {
        let back = 0;
        await app.change((accounts) => {
          const missing = found.accounts.filter(
            (restored) => !accounts.some((account) => isSame(account, restored)),
          );
          back = missing.length;
          return [...accounts, ...missing];
        });
        void keepForGood();
        const mustRegister = found.accounts.some(({ kind }) => kind === 'tweestap');
        fill(
          place,
          notice(
            'success',
            element('p', {}, said.done(back)),
            back === found.accounts.length ? null : element('p', {}, said.kept),
          ),
          mustRegister ? notice('info', element('p', {}, said.again)) : null,
        );
        fill(low, element('a', { class: 'button primary', href: '#/' }, said.finish));
        app.conclude(said.doneTitle);
      }
    }
  };
  const sending = form(
    restore,
    element('div', { class: 'field' }, element('label', { for: id }, said.file), fault, file),
    passphrase.root,
  );
  sending.id = 'restore';
  place.append(element('p', { class: 'intro' }, said.intro), sending);
  return { title: said.title, back: '#/settings', body: [place], low: [low] };

  function restoreButton(): HTMLButtonElement {
    return button(said.button, { style: 'primary', icon: 'upload', form: 'restore' });
  }
}

function download(name: string, text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = element('a', { href, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
