/** The file to edit, from the root of the repository. */
const EXAMPLES_FILE = "docs/generate/error-examples.ts";

/**
 * Compares the codes of the catalogue with those that have an example. `npm run docs` does not check types, so it needs this
 * check at run time.
 * @returns one line that names every missing and superfluous code and the file to edit; undefined when the codes match
 */
export function describeExampleMismatch(codes: readonly string[], exampleCodes: readonly string[]): string | undefined {
  const missing = codes.filter((code) => !exampleCodes.includes(code));
  const superfluous = exampleCodes.filter((code) => !codes.includes(code));
  const changes = [
    ...(missing.length > 0 ? [`add an example for ${missing.join(", ")}`] : []),
    ...(superfluous.length > 0 ? [`remove the example for ${superfluous.join(", ")}`] : []),
  ];
  return changes.length === 0 ? undefined : `${EXAMPLES_FILE} does not match the catalogue: ${changes.join("; ")}.`;
}
