/** Each text once, with all names that it holds for, in the order of their first. */
export function namesByText(details: readonly { name: string; text: string }[]): [text: string, names: string][] {
  const byText = new Map<string, string[]>();
  for (const { name, text } of details) byText.set(text, [...(byText.get(text) ?? []), name]);
  return [...byText].map(([text, names]) => [text, names.join(", ")]);
}
