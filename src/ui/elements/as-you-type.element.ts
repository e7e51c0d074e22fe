/**
 * <as-you-type part>: around a form that only looks (`get`). A moment after something was typed or chosen
 * the same page is asked for, and the element whose id is `part` is taken from the answer; the address
 * says the same, so that it can be kept and come back to. Where that fails the form has its button.
 */
class AsYouType extends HTMLElement {
  #timer = 0;
  #asked: AbortController | undefined;

  connectedCallback(): void {
    this.addEventListener('input', this.#typed);
    this.addEventListener('submit', this.#sent);
  }

  disconnectedCallback(): void {
    this.removeEventListener('input', this.#typed);
    this.removeEventListener('submit', this.#sent);
    this.#stop();
  }

  readonly #typed = (event: Event): void => {
    const { target } = event;
    const isTyping = target instanceof HTMLInputElement && target.type !== 'checkbox';
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), isTyping ? 250 : 0);
  };

  // The whole page comes now.
  readonly #sent = (): void => this.#stop();

  #stop(): void {
    window.clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  async #ask(): Promise<void> {
    const form = this.querySelector('form');
    const part = document.getElementById(this.getAttribute('part') ?? '');
    if (form === null || part === null) return;
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const url = new URL(form.action);
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && value !== '') url.searchParams.set(name, value);
    }
    part.setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(url, {
        headers: { accept: 'text/html' },
        redirect: 'error',
        signal: asked.signal,
      });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const fresh = page.getElementById(part.id);
      // What was typed meanwhile is on its way by itself.
      if (fresh === null || asked.signal.aborted) return;
      part.replaceWith(fresh);
      window.history.replaceState(null, '', url);
      this.#say(fresh.querySelector('[data-said]')?.textContent ?? '');
    } catch {
      // The button sends it.
    } finally {
      if (!asked.signal.aborted) part.removeAttribute('aria-busy');
    }
  }

  #say(text: string): void {
    const live = this.querySelector('.live');
    if (live !== null) live.textContent = text;
  }
}

customElements.define('as-you-type', AsYouType);
