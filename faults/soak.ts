import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultRuleInput } from "../emulator/faults/fault-rule";
import { seededRandom } from "../emulator/faults/seeded-random";
import { fileCrc64 } from "../provider/aliyun/oss/file-crc64";
import type { PlainObject } from "../provider/model/plain";
import { backupBytes } from "../testing/backup-writer/write-backup";
import { Fixture, URN } from "../testing/fixture";
import { brokenInvariants } from "./invariants";
import { destroyLateLocked } from "./late-locks";
import type { ProviderPool, ProviderWorker } from "./provider-pool";
import { deserializeRecord, type SerializedRecord, type WorkOrder } from "./provider-worker";
import { requestLogOf } from "./request-log";
import { LEVELS, type Level } from "./soak-levels";

/** The faults of a request, each with its share of all faults. */
const EFFECTS: { share: number; match?: FaultRuleInput["match"]; effect: FaultRuleInput["effect"] }[] = [
  { share: 0.15, effect: { kind: "reset", at: "before" } },
  { share: 0.15, effect: { kind: "reset", at: "during" } },
  { share: 0.15, effect: { kind: "reset", at: "after" } },
  { share: 0.15, effect: { kind: "refuse", status: 503, code: "ServiceUnavailable" } },
  { share: 0.1, effect: { kind: "refuse", status: 500, code: "InternalError" } },
  { share: 0.05, match: { service: "oss" }, effect: { kind: "refuse", status: 429, code: "QpsLimitExceeded" } },
  { share: 0.05, match: { service: "rds" }, effect: { kind: "refuse", status: 400, code: "Throttling.User" } },
  { share: 0.05, effect: { kind: "html", status: 502 } },
  { share: 0.05, effect: { kind: "html", status: 502, afterwards: true } },
  { share: 0.05, effect: { kind: "truncate", bytes: 30 } },
  { share: 0.05, effect: { kind: "delay", ms: 100 } },
];

/** Maximum number of runs with faults; the soak stops earlier when every database is online. */
const FAULTY_RUNS = 4;
const PARALLEL = 16;

export interface SoakOptions {
  seed: number;
  level: Level;
  /** @default 200 */
  databases: number;
  pool: ProviderPool;
}

export interface SoakResult {
  /** The broken guarantees; empty when all hold. */
  broken: string[];
  requests: number;
  faults: number;
  kills: number;
  concurrentRuns: number;
}

/** Runs a program of many migrations repeatedly under faults, then once without faults, and checks every guarantee. */
export async function soak({ seed, level, databases, pool }: SoakOptions): Promise<SoakResult> {
  const random = seededRandom(seed);
  const fixture = await Fixture.open({
    taskMs: 400,
    tuning: {
      ...{ rdsReadTimeoutMs: 3_000, rdsRetryDelayMs: 20 },
      ossRetryTimes: { initialDelayMs: 20, maxDelayMs: 500, budgetMs: 10_000, firstContactMs: 10_000 },
      lockTimes: { sendWithinMs: 3_000, expireAfterMs: 5_000 },
    },
  });
  try {
    return await new Soak(fixture, random, level, pool, resourcesOf(fixture, databases)).run();
  } finally {
    await fixture.close();
  }
}

type Resource = WorkOrder["resources"][number];

/** One small backup for each database. */
function resourcesOf(fixture: Fixture, databases: number): Resource[] {
  const folder = join(fixture.folder, "backups");
  mkdirSync(folder);
  return Array.from({ length: databases }, (_, index) => {
    const name = `db${String(index + 1).padStart(3, "0")}`;
    const path = join(folder, `${name}.bak`);
    writeFileSync(path, backupBytes({ databaseName: name, type: "full", dataBytes: 65_536, logBytes: 4_096 }));
    const wanted = { backup: path, resourceUrn: `${URN}-${name}`, pollInterval: "100ms", timeout: "60s" };
    return { name, wanted: fixture.args(wanted) };
  });
}

class Soak {
  private readonly records = new Map<string, SerializedRecord>();
  private readonly output: string[] = [];
  private readonly result: SoakResult = { broken: [], requests: 0, faults: 0, kills: 0, concurrentRuns: 0 };

  constructor(
    private readonly fixture: Fixture,
    private readonly random: () => number,
    private readonly level: Level,
    private readonly pool: ProviderPool,
    private readonly resources: readonly Resource[],
  ) {}

  async run(): Promise<SoakResult> {
    for (let run = 0; run < FAULTY_RUNS && !this.isDone(); run += 1) await this.faultyRun();
    const { faults, journal } = this.fixture.emulator;
    this.result.faults = journal.entries.filter(({ detail }) => detail.fault !== undefined).length;
    faults.clear();
    const last = this.pool.take();
    await this.up(last);
    this.pool.release(last);
    this.requireOnline();
    await this.requireEmptyPreview();
    this.result.requests = journal.entries.filter(({ request }) => request > 0).length;
    if (this.result.kills > 0) await destroyLateLocked(this.fixture, [...this.records.values()].map(deserializeRecord));
    this.result.broken.push(...brokenInvariants(await this.evidence()));
    const log = this.result.broken.map((each) => [each, ...requestLogOf(each, journal.entries)].join("\n       "));
    return { ...this.result, broken: log };
  }

  private isDone(): boolean {
    return this.resources.every(({ name }) => this.records.get(name)?.outputs.status === "online");
  }

  /** One `up` under the fault rates of the level, possibly killed and possibly with a concurrent run. */
  private async faultyRun(): Promise<void> {
    const { faults } = this.fixture.emulator;
    const rates = LEVELS[this.level];
    faults.clear();
    for (const { share, match, effect } of EFFECTS) {
      const seed = Math.floor(this.random() * 2 ** 31);
      faults.add({ match, probability: share * rates.faults, drawnBy: "identity", seed, effect });
    }
    const worker = this.pool.take();
    const isKilled = this.random() < rates.killed;
    const isConcurrent = this.random() < rates.concurrent;
    // The kill happens at a cut connection, so that it interrupts a request.
    let cutsUntilKill = isKilled ? 1 + Math.floor(this.random() * this.resources.length * rates.faults * 3) : Infinity;
    faults.beforeReset = async () => {
      cutsUntilKill -= 1;
      if (cutsUntilKill === 0) await worker.kill();
    };
    const workers = isConcurrent ? [worker, this.pool.take()] : [worker];
    this.result.concurrentRuns += isConcurrent ? 1 : 0;
    const killed = await Promise.all(workers.map((each) => this.up(each)));
    this.result.kills += killed.filter((each) => each).length;
    faults.beforeReset = async () => {};
    for (const each of workers) this.pool.release(each);
  }

  /** Stores each record as soon as it arrives, as the engine does. @returns whether the process was killed */
  private async up(worker: ProviderWorker): Promise<boolean> {
    const resources = this.resources.map((resource) => ({ ...resource, prior: this.records.get(resource.name) }));
    const order: WorkOrder = { world: this.fixture.world(), resources, parallel: PARALLEL };
    const { killed } = await worker.run(order, (report) => {
      if (report.kind === "recorded") {
        const { name, record } = report;
        // The last record wins between two concurrent runs, as with two engines that save one state; `online` is never overwritten.
        if (this.records.get(name)?.outputs.status !== "online") this.records.set(name, { ...record, log: [] });
        this.record(record.log, JSON.stringify(record.outputs), ...(record.reasons ?? []));
      }
      if (report.kind === "thrown") this.record(report.log, report.message);
    });
    return killed;
  }

  private record(log: SerializedRecord["log"], ...texts: string[]): void {
    this.output.push(...log.map(({ message }) => message), ...texts);
  }

  private requireOnline(): void {
    for (const { name } of this.resources) {
      const record = this.records.get(name);
      if (record?.outputs.status === "online" && record.reasons === undefined) continue;
      const why = record?.reasons?.join("; ") ?? this.output.findLast((text) => text.includes(name)) ?? "no message";
      this.result.broken.push(
        `${name} is ${record?.outputs.status ?? "not recorded"} after the up without faults: ${why}`,
      );
    }
  }

  /** A further preview must show no changes and send no requests. */
  private async requireEmptyPreview(): Promise<void> {
    const process = this.fixture.process();
    const mark = this.fixture.mark;
    for (const { name, wanted } of this.resources) {
      const record = this.records.get(name);
      if (record === undefined) continue;
      const { id, inputs, outputs } = record;
      const { failures, diff } = await this.fixture.preview(wanted, { id, inputs, outputs, log: [] }, process);
      if (failures.length > 0 || diff?.changes !== false)
        this.result.broken.push(`the preview of ${name} is not empty: ${failures.join("; ")}`);
    }
    const requested = this.fixture.since(mark);
    if (requested.length > 0)
      this.result.broken.push(`the empty preview requested ${[...new Set(requested)].join(", ")}`);
  }

  private async evidence(): Promise<Parameters<typeof brokenInvariants>[0]> {
    const { emulator } = this.fixture;
    const backups = this.resources.map(({ wanted }: { wanted: PlainObject }) => String(wanted.backup));
    return {
      journal: emulator.journal.entries,
      objects: emulator.oss.objects(emulator.bucket),
      unfinishedUploads: emulator.oss.uploads().length,
      backupCrcs: new Set(await Promise.all(backups.map((path) => fileCrc64(path)))),
      output: this.output.join("\n"),
      secrets: [emulator.accessKeySecret],
    };
  }
}
