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

/** Files up to this size are read whole, bytes: RESTORE reads everything, but a rehearsal shall not wait for a large one. */
const MAX_FULL_READ_BYTES = 32 * 1024 ** 2;

const readStoredBackup: ReadBackup = (source) => readBackup(source, { deep: source.sizeBytes <= MAX_FULL_READ_BYTES });

/**
 * ApsaraDB RDS as far as migrations need it: instances, databases, accounts and migration tasks, in `world.document("rds")`.
 *
 * Calls are answered one at a time, so that of two equal ones sent at once the second sees what the first did; whatever a call
 * changed is saved before its reply.
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

  /** Runs a job on the state of this moment, and saves what it or time has changed, even if it throws. */
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
