/** Owns the question whether what the organisation decides names a group, wherever it names groups. */

/** Whether a policy names this group; it then keeps its name, and nobody else gets into it by theirs. */
export function namesGroup(policy: unknown, name: string, isGroup = false): boolean {
  if (typeof policy === 'string') return isGroup && policy === name;
  if (Array.isArray(policy)) return policy.some((one) => namesGroup(one, name, isGroup));
  if (typeof policy !== 'object' || policy === null) return false;
  return Object.entries(policy).some(([key, value]) =>
    namesGroup(value, name, /groups?$/i.test(key)),
  );
}
