/**
 * <told-at-once url>: around a checkbox of a form that may never be sent, because the page moves on by
 * itself: whether it is ticked is told there at once (`no` where it is not), with the form's CSRF
 * token. Without script it counts with the form.
 */
class ToldAtOnce extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener('change', (event) => {
      const box = event.target;
      if (!(box instanceof HTMLInputElement) || box.form === null) return;
      const body = new URLSearchParams();
      const csrf = new FormData(box.form).get('csrf');
      if (typeof csrf === 'string') body.set('csrf', csrf);
      body.set(box.name, box.checked ? box.value : 'no');
      // It is said again with the form: whoever lost the network for a moment loses nothing.
      void fetch(this.getAttribute('url') ?? '', {
        method: 'POST',
        body,
        redirect: 'manual',
        keepalive: true,
      }).catch(() => undefined);
    });
  }
}

customElements.define('told-at-once', ToldAtOnce);
