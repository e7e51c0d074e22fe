/** Owns forms: a field with its label, hint and fault; a button that is busy; one that is sent once. */
import { element, fill, newId, type Child } from './element.ts';
import { icon, type IconName } from './icon.ts';

export interface Field {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  /** Says what is wrong and takes the focus; null: nothing is. */
  fail(message: string | null): void;
}

/** One line of text with its label. `attributes` are those of the input. */
export function field(options: {
  readonly label: string;
  readonly hint?: string;
  readonly class?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** What stands below the input. */
  readonly below?: Child;
}): Field {
  const id = newId('field');
  const input = element('input', {
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    ...options.attributes,
    id,
    class: 'input',
  });
  const fault = element('p', { class: 'fault', id: `${id}-fault`, hidden: true });
  const hint =
    options.hint === undefined
      ? null
      : element('p', { class: 'hint', id: `${id}-hint` }, options.hint);
  const describe = (isWrong: boolean): void => {
    const ids = [...(hint === null ? [] : [hint.id]), ...(isWrong ? [fault.id] : [])];
    if (ids.length === 0) input.removeAttribute('aria-describedby');
    else input.setAttribute('aria-describedby', ids.join(' '));
  };
  describe(false);
  return {
    root: element(
      'div',
      { class: `field ${options.class ?? ''}` },
      element('label', { for: id }, options.label),
      hint,
      fault,
      input,
      options.below,
    ),
    input,
    fail: (message) => {
      fill(fault, message === null ? null : icon('error', 16), message);
      fault.hidden = message === null;
      input.toggleAttribute('aria-invalid', message !== null);
      if (message !== null) input.setAttribute('aria-invalid', 'true');
      describe(message !== null);
      if (message !== null) input.focus();
    },
  };
}

/** A field for a secret, with a button that shows what was typed. */
export function secretField(options: {
  readonly label: string;
  readonly hint?: string;
  readonly words: { readonly show: string; readonly hide: string };
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  readonly below?: Child;
}): Field {
  const made = field({ ...options, attributes: { ...options.attributes, type: 'password' } });
  const { input } = made;
  const toggle = element(
    'button',
    {
      class: 'button link compact',
      type: 'button',
      'aria-label': `${options.words.show}: ${options.label}`,
      press: () => {
        const isHidden = input.type === 'password';
        input.type = isHidden ? 'text' : 'password';
        const word = isHidden ? options.words.hide : options.words.show;
        toggle.textContent = word;
        toggle.setAttribute('aria-label', `${word}: ${options.label}`);
      },
    },
    options.words.show,
  );
  const beside = element('div', { class: 'beside' });
  input.replaceWith(beside);
  beside.append(input, toggle);
  return made;
}

/** A form that does its work once at a time; its buttons are busy meanwhile. */
export function form(
  work: (submitter: HTMLElement | null) => Promise<void>,
  ...children: readonly Child[]
): HTMLFormElement {
  const made = element('form', { novalidate: true }, ...children);
  let isBusy = false;
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    const { submitter } = event;
    submitter?.setAttribute('aria-busy', 'true');
    void work(submitter).finally(() => {
      isBusy = false;
      submitter?.removeAttribute('aria-busy');
    });
  });
  return made;
}

export type ButtonStyle = 'primary' | 'secondary' | 'danger' | 'link' | 'danger-link';

/** A button; without `press` it sends its form. */
export function button(
  label: string,
  options: {
    readonly style: ButtonStyle;
    readonly press?: () => void;
    readonly icon?: IconName;
    readonly value?: string;
    readonly form?: string;
  },
): HTMLButtonElement {
  return element(
    'button',
    {
      class: `button ${options.style.replace('-link', ' link')}`,
      type: options.press === undefined ? 'submit' : 'button',
      press: options.press,
      value: options.value,
      form: options.form,
    },
    options.icon === undefined ? null : icon(options.icon),
    label,
  );
}
