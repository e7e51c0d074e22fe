/** Owns the ring that shows how much time is left. It is for the eye; words say the same elsewhere. */
import { drawn } from './element.ts';

export interface Ring {
  readonly root: SVGSVGElement;
  /** How much is left, 0 to 1, and the seconds in its middle. */
  show(left: number, seconds: number): void;
}

export function ring(size: number): Ring {
  const circle = { cx: 20, cy: 20, r: 17, pathLength: 100 };
  const rest = drawn('circle', { ...circle, class: 'ring-left', transform: 'rotate(-90 20 20)' });
  const number = drawn('text', { x: 20, y: 20, class: 'ring-number' });
  const root = drawn(
    'svg',
    { class: 'ring', width: size, height: size, viewBox: '0 0 40 40', 'aria-hidden': 'true' },
    drawn('circle', { ...circle, class: 'ring-whole' }),
    rest,
    number,
  );
  return {
    root,
    show: (left, seconds) => {
      rest.setAttribute('stroke-dasharray', `${Math.max(0, Math.min(1, left)) * 100} 100`);
      number.textContent = String(seconds);
      root.classList.toggle('soon', left < 0.2);
    },
  };
}
