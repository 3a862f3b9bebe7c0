import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Docstring } from "../api/docstring";

const { repository } = JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8"));

/** Address of the repository, without the prefix and suffix that npm adds. */
export const REPOSITORY: string = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");

/**
 * A docstring as a description of the schema. A default is text, not the schema's `default`: an SDK sends that value as if the
 * program had set it. `endpoint: "public"` would then override the endpoint of the environment, and a program in YAML, for which
 * nobody adds defaults, would have another state than the same program in Python.
 */
export function descriptionOf({ text, tags }: Docstring): string | undefined {
  const paragraphs = [
    ...text.replace(/\{@link (\w+)\}/g, "$1").split(/\n\s*\n/),
    ...(tags.get("default") ?? []).map((value) => `Default: ${value}.`),
    ...(tags.get("throws") ?? []).map((codes) => `Throws ${codes}.`),
    ...(tags.get("see") ?? []).map((place) => `See ${place.replace(/^docs\//, `${REPOSITORY}/blob/main/docs/`)}`),
  ];
  const lines = paragraphs.map(withoutLineBreaks).filter(Boolean);
  return lines.length === 0 ? undefined : lines.join("\n\n");
}

/** Joins the lines of a paragraph, but not the items of a list. */
const withoutLineBreaks = (paragraph: string): string => paragraph.trim().replace(/\s*\n\s*(?!\s*- )/g, " ");
