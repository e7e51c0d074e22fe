/**
 * <code-input digits="6" [auto-submit]>: around one real field for a verification code. Keeps
 * digits only, finds the code in whatever is pasted, and sends the form at the last digit if told.
 */
class CodeInput extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector('input');
    if (input === null) return;
    const digits = Number(this.getAttribute('digits'));
    const clean = (text: string): string =>
      text.normalize('NFKC').replace(/\D/g, '').slice(0, digits);

    // "Your code is 123 456, valid for 3 minutes": the run of the right length is meant.
    const run = new RegExp(`(?:^|\\D)((?:\\d[ -]?){${digits - 1}}\\d)(?!\\d)`);
    input.addEventListener('paste', (event) => {
      const pasted = (event.clipboardData?.getData('text') ?? '').normalize('NFKC');
      const found = run.exec(pasted)?.[1];
      if (found === undefined) return;
      event.preventDefault();
      input.value = clean(found);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });

    let sent = '';
    input.addEventListener('input', (event) => {
      // While an input method is composing, its text is not ours to change.
      if (event instanceof InputEvent && event.isComposing) return;
      const kept = clean(input.value);
      if (kept !== input.value) input.value = kept;
      if (this.hasAttribute('auto-submit') && kept.length === digits && kept !== sent) {
        sent = kept;
        input.form?.requestSubmit();
      }
    });
  }
}

customElements.define('code-input', CodeInput);
