/** A configuration value as Pulumi passes it to programs: objects and lists as JSON, other values as text. */
export const configText = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);
