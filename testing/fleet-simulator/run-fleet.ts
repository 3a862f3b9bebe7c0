import { normal, seededRandom } from "../../provider/forecast/random";
import type { Timeline } from "../../provider/model/outputs";
import type { Fleet } from "./fleet";

/** Seconds between two observations, as in a poll. */
const STEP = 30;
/** The network changes every half hour. */
const WAVER_STEPS = 60;
/** What the times are counted from. */
export const FLEET_START_MS = Date.UTC(2026, 10, 27, 22);

interface Running {
  index: number;
  left: number;
  /** The part of the step after which an upload had ended. */
  endedAfter?: number;
}

/**
 * Runs a fleet in steps of half a minute, apart from the forecast's own simulation: uploads over a network that wavers, tasks in the order
 * of submission, checks beside them.
 * @param onStep gets the uploads that run, with the bytes that are left of each, at the end of each step
 * @returns what a state would record of each database
 */
export function runFleet(
  fleet: Fleet,
  onStep: (atMs: number, sending: readonly { index: number; left: number }[]) => void = () => {},
): Timeline[] {
  const random = seededRandom(fleet.seed + 1);
  const timelines = fleet.databases.map((): Timeline => ({}));
  const isoOf = (step: number) => new Date(FLEET_START_MS + step * STEP * 1000).toISOString();
  const record = (index: number, stage: keyof Timeline, step: number) => {
    (timelines[index] as Timeline)[stage] = isoOf(step);
  };
  let waver = 0;
  const toSend = Array.from({ length: fleet.machines }, (_, machine) =>
    fleet.databases.flatMap((_each, index) => (index % fleet.machines === machine ? [index] : [])),
  );
  const sending = toSend.map((): Running[] => []);
  let queued: { index: number; readyStep: number }[] = [];
  let restoring: Running[] = [];
  let checking: Running[] = [];
  let open = fleet.databases.length;
  for (let step = 0; open > 0; step += 1) {
    if (step % WAVER_STEPS === 0) waver = 0.7 * waver + 0.15 * normal(random);
    for (const [machine, active] of sending.entries()) {
      const waiting = toSend[machine] ?? [];
      while (active.length < fleet.uploadsAtOnce && waiting.length > 0) {
        const index = waiting.shift() as number;
        active.push({ index, left: fleet.databases[index]?.backupBytes ?? 0 });
        record(index, "uploadStartedAt", step);
      }
      send(active, fleet.uploadBytesPerSecond * Math.exp(waver) * STEP);
      for (const { index, endedAfter = 1 } of active.filter(({ left }) => left <= 0)) {
        record(index, "uploadFinishedAt", step + endedAfter);
        record(index, "submittedAt", step + 1);
        queued.push({ index, readyStep: step + 1 + fleet.queueSeconds / STEP });
      }
      sending[machine] = active.filter(({ left }) => left > 0);
    }
    onStep(FLEET_START_MS + (step + 1) * STEP * 1000, sending.flat());
    for (const { index } of advance(restoring)) {
      record(index, "endedAt", step + 1);
      checking.push({ index, left: fleet.checkSeconds[index] ?? 0 });
    }
    restoring = restoring.filter(({ left }) => left > 0);
    while (restoring.length < fleet.restoresAtOnce) {
      const next = queued.find(({ readyStep }) => readyStep <= step);
      if (next === undefined) break;
      queued = queued.filter((each) => each !== next);
      record(next.index, "restoreStartedAt", step + 1);
      restoring.push({ index: next.index, left: fleet.restoreSeconds[next.index] ?? 0 });
    }
    for (const { index } of advance(checking)) {
      record(index, "checkedAt", step + 1);
      open -= 1;
    }
    checking = checking.filter(({ left }) => left > 0);
  }
  return timelines;
}

/** Shares the bytes of a step among the files; what a small file leaves goes to the others. */
function send(active: Running[], bytes: number): void {
  let rest = bytes;
  let open = [...active];
  while (open.length > 0 && rest > 1) {
    const share = rest / open.length;
    for (const each of open) {
      const part = Math.min(share, each.left);
      each.left -= part;
      rest -= part;
      if (each.left <= 0) each.endedAfter ??= 1 - rest / bytes;
    }
    open = open.filter(({ left }) => left > 0);
  }
}

/** @returns those that end in this step */
function advance(running: Running[]): Running[] {
  for (const each of running) each.left -= STEP;
  return running.filter(({ left }) => left <= 0);
}

/** What a state had recorded at a time. */
export const timelineAt = (timeline: Timeline, atMs: number): Timeline =>
  Object.fromEntries(Object.entries(timeline).filter(([, time]) => Date.parse(time ?? "") <= atMs));
