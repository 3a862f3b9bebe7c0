import { statSync } from "node:fs";
import { fileCrc64 } from "../provider/aliyun/oss/file-crc64";
import type { PlainObject } from "../provider/model/plain";
import type { LogRow, Previewed, Recorded } from "../testing/engine-steps";
import { Fixture, type FixtureOptions } from "../testing/fixture";
import { brokenInvariants } from "./invariants";
import type { ProviderPool } from "./provider-pool";
import { received, sent } from "./provider-worker";

/** What one `up` came to, and what the engine would have recorded after it. */
export interface Attempt {
  /** Undefined: nothing, as after a kill in create or an error before anything existed. */
  recorded: Recorded | undefined;
  /** Why it did not get there; undefined when it did. */
  error: string | undefined;
  killed: boolean;
}

/** What a case allows beside the usual. */
export interface Allowance {
  mayTerminate?: boolean;
  /** Bytes of parts that may go out twice. @default 0 */
  resentBytes?: number;
  /** The last word of the status. @default online */
  status?: string;
  /** An earlier run has ended its task: that is said once, as a failure that passes, and the next `up` submits anew. */
  mayHaveEnded?: boolean;
  /** A run that cannot remove its claims, because no reply of the calls for it is readable, says so; then they may stay. */
  mayTellOfClaims?: boolean;
  /** What the service says of the object contradicts what was uploaded: it is taken away and made once more. */
  mayUploadAgain?: boolean;
  /** Where the list cannot tell whether a task came of a claim, the run may stop and ask; then the person answers. */
  mayAsk?: boolean;
}

/** Where one case is run: the clouds that it opens, what was said meanwhile, and how it has to end. */
export class TestCloud {
  private readonly fixtures: Fixture[] = [];
  private readonly said: string[] = [];
  /** Everything random in the case follows from its seed. */
  constructor(
    readonly random: () => number,
    private readonly pool: ProviderPool,
  ) {}

  async fixture(options: FixtureOptions = {}): Promise<Fixture> {
    // Claims hold for longer than a busy machine takes for what is done under them.
    const tuning = {
      ossRetryTimes: { initialDelayMs: 20, maxDelayMs: 100 },
      lockTimes: { sendWithinMs: 3_000, expireAfterMs: 4_000 },
      ...options.tuning,
    };
    const fixture = await Fixture.open({ ...options, tuning });
    this.fixtures.push(fixture);
    return fixture;
  }

  async close(): Promise<void> {
    for (const fixture of this.fixtures) await fixture.close();
  }

  /** An `up` in this process. @throws when it ends in anything but a result or a clean error */
  async attempt(fixture: Fixture, args: PlainObject, prior?: Recorded): Promise<Attempt> {
    try {
      const recorded = await fixture.up(args, prior);
      const error = recorded.failed?.reasons.join("\n");
      this.hear(recorded.log, recorded.outputs, error);
      return { recorded, error: requireClean(error, recorded.failed?.stack), killed: false };
    } catch (thrown) {
      const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.hear([], {}, message);
      return { recorded: prior, error: requireClean(message, stack), killed: false };
    }
  }

  /**
   * An `up` in a process of its own, which every cut of the emulator's kills. What the engine then has is what it had before:
   * nothing after a kill in create, the earlier state after one in update.
   */
  async attemptKilled(
    fixture: Fixture,
    args: PlainObject,
    prior?: Recorded,
    env: Record<string, string> = {},
  ): Promise<Attempt> {
    const worker = this.pool.take(env);
    fixture.emulator.faults.beforeReset = () => worker.kill();
    const resource = { name: "erp", wanted: fixture.args(args), prior: prior && sent(prior) };
    const done = await worker.run({ world: fixture.world(), resources: [resource], parallel: 1 });
    await worker.kill();
    fixture.emulator.faults.beforeReset = async () => {};
    const record = done.records.get("erp");
    const thrown = done.thrown.get("erp");
    const recorded = record === undefined ? prior : received(record);
    const error = thrown?.message ?? record?.reasons?.join("\n");
    this.hear(record?.log ?? [], record?.outputs ?? {}, error);
    return { recorded, error: requireClean(error, thrown?.stack), killed: done.killed };
  }

  /**
   * The end of every case: one undisturbed `up` converges, a preview behind it is empty, and every promise was kept.
   * @param backups every file that the program names, for the checksums
   */
  async settles(
    fixture: Fixture,
    args: PlainObject,
    prior: Recorded | undefined,
    backups: readonly string[],
    allowance: Allowance = {},
  ): Promise<Recorded> {
    await calm(fixture);
    let last = await this.attempt(fixture, args, prior);
    if (allowance.mayHaveEnded && last.error?.startsWith("TASK_TERMINATED"))
      last = await this.attempt(fixture, args, last.recorded);
    if (allowance.mayAsk && ASKS.test(last.error ?? "")) {
      last = await this.attempt(fixture, { ...args, ...(await answerOf(fixture)) }, last.recorded);
    }
    const { recorded, error } = last;
    if (recorded === undefined || error !== undefined) throw new Error(`the undisturbed up failed: ${error}`);
    const { status = "online" } = allowance;
    if (recorded.outputs.status !== status) throw new Error(`it is ${recorded.outputs.status} and not ${status}`);
    requireEmpty(await fixture.preview(args, recorded));
    await this.keptPromises(fixture, backups, allowance);
    return recorded;
  }

  /** @throws every broken invariant, in words */
  async keptPromises(fixture: Fixture, backups: readonly string[], allowance: Allowance = {}): Promise<void> {
    const { emulator } = fixture;
    const isOpen = allowance.status !== undefined && allowance.status !== "online";
    const isTold = allowance.mayTellOfClaims === true && this.said.some((text) => CLAIMS_STAY.test(text));
    const stays = isOpen || isTold;
    const objects = emulator.oss.objects(emulator.bucket).filter(({ key }) => !(stays && key.endsWith(".claim")));
    const broken = brokenInvariants({
      journal: emulator.journal.entries,
      objects,
      unfinishedUploads: emulator.oss.uploads().length,
      backupCrcs: new Set(await Promise.all(backups.map(crcOf))),
      said: this.said.join("\n"),
      secrets: [emulator.accessKeySecret],
      mayTerminate: allowance.mayTerminate,
      mayUploadAgain: allowance.mayUploadAgain,
      mostPartBytes: backups.reduce((sum, path) => sum + statSync(path).size, 0) + (allowance.resentBytes ?? 0),
    });
    if (broken.length > 0) throw new Error(`broken: ${broken.join("; ")}`);
  }

  hear(log: readonly LogRow[], outputs: PlainObject, error: string | undefined): void {
    this.said.push(...log.map(({ message }) => message), JSON.stringify(outputs), error ?? "");
  }
}

/** Of an empty file too, which is no backup but may lie in a bucket. */
const crcOf = (path: string): Promise<string> => (statSync(path).size === 0 ? Promise.resolve("0") : fileCrc64(path));

/** No more faults; what was held goes on. */
async function calm({ emulator }: Fixture): Promise<void> {
  emulator.faults.clear();
  await emulator.rds.clearShapes({});
  await emulator.rds.allowActions({});
}

/** What the remedy of CLAIM_UNDECIDED says: give the task's id, or delete the claim where there is no task. */
async function answerOf(fixture: Fixture): Promise<PlainObject> {
  const { oss, bucket } = fixture.emulator;
  const task = (await fixture.tasks()).at(-1);
  if (task !== undefined) return { adopt: task.id };
  for (const { key } of oss.objects(bucket)) if (key.endsWith(".claim")) oss.removeObject(bucket, key);
  return {};
}

/** The ends that ask for `adopt`: the claim alone, or the preview when the database is there already. */
const ASKS = /^(?:CLAIM_UNDECIDED|check failed: DATABASE_EXISTS): /;

/** How a run tells that it could not remove its claims. */
const CLAIMS_STAY = /^claims \(.*\) may stay in /;

/** A code of the catalogue, or one of the ends that no fault is behind. */
const CLEAN = /^(?:check failed: )?(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+: |\S+: (?:not finished within|stopped by))/;

function requireClean(error: string | undefined, stack = ""): string | undefined {
  if (error !== undefined && !CLEAN.test(error)) throw new Error(`no clean error: ${error}\n${stack}`);
  return error;
}

function requireEmpty({ failures, diff }: Previewed): void {
  if (failures.length > 0) throw new Error(`the preview behind it fails: ${failures.join("; ")}`);
  if (diff === undefined || diff.changes || diff.replaces.length > 0)
    throw new Error(`the preview behind it is not empty: ${JSON.stringify(diff)}`);
}
