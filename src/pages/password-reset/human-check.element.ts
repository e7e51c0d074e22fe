/**
 * <human-check>: around the hidden field that carries a question of altcha's protocol. Finds the
 * number behind it while the name is typed, and holds the form back until it has. Where the browser
 * cannot hash (no secure context), the form goes as it is: then its person waits a little instead.
 */
class HumanCheck extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector('input');
    const form = input?.form;
    // Outside secure contexts a browser does not hash.
    if (input === null || form === null || form === undefined || !window.isSecureContext) return;
    const { subtle } = crypto;

    let isDone = false;
    let waiting: HTMLElement | null | undefined;
    const done = (): void => {
      isDone = true;
      if (waiting !== undefined) form.requestSubmit(waiting);
    };
    form.addEventListener('submit', (event) => {
      if (isDone) return;
      event.preventDefault();
      waiting = event.submitter;
      waiting?.setAttribute('aria-busy', 'true');
    });
    // Whatever goes wrong with it must not keep anybody from going on.
    void this.#solve(input, subtle)
      .catch(() => undefined)
      .finally(done);
  }

  async #solve(input: HTMLInputElement, subtle: SubtleCrypto): Promise<void> {
    const asked: { challenge: string; salt: string; maxnumber: number } = JSON.parse(
      atob(input.value),
    );
    const encoder = new TextEncoder();
    const wanted = (asked.challenge.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
    const isRight = async (number: number): Promise<boolean> => {
      const text = encoder.encode(`${asked.salt}${number}`);
      const hash = new Uint8Array(await subtle.digest('SHA-256', text));
      return wanted.every((byte, index) => byte === hash[index]);
    };
    const atOnce = 250;
    for (let from = 0; from <= asked.maxnumber; from += atOnce) {
      const numbers = Array.from({ length: atOnce }, (_, index) => from + index);
      const found = (await Promise.all(numbers.map(isRight))).indexOf(true);
      if (found === -1) {
        // Whoever types meanwhile comes first.
        await new Promise((resolve) => setTimeout(resolve));
        continue;
      }
      input.value = btoa(JSON.stringify({ ...asked, number: from + found }));
      return;
    }
  }
}

customElements.define('human-check', HumanCheck);
