/** So many names are enough in a sentence. */
const NAMED = 10;

/** `a, b, c and 12 more`. */
export function listed(items: readonly string[]): string {
  const rest = items.length - NAMED;
  return rest > 0 ? `${items.slice(0, NAMED).join(", ")} and ${rest} more` : items.join(", ");
}
