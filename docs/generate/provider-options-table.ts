import { packageSchema } from "./schema/package-schema";

/** The table of the options of the native plugin's provider. */
export function providerOptionsTable(): string {
  const { variables } = packageSchema().config;
  const rows = Object.entries(variables).map(
    ([name, { secret, description = "" }]) =>
      `| \`${name}\` | ${secret ? "yes" : "no"} | ${description.replace(/\s+/g, " ")} |`,
  );
  return ["| option | secret | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}
