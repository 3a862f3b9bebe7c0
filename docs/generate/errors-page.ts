import { backupErrors } from "../../provider/errors/backup-errors";
import { catalogue, type ErrorCode } from "../../provider/errors/catalogue";
import type { CatalogueEntry, MatchRule, QuotaCost, RetryAdvice } from "../../provider/errors/catalogue-entry";
import { chainErrors } from "../../provider/errors/chain-errors";
import { cloudErrors } from "../../provider/errors/cloud-errors";
import { destinationErrors } from "../../provider/errors/destination-errors";
import { errorAnchor } from "../../provider/errors/error-address";
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
import { type BaselineExample, baselineExamples } from "./baseline-examples";
import { ERROR_EXAMPLES } from "./error-examples";
import { headingAnchor } from "./heading-anchor";
import { notCheckedTable } from "./not-checked";

/** The parts of the page, in the order of a migration: when an error comes, and the codes. */
const PARTS: readonly (readonly [title: string, table: object])[] = [
  ["Preview: the program's values", inputErrors],
  ["Preview: the backup", { ...preflightErrors, ...backupErrors }],
  ["Preview: the destination", destinationErrors],
  ["Preview and update: a whole instance", instanceErrors],
  ["Any call: credentials, permissions, network", cloudErrors],
  ["Upload: the bucket and the objects", ossErrors],
  ["Task: the instance and the calls", rdsErrors],
  ["Task: why a restore failed", taskErrors],
  ["After success: warnings", onlineWarnings],
  ["Cutover: increments and opening", chainErrors],
  ["Any time: the recorded state", stateErrors],
  ["Source: the files of the scripts", sourceErrors],
];

const RETRIES: Readonly<Record<RetryAdvice, string>> = {
  never: "no; change the program or the backup",
  afterFix: "yes, after the cause is removed",
  passes: "yes; the run waits, or the next `pulumi up` continues",
};
const COSTS: Readonly<Record<QuotaCost, string>> = {
  none: "nothing (assumed: a refused call does not count)",
  one: "one of the day's 20",
  perhaps: "perhaps one of the day's 20; the next run searches for the task first",
};

const INTRODUCTION = `# Errors and warnings, by code

This page answers what a code means and what to do about it. Each code has an anchor: the code in lower case. The last line of
an error in a terminal is this address.

Each section shows a message with example values: its first line is the cause, and details follow. The service's own
words are among them: code, text, HTTP status and RequestId. The output \`failure\` has the same texts.

- Do: the remedy, which is also part of the message.
- Retry: whether another attempt can succeed.
- Quota: the cost in the 20 migrations that RDS allows for a database and day.

The page is generated from the catalogue by \`npm run docs\`, and a test compares them.
`;

const BASELINE_TITLE = "Source: findings of the baseline";
const BASELINE_INTRODUCTION = `The output of \`sql/baseline.sql\` yields these findings, at a preview and in \`sqlserver-migration assess\`. An error stops
the migration. A warning names something that the migration leaves behind or changes.`;

const NOT_CHECKED_TITLE = "Not checked";
const NOT_CHECKED_INTRODUCTION = `A message that begins with \`not checked:\` is no error. The preview could not find a fact out, so nobody should
assume it. It is a warning where a call failed, and information where nothing failed.`;

/** docs/reference/errors.md. */
export function errorsPage(): string {
  const baseline = baselineExamples();
  const parts: readonly Part[] = [
    ...PARTS.map(([title, table]) => {
      const codes = Object.keys(table) as ErrorCode[];
      return { title, codes, text: codes.map(sectionOf).join("\n") };
    }),
    {
      title: BASELINE_TITLE,
      codes: baseline.map(({ code }) => code),
      text: [`${BASELINE_INTRODUCTION}\n`, ...baseline.map(baselineSection)].join("\n"),
    },
    {
      title: NOT_CHECKED_TITLE,
      codes: ["NOT_CHECKED"],
      text: `${anchorLine("NOT_CHECKED")}\n\n${NOT_CHECKED_INTRODUCTION}\n\n${notCheckedTable()}\n`,
    },
    { title: SCRIPT_TITLE, codes: [], text: scriptList() },
  ];
  return [INTRODUCTION, tableOf(parts), ...parts.map(({ title, text }) => `## ${title}\n\n${text}`)].join("\n");
}

/** One moment of a migration. */
interface Part {
  title: string;
  codes: readonly string[];
  text: string;
}

const anchorLine = (code: string): string => `<a id="${errorAnchor(code)}"></a>`;
const linkTo = (code: string): string => `[${code}](#${errorAnchor(code)})`;

/** All codes, by when they come. */
const tableOf = (parts: readonly Part[]): string =>
  [
    "## All codes\n",
    "| when | codes |",
    "| --- | --- |",
    ...parts.map(
      ({ title, codes }) =>
        `| [${title}](#${headingAnchor(title)}) | ${codes.map(linkTo).join(", ") || "its messages, each with the code here"} |`,
    ),
    "",
  ].join("\n");

/** The error of a code with its example values. */
export const exampleError = <C extends ErrorCode>(code: C): MigrationError =>
  migrationError(code, ERROR_EXAMPLES[code]);

/** The entry without the types of its values, which this page does not use. */
const entryOf = (code: ErrorCode): CatalogueEntry<never> => catalogue[code];

function sectionOf(code: ErrorCode): string {
  const { retry, quota = "none", match, source, link } = entryOf(code);
  const { what, remedy } = exampleError(code);
  return section(code, `${code}: ${what}`, [
    ["Do", inMarkdown(remedy)],
    ["Matched by", match && ruleText(match)],
    ["Retry", RETRIES[retry]],
    ["Quota", quota === "none" && match === undefined ? undefined : COSTS[quota]],
    ["Source", link === undefined ? foreignSource(source) : `[${source}](${link})`],
  ]);
}

const baselineSection = ({ code, severity, example, remedy }: BaselineExample): string =>
  section(code, example, [
    ["Do", inMarkdown(remedy)],
    ["Retry", severity === "error" ? RETRIES.afterFix : "not needed: a warning does not stop the migration"],
  ]);

/** The section of one code: its anchor, an example of the message, and the facts that are known. */
function section(code: string, example: string, facts: readonly (readonly [string, string | undefined])[]): string {
  const lines = facts.flatMap(([name, text]) => (text === undefined ? [] : [`- ${name}: ${text}`]));
  return `${anchorLine(code)}\n\n### ${code}\n\n\`\`\`text\n${example}\n\`\`\`\n\n${lines.join("\n")}\n`;
}

/** Where the fact comes from, unless this project itself is the source. */
const foreignSource = (source: string): string | undefined =>
  source.startsWith("this project") ? undefined : inMarkdown(source);

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
    return script === undefined ? [] : [`- \`${script}\`: ${linkTo(code)}`];
  });
  const introduction = "Messages of RDSSQLCreateMigrateTasksBatchly.py, each with the corresponding code here.";
  return `${introduction}\n\n${rows.join("\n")}\n`;
}
