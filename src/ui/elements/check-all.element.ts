/**
 * <check-all>: around a link that loads the page with every box ticked, in the form whose boxes it
 * means. The link becomes a box of its own, which ticks them at once, and shows what is ticked now.
 */
class CheckAll extends HTMLElement {
  connectedCallback(): void {
    const link = this.querySelector('a');
    const form = this.closest('form');
    if (link === null || form === null) return;
    const id = 'check-all';
    const all = document.createElement('input');
    all.type = 'checkbox';
    all.id = id;
    all.autocomplete = 'off';
    const label = document.createElement('label');
    label.htmlFor = id;
    label.textContent = link.textContent;
    const check = document.createElement('div');
    check.className = 'check';
    check.append(all, label);
    link.replaceWith(check);

    const boxes = (): readonly HTMLInputElement[] =>
      [...form.querySelectorAll<HTMLInputElement>('input[type=checkbox]')].filter(
        (box) => box !== all && !box.hasAttribute('data-alone'),
      );
    const show = (): void => {
      const ticked = boxes().filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
    };
    form.addEventListener('change', (event) => {
      if (event.target === all) for (const box of boxes()) box.checked = all.checked;
      show();
    });
    // Whoever comes back finds the boxes as they were left: the browser ticks them after this.
    window.addEventListener('pageshow', show);
    show();
  }
}

customElements.define('check-all', CheckAll);
