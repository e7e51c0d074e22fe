/** How much a proof is worth. `knowledge` never counts as a second step (NIST SP 800-63B-4 §3). */
export type Strength = 'knowledge' | 'possession' | 'phishing-resistant';

const order: readonly Strength[] = ['knowledge', 'possession', 'phishing-resistant'];

/** Whether `strength` is at least `required`. */
export function isAtLeast(strength: Strength, required: Strength): boolean {
  return order.indexOf(strength) >= order.indexOf(required);
}

/** Sorts the strongest first. */
export function byStrength(one: Strength, other: Strength): number {
  return order.indexOf(other) - order.indexOf(one);
}
