import { counted } from "../errors/message-text";
import { namesByText } from "../outcome/names-by-text";
import { type Content, html, type Markup } from "./markup";
import type { MigrationReport, Notice, ReportedDatabase } from "./migration-report";
import { noticeOf } from "./migration-report";
import { code, list, named } from "./page";

/** What happened to some databases, and the one remedy for all of them. */
interface NoticeGroup {
  code?: string;
  remedy: string;
  /** Each text with the databases it is about. */
  texts: readonly [what: string, names: readonly string[]][];
  count: number;
}

/** A notice, and the database or instance that it is about. */
export interface NamedNotice extends Notice {
  name: string;
}

/** Failures and warnings with the same code and remedy, the most frequent first. */
function groupsOf(notices: readonly NamedNotice[]): NoticeGroup[] {
  const groups = new Map<string, NamedNotice[]>();
  for (const notice of notices) {
    const key = JSON.stringify([notice.code, notice.remedy]);
    groups.set(key, [...(groups.get(key) ?? []), notice]);
  }
  return [...groups.values()]
    .map((all) => ({
      code: all[0]?.code,
      remedy: all[0]?.remedy ?? "",
      texts: namesByText(all.map(({ name, what }) => ({ name, text: what }))),
      count: new Set(all.map(({ name }) => name)).size,
    }))
    .sort((one, other) => other.count - one.count || ((one.code ?? "") < (other.code ?? "") ? -1 : 1));
}

/** Longer lists of databases are folded. */
const MOST_SHOWN = 5;

function block(group: NoticeGroup, kind: "error" | "warning", heading: string): Markup {
  const { texts, remedy, count } = group;
  const items = texts.map(([what, names]) => html`${named(names.join(", "))}: <span class="text">${what}</span>`);
  const shown = list(items.slice(0, MOST_SHOWN));
  const more = list(items.slice(MOST_SHOWN));
  return html`<div class="notice ${kind}"><p>${heading}${group.code !== undefined && [" ", code(group.code)]}: ${counted(count, "database")}</p>
${shown}${more && html`<details><summary>${items.length - MOST_SHOWN} more</summary>${more}</details>`}
${remedy !== "" && html`<p><strong>To do:</strong> <span class="text">${remedy}</span></p>`}</div>
`;
}

/** Blocks of errors and warnings, one for each cause, under headings such as "Failed". */
export const noticeBlocks = (
  errors: readonly NamedNotice[],
  warnings: readonly NamedNotice[],
  error: string,
): Content => [
  ...groupsOf(errors).map((group) => block(group, "error", error)),
  ...groupsOf(warnings).map((group) => block(group, "warning", "Warning")),
];

/** The failures and warnings of a report, once for each cause. */
export function noticesOf({ databases, findings }: MigrationReport): Content {
  const failures = databases.flatMap((each) => failuresOf(each));
  const warnings = databases.flatMap(({ database, warnings }) => warnings.map((each) => ({ ...each, name: database })));
  const found = findings.flatMap(({ instanceId, reasons }) =>
    reasons.map((text) => ({ ...noticeOf(text), name: instanceId })),
  );
  if (failures.length + warnings.length + found.length === 0)
    return html`<p>The state records no failure and no warning.</p>`;
  return noticeBlocks([...failures, ...found], warnings, "Failed");
}

function failuresOf({ database, result, failure, runErrors }: ReportedDatabase): NamedNotice[] {
  const ofRun = runErrors.map((text) => ({ ...noticeOf(text), name: database }));
  if (failure !== undefined) {
    const { code, cause, remedy } = failure;
    return [{ code, what: cause, remedy, name: database }, ...ofRun];
  }
  if (result !== "failed") return ofRun;
  return [{ what: "the state does not record why", remedy: "", name: database }, ...ofRun];
}
