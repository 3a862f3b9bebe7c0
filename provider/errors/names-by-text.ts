/** What is the same for several once, with the names of all of them, in the order of their first. */
export function namesByText(said: readonly { name: string; text: string }[]): [text: string, names: string][] {
  const byText = new Map<string, string[]>();
  for (const { name, text } of said) byText.set(text, [...(byText.get(text) ?? []), name]);
  return [...byText].map(([text, names]) => [text, names.join(", ")]);
}
