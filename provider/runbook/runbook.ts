import { counted } from "../errors/message-text";
import { describeRates, formatRange } from "../forecast/describe-forecast";
import { learnRates, type Rates } from "../forecast/learn-rates";
import { type CountedDatabase, hasFailed } from "../model/database-counts";
import { isSameName } from "../model/names";
import type { DatabaseRow } from "../stack-state/database-row";
import { observedMigrations } from "../stack-state/observed-migrations";
import type { CutoverFacts, CutoverNight } from "./cutover-groups";
import { code, codeBlock } from "./markdown";
import { NightCommands } from "./night-commands";
import { NightForecast } from "./night-forecast";
import { nightPage } from "./night-page";
import { nightSteps } from "./night-steps";
import { PLACEHOLDERS, type RunbookSettings } from "./settings";
import { packageCommand } from "./shell";
import { totalMs } from "./step";

/** Returns the runbook of the groups as Markdown; several follow each other, in their order. */
export function runbook(facts: CutoverFacts, nights: readonly CutoverNight[], settings: RunbookSettings): string {
  const rates = ratesOf(facts);
  const forecast = new NightForecast(
    rates,
    facts.nights.flatMap(({ databases }) => databases),
  );
  let startMs = settings.startMs;
  const pages = nights.map((night, index) => {
    const commands = new NightCommands(night, settings, `night${index + 1}`);
    const others = othersThan(nights, index, facts);
    const steps = nightSteps({ night, settings, commands, forecast, others });
    const page = nightPage({ night, steps, startMs, timeZone: settings.timeZone, commands, forecast });
    // The next group's preparation follows this one.
    startMs += totalMs([...steps.closed, ...steps.open, ...steps.before]);
    return page;
  });
  const parts = [opening(nights, settings), ...pages, basis(facts, rates, forecast)];
  const used = Object.values(PLACEHOLDERS).filter((word) => parts.some((part) => part.includes(word)));
  return `${parts.join("\n\n").replace("<!-- fill in -->", fillIn(used))}\n`;
}

/** Databases of the night have finished or not: only others are learnt from, so that the night itself changes no expectation. */
function ratesOf({ recorded, nights }: CutoverFacts): Rates {
  const own = new Set(nights.flatMap(({ databases }) => databases.map(({ row }) => row)));
  const rows = recorded.rows.filter((row) => !own.has(row));
  const times = rows.flatMap(({ asOf }) => (asOf === undefined ? [] : [Date.parse(asOf)]));
  return learnRates({ runs: [observedMigrations(rows, () => undefined)], nowMs: Math.max(0, ...times) });
}

/** What `status` counts beside the databases of a night: those of nights before are open, those of later ones wait. */
function othersThan(
  nights: readonly CutoverNight[],
  index: number,
  { recorded, nights: all }: CutoverFacts,
): CountedDatabase[] {
  const [first] = nights[index]?.databases ?? [];
  const cutOver = all.filter((night) => night !== nights[index]);
  const isBefore = (night: CutoverNight): boolean => nights.slice(0, index).includes(night);
  const inStack = (row: DatabaseRow | undefined): boolean =>
    row?.record === undefined || first?.row?.record === undefined || stackPart(row) === stackPart(first.row);
  return [
    ...recorded.rows.filter((row) => row.phase === undefined && inStack(row)),
    ...cutOver.flatMap((night) =>
      night.databases
        .filter(({ row }) => inStack(row))
        .map((): CountedDatabase => ({ status: isBefore(night) ? "online" : "waitingForIncrements" })),
    ),
  ];
}

const stackPart = ({ record }: DatabaseRow): string | undefined => record?.urn.split("::")[0];

function opening(nights: readonly CutoverNight[], { repeat }: RunbookSettings): string {
  return [
    "# Runbook of the cutover",
    "",
    `${nights.map(titleOf).join("; ")}. What each step means: docs/how-to/cutover.md of the package.`,
    "",
    "| who | name | telephone |",
    "| --- | --- | --- |",
    "| DBA, at the source server | __________________ | __________________ |",
    "| Engineer, in the folder of Pulumi.yaml | __________________ | __________________ |",
    "| Applications | __________________ | __________________ |",
    "| Decision | __________________ | __________________ |",
    "| Alibaba Cloud support | __________________ | __________________ |",
    "",
    '<!-- fill in -->Commands are for bash; in PowerShell, double a quote inside quotes. After the night, the same command fills in the column "real":',
    "",
    codeBlock("bash", [packageCommand(...repeat)]),
  ].join("\n");
}

export const titleOf = ({ name, databases }: CutoverNight): string => {
  const names = databases.map(({ database }) => code(database)).join(", ");
  return databases.length === 1 && isSameName(databases[0]?.database ?? "", name) ? names : `${code(name)} (${names})`;
};

const fillIn = (used: readonly string[]): string =>
  used.length === 0 ? "" : `Replace before the night: ${used.map(code).join(", ")}.\n\n`;

function basis({ fullOnly, recorded, nights }: CutoverFacts, rates: Rates, forecast: NightForecast): string {
  const failed = recorded.rows.filter(hasFailed).map(({ database }) => code(database));
  const checks = nights.flatMap(({ databases }) => databases.filter(({ checkDb }) => checkDb === "async"));
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
