/** A time span in which something happened, and where the axis has it. */
export interface ScalePiece {
  fromMs: number;
  toMs: number;
  x: number;
  width: number;
}

/** A mark of the axis, with the date where it changes. */
export interface Tick {
  x: number;
  time: string;
  date?: string;
}

export interface TimeScale {
  pieces: readonly ScalePiece[];
  ticks: readonly Tick[];
  /** The place of a time within one of the spans. */
  x: (ms: number) => number;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A span where nothing happened is cut out of the axis from this share of the rest on, so that two weekends stay readable. */
const LONGEST_GAP_SHARE = 0.25;
const SHORTEST_CUT_MS = HOUR_MS;
const MAX_PIECES = 6;
const BREAK_PX = 20;
const MIN_PIECE_PX = 30;
const TICK_PX = 62;

/** The axis for spans of time, `width` pixels wide. Long gaps become breaks of a fixed width. */
export function timeScale(spans: readonly (readonly [fromMs: number, toMs: number])[], width: number): TimeScale {
  const merged = piecesOf(spans);
  const totalMs = merged.reduce((sum, [from, to]) => sum + to - from, 0) || 1;
  const shared = width - BREAK_PX * (merged.length - 1) - MIN_PIECE_PX * merged.length;
  let x = 0;
  const pieces = merged.map(([fromMs, toMs]): ScalePiece => {
    const piece = { fromMs, toMs, x, width: MIN_PIECE_PX + (shared * (toMs - fromMs)) / totalMs };
    x += piece.width + BREAK_PX;
    return piece;
  });
  return { pieces, ticks: ticksOf(pieces), x: (ms) => placeOf(pieces, ms) };
}

/** The spans in order, merged where the gap between them is short. */
function piecesOf(spans: readonly (readonly [number, number])[]): [number, number][] {
  const covered = merge(spans, 0);
  const coveredMs = covered.reduce((sum, [from, to]) => sum + to - from, 0);
  let longestGapMs = Math.max(SHORTEST_CUT_MS, coveredMs * LONGEST_GAP_SHARE);
  let pieces = merge(covered, longestGapMs);
  while (pieces.length > MAX_PIECES) {
    longestGapMs *= 2;
    pieces = merge(covered, longestGapMs);
  }
  return pieces;
}

function merge(spans: readonly (readonly [number, number])[], gapMs: number): [number, number][] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...spans].sort(([one], [other]) => one - other)) {
    const last = merged.at(-1);
    if (last !== undefined && from - last[1] <= gapMs) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function placeOf(pieces: readonly ScalePiece[], ms: number): number {
  const piece = pieces.find(({ toMs }) => ms <= toMs) ?? pieces.at(-1);
  if (piece === undefined) return 0;
  const { fromMs, toMs, x, width } = piece;
  return x + width * Math.min(1, Math.max(0, ms - fromMs) / (toMs - fromMs || 1));
}

const STEPS_MS = [
  ...[1, 5, 15, 30].map((count) => count * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR_MS),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((count) => count * DAY_MS),
];

function ticksOf(pieces: readonly ScalePiece[]): Tick[] {
  let day = "";
  return pieces.flatMap((piece) => {
    const { fromMs, toMs, width } = piece;
    const msPerPx = (toMs - fromMs) / width;
    const stepMs = STEPS_MS.find((step) => step >= TICK_PX * msPerPx) ?? Infinity;
    const times = [fromMs];
    for (let ms = Math.ceil(fromMs / stepMs) * stepMs; ms <= toMs; ms += stepMs)
      if (ms - fromMs >= TICK_PX * msPerPx && toMs - ms >= TICK_PX * msPerPx) times.push(ms);
    return times.map((ms): Tick => {
      const text = new Date(ms).toISOString();
      const isNewDay = text.slice(0, 10) !== day;
      day = text.slice(0, 10);
      const time = text.slice(11, stepMs < MINUTE_MS ? 19 : 16);
      return { x: placeOf([piece], ms), time, ...(isNewDay ? { date: day } : {}) };
    });
  });
}
