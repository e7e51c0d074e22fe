/** <show-password>: around a password field and a hidden button, which shows what was typed. */
class ShowPassword extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector('input');
    const button = this.querySelector('button');
    if (input === null || button === null) return;
    const show = (shown: boolean): void => {
      const words = button.dataset;
      input.type = shown ? 'text' : 'password';
      button.textContent = (shown ? words['hide'] : words['show']) ?? '';
      button.ariaLabel = (shown ? words['hideLabel'] : words['showLabel']) ?? '';
    };
    button.hidden = false;
    button.addEventListener('click', () => {
      show(input.type === 'password');
      input.focus();
    });
    // Sent and left as a password, so that browsers keep it as one and never as typed text.
    input.form?.addEventListener('submit', () => show(false));
  }
}

customElements.define('show-password', ShowPassword);
