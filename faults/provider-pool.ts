import { type ChildProcess, fork } from "node:child_process";
import { basename, dirname, join } from "node:path";
import type { SentRecord, WorkOrder, WorkReport } from "./provider-worker";

/** How the work of a process ended: by itself or by SIGKILL, and what had been reported by then. */
export interface WorkDone {
  killed: boolean;
  records: Map<string, SentRecord>;
  thrown: Map<string, { message: string; stack: string }>;
}

/** The compiled worker, also where this file runs from its source (under jest). */
const WORKER = join(
  basename(dirname(__dirname)) === "dist" ? __dirname : join(__dirname, "..", "dist", "faults"),
  "provider-worker.js",
);

/** A real process that runs the handlers and can be killed. */
export class ProviderWorker {
  private readonly exited: Promise<void>;
  private readonly ready: Promise<void>;

  constructor(private readonly child: ChildProcess) {
    this.exited = new Promise((resolve) => child.once("exit", () => resolve()));
    this.ready = new Promise((resolve) => child.once("message", () => resolve()));
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  /** One run of the provider, in a session of its own. The process is there afterwards unless it was killed meanwhile. */
  async run(order: WorkOrder, onReport: (report: WorkReport) => void = () => {}): Promise<WorkDone> {
    const done: WorkDone = { killed: true, records: new Map(), thrown: new Map() };
    await Promise.race([this.ready, this.exited]);
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const take = (report: WorkReport) => {
      if (report.kind === "recorded") done.records.set(report.name, report.record);
      if (report.kind === "thrown") done.thrown.set(report.name, report);
      if (report.kind === "done") {
        done.killed = false;
        finish();
      }
      onReport(report);
    };
    this.child.on("message", take);
    this.child.send(order, () => undefined); // a process that was killed meanwhile takes none
    await Promise.race([finished, this.exited]);
    this.child.off("message", take);
    return done;
  }
}

/**
 * Processes that have loaded the SDKs, which takes longer than most runs: one is kept ahead, and one that ended its run by
 * itself takes another.
 */
export class ProviderPool {
  private readonly idle: ProviderWorker[] = [];

  take(env: Record<string, string> = {}): ProviderWorker {
    const special = Object.keys(env).length > 0;
    if (special) return start(env);
    const taken = this.idle.shift() ?? start({});
    if (this.idle.length === 0) this.idle.push(start({}));
    return taken;
  }

  /** For the next who takes one, unless it was killed. Not for one with an environment of its own. */
  giveBack(worker: ProviderWorker): void {
    if (worker.isAlive) this.idle.push(worker);
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((worker) => worker.kill()));
  }
}

const start = (env: Record<string, string>): ProviderWorker =>
  new ProviderWorker(fork(WORKER, [], { env: { ...process.env, ...env }, stdio: "inherit", serialization: "json" }));
