/**
 * <await-change url step connection-lost>: asks `url` every second whether the step is still this
 * one, and opens the page anew when it is not. Rests while nobody looks, asks less often while
 * there is no answer. Answers are JSON: `{ step, message?, href? }`.
 */
class AwaitChange extends HTMLElement {
  #timer = 0;
  #asking = false;
  #failures = 0;
  #asked = 0;

  connectedCallback(): void {
    document.addEventListener('visibilitychange', this.#look);
    window.addEventListener('pageshow', this.#look);
    this.#next(1000);
  }

  disconnectedCallback(): void {
    document.removeEventListener('visibilitychange', this.#look);
    window.removeEventListener('pageshow', this.#look);
    window.clearTimeout(this.#timer);
  }

  // Whoever comes back, from the phone's other app or by the back button, wants to know at once. A
  // page just loaded is fresh: asking then would let a page that disagrees with its status spin.
  readonly #look = (event: Event): void => {
    const isFresh = event instanceof PageTransitionEvent && !event.persisted;
    if (!document.hidden && !isFresh) this.#next(0);
  };

  #next(milliseconds: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), milliseconds);
  }

  async #ask(): Promise<void> {
    if (document.hidden || this.#asking || !this.isConnected) return;
    this.#asking = true;
    try {
      const response = await fetch(this.getAttribute('url') ?? '', {
        headers: { accept: 'application/json' },
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      // Gone, or no longer ours to see: the page itself knows what to say.
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        this.#open('');
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const answer: unknown = await response.json();
      this.#failures = 0;
      this.#asked += 1;
      this.#say(text(answer, 'message'));
      if (text(answer, 'step') !== this.getAttribute('step')) {
        this.#open(text(answer, 'href'));
        return;
      }
    } catch {
      this.#failures += 1;
      // Once is nothing: phones lose their network when they change masts.
      if (this.#failures > 1) this.#say(this.getAttribute('connection-lost') ?? '');
    } finally {
      this.#asking = false;
    }
    const pace = this.#asked < 90 ? 1000 : 3000;
    this.#next(Math.min(16_000, pace * 2 ** this.#failures));
  }

  #say(message: string): void {
    const live = this.querySelector('.live');
    if (live !== null && live.textContent !== message) live.textContent = message;
  }

  #open(href: string): void {
    const here = window.location;
    const target = new URL(href === '' ? here.href : href, here.href);
    target.hash = '';
    here.replace(target.origin === here.origin ? target : here.pathname + here.search);
  }
}

function text(answer: unknown, name: 'step' | 'message' | 'href'): string {
  if (typeof answer !== 'object' || answer === null) return '';
  const value: unknown = Reflect.get(answer, name);
  return typeof value === 'string' ? value : '';
}

customElements.define('await-change', AwaitChange);
