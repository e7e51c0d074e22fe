/**
 * Owns the question that this app is for: is this you? It stands over whatever is shown, keeps what
 * was typed there, and says what came of the answer. Approving takes the number of the other screen
 * (attack ATK-26); denying and reporting take nothing.
 */
import type {
  AnswerResult,
  Decision,
  PendingRequest,
} from '../../src/methods/notification/protocol.ts';
import type { App } from '../app/hand.ts';
import type { OpenRequest } from '../app/state.ts';
import { element, fill, newId, type Child } from '../ui/element.ts';
import { button, field, form, secretField } from '../ui/form.ts';
import { icon, type IconName } from '../ui/icon.ts';
import { facts, notice } from '../ui/notice.ts';
import { ring } from '../ui/ring.ts';
import type { PairedAccount } from '../vault/account.ts';

export interface RequestDialog {
  readonly requestId: string;
  tick(now: number): void;
  /** The list of what waits has changed. */
  update(stillWaits: boolean, others: number): void;
  /** Takes it away without a word, unless it was answered here: then that can be read on. */
  answeredElsewhere(): void;
}

/** Shows a request, until it is answered or over and the person has read so. */
export function openRequest(
  app: App,
  { request, endsAt }: OpenRequest,
  account: PairedAccount,
  onClosed: () => void,
): RequestDialog {
  const { words, region } = app;
  const said = wordsFor(request, words);
  const headingId = newId('request');
  const time = ring(48);
  const wholeMs = Math.max(1, request.expiresAt - request.askedAt);
  const spoken = element('span', { class: 'hidden', role: 'status' });
  const content = element('div', { class: 'dialog-content' });
  const dialog = element('dialog', { class: 'request', 'aria-labelledby': headingId }, content);
  const titleBefore = document.title;
  const returnTo = document.activeElement;
  let isDecided = false;
  let isAnsweredHere = false;
  let isSending = false;
  let lastSpoken = '';

  const more = element('p', { class: 'hint', hidden: true });
  const fault = element('div', { role: 'alert' });
  const number = field({
    label: said.number,
    hint: said.numberHint,
    class: 'number',
    attributes: {
      name: 'number',
      inputmode: 'numeric',
      pattern: '[0-9]*',
      maxlength: 2,
      autocomplete: 'off',
      enterkeyhint: 'done',
    },
  });
  const pin = account.device.pin
    ? secretField({
        label: said.pin,
        words,
        attributes: {
          name: 'pin',
          inputmode: 'numeric',
          maxlength: 8,
          autocomplete: 'off',
          enterkeyhint: 'done',
        },
      })
    : undefined;

  const close = (): void => {
    dialog.close();
    dialog.remove();
    document.title = titleBefore;
    if (returnTo instanceof HTMLElement && returnTo.isConnected) returnTo.focus();
    onClosed();
  };

  const end = (result: Exclude<AnswerResult, 'wrong-pin'>): void => {
    isDecided = true;
    app.dispatch({ kind: 'answered', requestId: request.id });
    const { kind, sign } = looks[result];
    const heading = element('h2', { id: headingId, tabindex: '-1' }, said.results[result].title);
    fill(
      content,
      element(
        'div',
        { class: `outcome ${kind}` },
        icon(sign, 72),
        heading,
        element('p', {}, said.results[result].body),
      ),
      more,
      element('div', { class: 'low' }, button(words.close, { style: 'primary', press: close })),
    );
    document.title = said.results[result].title;
    heading.focus();
  };

  const send = async (decision: Decision): Promise<void> => {
    if (isSending) return;
    fill(fault);
    number.fail(null);
    pin?.fail(null);
    const typed = { number: '', pin: '' };
    if (decision === 'approve') {
      typed.number = number.input.value.trim();
      typed.pin = pin?.input.value ?? '';
      const isPinFine = pin === undefined || /^\d{4,8}$/.test(typed.pin);
      if (!isPinFine) pin.fail(said.pinWrong);
      if (!/^\d\d$/.test(typed.number)) return number.fail(said.numberWrong);
      if (!isPinFine) return;
    }
    isSending = true;
    isAnsweredHere = true;
    const answer = await app.lineOf(account).answer(request.id, decision, typed);
    isSending = false;
    if (answer.kind === 'ok') {
      if (answer.value !== 'wrong-pin') return end(answer.value);
      isAnsweredHere = false;
      if (pin !== undefined) pin.input.value = '';
      return pin?.fail(said.pinRefused);
    }
    if (answer.kind === 'refused' && answer.error !== 'too-many') return end('refused');
    const why = answer.kind === 'refused' ? words.pairing.tooMany : said.unreachable;
    isAnsweredHere = false;
    fill(fault, notice('error', element('p', {}, why)));
  };

  const ask = (): void => {
    fill(
      content,
      element(
        'div',
        { class: 'request-top' },
        element('div', {}, element('p', { class: 'eyebrow' }, account.organisation)),
        time.root,
        spoken,
      ),
      element('h2', { id: headingId }, request.isTest ? said.testTitle : said.title),
      element(
        'p',
        { class: 'intro' },
        request.isTest ? said.test : said.intro(account.userPrincipalName),
      ),
      details(request, said, region),
      form(
        async (submitter) => send(decisionOf(submitter)),
        fault,
        number.root,
        pin?.root,
        element(
          'div',
          { class: 'low' },
          element(
            'div',
            { class: 'decide' },
            button(said.approve, { style: 'primary', value: 'approve' }),
            button(said.deny, { style: 'secondary', value: 'deny' }),
          ),
          element(
            'div',
            { class: 'split' },
            button(said.report, { style: 'danger-link', press: confirmReport }),
            button(said.later, { style: 'link', press: setAside }),
          ),
        ),
        more,
      ),
    );
    number.input.focus();
  };

  const confirmReport = (): void => {
    const heading = element('h2', { id: headingId, tabindex: '-1' }, said.reportTitle);
    fill(
      content,
      heading,
      details(request, said, region),
      notice('warning', element('p', {}, said.reportBody)),
      form(
        async () => send('report'),
        fault,
        element(
          'div',
          { class: 'low' },
          button(said.reportButton, { style: 'danger' }),
          button(said.reportBack, { style: 'secondary', press: ask }),
        ),
      ),
    );
    heading.focus();
  };

  const setAside = (): void => {
    app.dispatch({ kind: 'set-aside', requestId: request.id });
    close();
  };

  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    if (isDecided) close();
    else setAside();
  });
  document.body.append(dialog);
  ask();
  dialog.showModal();
  number.input.focus();
  document.title = `${request.isTest ? said.testTitle : said.title} – ${words.app}`;

  return {
    requestId: request.id,
    tick: (now) => {
      if (isDecided) return;
      const left = endsAt - now;
      const seconds = Math.max(0, Math.ceil(left / 1000));
      time.show(left / wholeMs, seconds);
      // Read out rarely: at the start, at half a minute, and near the end.
      const mark = seconds <= 10 ? '10' : seconds <= 30 ? '30' : '60';
      if (mark !== lastSpoken) {
        lastSpoken = mark;
        spoken.textContent = words.seconds(seconds);
      }
      if (left <= 0 && !isSending) end('over');
    },
    update: (stillWaits, others) => {
      more.hidden = others === 0;
      more.textContent = others === 0 ? '' : said.more(others);
      if (!stillWaits && !isDecided && !isSending) end('over');
    },
    answeredElsewhere: () => {
      if (!isAnsweredHere) close();
    },
  };
}

const looks: Readonly<
  Record<Exclude<AnswerResult, 'wrong-pin'>, { readonly kind: string; readonly sign: IconName }>
> = {
  approved: { kind: 'success', sign: 'success' },
  denied: { kind: 'calm', sign: 'shield' },
  reported: { kind: 'calm', sign: 'shield' },
  'wrong-number': { kind: 'error', sign: 'error' },
  locked: { kind: 'error', sign: 'error' },
  over: { kind: 'calm', sign: 'clock' },
  refused: { kind: 'error', sign: 'error' },
};

function decisionOf(submitter: HTMLElement | null): Decision {
  return submitter instanceof HTMLButtonElement && submitter.value === 'deny' ? 'deny' : 'approve';
}

/** A reset is said to be one, wherever its words are not those of a sign-in. */
function wordsFor({ purpose }: PendingRequest, { request }: App['words']): Said {
  const { reset, ...ofSignIn } = request;
  return purpose === 'reset'
    ? { ...ofSignIn, ...reset, results: { ...ofSignIn.results, ...reset.results } }
    : ofSignIn;
}

type Said = Omit<App['words']['request'], 'reset'>;

function details(request: PendingRequest, said: Said, region: string): Child {
  const asked = new Intl.DateTimeFormat(region, { timeStyle: 'medium' }).format(request.askedAt);
  return facts(
    request.application === undefined
      ? null
      : [said.application, request.application ?? said.ownPages],
    [said.browser, request.browser === '' ? said.unknown : request.browser],
    request.address === undefined ? null : [said.address, request.address],
    [said.asked, element('time', { datetime: new Date(request.askedAt).toISOString() }, asked)],
  );
}
