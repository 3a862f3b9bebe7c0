/** The value of a key, made at its first use. */
export function remember<T>(held: Map<string, T>, key: string, make: () => T): T {
  const found = held.get(key);
  if (found !== undefined) return found;
  const made = make();
  held.set(key, made);
  return made;
}
