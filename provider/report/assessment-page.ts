import { plural } from "../errors/message-text";
import { formatBytes } from "../model/quantities";
import type { AssessedDatabase, Assessment, Readiness } from "./assessment";
import { html, type Markup } from "./markup";
import type { Notice } from "./migration-report";
import { noticeBlocks } from "./notices";
import { code, facts, list, named, page, section, tiles } from "./page";
import { badge, type Mark, pageTable } from "./page-table";
import { costText } from "./prices";

const READINESS: Readonly<Record<Readiness, string>> = {
  blocked: "blocked",
  attention: "needs attention",
  ready: "ready",
};

const MARKS: Readonly<Record<Readiness, Mark>> = {
  blocked: ["✗", "bad"],
  attention: ["!", "wait"],
  ready: ["✓", "good"],
};

/** Returns the page of an assessment, in the design of a report's page. */
export function assessmentPage(assessment: Assessment, digest: string): string {
  const { source, databases, server, leftOut } = assessment;
  const notices = (of: (each: AssessedDatabase) => readonly Notice[]) =>
    databases.flatMap((each) => of(each).map((notice) => ({ ...notice, name: each.database })));
  const blocks = notices((each) => each.blocks);
  const attention = notices((each) => each.attention);
  return page({
    title: "Migration assessment",
    intro: html`<p>Source ${named(source.server ?? "?")}, ${source.product ?? "an unknown version"} (${source.productVersion ?? "?"}), ${source.edition ?? "unknown edition"}; recorded ${source.takenAt?.replace("T", " ") ?? "at an unknown time"}, the source server’s local time.</p>`,
    ...{ digest, command: "sqlserver-migration assess --json" },
    body: [
      section("totals", "Totals", totalTiles(assessment)),
      section("destination", "Smallest sufficient destination", destination(assessment)),
      section(
        "notices",
        "What blocks, and what is lost or to be done",
        blocks.length + attention.length === 0
          ? html`<p>The rules of the preview find nothing.</p>`
          : noticeBlocks(blocks, attention, "Blocks"),
      ),
      section("databases", "Databases", databaseTable(databases)),
      section("evidence", "Each database", databases.map(evidence)),
      server.length > 0 &&
        section(
          "server",
          "On the source server, in no backup",
          noticeBlocks(
            [],
            server.map((each) => ({ ...each, name: source.server ?? "source" })),
            "",
          ),
        ),
      leftOut.length > 0 &&
        section(
          "left-out",
          "Backups that no database takes",
          list(leftOut.map(({ file, reason }) => html`${named(file)} ${reason}`)),
        ),
    ],
  });
}

function totalTiles({ totals }: Assessment): Markup {
  const { databases, ready, attention, blocked, dataBytes, logBytes, backupBytes, neededBytes } = totals;
  return tiles([
    { name: plural(databases, "database"), value: databases },
    { name: "ready", value: ready, tone: ready === databases && databases > 0 ? "good" : undefined },
    { name: plural(attention, "needs attention", "need attention"), value: attention },
    { name: "blocked", value: blocked, tone: blocked > 0 ? "bad" : undefined },
    { name: "data files", value: formatBytes(dataBytes) },
    { name: "log files", value: formatBytes(logBytes) },
    { name: "backup files", value: backupBytes === 0 ? "not read" : formatBytes(backupBytes) },
    { name: "disk, at least", value: formatBytes(neededBytes) },
  ]);
}

const EDITIONS = { web: "Web", std: "Standard", ent: "Enterprise" } as const;

function destination({ sufficient, engineVersion, totals, costs }: Assessment): Markup {
  const [smallest] = sufficient;
  return html`${facts([
    [
      "version and edition",
      smallest === undefined
        ? "no release of RDS takes all databases"
        : `${smallest.product}, ${EDITIONS[smallest.edition]}`,
    ],
    [
      "later releases",
      list(sufficient.slice(1).map(({ product, edition }) => `${product}, ${EDITIONS[edition]} and larger`)),
    ],
    ["findings below hold for", code(engineVersion)],
    ["disk", `${formatBytes(totals.neededBytes)}: data, log and backup files and a margin of 10 %`],
    [
      "monthly cost, by the given prices",
      list(
        (costs?.destinations ?? []).map((each) => `${each.engineVersion}: ${costText(each, costs?.currency ?? "")}`),
      ),
    ],
  ])}<p class="muted">Version and edition follow from the features that the rules know. Memory, processors, availability and what a region offers are not considered.</p>`;
}

function databaseTable(databases: readonly AssessedDatabase[]): Markup {
  if (databases.length === 0) return html`<p>The baseline has no database.</p>`;
  const places = new Map(databases.map((each, index) => [each, index]));
  const bytes = (name: string, of: (each: AssessedDatabase) => number) => ({
    ...{ name, number: of },
    cell: (each: AssessedDatabase) => of(each) > 0 && formatBytes(of(each)),
  });
  return pageTable({
    id: "database-table",
    caption: "Databases of the source",
    items: databases,
    kind: ({ readiness }) => readiness,
    kinds: READINESS,
    kindLabel: "Readiness",
    detailId: (index) => `d${index}`,
    columns: [
      {
        name: "Database",
        cell: (each) => html`<a href="#e${places.get(each)}">${named(each.database)}</a>`,
        text: ({ database }) => database,
      },
      { name: "Readiness", cell: readinessCell, text: ({ readiness }) => READINESS[readiness] },
      bytes("Data", ({ dataBytes }) => dataBytes),
      bytes("Log", ({ logBytes }) => logBytes),
      bytes("Backup", ({ backupBytes }) => backupBytes),
      {
        name: "Smallest destination",
        cell: ({ smallest }) => smallest && `${smallest.product}, ${EDITIONS[smallest.edition]}`,
      },
      { name: "Blocks", cell: ({ blocks }) => blocks.length || "", number: ({ blocks }) => blocks.length },
      { name: "To do", cell: ({ attention }) => attention.length || "", number: ({ attention }) => attention.length },
    ],
  });
}

const readinessCell = ({ readiness }: AssessedDatabase): Markup => badge(MARKS[readiness], READINESS[readiness]);

const evidence = (database: AssessedDatabase, index: number): Markup =>
  html`<details id="d${index}"><summary>${named(database.database)} <span class="muted">${READINESS[database.readiness]}</span></summary>
<div id="e${index}">${facts([
    ["backup", database.backup],
    ["blocks", list(database.blocks.map(noticeText))],
    ["lost or to be done", list(database.attention.map(noticeText))],
  ])}</div></details>
`;

const noticeText = ({ code: name, what, remedy }: Notice): Markup =>
  html`${name !== undefined && [code(name), ": "]}${what}. ${remedy}`;
