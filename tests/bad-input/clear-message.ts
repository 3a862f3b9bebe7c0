/** Messages of programming errors, which a user must never see. */
const CRASH =
  /TypeError|ReferenceError|RangeError|SyntaxError|is not a function|undefined \(reading|null \(reading|is not iterable|Cannot read prop|\[object Object\]|Invalid time value/;

/** @throws Error when `output` contains a programming error or a secret; `what` describes the input */
export function expectClear(what: string, output: unknown, secrets: readonly string[]): void {
  const text = JSON.stringify(output);
  if (CRASH.test(text)) throw new Error(`${what}: ${text.slice(0, 2000)}`);
  if (secrets.some((secret) => text.includes(secret))) throw new Error(`${what}: the output contains a secret`);
}
