/** <keep-sheet file text>: around what is shown once and two hidden buttons, which print and save it. */
class KeepSheet extends HTMLElement {
  connectedCallback(): void {
    const on = (name: string, act: () => void): void => {
      const button = this.querySelector<HTMLButtonElement>(`button[name=${name}]`);
      if (button === null) return;
      button.hidden = false;
      button.addEventListener('click', act);
    };
    on('print', () => window.print());
    on('download', () => {
      // Made here: an address that held the text would stay in the browser's history.
      const text = new Blob([this.getAttribute('text') ?? ''], { type: 'text/plain' });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(text);
      link.download = this.getAttribute('file') ?? '';
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
  }
}

customElements.define('keep-sheet', KeepSheet);
