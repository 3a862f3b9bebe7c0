import { simulateUploads } from "./simulate-uploads";
import type { SimulatedJob, SimulatedRun, SimulatedTimes } from "./simulated-job";

const DAY_SECONDS = 24 * 3600;

/**
 * Runs uploads, submissions, restores and checks. Uploads of a machine share its network; the instance takes tasks in the order in
 * which they were submitted; a check runs beside the next restores. Jobs are sent in their order.
 */
export function simulate(jobs: readonly SimulatedJob[], run: SimulatedRun): SimulatedTimes[] {
  const uploaded = simulateUploads(jobs, run);
  return simulateRestores(jobs, { ...run, uploaded, order: restoreOrder(jobs, uploaded) });
}

/** The order in which the instance takes the tasks: restores that run already, then as they are ready. */
export function restoreOrder(
  jobs: readonly Pick<SimulatedJob, "isRestoring" | "notBefore">[],
  uploaded: readonly number[],
): number[] {
  const ranks = jobs.map(({ isRestoring, notBefore = 0 }, index) =>
    isRestoring ? -1 : Math.max(uploaded[index] ?? 0, notBefore),
  );
  return jobs.map((_, index) => index).sort((one, other) => (ranks[one] ?? 0) - (ranks[other] ?? 0));
}

/** Runs everything after the uploads. */
export function simulateRestores(
  jobs: readonly Omit<SimulatedJob, "uploadBytes" | "runner">[],
  run: Pick<SimulatedRun, "restoresAtOnce" | "quota"> & { uploaded: readonly number[]; order: readonly number[] },
): SimulatedTimes[] {
  const { uploaded, order } = run;
  const free = new Array<number>(Math.min(run.restoresAtOnce, Math.max(1, jobs.length))).fill(0);
  const accepted = [...(run.quota?.usedAt ?? [])];
  const times = new Array<SimulatedTimes>(jobs.length);
  for (const index of order) {
    const job = jobs[index] as SimulatedJob;
    const ready = Math.max(uploaded[index] ?? 0, job.notBefore ?? 0);
    const submitted = job.isRestoring ? 0 : submissionTime(ready, accepted, run.quota?.perDay);
    const place = earliest(free);
    const restoreStarted = job.isRestoring ? 0 : Math.max(submitted + job.queueSeconds, free[place] ?? 0);
    const ended = restoreStarted + job.restoreSeconds;
    free[place] = Math.max(ended, free[place] ?? 0);
    const checked = ended + job.checkSeconds;
    times[index] = { uploaded: uploaded[index] ?? 0, submitted, restoreStarted, ended, checked };
  }
  return times;
}

/** The first time from `ready` on at which the quota has room; it is recorded. */
function submissionTime(ready: number, accepted: number[], perDay: number | undefined): number {
  if (perDay === undefined) return ready;
  const blocking = accepted[accepted.length - perDay];
  const at = Math.max(ready, blocking === undefined ? ready : blocking + DAY_SECONDS);
  accepted.push(at);
  return at;
}

function earliest(free: readonly number[]): number {
  let best = 0;
  for (let place = 1; place < free.length; place += 1) if ((free[place] ?? 0) < (free[best] ?? 0)) best = place;
  return best;
}

/** The end of the last job; 0 without jobs. */
export const endOf = (times: readonly SimulatedTimes[]): number =>
  times.reduce((latest, { checked }) => Math.max(latest, checked), 0);
