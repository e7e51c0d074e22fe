/**
 * Owns adding an account that was scanned, opened or typed: the person agrees, chooses a PIN where the
 * server asks for one, the key is made and bound, and only then are notifications spoken of.
 */
import type { App, Screen } from '../app/hand.ts';
import { installOffer } from '../app/settings-screen.ts';
import { pair } from '../approvals/server-calls.ts';
import { element, fill } from '../ui/element.ts';
import { button, form, secretField } from '../ui/form.ts';
import { icon } from '../ui/icon.ts';
import { facts, notice } from '../ui/notice.ts';
import { isSame, withAccount, type Account } from '../vault/account.ts';
import { keepForGood } from '../vault/database.ts';
import { deviceName } from './device-name.ts';
import type { Invitation } from './link.ts';
import { pinFault } from './pin.ts';

declare const appVersion: string;

type TweestapInvitation = Extract<Invitation, { kind: 'tweestap' }>;
type OtherInvitation = Extract<Invitation, { kind: 'other' }>;

export function pairScreen(app: App, invitation: Invitation): Screen {
  return invitation.kind === 'tweestap'
    ? tweestapScreen(app, invitation)
    : otherServiceScreen(app, invitation);
}

function otherServiceScreen(app: App, invitation: OtherInvitation): Screen {
  const said = app.words.other;
  const { issuer, account, otp } = invitation;
  const added: Account = {
    kind: 'other',
    id: crypto.randomUUID(),
    name: '',
    issuer,
    account,
    otp,
  };
  const replaces = app.state().accounts.some((known) => isSame(known, added));
  const sending = form(async () => {
    await app.change((accounts) => withAccount(accounts, added));
    void keepForGood();
    app.go('#/');
    app.say(app.words.pairing.doneTitle);
  });
  sending.id = 'pair';
  return {
    title: said.confirmTitle,
    back: '#/add',
    body: [
      element('p', { class: 'intro' }, said.confirmBody),
      facts(
        issuer === '' ? null : [said.issuer, issuer],
        account === '' ? null : [said.account, account],
      ),
      replaces ? notice('warning', element('p', {}, said.replaces)) : null,
      sending,
    ],
    low: [
      button(said.add, { style: 'primary', form: 'pair' }),
      element('a', { class: 'button secondary', href: '#/' }, app.words.cancel),
    ],
  };
}

function tweestapScreen(app: App, invitation: TweestapInvitation): Screen {
  const { words } = app;
  const said = words.pairing;
  const { origin, code } = invitation;
  const { host } = new URL(origin);
  const fault = element('div', { role: 'alert' });
  const pinPlace = element('div', { class: 'stack' });
  const body = element('div', { class: 'stack' });
  const low = element('div', { class: 'actions' });
  let pin = '';
  let readPin: (() => string | null) | undefined;

  const fail = (message: string | null): void => {
    fill(fault, message === null ? null : notice('error', element('p', {}, message)));
  };

  const askPin = (): void => {
    const first = secretField({
      label: said.pin,
      words,
      attributes: { inputmode: 'numeric', maxlength: 8, autocomplete: 'off', name: 'pin' },
    });
    const second = secretField({
      label: said.pinAgain,
      words,
      attributes: { inputmode: 'numeric', maxlength: 8, autocomplete: 'off', name: 'pin-again' },
    });
    readPin = () => {
      first.fail(null);
      second.fail(null);
      const found = pinFault(first.input.value);
      if (found !== null) {
        first.fail(found === 'shape' ? said.pinWrong : said.pinGuessable);
        return null;
      }
      if (second.input.value !== first.input.value) {
        second.fail(said.pinDiffers);
        return null;
      }
      return first.input.value;
    };
    fill(
      pinPlace,
      element('h2', {}, said.pinTitle),
      element('p', { class: 'intro' }, said.pinBody),
      first.root,
      second.root,
    );
    first.input.focus();
  };

  const work = async (): Promise<void> => {
    fail(null);
    if (readPin !== undefined) {
      const chosen = readPin();
      if (chosen === null) return;
      pin = chosen;
    }
    const name = deviceName(navigator.userAgent, said.deviceName);
    const details = { origin, code, name, version: appVersion, pin };
    const { answer, signingKey } = await pair(details);
    if (answer.kind === 'unreachable') return fail(said.unreachable(host));
    if (answer.kind === 'refused') {
      switch (answer.error) {
        case 'pin-needed':
          return askPin();
        case 'unknown-code':
          return fail(said.unknownCode);
        case 'too-many':
          return fail(said.tooMany);
        case 'clock':
          return fail(said.clock);
        default:
          return fail(said.refused);
      }
    }
    const { value } = answer;
    const added: Account = {
      kind: 'tweestap',
      id: crypto.randomUUID(),
      name: '',
      origin,
      organisation: value.organisation,
      userPrincipalName: value.userPrincipalName,
      otp: value.otp,
      isRemovedThere: false,
      device: {
        account: value.account,
        signingKey,
        name,
        pin: value.pin,
        pushKey: value.pushKey,
        pushEndpoint: null,
        version: appVersion,
      },
    };
    try {
      await app.change((accounts) => withAccount(accounts, added));
    } catch {
      return fail(said.full);
    }
    void keepForGood();
    done(`${value.organisation} (${value.userPrincipalName})`, value.pushKey !== null);
  };

  const done = (name: string, pushes: boolean): void => {
    fill(
      body,
      element(
        'div',
        { class: 'outcome success' },
        icon('success', 56),
        element('p', {}, said.doneBody(name)),
      ),
      pushes ? notificationOffer(app) : null,
      ...installOffer(app),
    );
    fill(low, element('a', { class: 'button primary', href: '#/' }, said.done));
    app.conclude(said.doneTitle);
  };

  const sending = form(work, pinPlace, fault);
  sending.id = 'pair';
  const agree = (): void => {
    fill(
      body,
      element('p', { class: 'intro' }, said.confirmBody(host)),
      facts([said.url, origin], [said.code, code.replaceAll(/(.{4})(?=.)/g, '$1-')]),
      sending,
    );
    fill(
      low,
      button(said.button, { style: 'primary', form: 'pair' }),
      element('a', { class: 'button secondary', href: '#/' }, words.cancel),
    );
  };

  // What is kept in Safari is not there on the Home Screen, and is gone after a week.
  if (app.installing.state() === 'by-hand-ios') {
    fill(
      body,
      element('h2', {}, words.install.title),
      element('p', {}, words.install.iosWhy),
      element(
        'ol',
        { class: 'steps' },
        ...words.install.iosSteps.map((step) => element('li', {}, element('span', {}, step))),
      ),
      facts([said.url, origin], [said.code, code.replaceAll(/(.{4})(?=.)/g, '$1-')]),
    );
    fill(low, button(words.install.anyway, { style: 'secondary', press: agree }));
  } else {
    agree();
  }
  return { title: said.confirmTitle, back: '#/add', body: [body], low: [low] };
}

/** Asks for notifications where it is clear what for. */
function notificationOffer(app: App): HTMLElement | null {
  const said = app.words.pairing;
  if (app.notifications.state() === 'cannot') return null;
  const place = element('div', { class: 'stack', role: 'status' });
  const tell = (state: Awaited<ReturnType<App['notifications']['allow']>>): void => {
    fill(
      place,
      state === 'on'
        ? notice('success', element('p', {}, said.notifyOn))
        : notice(
            'warning',
            element('p', {}, state === 'failed' ? said.notifyFailed : said.notifyDenied),
          ),
    );
  };
  if (app.notifications.state() === 'denied') tell('denied');
  else if (app.notifications.state() === 'on') void app.notifications.allow().then(tell);
  else {
    fill(
      place,
      notice(
        'info',
        element('p', {}, said.notify),
        button(said.notifyButton, {
          style: 'primary',
          icon: 'bell',
          press: () => void app.notifications.allow().then(tell),
        }),
      ),
    );
  }
  return place;
}
