import { rdsSdk } from "../provider/aliyun/lazy-sdk";
import { InitError } from "../provider/model/init-error";
import type { PlainObject } from "../provider/model/plain";
import { openProcess, type ProcessWorld, type Recorded, upStep } from "../testing/engine-steps";

/** What the runner asks of a provider process. */
export interface WorkOrder {
  world: ProcessWorld;
  /** Arguments of each resource. */
  resources: { name: string; wanted: PlainObject; prior?: SentRecord }[];
  /** Resources at work at the same time, as Pulumi's slots. */
  parallel: number;
}

/** What state holds of a resource, as it travels between the processes. */
export type SentRecord = Pick<Recorded, "id" | "inputs" | "outputs"> & { reasons?: string[]; log: Recorded["log"] };

export type WorkReport =
  | { kind: "ready" }
  | { kind: "recorded"; name: string; record: SentRecord }
  /** Nothing is recorded. */
  | { kind: "thrown"; name: string; message: string; stack: string; log: Recorded["log"] }
  | { kind: "done" };

export const sent = ({ id, inputs, outputs, failed, log }: Recorded): SentRecord => ({
  ...{ id, inputs, outputs, log },
  ...(failed === undefined ? {} : { reasons: failed.reasons }),
});

export const received = ({ reasons, ...record }: SentRecord): Recorded =>
  reasons === undefined
    ? record
    : { ...record, failed: new InitError(record.id, record.inputs, record.outputs, reasons) };

/**
 * One run of a provider: a session for all its resources. Each report has what was logged since the one before: the whole log
 * with each of two hundred resources would grow with their square.
 */
async function work({ world, resources, parallel }: WorkOrder, report: (report: WorkReport) => void): Promise<void> {
  const provider = openProcess(world);
  const newRows = () => provider.log.splice(0);
  const queue = [...resources];
  const takeNext = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { name, wanted, prior } = next;
      try {
        const record = await upStep(provider, wanted, prior && received(prior));
        report({ kind: "recorded", name, record: { ...sent(record), log: newRows() } });
      } catch (error) {
        const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
        report({ kind: "thrown", name, message, stack, log: newRows() });
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, takeNext));
  report({ kind: "done" });
}

if (require.main === module) {
  const report = (report: WorkReport) => process.send?.(report);
  rdsSdk(); // takes longer than all the rest, and does so while the process before is at work
  process.on("message", (order: WorkOrder) => void work(order, report));
  process.on("disconnect", () => process.exit());
  report({ kind: "ready" });
}
