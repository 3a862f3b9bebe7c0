import { readBackup as readBackupFile } from "../../provider/backup/read-backup";
import { ramDocument } from "../ram/ram-state";
import type { RpcCall, RpcService, World } from "../world";
import {
  describeAccounts,
  describeDatabases,
  describeInstanceAttribute,
  describeResourceUsage,
} from "./instance-calls";
import { createRdsControl, type RdsControl } from "./rds-control";
import { DEFAULT_TASK_MS, type RdsOptions, seedInstance } from "./rds-options";
import { initialState } from "./rds-state";
import { forbiddenByRam, isForbidden, notImitated } from "./rpc-refusals";
import { SerialQueue } from "./serial-queue";
import { settleTasks } from "./settle-tasks";
import {
  createMigrateTask,
  createOnlineDatabaseTask,
  describeMigrateTaskById,
  describeMigrateTasks,
  describeOssDownloads,
  type TaskScene,
  terminateMigrateTask,
} from "./task-calls";

export interface RdsService {
  call: RpcService;
  control: RdsControl;
}

/** One action: its reply, and whether it may change the state. */
interface Action {
  mutates: boolean;
  reply(call: RpcCall, scene: TaskScene): Record<string, unknown>;
}

const reading = (reply: Action["reply"]): Action => ({ mutates: false, reply });
const writing = (reply: Action["reply"]): Action => ({ mutates: true, reply });

const ACTIONS: Record<string, Action> = {
  CreateMigrateTask: writing(createMigrateTask),
  CreateOnlineDatabaseTask: writing(createOnlineDatabaseTask),
  TerminateMigrateTask: writing(terminateMigrateTask),
  DescribeMigrateTasks: reading(describeMigrateTasks),
  DescribeMigrateTaskById: reading(describeMigrateTaskById),
  DescribeOssDownloads: reading(describeOssDownloads),
  DescribeDBInstanceAttribute: reading((call, { state, world }) => describeInstanceAttribute(call, state, world.now())),
  DescribeResourceUsage: reading((call, { state }) => describeResourceUsage(call, state)),
  DescribeDatabases: reading((call, { state }) => describeDatabases(call, state)),
  DescribeAccounts: reading((call, { state }) => describeAccounts(call, state)),
};

/**
 * ApsaraDB RDS as far as migrations need it: instances, databases, accounts and migration tasks, in `world.document("rds")`.
 * Calls are answered one at a time, and whatever a call changed is saved before its reply.
 */
export function createRdsService(world: World, options: RdsOptions = {}): RdsService {
  const document = world.document("rds", () => {
    const seeds = options.instances ?? [{}];
    return initialState(seeds.map((seed) => seedInstance(seed, { region: world.region, nowMs: world.now() })));
  });
  const ram = ramDocument(world);
  const queue = new SerialQueue();
  const readBackup = options.readBackup ?? readBackupFile;
  const scene: TaskScene = {
    state: document.value,
    ram: ram.value,
    world,
    taskMs: options.taskMs ?? DEFAULT_TASK_MS,
  };

  async function settled<T>(job: () => T, mutates: boolean): Promise<T> {
    const advanced = await settleTasks(document.value, world, readBackup);
    try {
      return job();
    } finally {
      if (advanced || mutates) await document.save();
    }
  }

  return {
    call: (call) =>
      queue.run(async () => {
        const action = ACTIONS[call.action];
        if (action === undefined) throw notImitated(call);
        if (isForbidden(document.value.forbidden, call.action)) {
          await document.save();
          throw forbiddenByRam(call, world.account.accountId);
        }
        return settled(() => action.reply(call, scene), action.mutates);
      }),
    control: createRdsControl(document.value, world, (job) => queue.run(() => settled(job, true))),
  };
}
