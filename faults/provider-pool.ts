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

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  async run(order: WorkOrder, onReport: (report: WorkReport) => void = () => {}): Promise<WorkDone> {
    const done: WorkDone = { killed: true, records: new Map(), thrown: new Map() };
    await Promise.race([this.ready, this.exited]);
    const finished = new Promise<void>((resolve) => {
      this.child.on("message", (report: WorkReport) => {
        if (report.kind === "recorded") done.records.set(report.name, report.record);
        if (report.kind === "thrown") done.thrown.set(report.name, report);
        if (report.kind === "done") {
          done.killed = false;
          resolve();
        }
        onReport(report);
      });
    });
    this.child.send(order, () => undefined); // a process that was killed meanwhile takes none
    await Promise.race([finished, this.exited]);
    await this.kill();
    return done;
  }
}

/** Keeps one process ahead, because loading the SDKs takes longer than most runs. */
export class ProviderPool {
  private next: ProviderWorker | undefined;

  take(env: Record<string, string> = {}): ProviderWorker {
    const special = Object.keys(env).length > 0;
    if (special) return start(env);
    const taken = this.next ?? start({});
    this.next = start({});
    return taken;
  }

  async close(): Promise<void> {
    await this.next?.kill();
    this.next = undefined;
  }
}

const start = (env: Record<string, string>): ProviderWorker =>
  new ProviderWorker(fork(WORKER, [], { env: { ...process.env, ...env }, stdio: "inherit", serialization: "json" }));
