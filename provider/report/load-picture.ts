import { html, type Markup } from "./markup";
import type { Stage, StageKind } from "./stages";
import type { TimeScale } from "./time-scale";

/** A stage in milliseconds; one without an end lasts until the state was written. */
export interface Bar {
  kind: StageKind;
  fromMs: number;
  toMs: number;
  isOpen: boolean;
}

/** Returns a stage as a bar; none where a time cannot be read. */
export function barOf({ kind, startedAt, endedAt }: Stage, knownAt: string | undefined): Bar[] {
  const fromMs = Date.parse(startedAt);
  const endMs = Date.parse(endedAt ?? knownAt ?? startedAt);
  if (Number.isNaN(fromMs) || Number.isNaN(endMs)) return [];
  return [{ kind, fromMs, toMs: Math.max(fromMs, endMs), isOpen: endedAt === undefined }];
}

/** The kinds of the picture, from the bottom to the top. */
const STACKED: readonly StageKind[] = ["restore", "increment", "queueOrRestore", "queue", "upload", "check", "whole"];
const HEIGHT_PX = 96;
/** Room for the number at the top. */
const TOP_PX = 12;
/** Width of one step; pixels. */
const STEP_PX = 4;

/** How many databases were in each stage, at the middle of every step of the axis, one area on the other; and the most at once. */
export function loadPicture(bars: readonly Bar[], scale: TimeScale, width: number): Markup {
  const steps = width / STEP_PX;
  const most = mostAtOnce(bars);
  let lower = Array<number>(steps).fill(0);
  const areas = STACKED.map((kind) => {
    const own = bars.filter((bar) => bar.kind === kind);
    if (own.length === 0) return undefined;
    const counts = countsOf(own, scale, steps);
    const upper = lower.map((count, at) => count + (counts[at] ?? 0));
    const area = html`<path class="${kind}" d="${areaOf(lower, upper, most)}"/>`;
    lower = upper;
    return area;
  });
  return html`<svg class="load" width="${width}" height="${HEIGHT_PX}" role="img" aria-label="Number of databases in each stage over time: at most ${most} at once.">${areas}<text x="2" y="10">at most ${most} at once</text></svg>`;
}

/** The most bars that one moment has. A stage ends where the next one begins, so ends count before starts. */
export function mostAtOnce(bars: readonly Bar[]): number {
  const events = bars.flatMap(({ fromMs, toMs }) => [
    { ms: fromMs, change: 1 },
    { ms: toMs, change: -1 },
  ]);
  events.sort((one, other) => one.ms - other.ms || one.change - other.change);
  let count = 0;
  return events.reduce((most, { change }) => {
    count += change;
    return Math.max(most, count);
  }, 0);
}

/** The number of bars over the middle of each step. */
function countsOf(bars: readonly Bar[], { x }: TimeScale, steps: number): number[] {
  const changes = Array<number>(steps + 1).fill(0);
  const stepFrom = (ms: number): number => Math.min(steps, Math.max(0, Math.ceil(x(ms) / STEP_PX - 0.5)));
  for (const { fromMs, toMs } of bars) {
    changes[stepFrom(fromMs)] = (changes[stepFrom(fromMs)] ?? 0) + 1;
    changes[stepFrom(toMs)] = (changes[stepFrom(toMs)] ?? 0) - 1;
  }
  let count = 0;
  return changes.slice(0, steps).map((change) => {
    count += change;
    return count;
  });
}

/** The area between two lines of steps. */
function areaOf(lower: readonly number[], upper: readonly number[], most: number): string {
  const y = (count: number): number =>
    Math.round((HEIGHT_PX - ((HEIGHT_PX - TOP_PX) * count) / Math.max(1, most)) * 10) / 10;
  const line = (counts: readonly number[]): string[] =>
    counts.flatMap((count, at) => [`${at * STEP_PX} ${y(count)}`, `${(at + 1) * STEP_PX} ${y(count)}`]);
  return `M${[...line(upper), ...line(lower).reverse()].join("L")}Z`;
}
