import type { SimulatedJob, SimulatedRun } from "./simulated-job";

type UploadJob = Pick<SimulatedJob, "uploadBytes" | "runner">;

/** The seconds at which each job's backup is in the bucket. */
export function simulateUploads(
  jobs: readonly UploadJob[],
  { runners, uploadsAtOnce }: Pick<SimulatedRun, "runners" | "uploadsAtOnce">,
): number[] {
  const uploaded = new Array<number>(jobs.length).fill(0);
  const queues = runners.map((): number[] => []);
  for (const [index, { uploadBytes, runner }] of jobs.entries()) if (uploadBytes > 0) queues[runner]?.push(index);
  for (const [runner, queue] of queues.entries())
    sendAll(queue, jobs, { bytesPerSecond: runners[runner] ?? 0, uploadsAtOnce, uploaded });
  return uploaded;
}

/**
 * Sends the queue of one machine. `sent` is what an upload that ran from the beginning would have sent; each upload ends when that
 * has grown by its own bytes.
 */
function sendAll(
  queue: readonly number[],
  jobs: readonly UploadJob[],
  machine: { bytesPerSecond: number; uploadsAtOnce: number; uploaded: number[] },
): void {
  const { bytesPerSecond, uploadsAtOnce, uploaded } = machine;
  const active: { index: number; endsAtSent: number }[] = [];
  let next = 0;
  let now = 0;
  let sent = 0;
  while (next < queue.length || active.length > 0) {
    while (next < queue.length && active.length < uploadsAtOnce) {
      const index = queue[next] as number;
      active.push({ index, endsAtSent: sent + (jobs[index]?.uploadBytes ?? 0) });
      next += 1;
    }
    let first = 0;
    for (let at = 1; at < active.length; at += 1)
      if ((active[at]?.endsAtSent ?? 0) < (active[first]?.endsAtSent ?? 0)) first = at;
    const { index, endsAtSent } = active[first] as { index: number; endsAtSent: number };
    now += ((endsAtSent - sent) * active.length) / bytesPerSecond;
    sent = endsAtSent;
    uploaded[index] = now;
    active.splice(first, 1);
  }
}

/** Gives each job to the machine that would be ready first, in the order of the jobs. @returns the machine's position for each */
export function spread(bytes: readonly number[], runners: readonly number[]): number[] {
  const load = runners.map(() => 0);
  return bytes.map((size) => {
    let best = 0;
    for (let at = 1; at < runners.length; at += 1)
      if (readyAt(load, runners, at, size) < readyAt(load, runners, best, size)) best = at;
    load[best] = (load[best] ?? 0) + size;
    return best;
  });
}

const readyAt = (load: readonly number[], runners: readonly number[], at: number, size: number): number =>
  ((load[at] ?? 0) + size) / (runners[at] ?? 1);
