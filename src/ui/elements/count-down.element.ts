/**
 * <count-down now until text ended [total] [href] [enable]>: counts down from the server's clock.
 * Draws the ring if there is one, says the time aloud at a few moments only, and at the end tells
 * what is around it (`time-up`) and opens `href` or frees the button with the id `enable`.
 */
class CountDown extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    const attribute = (name: string): string => this.getAttribute(name) ?? '';
    const shown = this.querySelector('.time');
    const said = this.querySelector('[role=status]');
    const ring = this.querySelector('.left');
    const ringLength = Number(ring?.getAttribute('stroke-dasharray'));
    const total = Number(attribute('total'));
    const lag = Date.now() - Date.parse(attribute('now'));
    const until = Date.parse(attribute('until')) + lag;
    const held = document.getElementById(attribute('enable'));
    const sentence = (time: string): string => attribute('text').replace('{time}', time);
    let before = Infinity;

    const tick = (): void => {
      const milliseconds = Math.max(0, until - Date.now());
      const left = Math.ceil(milliseconds / 1000);
      if (shown !== null) shown.textContent = left > 0 ? sentence(clock(left)) : attribute('ended');
      ring?.setAttribute('stroke-dashoffset', String(ringLength * (1 - left / total)));
      if (said !== null && left !== before) {
        if (before === Infinity || left === 0 || moments.includes(left)) {
          said.textContent = left > 0 ? sentence(spoken(left)) : attribute('ended');
        }
      }
      before = left;
      held?.toggleAttribute('disabled', left > 0);
      if (left > 0) {
        this.#timer = window.setTimeout(tick, milliseconds % 1000 || 1000);
        return;
      }
      this.dispatchEvent(new Event('time-up', { bubbles: true }));
      if (this.hasAttribute('href')) {
        window.location.replace(attribute('href'));
      }
    };
    tick();
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.#timer);
  }
}

/** Seconds at which the time is said aloud. */
const moments = [60, 30, 10];

function clock(seconds: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

function spoken(seconds: number): string {
  const whole = seconds % 60 === 0;
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: 'unit',
    unit: whole ? 'minute' : 'second',
    unitDisplay: 'long',
  }).format(whole ? seconds / 60 : seconds);
}

customElements.define('count-down', CountDown);
