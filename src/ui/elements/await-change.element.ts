/**
 * <await-change url events step connection-lost>: asks `url` whether the step is still this one, and
 * opens the page anew when it is not. The stream `events` says when to ask; while it cannot be heard
 * it asks every second. Rests while nobody looks and while a form is being sent, asks less often while
 * there is no answer. Answers are JSON: `{ step, message?, href? }`.
 */
class AwaitChange extends HTMLElement {
  #timer = 0;
  #asking = false;
  #failures = 0;
  #asked = 0;
  #leaving = false;
  #again = false;
  #stream: EventSource | undefined;
  // Whether a word of the stream ever came through: a proxy may open it and then hold it back.
  #hears = false;
  #deafUntil = 0;

  connectedCallback(): void {
    document.addEventListener('visibilitychange', this.#look);
    window.addEventListener('pageshow', this.#look);
    document.addEventListener('submit', this.#leave);
    this.addEventListener('time-up', this.#expire);
    this.#listen();
    // What happened since the page was drawn, and before the stream was open.
    this.#next(1000);
  }

  disconnectedCallback(): void {
    document.removeEventListener('visibilitychange', this.#look);
    window.removeEventListener('pageshow', this.#look);
    document.removeEventListener('submit', this.#leave);
    window.clearTimeout(this.#timer);
    this.#hush();
  }

  // Whoever comes back, from the phone's other app or by the back button, wants to know at once. A
  // page just loaded is fresh: asking then would let a page that disagrees with its status spin.
  readonly #look = (event: Event): void => {
    const isFresh = event instanceof PageTransitionEvent && !event.persisted;
    if (document.hidden) this.#hush();
    if (document.hidden || isFresh) return;
    if (event instanceof PageTransitionEvent) this.#leaving = false;
    if (!this.#leaving) this.#next(0);
  };

  // The answer to the form says where to go on. To open the page now would throw that answer away, and
  // with it the session that it brings.
  readonly #leave = (event: Event): void => {
    if (event.defaultPrevented) return;
    this.#leaving = true;
    this.#hush();
    // An answer that was a file, or that the person stopped, leaves the page standing.
    this.#next(20_000);
  };

  // That the time of what is shown is over happens nowhere, so no stream tells of it.
  readonly #expire = (): void => {
    if (!this.#leaving) this.#next(500);
  };

  #next(milliseconds: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), milliseconds);
  }

  #listen(): void {
    const url = this.getAttribute('events');
    const isTime = performance.now() >= this.#deafUntil;
    if (url === null || this.#stream !== undefined || document.hidden || !isTime) return;
    const stream = new EventSource(url);
    this.#stream = stream;
    let greetings = 0;
    stream.addEventListener('hello', () => {
      this.#hears = true;
      greetings += 1;
      // Something may have happened while it was away.
      if (greetings > 1) this.#next(0);
    });
    stream.addEventListener('changed', () => this.#next(0));
    stream.addEventListener('error', () => {
      if (this.#hears) this.#next(1000);
      this.#hears = false;
      // Most often it comes back by itself; whoever was refused tries again later.
      if (stream.readyState === EventSource.CLOSED) {
        this.#hush();
        this.#deafUntil = performance.now() + 30_000;
      }
    });
  }

  #hush(): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#hears = false;
  }

  async #ask(): Promise<void> {
    if (document.hidden || !this.isConnected) return;
    if (this.#asking) {
      // The answer under way may be of a moment ago.
      this.#again = true;
      return;
    }
    this.#asking = true;
    this.#again = false;
    this.#leaving = false;
    this.#listen();
    try {
      const response = await fetch(this.getAttribute('url') ?? '', {
        headers: { accept: 'application/json' },
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      if (this.#isLeaving()) return;
      // Gone, or no longer ours to see: the page itself knows what to say.
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        this.#open('');
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const answer: unknown = await response.json();
      if (this.#isLeaving()) return;
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
    if (this.#isLeaving()) return;
    const pace = this.#hears ? 10_000 : this.#asked < 90 ? 1000 : 3000;
    this.#next(this.#again ? 0 : Math.min(16_000, pace * 2 ** this.#failures));
  }

  /** Whether a form was sent since it began to ask. */
  #isLeaving(): boolean {
    return this.#leaving;
  }

  #say(message: string): void {
    const live = this.querySelector('.live');
    if (live !== null && live.textContent !== message) live.textContent = message;
  }

  #open(href: string): void {
    this.#hush();
    const here = window.location;
    const target = new URL(href === '' ? here.href : href, here.href);
    target.hash = '';
    here.replace(target.origin === here.origin ? target : here.pathname + here.search);
    // Where the network fails just then, the page stands, and must not wait for ever.
    this.#next(20_000);
  }
}

function text(answer: unknown, name: 'step' | 'message' | 'href'): string {
  if (typeof answer !== 'object' || answer === null) return '';
  const value: unknown = Reflect.get(answer, name);
  return typeof value === 'string' ? value : '';
}

customElements.define('await-change', AwaitChange);
