import { plural } from "../errors/message-text";
import type { DatabaseResult } from "../model/database-counts";
import { formatBytes, formatDuration } from "../model/quantities";
import { databaseEvidence } from "./evidence-page";
import { html, type Markup } from "./markup";
import type { MigrationReport, ReportedDatabase } from "./migration-report";
import { noticesOf } from "./notices";
import { code, facts, type Live, list, named, page, section, tiles } from "./page";
import { badge, type Column, type Mark, pageTable } from "./page-table";
import { type StageKind, secondsIn } from "./stages";
import { timelinePicture } from "./timeline-picture";
import { utc } from "./times";
import type { VerificationEvidence } from "./verification-evidence";

const RESULTS: Readonly<Record<DatabaseResult, string>> = {
  failed: "failed",
  planned: "planned",
  inProgress: "in progress",
  waitingForIncrements: "waiting for increments",
  online: "online",
};

const MARKS: Readonly<Record<DatabaseResult, Mark>> = {
  failed: ["✗", "bad"],
  planned: ["·", "wait"],
  inProgress: ["…", "wait"],
  waitingForIncrements: ["‖", "wait"],
  online: ["✓", "good"],
};

/** Returns the page of a report: totals, failures, the timeline, a table, and the evidence for each database. */
export function reportPage(report: MigrationReport, source: { digest: string } | Live): string {
  const { databases, verifications, unreadable, superseded, totals } = report;
  return page({
    title: "Migration report",
    intro: html`<p>${plural(report.stacks.length, "Stack")} ${report.stacks.map((each, index) => html`${index > 0 && ", "}${named(each)}`)}; the latest record is of ${utc(report.knownAt) || "an unknown time"} UTC.</p>`,
    ...source,
    command: "sqlserver-migration report --json",
    body: [
      section("totals", "Totals", totalTiles(totals)),
      section("notices", "Failures and warnings", noticesOf(report)),
      section("timeline", "Timeline", [
        timelinePicture(databases) ?? html`<p>The state records no times.</p>`,
        html`<p class="muted">Times are those at which a run of the program saw a stage begin or end. The table has them as text.</p>`,
      ]),
      section("databases", "Databases", databaseTable(databases)),
      section("evidence", "Evidence", databases.map(databaseEvidence)),
      section("verifications", "Verifications", verificationList(verifications)),
      unreadable.length > 0 &&
        section(
          "unreadable",
          "Records that cannot be read",
          list(
            unreadable.map(({ resource, message }) => html`${code(resource)}: <span class="text">${message}</span>`),
          ),
        ),
      superseded.length > 0 &&
        section("superseded", "Records that a later one replaces", [
          html`<p>These databases are recorded more than once. The report has the latest record of each.</p>`,
          list(superseded.map(({ resource, database }) => html`${named(database)}: ${code(resource)}`)),
        ]),
    ],
  });
}

function totalTiles(totals: MigrationReport["totals"]): Markup {
  const { total, online, waitingForIncrements, inProgress, failed, sizeBytes, warnings, seconds } = totals;
  return html`${tiles([
    { name: plural(total, "database"), value: total },
    { name: "online", value: online, tone: online === total && total > 0 ? "good" : undefined },
    { name: "waiting for increments", value: waitingForIncrements },
    { name: "in progress", value: inProgress },
    { name: "failed", value: failed, tone: failed > 0 ? "bad" : undefined },
    { name: plural(warnings, "warning"), value: warnings },
    { name: "full backups", value: formatBytes(sizeBytes) },
    { name: "first start to last end", value: seconds === undefined ? "not recorded" : formatDuration(seconds) },
  ])}${facts([
    ["first start, UTC", code(utc(totals.startedAt))],
    ["last end, UTC", code(utc(totals.endedAt))],
  ])}`;
}

function databaseTable(databases: readonly ReportedDatabase[]): Markup {
  if (databases.length === 0) return html`<p>The state has no database of this package.</p>`;
  const instances = new Set(databases.map(({ instanceId }) => instanceId));
  const places = new Map(databases.map((each, index) => [each, index]));
  return pageTable({
    id: "database-table",
    caption: "Databases: times are UTC, “data as of” is the source server’s local time",
    items: databases,
    kind: ({ result }) => result,
    kinds: RESULTS,
    kindLabel: "Status",
    detailId: (index) => `d${index}`,
    columns: [
      {
        name: "Database",
        cell: (each) => html`<a href="#e${places.get(each)}">${named(each.database)}</a>`,
        text: ({ database }) => database,
      },
      ...(instances.size > 1 ? [{ name: "Instance", cell: (each: ReportedDatabase) => each.instanceId }] : []),
      { name: "Status", cell: statusCell, text: ({ result }) => RESULTS[result] },
      {
        name: "Size",
        cell: ({ sizeBytes }) => sizeBytes !== undefined && formatBytes(sizeBytes),
        number: ({ sizeBytes }) => sizeBytes,
      },
      { name: "Data as of", cell: ({ dataAsOf }) => dataAsOf?.replace("T", " ") },
      { name: "Started", cell: (each) => utc(startOf(each)) },
      duration("Total", totalSeconds),
      ...(["upload", "queue", "restore", "check"] as const).map(stageColumn),
      { name: "Warnings", cell: ({ warnings }) => warnings.length || "", number: ({ warnings }) => warnings.length },
      { name: "Failure", cell: ({ failure }) => failure?.code },
    ],
  });
}

const statusCell = ({ result, status, pendingOperation }: ReportedDatabase): Markup =>
  html`${badge(MARKS[result], result === "inProgress" ? status : RESULTS[result])}${pendingOperation !== undefined && html` (${pendingOperation})`}`;

const startOf = ({ stages, startedAt }: ReportedDatabase): string | undefined => stages[0]?.startedAt ?? startedAt;

/** From the first start to the end of the restore, or of the check where it is recorded. */
function totalSeconds(database: ReportedDatabase): number | undefined {
  const ms = Date.parse(database.stages.at(-1)?.endedAt ?? "") - Date.parse(startOf(database) ?? "");
  return Number.isNaN(ms) ? undefined : Math.max(0, Math.round(ms / 1000));
}

const duration = (name: string, seconds: (each: ReportedDatabase) => number | undefined): Column<ReportedDatabase> => ({
  name,
  number: seconds,
  cell: (each) => {
    const value = seconds(each);
    return value !== undefined && formatDuration(value);
  },
});

const stageColumn = (kind: StageKind): Column<ReportedDatabase> =>
  duration(`${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, ({ stages }) => secondsIn(stages, kind));

function verificationList(verifications: readonly VerificationEvidence[]): Markup {
  if (verifications.length === 0)
    return html`<p>The state records no MigrationVerification: no comparison of source and destination has passed in these stacks.</p>`;
  return html`${verifications.map(
    ({ resource, result, recordedAt, databases, renamed, counts, ...each }, index) =>
      html`<h3 id="v${index}">${named(resource.split("::").at(-1) ?? resource)}: <span class="${result === "passed" ? "good" : "bad"}">${result === "passed" ? "✓ passed" : "✗ the last update failed"}</span></h3>
${facts([
  ["databases", databases?.join(", ") ?? "all databases of the source’s file"],
  [
    "renamed",
    renamed &&
      Object.entries(renamed)
        .map(([from, to]) => `${from} → ${to}`)
        .join(", "),
  ],
  ["compared databases", counts.databases],
  ["accepted differences", counts.accepted],
  ["left to do by hand", counts.todo],
  ["expected differences", counts.expected],
  ["accepted by name", each.acceptedDifferences && list(each.acceptedDifferences)],
  ["source file", each.source],
  ["its SHA-256", code(each.sourceDigest)],
  ["destination file", each.target],
  ["its SHA-256", code(each.targetDigest)],
  ["recorded, UTC", code(utc(recordedAt))],
  ["why it failed", each.errors.length > 0 && html`<span class="text">${each.errors.join("\n")}</span>`],
  ["resource", code(resource)],
])}`,
  )}`;
}
