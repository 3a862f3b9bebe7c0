import { backupErrors } from "../../provider/errors/backup-errors";
import { catalogue, type ErrorCode } from "../../provider/errors/catalogue";
import type { CatalogueEntry, MatchRule, QuotaCost, RetryAdvice } from "../../provider/errors/catalogue-entry";
import { chainErrors } from "../../provider/errors/chain-errors";
import { cloudErrors } from "../../provider/errors/cloud-errors";
import { destinationErrors } from "../../provider/errors/destination-errors";
import { inputErrors } from "../../provider/errors/input-errors";
import { instanceErrors } from "../../provider/errors/instance-errors";
import { type MigrationError, migrationError } from "../../provider/errors/migration-error";
import { onlineWarnings } from "../../provider/errors/online-warnings";
import { ossErrors } from "../../provider/errors/oss-errors";
import { preflightErrors } from "../../provider/errors/preflight-errors";
import { rdsErrors } from "../../provider/errors/rds-errors";
import { sourceErrors } from "../../provider/errors/source-errors";
import { stateErrors } from "../../provider/errors/state-errors";
import { taskErrors } from "../../provider/errors/task-errors";
import { ERROR_EXAMPLES } from "./error-examples";

/** The parts of the page, in the order of a migration. */
const PARTS: readonly (readonly [title: string, table: object])[] = [
  ["The program's own values", inputErrors],
  ["A whole instance", instanceErrors],
  ["The backup", { ...preflightErrors, ...backupErrors }],
  ["The source server's baseline", sourceErrors],
  ["The destination", destinationErrors],
  ["Credentials, permissions, the network", cloudErrors],
  ["The bucket and the upload", ossErrors],
  ["The instance and the calls", rdsErrors],
  ["The migration task", taskErrors],
  ["Increments and cutover", chainErrors],
  ["The recorded state", stateErrors],
  ["After success: warnings", onlineWarnings],
];

const RETRIES: Readonly<Record<RetryAdvice, string>> = {
  never: "no; change the program or the backup",
  afterFix: "yes, after the cause is fixed",
  passes: "yes; the error is temporary: the run waits, or the next `pulumi up` continues",
};
const COSTS: Readonly<Record<QuotaCost, string>> = {
  none: "nothing (assumed: a refused call does not count)",
  one: "one of the day's 20",
  perhaps: "possibly one of the day's 20: the next run searches for the task before it submits again",
};

const INTRODUCTION = `# Errors and warnings, by code

Generated from the catalogue by \`npm run docs\`; a test compares them. The first line of a message has at most 100
characters: its code, and what failed. Details follow, among them the service's own words (code, text, HTTP status,
RequestId), and the last line says what to do. The output \`failure\` has the same texts. The values here are examples.

"Retry" states whether another attempt can succeed. "Quota" states the cost in the 20 migrations per database and day that RDS allows.
`;

/** docs/reference/errors.md. */
export const errorsPage = (): string =>
  [
    INTRODUCTION,
    contentsOf(PARTS.map(([title]) => title)),
    ...PARTS.map(([title, table]) => partOf(title, Object.keys(table) as ErrorCode[])),
    scriptList(),
  ].join("\n");

const contentsOf = (titles: readonly string[]): string =>
  `${[...titles, SCRIPT_TITLE].map((title) => `- [${title}](#${anchorOf(title)})`).join("\n")}\n`;

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");

const partOf = (title: string, codes: readonly ErrorCode[]): string =>
  [`## ${title}\n`, ...codes.map((code) => sectionOf(code))].join("\n");

/** The error of a code with its example values. */
export const exampleError = <C extends ErrorCode>(code: C): MigrationError =>
  migrationError(code, ERROR_EXAMPLES[code]);

/** The entry without the types of its values, which this page does not use. */
const entryOf = (code: ErrorCode): CatalogueEntry<never> => catalogue[code];

function sectionOf(code: ErrorCode): string {
  const { retry, quota = "none", match, source, link } = entryOf(code);
  const { what, remedy } = exampleError(code);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Do", inMarkdown(remedy)],
    ["Matched by", match && ruleText(match)],
    ["Retry", RETRIES[retry]],
    ["Quota", quota === "none" && match === undefined ? undefined : COSTS[quota]],
    ["Source", link === undefined ? inMarkdown(source) : `[${source}](${link})`],
  ];
  const lines = facts.flatMap(([name, text]) => (text === undefined ? [] : [`- ${name}: ${text}`]));
  return `### ${code}\n\n\`\`\`text\n${code}: ${what}\n\`\`\`\n\n${lines.join("\n")}\n`;
}

/** Escapes characters of placeholders and names that are Markdown syntax. */
const inMarkdown = (text: string): string => text.replace(/[<>*_]/g, (mark) => `\\${mark}`);

function ruleText({ openApi = [], oss = [], description }: MatchRule): string {
  const codes = [...openApi.map((code) => `\`${code}…\``), ...oss.map((code) => `OSS \`${code}\``)];
  const words = description === undefined ? [] : [`the task's description, \`/${description.source}/\``];
  return [...codes, ...words].join(", ");
}

const SCRIPT_TITLE = "What the vendor's script prints";

function scriptList(): string {
  const rows = (Object.keys(catalogue) as ErrorCode[]).flatMap((code) => {
    const { script } = entryOf(code);
    return script === undefined ? [] : [`- \`${script}\`: [${code}](#${code.toLowerCase()})`];
  });
  const introduction = "Messages of RDSSQLCreateMigrateTasksBatchly.py, each with the corresponding code here.";
  return `## ${SCRIPT_TITLE}\n\n${introduction}\n\n${rows.join("\n")}\n`;
}
