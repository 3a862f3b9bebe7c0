import { counted } from "../errors/message-text";
import { describeRates, formatRange } from "../forecast/describe-forecast";
import { learnRates, type Rates } from "../forecast/learn-rates";
import { type CountedDatabase, hasFailed } from "../model/database-counts";
import { isSameName } from "../model/names";
import type { DatabaseRow } from "../stack-state/database-row";
import { observedMigrations } from "../stack-state/observed-migrations";
import { stackOfUrn } from "./cutover-database";
import { CutoverForecast } from "./cutover-forecast";
import { GroupCommands } from "./group-commands";
import { groupPage } from "./group-page";
import { groupSteps } from "./group-steps";
import { code, codeBlock } from "./markdown";
import type { RunbookFacts, RunbookGroup } from "./runbook-groups";
import { PLACEHOLDERS, type RunbookSettings } from "./settings";
import { packageCommand } from "./shell";
import { totalMs } from "./step";
import { logJobs } from "./step-facts";

/** Returns the runbook of the groups as Markdown; several follow each other, in their order. */
export function runbook(facts: RunbookFacts, groups: readonly RunbookGroup[], settings: RunbookSettings): string {
  const rates = ratesOf(facts);
  const forecast = new CutoverForecast(
    rates,
    facts.groups.flatMap(({ databases }) => databases),
  );
  let startMs = settings.startMs;
  const pages = groups.map((group, index) => {
    const commands = new GroupCommands(group, settings, `group${index + 1}`);
    const others = othersThan(groups, index, facts);
    const steps = groupSteps({ group, settings, commands, forecast, others });
    const page = groupPage({
      ...{ group, steps, startMs, timeZone: settings.timeZone, commands, forecast },
      logJobs: logJobs(settings),
    });
    // The next group's preparation follows this one.
    startMs += totalMs([...steps.closed, ...steps.open, ...steps.before]);
    return page;
  });
  const placeholders = Object.values(PLACEHOLDERS).filter((word) => pages.some((page) => page.includes(word)));
  return `${[opening(groups, settings, placeholders), ...pages, basis(facts, rates, forecast)].join("\n\n")}\n`;
}

/** Only databases outside of the groups are learnt from, so that the cutover itself changes no expectation. */
function ratesOf({ recorded, groups }: RunbookFacts): Rates {
  const own = new Set(groups.flatMap(({ databases }) => databases.map(({ row }) => row)));
  const rows = recorded.rows.filter((row) => !own.has(row));
  const times = rows.flatMap(({ asOf }) => (asOf === undefined ? [] : [Date.parse(asOf)]));
  return learnRates({ runs: [observedMigrations(rows, () => undefined)], nowMs: Math.max(0, ...times) });
}

/** What `status` counts beside the databases of a group: those of groups before are open, those of later ones wait. */
function othersThan(
  groups: readonly RunbookGroup[],
  index: number,
  { recorded, groups: all }: RunbookFacts,
): CountedDatabase[] {
  const [first] = groups[index]?.databases ?? [];
  const cutOver = all.filter((group) => group !== groups[index]);
  const isBefore = (group: RunbookGroup): boolean => groups.slice(0, index).includes(group);
  const inStack = (row: DatabaseRow | undefined): boolean =>
    row?.record === undefined || first?.stack === undefined || stackOfUrn(row.record.urn) === first.stack;
  return [
    ...recorded.rows.filter((row) => row.phase === undefined && inStack(row)),
    ...cutOver.flatMap((group) =>
      group.databases
        .filter(({ row }) => inStack(row))
        .map((): CountedDatabase => ({ status: isBefore(group) ? "online" : "waitingForIncrements" })),
    ),
  ];
}

function opening(
  groups: readonly RunbookGroup[],
  { repeat }: RunbookSettings,
  placeholders: readonly string[],
): string {
  return [
    "# Runbook of the cutover",
    "",
    `${groups.map(titleOf).join("; ")}. What each step means: docs/how-to/cutover.md of the package.`,
    "",
    "| who | name | telephone |",
    "| --- | --- | --- |",
    "| DBA, at the source server | __________________ | __________________ |",
    "| Engineer, in the folder of Pulumi.yaml | __________________ | __________________ |",
    "| Applications | __________________ | __________________ |",
    "| Decision | __________________ | __________________ |",
    "| Alibaba Cloud support | __________________ | __________________ |",
    "",
    `${fillIn(placeholders)}Commands are for bash. In PowerShell, double a single quote inside quotes; in cmd, use double quotes. ` +
      `${code("-E")} is the Windows account that runs sqlcmd. SQL blocks are for a query window on the source. ` +
      `Lines with ${code("npx")} need Node.js and this package, but no server: the engineer can run them and hand over the files. ` +
      'After the night, the same command fills in the column "real":',
    "",
    codeBlock("bash", [packageCommand(...repeat)]),
  ].join("\n");
}

export const titleOf = ({ name, databases }: RunbookGroup): string => {
  const names = databases.map(({ database }) => code(database)).join(", ");
  return databases.length === 1 && isSameName(databases[0]?.database ?? "", name) ? names : `${code(name)} (${names})`;
};

const fillIn = (used: readonly string[]): string =>
  used.length === 0 ? "" : `Replace before the night: ${used.map(code).join(", ")}.\n\n`;

function basis({ fullOnly, recorded, groups }: RunbookFacts, rates: Rates, forecast: CutoverForecast): string {
  const failed = recorded.rows.filter(hasFailed).map(({ database }) => code(database));
  const checks = groups.flatMap(({ databases }) => databases.filter(({ checkDb }) => checkDb === "async"));
  return [
    "## What the minutes are computed from",
    "",
    `- increments: ${forecast.samples === 0 ? "assumed" : `from ${counted(forecast.samples, "applied increment")}`}`,
    ...describeRates(rates).map((line) => `- ${line}`),
    "- assumed: the steps with one number, and one minute to open a database",
    ...checks.map(
      (each) =>
        `- DBCC CHECKDB of ${code(each.database)} runs on after it is open: ${formatRange(forecast.checking(each))}`,
    ),
    ...(fullOnly.length === 0 ? [] : [`- without increments, so without a cutover: ${fullOnly.map(code).join(", ")}`]),
    ...(failed.length === 0 ? [] : [`- recorded as failed: ${failed.join(", ")}`]),
  ].join("\n");
}
