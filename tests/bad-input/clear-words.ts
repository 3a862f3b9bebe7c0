/** What a program's own fault looks like: it has to be a clear error instead. */
const CRASH =
  /TypeError|ReferenceError|RangeError|SyntaxError|is not a function|undefined \(reading|null \(reading|is not iterable|Cannot read prop|\[object Object\]|Invalid time value/;

/** @throws when what was said names a fault of the program itself, or holds a secret; `what` tells which input it was */
export function expectClear(what: string, said: unknown, secrets: readonly string[]): void {
  const text = JSON.stringify(said);
  if (CRASH.test(text)) throw new Error(`${what}: ${text.slice(0, 2000)}`);
  if (secrets.some((secret) => text.includes(secret))) throw new Error(`${what}: a secret is shown`);
}
