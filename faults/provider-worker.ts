import { rdsSdk } from "../provider/aliyun/lazy-sdk";
import { InitError } from "../provider/model/init-error";
import type { PlainObject } from "../provider/model/plain";
import { openProcess, type ProcessWorld, type Recorded, upStep } from "../testing/engine-steps";

/** One run that a provider process performs. */
export interface WorkOrder {
  world: ProcessWorld;
  /** Each resource with its arguments. */
  resources: { name: string; wanted: PlainObject; prior?: SerializedRecord }[];
  /** Maximum number of resources processed in parallel, like Pulumi's `--parallel`. */
  parallel: number;
}

/** The recorded state of a resource in a form that can be sent between processes. */
export type SerializedRecord = Pick<Recorded, "id" | "inputs" | "outputs"> & {
  reasons?: string[];
  log: Recorded["log"];
};

export type WorkReport =
  | { kind: "ready" }
  | { kind: "recorded"; name: string; record: SerializedRecord }
  /** The step failed without a record in state. */
  | { kind: "thrown"; name: string; message: string; stack: string; log: Recorded["log"] }
  | { kind: "done" };

export const serializeRecord = ({ id, inputs, outputs, failed, log }: Recorded): SerializedRecord => ({
  ...{ id, inputs, outputs, log },
  ...(failed === undefined ? {} : { reasons: failed.reasons }),
});

export const deserializeRecord = ({ reasons, ...record }: SerializedRecord): Recorded =>
  reasons === undefined
    ? record
    : { ...record, failed: new InitError(record.id, record.inputs, record.outputs, reasons) };

/**
 * Performs one run of the provider with one session for all resources. Each report contains only the log rows since the previous
 * report; the whole log in every report would grow with the square of the number of resources.
 */
async function work({ world, resources, parallel }: WorkOrder, report: (report: WorkReport) => void): Promise<void> {
  const provider = openProcess(world);
  const newRows = () => provider.log.splice(0);
  const queue = [...resources];
  const takeNext = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { name, wanted, prior } = next;
      try {
        const record = await upStep(provider, wanted, prior && deserializeRecord(prior));
        report({ kind: "recorded", name, record: { ...serializeRecord(record), log: newRows() } });
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
  rdsSdk(); // the slowest part of the start; it runs while the previous process works
  process.on("message", (order: WorkOrder) => void work(order, report));
  process.on("disconnect", () => process.exit());
  report({ kind: "ready" });
}
