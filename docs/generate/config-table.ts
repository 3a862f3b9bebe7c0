import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const PROJECT = join(__dirname, "..", "..", "Pulumi.yaml");

interface ConfigKey {
  type?: string;
  items?: { type?: string };
  default?: unknown;
  description?: string;
}

/** The keys that Pulumi.yaml declares, in its order. */
export const configKeys = (): Record<string, ConfigKey> => parse(readFileSync(PROJECT, "utf8")).config;

/** The table of the configuration keys of the program. */
export function configTable(): string {
  const rows = Object.entries(configKeys()).map(
    ([key, declared]) =>
      `| \`${key}\` | ${typeOf(declared)} | ${defaultOf(declared)} | ${inCell(declared.description ?? "")} |`,
  );
  return ["| key | type | default | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

const typeOf = ({ type = "string", items }: ConfigKey): string =>
  `${type}${items?.type === undefined ? "" : ` of ${items.type}`}`;

const defaultOf = ({ default: value }: ConfigKey): string =>
  value === undefined || value === "" ? "–" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;

const inCell = (text: string): string => text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
