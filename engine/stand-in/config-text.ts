/** A value of the configuration as Pulumi hands it to programs: texts as they are, anything else as JSON. */
export const configText = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);
