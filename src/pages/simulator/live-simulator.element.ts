/**
 * <live-simulator url seen>: around the phones and the mailbox. Asks `url` whether something changed
 * since `seen` and replaces the parts that did; what is typed, focused or opened stays. Sends the
 * forms inside without leaving the page. Without script the same forms lead back to the page.
 */
class LiveSimulator extends HTMLElement {
  #timer = 0;
  #asking = false;
  #failures = 0;
  /** Each part as the server drew it last, by id. */
  readonly #drawn = new Map<string, string>();

  connectedCallback(): void {
    for (const part of this.querySelectorAll('[data-part]'))
      this.#drawn.set(part.id, part.outerHTML);
    for (const part of this.querySelectorAll('[data-part]')) toTheEnd(part);
    // Before the form hears of it: a form that is sent here is not sent by the browser as well.
    this.addEventListener('submit', this.#submit, { capture: true });
    document.addEventListener('visibilitychange', this.#look);
    this.#next(pace);
  }

  disconnectedCallback(): void {
    document.removeEventListener('visibilitychange', this.#look);
    window.clearTimeout(this.#timer);
  }

  readonly #look = (): void => {
    if (!document.hidden) this.#next(0);
  };

  #next(milliseconds: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), milliseconds);
  }

  readonly #submit = (event: SubmitEvent): void => {
    const { target, submitter } = event;
    if (!(target instanceof HTMLFormElement)) return;
    event.preventDefault();
    const action = target.getAttribute('action') ?? '';
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(target, submitter)) {
      if (typeof value === 'string') fields.append(name, value);
    }
    for (const field of target.querySelectorAll<HTMLInputElement>('input.input')) field.value = '';
    void this.#send(action, fields);
  };

  async #send(action: string, fields: URLSearchParams): Promise<void> {
    try {
      const response = await fetch(action, {
        method: 'POST',
        body: fields,
        redirect: 'manual',
      });
      // Every form that is understood leads somewhere; 409 only says that the call moved on.
      if (response.type !== 'opaqueredirect' && response.status !== 409) window.location.reload();
    } catch {
      // The next look says whether anybody is there.
    }
    this.#next(0);
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    if (document.hidden || !this.isConnected) return;
    this.#asking = true;
    try {
      const url = new URL(this.getAttribute('url') ?? '', window.location.href);
      url.searchParams.set('seen', this.getAttribute('seen') ?? '');
      const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(10_000) });
      if (response.status === 200) {
        this.#draw(new DOMParser().parseFromString(await response.text(), 'text/html'));
        this.setAttribute('seen', response.headers.get('x-seen') ?? '');
      }
      this.#failures = response.status < 500 ? 0 : this.#failures + 1;
    } catch {
      this.#failures += 1;
    } finally {
      this.#asking = false;
    }
    this.#next(Math.min(16_000, pace * 2 ** this.#failures));
  }

  #draw(fresh: Document): void {
    const status = this.querySelector('#ringing');
    const ringing = fresh.querySelector('#ringing');
    if (status !== null && ringing !== null && status.innerHTML !== ringing.innerHTML) {
      status.replaceChildren(...ringing.childNodes);
    }
    for (const parts of this.querySelectorAll('[data-parts]')) {
      const next = fresh.getElementById(parts.id);
      if (next !== null) this.#drawParts(parts, [...next.children]);
    }
  }

  /** Puts the new parts in their order; one that did not change is not touched. */
  #drawParts(parts: Element, next: readonly Element[]): void {
    const old = new Map([...parts.children].map((part) => [part.id, part]));
    let place = parts.firstElementChild;
    for (const part of next) {
      const drawn = part.outerHTML;
      const before = old.get(part.id);
      old.delete(part.id);
      if (before !== undefined && this.#drawn.get(part.id) === drawn) {
        if (before === place) place = before.nextElementSibling;
        else parts.insertBefore(before, place);
        continue;
      }
      this.#drawn.set(part.id, drawn);
      if (before === undefined) {
        parts.insertBefore(part, place);
      } else {
        if (before === place) place = before.nextElementSibling;
        const keep = remember(before);
        before.replaceWith(part);
        keep(part);
      }
      toTheEnd(part);
    }
    for (const gone of old.values()) gone.remove();
  }
}

const pace = 700;

/** What a person did to a part; gives it back to the part that comes instead. */
function remember(part: Element): (fresh: Element) => void {
  const typed = [...part.querySelectorAll<HTMLInputElement>('input.input')].map(
    (field) => [field.id, field.value] as const,
  );
  const open = [...part.querySelectorAll('details[open]')].map(({ id }) => id);
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const caret = focused instanceof HTMLInputElement ? focused.selectionStart : null;
  return (fresh) => {
    for (const [id, value] of typed) {
      const field = within(fresh, id);
      if (field instanceof HTMLInputElement && value !== '') field.value = value;
    }
    for (const id of open) within(fresh, id)?.setAttribute('open', '');
    if (focused === null) return;
    // The button that was pressed may be gone: then what it led to is next.
    const again = within(fresh, focused.id) ?? fresh.querySelector('[data-focus]');
    const target =
      again instanceof HTMLElement ? again : fresh.querySelector<HTMLElement>('.thread');
    target?.focus({ preventScroll: true });
    if (target instanceof HTMLInputElement && caret !== null)
      target.setSelectionRange(caret, caret);
  };
}

function within(part: Element, id: string): Element | null {
  return id === '' ? null : part.querySelector(`#${CSS.escape(id)}`);
}

/** The newest message is what one wants to see. */
function toTheEnd(part: Element): void {
  for (const list of part.querySelectorAll('.thread, .captions'))
    list.scrollTop = list.scrollHeight;
}

customElements.define('live-simulator', LiveSimulator);
