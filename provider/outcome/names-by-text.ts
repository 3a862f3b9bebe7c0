import { causeKey } from "../errors/fault-of-every-call";

/**
 * Each text once, with all names that it holds for, in the order of their first. Of a fault of every call, such as expired credentials,
 * the first text stands for all.
 */
export function namesByText(details: readonly { name: string; text: string }[]): [text: string, names: string[]][] {
  const byCause = new Map<string, { text: string; names: string[] }>();
  for (const { name, text } of details) {
    const known = byCause.get(causeKey(text)) ?? { text, names: [] };
    known.names.push(name);
    byCause.set(causeKey(text), known);
  }
  return [...byCause.values()].map(({ text, names }) => [text, names]);
}
