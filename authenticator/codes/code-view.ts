/** Owns a code as it is shown: large, with its ring, copied with a tap. */
import { element } from '../ui/element.ts';
import { icon } from '../ui/icon.ts';
import { ring } from '../ui/ring.ts';
import { titleOf, type Account } from '../vault/account.ts';
import type { Words } from '../words.ts';
import { codeAt, grouped, leftOf } from './code.ts';

export interface CodeView {
  readonly root: HTMLElement;
  tick(now: number): void;
}

/** The code of an account. It changes by itself as long as it is ticked. */
export function codeView(
  account: Account,
  options: { readonly words: Words; readonly say: (text: string) => void },
): CodeView {
  const { words, say } = options;
  const { otp } = account;
  const digits = element('span', { class: 'digits' }, '––– –––');
  const time = ring(40);
  let code = '';
  let shownStep = -1;

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(code);
      root.classList.add('copied');
      setTimeout(() => root.classList.remove('copied'), 1_500);
      say(words.home.copiedLong(titleOf(account)));
    } catch {
      say(words.home.cannotCopy);
    }
  };
  const root = element(
    'button',
    { class: 'code', type: 'button', press: () => void copy() },
    digits,
    element('span', { class: 'hidden' }, words.home.copy(titleOf(account))),
    element('span', { class: 'copy-sign' }, icon('copy', 16)),
    time.root,
  );

  const show = async (now: number): Promise<void> => {
    code = await codeAt(otp, now);
    digits.textContent = grouped(code);
  };

  return {
    root,
    tick: (now) => {
      const left = leftOf(otp, now);
      time.show(left / (otp.period * 1000), Math.ceil(left / 1000));
      const step = Math.floor(now / 1000 / otp.period);
      if (step === shownStep) return;
      shownStep = step;
      void show(now);
    },
  };
}
