import { statSync } from "node:fs";
import { fileCrc64 } from "../provider/aliyun/oss/file-crc64";
import type { PlainObject } from "../provider/model/plain";
import type { Clock } from "../provider/session/clock";
import { type LogRow, openProcess, type Previewed, type Recorded } from "../testing/engine-steps";
import { Fixture, type FixtureOptions } from "../testing/fixture";
import type { ResourceHost } from "../testing/resource-host";
import type { Counts } from "./count-table";
import { brokenInvariants } from "./invariants";
import { destroyLateLocked } from "./late-locks";
import type { ProviderPool, WorkResult } from "./provider-pool";
import { deserializeRecord, serializeRecord } from "./provider-worker";
import { requestLogOf } from "./request-log";

/** The result of one `up`, with the state that the engine would have recorded. */
export interface Attempt {
  /** Undefined after a kill in create or an error before the resource existed. */
  recorded: Recorded | undefined;
  /** The message of the failure; undefined on success. */
  error: string | undefined;
  killed: boolean;
}

/** Deviations that a case permits. */
export interface Allowance {
  mayTerminate?: boolean;
  /** Number of part bytes that may be sent twice. @default 0 */
  resentBytes?: number;
  /** The expected final status. @default online */
  status?: string;
  /** An earlier run may have terminated the task: one `up` fails with TASK_TERMINATED and the next one submits again. */
  mayHaveTerminated?: boolean;
  /** Lock objects may remain when a run logs that it could not remove them, because the replies were unreadable. */
  mayKeepLocks?: boolean;
  /** The service reports properties that contradict the upload, so the object may be deleted and uploaded again. */
  mayUploadAgain?: boolean;
  /** The task list may not show whether a submission created a task. The run may then fail until the user sets `adopt`. */
  mayNeedAdopt?: boolean;
  /** A run may leave a lock behind the removal of the others; `destroy` must remove it. See {@link destroyLateLocked}. */
  mayLeaveLateLock?: boolean;
}

/** The environment of one case: its emulated clouds, the collected output, and the checks at its end. */
export class TestCloud {
  private readonly fixtures: Fixture[] = [];
  private readonly output: string[] = [];
  /** What the case counted, also when it failed. */
  readonly counts: Counts = {};

  /** @param random the source of all randomness in the case, seeded for replay */
  constructor(
    readonly random: () => number,
    private readonly pool: ProviderPool,
    private readonly host: ResourceHost = "dynamic",
  ) {}

  async fixture(options: FixtureOptions = {}): Promise<Fixture> {
    // Locks must stay valid for longer than a busy machine needs for the calls under them.
    const tuning = {
      ossRetryTimes: { initialDelayMs: 20, maxDelayMs: 100 },
      lockTimes: { sendWithinMs: 3_000, expireAfterMs: 4_000 },
      ...options.tuning,
    };
    const fixture = await Fixture.open({ host: this.host, ...options, tuning });
    this.fixtures.push(fixture);
    return fixture;
  }

  /** Counts the calls and tasks of a case and what its runs left in the bucket. @throws Error unless they created one task */
  requireOneTask(fixture: Fixture): void {
    const { oss, bucket } = fixture.emulator;
    const calls = fixture.requests("CreateMigrateTask");
    const tasks = calls.filter(({ status }) => status === 200).length;
    const locks = oss.objects(bucket).filter(({ key }) => key.endsWith(".claim")).length;
    Object.assign(this.counts, { calls: calls.length, tasks, "left-overs": locks + oss.uploads().length });
    if (tasks !== 1) throw new Error(`${calls.length} calls created ${tasks} tasks`);
  }

  async close(): Promise<void> {
    for (const fixture of this.fixtures) await fixture.close();
  }

  /** Runs an `up` in this process. @throws Error when it fails without a catalogued error */
  async attempt(fixture: Fixture, args: PlainObject, prior?: Recorded, clock?: Clock): Promise<Attempt> {
    try {
      const recorded = await fixture.up(args, prior, { process: openProcess(fixture.world(), clock) });
      const error = recorded.failed?.reasons.join("\n");
      this.record(recorded.log, recorded.outputs, error);
      return { recorded, error: requireClean(error, recorded.failed?.stack), killed: false };
    } catch (thrown) {
      const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.record([], {}, message);
      return { recorded: prior, error: requireClean(message, stack), killed: false };
    }
  }

  /**
   * Runs an `up` in a separate process that is killed at the first connection the emulator cuts. The engine then keeps the
   * previous state: none after a kill in create, the earlier state after a kill in update.
   */
  async attemptKilled(
    fixture: Fixture,
    args: PlainObject,
    prior?: Recorded,
    env: Record<string, string> = {},
  ): Promise<Attempt> {
    const worker = this.pool.take(env);
    fixture.emulator.faults.beforeReset = () => worker.kill();
    const resource = { name: "erp", wanted: fixture.args(args), prior: prior && serializeRecord(prior) };
    const done = await worker.run({ world: fixture.world(), resources: [resource], parallel: 1 });
    await worker.kill();
    fixture.emulator.faults.beforeReset = async () => {};
    return this.attemptOf(done, prior);
  }

  private attemptOf(done: WorkResult, prior?: Recorded): Attempt {
    const record = done.records.get("erp");
    const thrown = done.thrown.get("erp");
    const recorded = record === undefined ? prior : deserializeRecord(record);
    const error = thrown?.message ?? record?.reasons?.join("\n");
    this.record(record?.log ?? [], record?.outputs ?? {}, error);
    return { recorded, error: requireClean(error, thrown?.stack), killed: done.killed };
  }

  /**
   * Runs an `up` in a separate process that is stopped at the moment that `until` chooses, and continues when `meanwhile` has
   * ended. When the `up` ends before that moment, it was not stopped.
   */
  async attemptStopped<T>(
    fixture: Fixture,
    args: PlainObject,
    until: () => Promise<void>,
    meanwhile: () => Promise<T>,
  ): Promise<{ stopped: Attempt; meanwhile: T }> {
    const worker = this.pool.take();
    const resource = { name: "erp", wanted: fixture.args(args) };
    const running = worker.run({ world: fixture.world(), resources: [resource], parallel: 1 });
    await Promise.race([until(), running]);
    worker.pause();
    const result = await meanwhile().finally(() => worker.resume());
    const stopped = this.attemptOf(await running);
    this.pool.release(worker);
    return { stopped, meanwhile: result };
  }

  /**
   * The final check of every case: one `up` without faults converges, the preview after it is empty, and every invariant holds.
   * @param backups every file that the program names, for the checksums
   */
  async requireConvergence(
    fixture: Fixture,
    args: PlainObject,
    prior: Recorded | undefined,
    backups: readonly string[],
    allowance: Allowance = {},
  ): Promise<Recorded> {
    await clearFaults(fixture);
    let last = await this.attempt(fixture, args, prior);
    if (allowance.mayHaveTerminated && last.error?.startsWith("TASK_TERMINATED"))
      last = await this.attempt(fixture, args, last.recorded);
    if (allowance.mayNeedAdopt && NEEDS_ADOPT.test(last.error ?? "")) {
      last = await this.attempt(fixture, { ...args, ...(await resolveAmbiguity(fixture)) }, last.recorded);
    }
    const { recorded, error } = last;
    if (recorded === undefined || error !== undefined) throw new Error(`the up without faults failed: ${error}`);
    const { status = "online" } = allowance;
    if (recorded.outputs.status !== status)
      throw new Error(`the status is ${recorded.outputs.status}, expected ${status}`);
    requireEmpty(await fixture.preview(args, recorded));
    if (allowance.mayLeaveLateLock) this.counts["late locks"] = await destroyLateLocked(fixture, [recorded]);
    await this.requireInvariants(fixture, backups, allowance);
    return recorded;
  }

  /** @throws Error that describes every broken invariant */
  async requireInvariants(fixture: Fixture, backups: readonly string[], allowance: Allowance = {}): Promise<void> {
    const { emulator } = fixture;
    const isOpen = allowance.status !== undefined && allowance.status !== "online";
    const isReported = allowance.mayKeepLocks === true && this.output.some((text) => LOCKS_REMAIN.test(text));
    const mayRemain = isOpen || isReported;
    const objects = emulator.oss.objects(emulator.bucket).filter(({ key }) => !(mayRemain && key.endsWith(".claim")));
    const broken = brokenInvariants({
      journal: emulator.journal.entries,
      objects,
      unfinishedUploads: emulator.oss.uploads().length,
      backupCrcs: new Set(await Promise.all(backups.map(crcOf))),
      output: this.output.join("\n"),
      secrets: [emulator.accessKeySecret],
      mayTerminate: allowance.mayTerminate,
      mayUploadAgain: allowance.mayUploadAgain,
      maxPartBytes: backups.reduce((sum, path) => sum + statSync(path).size, 0) + (allowance.resentBytes ?? 0),
    });
    if (broken.length > 0) {
      const log = broken.flatMap((each) => requestLogOf(each, emulator.journal.entries));
      throw new Error([`broken: ${broken.join("; ")}`, ...log].join("\n"));
    }
  }

  record(log: readonly LogRow[], outputs: PlainObject, error: string | undefined): void {
    this.output.push(...log.map(({ message }) => message), JSON.stringify(outputs), error ?? "");
  }
}

/** Supports empty files too, which a bucket may contain although they are not backups. */
const crcOf = (path: string): Promise<string> => (statSync(path).size === 0 ? Promise.resolve("0") : fileCrc64(path));

/** Removes all faults and continues held restores. */
async function clearFaults({ emulator }: Fixture): Promise<void> {
  emulator.faults.clear();
  await emulator.rds.clearShapes({});
  await emulator.rds.allowActions({});
}

/** Applies the remedy of CLAIM_UNDECIDED: adopts the task by its id, or deletes the lock object when no task exists. */
export async function resolveAmbiguity(fixture: Fixture): Promise<PlainObject> {
  const { oss, bucket } = fixture.emulator;
  const task = (await fixture.tasks()).at(-1);
  if (task !== undefined) return { adopt: task.id };
  for (const { key } of oss.objects(bucket)) if (key.endsWith(".claim")) oss.removeObject(bucket, key);
  return {};
}

/** Failures with `adopt` as the remedy: the ambiguous lock, and a database that exists at the preview or before the call. */
const NEEDS_ADOPT = /^(?:CLAIM_UNDECIDED|(?:check failed: )?DATABASE_EXISTS): /;

/** The log message of a run that could not remove its lock objects. */
const LOCKS_REMAIN = /^submission locks \(.*\) may stay in /m;

/** A message with a code of the catalogue, or one of a timeout or a cancellation. */
const CLEAN = /^(?:check failed: )?(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+: |\S+: (?:not finished within|stopped by))/;

function requireClean(error: string | undefined, stack = ""): string | undefined {
  if (error !== undefined && !CLEAN.test(error)) throw new Error(`not a catalogued error: ${error}\n${stack}`);
  return error;
}

function requireEmpty({ failures, diff }: Previewed): void {
  if (failures.length > 0) throw new Error(`the following preview fails: ${failures.join("; ")}`);
  if (diff === undefined || diff.changes || diff.replaces.length > 0)
    throw new Error(`the following preview is not empty: ${JSON.stringify(diff)}`);
}
