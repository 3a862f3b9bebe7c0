import { ERROR_EXAMPLES } from "../../../docs/generate/error-examples";
import { catalogue, type ErrorCode } from "../../../provider/errors/catalogue";
import { type MigrationError, migrationError } from "../../../provider/errors/migration-error";
import { BASELINE_RULES } from "../../../provider/source/baseline-rules";

// The table's values differ in type from code to code, which a loop over it cannot keep.
const make = migrationError as (code: ErrorCode, values: unknown) => MigrationError;

const REMEDIES: [code: string, remedy: string][] = [
  ...(Object.keys(catalogue) as ErrorCode[]).map((code): [string, string] => [
    code,
    make(code, ERROR_EXAMPLES[code]).remedy,
  ]),
  ...BASELINE_RULES.map(({ code, remedy }): [string, string] => [code, remedy]),
];

/** Advice after which data no longer exist. A lock object holds none, and neither does the key of a database that is decrypted. */
const DESTRUCTIVE =
  /\b(drop(?! DATABASE ENCRYPTION KEY)|truncate|allowOverwrite|delete (it|that|the object|the file))\b/i;

test.each(REMEDIES)("%s advises first what loses nothing, and last what is lost otherwise", (_code, remedy) => {
  const sentences = remedy.split(/(?<=\.)\s+(?=[A-Z])/);
  const destructive = sentences.filter((sentence) => DESTRUCTIVE.test(sentence));
  if (destructive.length === 0) return;
  expect(destructive).toEqual(sentences.slice(-destructive.length));
  expect(destructive.length).toBeLessThan(sentences.length);
  for (const sentence of destructive) expect(sentence).toMatch(/\blost\b|\bin a copy\b/);
});
