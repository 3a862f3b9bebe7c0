/** Maximum number of names in a sentence. */
const MAX_NAMES = 10;

/** `a, b, c and 12 more`. */
export function listed(items: readonly string[]): string {
  const rest = items.length - MAX_NAMES;
  return rest > 0 ? `${items.slice(0, MAX_NAMES).join(", ")} and ${rest} more` : items.join(", ");
}
