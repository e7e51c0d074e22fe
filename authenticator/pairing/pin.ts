/** Owns which PINs one may choose: 4 to 8 digits, but none of those that are guessed first. */

export type PinFault = 'shape' | 'guessable';

/** What is wrong with a PIN that somebody chooses; null: nothing. */
export function pinFault(pin: string): PinFault | null {
  if (!/^\d{4,8}$/.test(pin)) return 'shape';
  const steps = new Set<number>();
  for (let at = 1; at < pin.length; at += 1) steps.add(Number(pin[at]) - Number(pin[at - 1]));
  const [step] = steps;
  const isRow = steps.size === 1 && step !== undefined && Math.abs(step) <= 1;
  return isRow || /^(?:19|20)\d\d$/.test(pin) || /^(\d\d)\1+$/.test(pin) ? 'guessable' : null;
}
