import type { UploadProgress } from "../aliyun/object-store";
import { classifyTask } from "../decisions/classify-task";
import { GrowingPause } from "../decisions/growing-pause";
import { ASSUMED } from "../forecast/assumptions";
import { type EndEstimate, estimateEnd, type FleetMember } from "../forecast/estimate-end";
import type { Sending } from "../forecast/forecast-database";
import { learnRates, type Rates } from "../forecast/learn-rates";
import type { Range } from "../forecast/range";
import { stageSeconds } from "../forecast/stage-model";
import type { MigrateTask } from "../model/migrate-task";
import { nameKey } from "../model/names";
import type { NewDatabase } from "../model/new-database";
import type { MigrationProgress, MigrationStatus, Timeline } from "../model/outputs";
import type { Clock } from "./clock";
import { remember } from "./remember";

/** What is recorded of a migration; the members may change while it runs. */
export type Observed = Pick<MigrationProgress, "status" | "sizeBytes" | "timeline" | "migrateTaskId">;

/** What lists that were fetched for another purpose have shown of a task. */
interface SeenTask {
  runningMs?: number;
  endedMs?: number;
  hasFailed?: boolean;
}

/** Nothing is left of the migration that is estimated here. */
const ENDED: ReadonlySet<MigrationStatus> = new Set(["online", "failed", "waitingForIncrements"]);

interface Instance {
  observed: Map<string, Observed>;
  sending: Map<string, Sending>;
  tasks: Map<string, SeenTask>;
  startMs: number;
  pause: GrowingPause;
  learnt?: { known: number; rates: Rates };
  estimate?: EndEstimate & { atMs: number };
  /** How many migrations and ends were known then: with more, there may be an estimate. */
  estimatedFrom?: number;
}

/**
 * What a run has seen of the migrations into each instance, and when they are likely to end. It only keeps what other steps fetch or record.
 */
export class FleetProgress {
  private readonly instances = new Map<string, Instance>();

  constructor(
    private readonly newDatabases: ReadonlyMap<string, ReadonlyMap<string, NewDatabase>>,
    private readonly clock: Clock,
  ) {}

  /** Records a migration of an earlier run, or one that this run continues; its members are read when an estimate is made. */
  record(instanceId: string, database: string, observed: Observed): void {
    this.of(instanceId).observed.set(nameKey(database), observed);
  }

  recordUpload(instanceId: string, database: string, { phase, doneBytes, sizeBytes }: UploadProgress): void {
    if (phase === "comparing") return;
    const { sending } = this.of(instanceId);
    const atMs = this.clock.now();
    const leftBytes = sizeBytes - doneBytes;
    const first = sending.get(nameKey(database));
    // Bytes that an earlier run has sent say nothing about the rate of this one.
    sending.set(
      nameKey(database),
      first === undefined
        ? { startMs: atMs, atMs, bytes: 0, leftBytes }
        : { startMs: first.startMs, atMs, bytes: first.bytes + first.leftBytes - leftBytes, leftBytes },
    );
  }

  recordTasks(instanceId: string, tasks: readonly MigrateTask[]): void {
    const nowMs = this.clock.now();
    for (const task of tasks) {
      const seen = remember(this.of(instanceId).tasks, task.taskId, (): SeenTask => ({}));
      const { kind } = classifyTask(task);
      if (kind === "running" && task.status !== "NoStart") seen.runningMs ??= nowMs;
      if (kind === "online" || kind === "failed") seen.endedMs ??= task.finishedAtMs ?? nowMs;
      if (kind === "failed") seen.hasFailed = true;
    }
  }

  /** How long a restore is likely to take by itself: by the restores that the run knows of the instance, else by the assumed rate. */
  restoreSeconds(instanceId: string, sizes: { backupBytes: number; restoredBytes: number }): number {
    const instance = this.of(instanceId);
    const known = countEnds(instance);
    // Fitting takes milliseconds, and each new database asks.
    if (instance.learnt?.known !== known) {
      const rates = learnRates({ runs: [this.members(instanceId)], nowMs: this.clock.now() });
      instance.learnt = { known, rates };
    }
    const { restore, sizedBy } = instance.learnt.rates;
    return restore.samples === 0
      ? sizes.restoredBytes / ASSUMED.restore.bytesPerSecond
      : stageSeconds(restore.best, sizes[sizedBy]);
  }

  /** When the last database of the instance is online; seconds from `atMs`. Undefined while nothing is known. */
  fleetEnd(instanceId: string): { range: Range; atMs: number } | undefined {
    const estimate = this.estimate(instanceId);
    return estimate && { range: estimate.fleet, atMs: estimate.atMs };
  }

  /** When a database is online, among the others. */
  databaseEnd(instanceId: string, database: string): { range: Range; atMs: number } | undefined {
    const estimate = this.estimate(instanceId);
    const range = estimate?.databases.get(nameKey(database));
    return estimate && range && { range, atMs: estimate.atMs };
  }

  /** Simulating a fleet takes a while and every row asks, so that an estimate is kept for a tenth of the time since the start. */
  private estimate(instanceId: string): Instance["estimate"] {
    const instance = this.of(instanceId);
    const atMs = this.clock.now();
    const ends = countEnds(instance);
    // Without a finished restore there is no estimate, and listing the members of a fleet for each row takes seconds.
    if (ends === 0) return undefined;
    const from = ends + instance.observed.size;
    if (instance.pause.isOver(atMs) || (instance.estimate === undefined && instance.estimatedFrom !== from)) {
      instance.estimatedFrom = from;
      const estimate = estimateEnd(this.members(instanceId), { startMs: instance.startMs, nowMs: atMs });
      instance.estimate = estimate && { ...estimate, atMs };
    }
    return instance.estimate;
  }

  private members(instanceId: string): FleetMember[] {
    const { observed, sending, tasks } = this.of(instanceId);
    const added = new Map(
      [...(this.newDatabases.get(instanceId)?.values() ?? [])].map((each) => [nameKey(each.database), each]),
    );
    const names = new Set([...observed.keys(), ...added.keys()]);
    return [...names].flatMap((database) => {
      const { status = "uploading", sizeBytes, timeline, migrateTaskId } = observed.get(database) ?? {};
      const { dataBytes = 0, logBytes = 0, backupBytes = 0, isInBucket, isPlanned } = added.get(database) ?? {};
      if (status === "planned" || (isPlanned && !observed.has(database))) return [];
      const task = tasks.get(migrateTaskId ?? "") ?? {};
      const hasFailed = status === "failed" || task.hasFailed;
      const hasEnded = ENDED.has(status) || task.endedMs !== undefined;
      const isUploading = status === "uploading";
      return {
        ...{ database, hasEnded, hasFailed },
        backupBytes: sizeBytes ?? backupBytes,
        restoredBytes: dataBytes + logBytes,
        mustUpload: isUploading && isInBucket !== true,
        timeline: observedTimes(timeline, task, hasEnded),
        sending: isUploading ? sending.get(database) : undefined,
      };
    });
  }

  private of(instanceId: string): Instance {
    return remember(this.instances, instanceId, () => {
      const startMs = this.clock.now();
      return { observed: new Map(), sending: new Map(), tasks: new Map(), startMs, pause: new GrowingPause(startMs) };
    });
  }
}

const countEnds = ({ observed, tasks }: Instance): number =>
  [...observed.values()].filter(({ timeline }) => timeline?.endedAt !== undefined).length +
  [...tasks.values()].filter(({ endedMs }) => endedMs !== undefined).length;

function observedTimes(recorded: Timeline = {}, { runningMs, endedMs }: SeenTask, hasEnded: boolean): Timeline {
  const isoOf = (atMs: number | undefined) => (atMs === undefined ? undefined : new Date(atMs).toISOString());
  const timeline = {
    ...recorded,
    restoreStartedAt: recorded.restoreStartedAt ?? isoOf(runningMs),
    endedAt: recorded.endedAt ?? isoOf(endedMs),
  };
  // Without an end it would count as a restore that still runs: a database that waits for increments, or an old record.
  return hasEnded && timeline.endedAt === undefined ? {} : timeline;
}
