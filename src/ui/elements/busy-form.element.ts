/**
 * <busy-form>: around a form. Sent once however often it is pressed; the button that was pressed
 * keeps its words and its width and shows that it is busy. `answer="file"`: the page stays, for its
 * answer is a file; so it is busy for a moment only.
 */
class BusyForm extends HTMLElement {
  #pressed: Element | null = null;
  #busy = false;

  connectedCallback(): void {
    this.addEventListener('submit', (event) => {
      if (event.defaultPrevented) return;
      if (this.#busy) {
        event.preventDefault();
        return;
      }
      this.#busy = true;
      // Not `disabled`: a disabled button would not be sent.
      this.#pressed = event.submitter ?? this.querySelector('[type=submit]');
      this.#pressed?.setAttribute('aria-busy', 'true');
      // An answer that was a file, or that the person stopped, leaves the page standing.
      window.setTimeout(this.#ready, this.getAttribute('answer') === 'file' ? 1_500 : 20_000);
    });
    window.addEventListener('pageshow', this.#ready);
  }

  disconnectedCallback(): void {
    window.removeEventListener('pageshow', this.#ready);
  }

  readonly #ready = (): void => {
    this.#busy = false;
    this.#pressed?.removeAttribute('aria-busy');
  };
}

// A form that was refused was drawn in answer to what was sent: whoever comes back to it, or loads it anew,
// would be asked by the browser to send that again. Its address has the form as well.
const [arrival] = performance.getEntriesByType('navigation');
if (arrival instanceof PerformanceNavigationTiming && arrival.responseStatus === 422) {
  history.replaceState(history.state, '', location.href);
}

customElements.define('busy-form', BusyForm);
