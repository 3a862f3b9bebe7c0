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
const STACKED = ["restore", "queue", "upload", "check"] as const satisfies readonly StageKind[];
const HEIGHT_PX = 96;
/** Room for the number at the top. */
const TOP_PX = 12;
/** Width of one step; pixels. */
const STEP_PX = 4;

/** How many databases were in each stage at every time of the axis, one area on the other, and the most at once. */
export function loadPicture(bars: readonly Bar[], scale: TimeScale, width: number): Markup {
  const counts = STACKED.map((kind) =>
    countsOf(
      bars.filter((bar) => bar.kind === kind),
      scale,
      width,
    ),
  );
  const totals = Array.from({ length: width / STEP_PX }, (_, at) =>
    counts.reduce((sum, each) => sum + (each[at] ?? 0), 0),
  );
  const most = Math.max(1, ...totals);
  const base = totals.map(() => 0);
  const areas = STACKED.map((kind, index) => {
    const lower = [...base];
    for (const at of base.keys()) base[at] = (base[at] ?? 0) + (counts[index]?.[at] ?? 0);
    return html`<path class="${kind}" d="${areaOf(lower, base, most)}"/>`;
  });
  return html`<svg width="${width}" height="${HEIGHT_PX}" role="img" aria-label="Databases in each stage at a time: at most ${most} at once.">${areas}<text x="2" y="10">at most ${most} at once</text></svg>`;
}

/** The number of bars over each step of the axis. */
function countsOf(bars: readonly Bar[], scale: TimeScale, width: number): number[] {
  const steps = width / STEP_PX;
  const changes = Array<number>(steps + 1).fill(0);
  for (const { fromMs, toMs } of bars) {
    const first = Math.min(steps - 1, Math.floor(scale.x(fromMs) / STEP_PX));
    const last = Math.min(steps - 1, Math.max(first, Math.ceil(scale.x(toMs) / STEP_PX) - 1));
    changes[first] = (changes[first] ?? 0) + 1;
    changes[last + 1] = (changes[last + 1] ?? 0) - 1;
  }
  let count = 0;
  return changes.slice(0, steps).map((change) => {
    count += change;
    return count;
  });
}

/** The area between two lines of steps. */
function areaOf(lower: readonly number[], upper: readonly number[], most: number): string {
  const y = (count: number): number => Math.round((HEIGHT_PX - ((HEIGHT_PX - TOP_PX) * count) / most) * 10) / 10;
  const line = (counts: readonly number[]): string[] =>
    counts.flatMap((count, at) => [`${at * STEP_PX} ${y(count)}`, `${(at + 1) * STEP_PX} ${y(count)}`]);
  return `M${[...line(upper), ...line(lower).reverse()].join("L")}Z`;
}
