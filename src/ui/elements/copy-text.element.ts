/** <copy-text text copied failed>: around a text and a hidden button, which copies it. */
class CopyText extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button');
    const status = this.querySelector('[role=status]');
    if (button === null || status === null) return;
    let quiet = 0;
    const say = (text: string | null): void => {
      status.textContent = text;
      window.clearTimeout(quiet);
      quiet = window.setTimeout(() => {
        status.textContent = '';
      }, 5000);
    };
    const copy = async (): Promise<void> => {
      try {
        await navigator.clipboard.writeText(this.getAttribute('text') ?? '');
        say(this.getAttribute('copied'));
      } catch {
        // Without https there is no clipboard: at least the text is selected.
        const text = this.querySelector('code, ol');
        if (text !== null) getSelection()?.selectAllChildren(text);
        say(this.getAttribute('failed'));
      }
    };
    button.hidden = false;
    button.addEventListener('click', () => void copy());
  }
}

customElements.define('copy-text', CopyText);
