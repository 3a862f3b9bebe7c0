import { readBackup } from "../../provider/backup/read-backup";
import { ramDocument } from "../ram/ram-state";
import type { RpcService, World } from "../world";
import { advanceDueTasks } from "./advance-due-tasks";
import type { ReadBackup } from "./backup-facts";
import type { RdsContext } from "./rds-action";
import { RDS_ACTIONS } from "./rds-actions";
import { createRdsControl, type RdsControl } from "./rds-control";
import { DEFAULT_CREATE_INSTANCE_MS, DEFAULT_TASK_MS, type RdsOptions, seedInstance } from "./rds-options";
import { initialState } from "./rds-state";
import { forbiddenByRam, isForbidden, unsupportedAction } from "./rpc-refusals";
import { SerialQueue } from "./serial-queue";

export interface RdsService {
  call: RpcService;
  control: RdsControl;
}

/** Backups up to this size are read whole, as RESTORE does. Larger ones are not, so that tests stay fast. Bytes. */
const MAX_FULL_READ_BYTES = 32 * 1024 ** 2;

const readStoredBackup: ReadBackup = (source) => readBackup(source, { deep: source.sizeBytes <= MAX_FULL_READ_BYTES });

/**
 * The parts of ApsaraDB RDS that migrations need: instances, databases, accounts and migration tasks, stored in
 * `world.document("rds")`.
 *
 * Calls are processed one at a time, so that each sees the changes of the one before it. Changes are saved before the
 * reply.
 */
export function createRdsService(world: World, options: RdsOptions = {}): RdsService {
  const document = world.document("rds", () => {
    const seeds = options.instances ?? [{}];
    return initialState(seeds.map((seed) => seedInstance(seed, { region: world.region, nowMs: world.now() })));
  });
  const state = document.value;
  const queue = new SerialQueue();
  const read = options.readBackup ?? readStoredBackup;
  const context: RdsContext = {
    state,
    ram: ramDocument(world).value,
    world,
    taskMs: options.taskMs ?? DEFAULT_TASK_MS,
    createInstanceMs: options.createInstanceMs ?? DEFAULT_CREATE_INSTANCE_MS,
  };

  /** Advances the tasks to the present, runs a job and saves the changes of both, even if the job throws. */
  const runOnCurrentState = <T>(job: () => T, mutates: boolean): Promise<T> =>
    queue.run(async () => {
      const advanced = await advanceDueTasks(state, world, read);
      try {
        return job();
      } finally {
        if (advanced || mutates) await document.save();
      }
    });

  return {
    call: async (call) => {
      const action = RDS_ACTIONS.get(call.action);
      if (action === undefined) throw unsupportedAction(call);
      return runOnCurrentState(
        () => {
          if (isForbidden(state.forbidden, call.action)) throw forbiddenByRam(call, world.account.accountId);
          return action.answer(call, context);
        },
        action.mutates || state.forbidden.length > 0,
      );
    },
    control: createRdsControl(state, world, (job) => runOnCurrentState(job, true)),
  };
}
