import { counted } from "../errors/message-text";
import type { ChainFile, Failure } from "../model/outputs";
import { formatBytes, formatDuration } from "../model/quantities";
import { type Content, html, type Markup } from "./markup";
import type { Notice, ReportedDatabase } from "./migration-report";
import { code, facts, list, named } from "./page";
import { STAGE_NAMES } from "./timeline-picture";
import { utc } from "./times";

/** What the state proves about one database, folded under its name. */
export function databaseEvidence(database: ReportedDatabase, index: number): Markup {
  const { backup, chain, stages, sizeBytes, migrateTaskId, statusText, files, failure, firstFailure } = database;
  return html`<details id="d${index}"><summary>${named(database.database)} <span class="muted">${database.instanceId}, ${database.status}</span></summary>
<div id="e${index}">${facts([
    ["status", database.result === "failed" ? "failed" : database.status],
    ["a run works on it, or an earlier run was killed", database.pendingOperation],
    ["adopted", database.isAdopted && "the database or its task existed before the program"],
    ["task (MigrateTaskId)", code(migrateTaskId)],
    ["the service’s words", statusText && html`<span class="text">${statusText}</span>`],
    ["backup file", backup?.file],
    ["object", code(backup?.object)],
    ["size", sizeBytes !== undefined && `${formatBytes(sizeBytes)} (${counted(sizeBytes, "byte")})`],
    ["CRC-64/XZ", code(backup?.crc64)],
    ["backup set GUID", code(backup?.backupSetGuid)],
    ["checkpoint LSN", code(backup?.checkpointLsn)],
    ["last LSN", code(backup?.lastLsn)],
    ["source", [backup?.server, backup?.database, backup?.softwareVersion].filter(Boolean).join(", ")],
    [
      "backup taken, source’s time",
      backup?.startedAt !== undefined && `${utc(backup.startedAt)} to ${utc(backup.finishedAt) || "?"}`,
    ],
    ["data as of, source’s time", database.dataAsOf?.replace("T", " ")],
    ["stages, UTC", list(stages.map(stageText))],
    ["increments", list((chain?.increments ?? []).map(incrementText))],
    ["reached LSN", code(chain?.reachedLsn)],
    ["next log begins at or before", code(chain?.nextLsn)],
    ["not ready for the cutover", list(chain?.cutoverObstacles ?? [])],
    ["files of the task", list((files ?? []).map(({ name, status }) => `${name}${status ? `: ${status}` : ""}`))],
    ["uploaded object", cleanupText(database)],
    ["failure", failure && failureText(failure)],
    ["first failure", firstFailure && failureText(firstFailure)],
    [
      "submitted again after",
      list(
        (database.retriedAfter ?? []).map(
          (each) => html`task ${code(each.migrateTaskId)}: ${failureText(each.failure)}`,
        ),
      ),
    ],
    ["last update", list(database.runErrors)],
    ["warnings", list(database.warnings.map(noticeText))],
    ["verifications", list(database.verifications.map((each) => named(each.split("::").at(-1) ?? each)))],
    ["state written, UTC", code(utc(database.knownAt))],
    ["resource", code(database.resource)],
    ["not readable", database.fault && html`<span class="text">${database.fault}</span>`],
  ])}</div></details>
`;
}

const stageText = ({ kind, startedAt, endedAt, seconds }: ReportedDatabase["stages"][number]): string =>
  `${STAGE_NAMES[kind]}: ${utc(startedAt)} to ${endedAt === undefined ? "no recorded end" : utc(endedAt)}${seconds === undefined ? "" : ` (${formatDuration(seconds)})`}`;

const incrementText = (file: ChainFile): Content =>
  html`${file.type} ${code(file.objectKey)}: ${file.state}, ${formatBytes(file.sizeBytes)}, last LSN ${code(file.lastLsn)}, sent ${utc(file.sentAt)} UTC${
    file.crc64 !== undefined && html`, CRC-64/XZ ${code(file.crc64)}`
  }${file.setGuid !== undefined && html`, backup set ${code(file.setGuid)}`}${file.tail === true && ", tail of the log (NORECOVERY)"}${
    file.description !== undefined && html`: ${file.description}`
  }`;

const failureText = ({ code: name, cause, remedy, requestId }: Failure): Markup =>
  html`<span class="text">${name}: ${cause}${remedy !== "" && `\n${remedy}`}${requestId !== undefined && `\nRequestId: ${requestId}`}</span>`;

const noticeText = ({ code: name, what, remedy }: Notice): Markup =>
  html`<span class="text">${name !== undefined && `${name}: `}${what}${remedy !== "" && `\n${remedy}`}</span>`;

function cleanupText({ cleanedUp }: ReportedDatabase): string | undefined {
  if (cleanedUp === undefined) return undefined;
  return cleanedUp ? "deleted after the restore" : "kept";
}
