import { type ChildProcess, fork } from "node:child_process";
import { basename, dirname, join } from "node:path";
import type { SerializedRecord, WorkOrder, WorkReport } from "./provider-worker";

/** Whether the process ended by SIGKILL, and what it reported before. */
export interface WorkResult {
  killed: boolean;
  records: Map<string, SerializedRecord>;
  thrown: Map<string, { message: string; stack: string }>;
}

/** The compiled worker, which this file also uses when it runs from source under jest. */
const WORKER = join(
  basename(dirname(__dirname)) === "dist" ? __dirname : join(__dirname, "..", "dist", "faults"),
  "provider-worker.js",
);

/** A separate process that runs the handlers and can be killed. */
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

  /** Sends SIGSTOP: the process stands still, as in a suspended virtual machine, until `resume`. */
  pause(): void {
    this.child.kill("SIGSTOP");
  }

  resume(): void {
    this.child.kill("SIGCONT");
  }

  /** Sends SIGKILL; resolves when the process has exited. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  /** Performs one run of the provider in a new session. The process stays usable unless it was killed meanwhile. */
  async run(order: WorkOrder, onReport: (report: WorkReport) => void = () => {}): Promise<WorkResult> {
    const done: WorkResult = { killed: true, records: new Map(), thrown: new Map() };
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
    this.child.send(order, () => undefined); // sending to a killed process fails
    await Promise.race([finished, this.exited]);
    this.child.off("message", take);
    return done;
  }
}

/**
 * A pool of processes that have loaded the SDKs, which takes longer than most runs. It keeps one idle process ready and reuses
 * processes that were not killed.
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

  /** Returns a worker to the pool unless it was killed. Workers with a custom environment must not be released. */
  release(worker: ProviderWorker): void {
    if (worker.isAlive) this.idle.push(worker);
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((worker) => worker.kill()));
  }
}

const start = (env: Record<string, string>): ProviderWorker =>
  new ProviderWorker(fork(WORKER, [], { env: { ...process.env, ...env }, stdio: "inherit", serialization: "json" }));
