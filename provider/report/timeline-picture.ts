import { counted } from "../errors/message-text";
import { formatDuration } from "../model/quantities";
import { type Bar, barOf, loadPicture } from "./load-picture";
import { html, type Markup } from "./markup";
import type { ReportedDatabase } from "./migration-report";
import { named } from "./page";
import type { StageKind } from "./stages";
import { type TimeScale, timeScale } from "./time-scale";
import { utc } from "./times";

export const STAGE_NAMES: Readonly<Record<StageKind, string>> = {
  upload: "upload",
  queue: "queue",
  restore: "restore",
  queueOrRestore: "queue and restore",
  increment: "differential or log backup",
  check: "check",
  whole: "start to end",
};

const LEGEND: Readonly<Record<StageKind, string>> = {
  upload: "upload: the backup is compared or sent",
  queue: "queue: the service has the task and no run has seen it restore",
  restore: "restore",
  queueOrRestore: "queue and restore: no run saw where one ends",
  increment: "a differential or log backup",
  check: "check: online, until a run sees the result of DBCC CHECKDB",
  whole: "start to end: the state records no stages",
};

const WIDTH_PX = 1040;
const ROW_PX = 16;
const BAR_PX = 10;
const AXIS_PX = 32;
/** Rows of one picture. The browser lays a full one out when it is scrolled to: the style has its height. */
const ROWS_AT_ONCE = 50;
/** So few rows need no picture of all together. */
const ROWS_WITHOUT_LOAD = 10;

/** The stages of every database on one axis of time, in the order of their start; undefined where the state has no times. */
export function timelinePicture(databases: readonly ReportedDatabase[]): Markup | undefined {
  const rows = databases
    .map((database) => ({ database, bars: database.stages.flatMap((stage) => barOf(stage, database.knownAt)) }))
    .filter(({ bars }) => bars.length > 0)
    .sort((one, other) => firstMs(one.bars) - firstMs(other.bars));
  if (rows.length === 0) return undefined;
  const scale = timeScale(
    rows.flatMap(({ bars }) => bars.map(({ fromMs, toMs }): [number, number] => [fromMs, toMs])),
    WIDTH_PX,
  );
  const kinds = new Set(rows.flatMap(({ bars }) => bars.map(({ kind }) => kind)));
  const chunks = Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, index) =>
    rows.slice(index * ROWS_AT_ONCE, (index + 1) * ROWS_AT_ONCE),
  );
  return html`${PATTERNS}
<ul class="legend">${Object.entries(LEGEND).map(([kind, words]) => kinds.has(kind as StageKind) && html`<li>${sample(kind)}${words}</li>`)}<li><svg width="14" height="12" aria-hidden="true">${cross(7, 6)}</svg>failed</li></ul>
<div class="picture" role="region" aria-label="Timeline" tabindex="0">
<div class="axis"><div class="names" aria-hidden="true"><span>UTC</span></div>${axis(scale)}</div>
${
  rows.length > ROWS_WITHOUT_LOAD &&
  html`<div class="rows"><div class="names" aria-hidden="true"><span>together</span></div>${loadPicture(
    rows.flatMap(({ bars }) => bars),
    scale,
    WIDTH_PX,
  )}</div>`
}${chunks.map((chunk) => picture(chunk, scale))}</div>
`;
}

interface Row {
  database: ReportedDatabase;
  bars: readonly Bar[];
}

function picture(rows: readonly Row[], scale: TimeScale): Markup {
  const height = rows.length * ROW_PX;
  const label = `Timeline of ${counted(rows.length, "database")}, ${rows[0]?.database.database} to ${rows.at(-1)?.database.database}; the table of databases has the same times as text.`;
  const isFull = rows.length === ROWS_AT_ONCE;
  return html`<div class="${isFull ? "rows full" : "rows"}"><div class="names" aria-hidden="true">${rows.map(({ database }) => html`<span title="${database.database}">${named(database.database)}</span>`)}</div><svg width="${WIDTH_PX}" height="${height}" role="img" aria-label="${label}">${grid(scale, height)}${rows.map((row, index) => rowOf(row, index * ROW_PX, scale))}</svg></div>
`;
}

function rowOf({ database, bars }: Row, top: number, scale: TimeScale): Markup {
  const last = bars.at(-1);
  const hasFailed = database.result === "failed" && last !== undefined;
  return html`<g><title>${titleOf(database)}</title><rect class="hit" y="${top}" width="${WIDTH_PX}" height="${ROW_PX}"/>${bars.map((bar) => rect(bar, top, scale))}${hasFailed && cross(place(scale.x(last.toMs)), top + ROW_PX / 2)}</g>`;
}

function rect({ kind, fromMs, toMs, isOpen }: Bar, top: number, scale: TimeScale): Markup {
  const x = scale.x(fromMs);
  const width = Math.max(1.5, scale.x(toMs) - x);
  const height = kind === "whole" || kind === "increment" ? BAR_PX / 2 : BAR_PX;
  return html`<rect class="${isOpen ? `${kind} open` : kind}" x="${place(x)}" y="${top + (ROW_PX - height) / 2}" width="${place(width)}" height="${height}"/>`;
}

function titleOf({ database, stages, result, failure }: ReportedDatabase): string {
  const texts = stages.map(
    ({ kind, startedAt, endedAt, seconds }) =>
      `${STAGE_NAMES[kind]} ${utc(startedAt)} to ${endedAt === undefined ? "no recorded end" : utc(endedAt)}${seconds === undefined ? "" : ` (${formatDuration(seconds)})`}`,
  );
  const end = result === "failed" ? [`failed${failure === undefined ? "" : `: ${failure.code}`}`] : [];
  return [database, ...texts, ...end].join("\n");
}

const firstMs = (bars: readonly Bar[]): number => Math.min(...bars.map(({ fromMs }) => fromMs));

function axis({ ticks, pieces }: TimeScale): Markup {
  return html`<svg width="${WIDTH_PX}" height="${AXIS_PX}" role="img" aria-label="Axis of time, UTC${pieces.length > 1 && "; spans in which nothing happened are cut out"}">${ticks.map(
    ({ x, time, date }) =>
      html`${date && html`<text x="${place(x + 2)}" y="12">${date}</text>`}<text x="${place(x + 2)}" y="26">${time}</text>`,
  )}</svg>`;
}

/** Lines at the ticks, and dotted ones where the axis is cut. */
function grid({ ticks, pieces }: TimeScale, height: number): Markup {
  const cuts = pieces.slice(0, -1).map(({ x, width }) => x + width);
  return html`<path class="grid" d="${ticks.map(({ x }) => `M${place(x)} 0v${height}`).join("")}"/>${cuts.length > 0 && html`<path class="break" d="${cuts.map((x) => `M${place(x + 10)} 0v${height}`).join("")}"/>`}`;
}

const place = (px: number): number => Math.round(px * 10) / 10;

const cross = (x: number, y: number): Markup => html`<path class="failed" d="M${x - 3} ${y - 3}l6 6m0 -6l-6 6"/>`;

const sample = (kind: string): Markup =>
  html`<svg width="22" height="12" aria-hidden="true"><rect class="${kind}" x="1" y="${kind === "whole" || kind === "increment" ? 3.5 : 1}" width="20" height="${kind === "whole" || kind === "increment" ? 5 : 10}"/></svg>`;

/** Stages differ by their pattern too, not by colour alone. */
const PATTERNS = html`<svg class="defs" aria-hidden="true"><defs><pattern id="restore" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="restore-line" d="M1 0v5"/></pattern><pattern id="check" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="check-dot" cx="2.5" cy="2.5" r="1.4"/></pattern></defs></svg>`;
