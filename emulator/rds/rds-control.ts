import { z } from "zod";
import type { World } from "../world";
import { recordDatabaseStatus } from "./advance-due-tasks";
import { type RestoreShape, TIMED_STAGES } from "./migrate-task";
import { instanceSeedSchema, seedInstance } from "./rds-options";
import { dropDatabase, dropInstance, instanceOf, putDatabase, putTask, type RdsState, taskOf } from "./rds-state";

const instanceId = z.string().min(1);
const times = z.number().int().positive().optional();

const shape = {
  holdAt: z.enum(TIMED_STAGES).optional(),
  failWith: z.string().optional(),
  failToOpen: z.boolean().optional(),
  checkdbFails: z.boolean().optional(),
  successDescription: z.string().optional(),
};

/** The argument of each control. Unknown members are refused, so that a misspelt member is not silently ignored. */
const ARGUMENTS = {
  /** Creates an instance, or changes the given members of an existing one. */
  setInstance: instanceSeedSchema.required({ id: true }),
  removeInstance: z.strictObject({ instanceId }),
  /** Creates or replaces a database. `status` is what DescribeDatabases shows. */
  setDatabase: z.strictObject({
    instanceId,
    name: z.string().min(1),
    status: z.string().default("Running"),
    sizeBytes: z.number().nonnegative().default(0),
    migratable: z.boolean().default(true),
  }),
  /** Removes a database, like a manual DROP DATABASE. */
  removeDatabase: z.strictObject({ instanceId, name: z.string() }),
  /**
   * Overrides the course of the next task of a database, or of any database without `dbName`. `times` applies it to
   * that many tasks, `always` to all following tasks.
   */
  shapeRestore: z.strictObject({
    dbName: z.string().optional(),
    times,
    always: z.boolean().default(false),
    ...shape,
  }),
  /** Removes all overrides and releases held tasks. */
  clearShapes: z.strictObject({}),
  /**
   * Changes an existing task: the status and description shown, its creation time or its course. `holdAt: null`
   * releases it.
   */
  setTask: z.strictObject({
    instanceId,
    taskId: z.string(),
    status: z.string().optional(),
    description: z.string().optional(),
    createdAtMs: z.number().optional(),
    ...shape,
    holdAt: z.enum(TIMED_STAGES).nullable().optional(),
  }),
  /** Removes a task and keeps its database. */
  removeTask: z.strictObject({ instanceId, taskId: z.string() }),
  /** Sets the duration of future tasks of a database, or of all other databases without `dbName`; milliseconds. */
  setPace: z.strictObject({ dbName: z.string().optional(), taskMs: z.number().nonnegative() }),
  setLimits: z.strictObject({
    bakFileBytes: z.number().positive().optional(),
    perDatabaseAndDay: z.number().int().nonnegative().optional(),
    perInstanceAndDay: z.number().int().nonnegative().optional(),
  }),
  /** Refuses an action (`*`: all actions) with 403 Forbidden.RAM, `times` times or until `allowActions`. */
  forbidAction: z.strictObject({ action: z.string(), times }),
  allowActions: z.strictObject({}),
  /** Sets whether DescribeMigrateTasks lists UPDF tasks. */
  setTaskList: z.strictObject({ showsOpenTasks: z.boolean() }),
  /** Sets the task's status after a refused increment. */
  setAfterBadIncrement: z.strictObject({ becomes: z.enum(["failed", "waiting"]) }),
  /** Sets whether a second task is accepted for a database that has an active task or already exists. */
  setSecondTasks: z.strictObject({ become: z.enum(["refused", "accepted"]) }),
  /** Sets the minimum age at which DescribeMigrateTasks lists a task, milliseconds. */
  setListDelay: z.strictObject({ ms: z.number().nonnegative() }),
} satisfies Record<string, z.ZodType>;

type ControlName = keyof typeof ARGUMENTS;
type Parsed<Name extends ControlName> = z.output<(typeof ARGUMENTS)[Name]>;

/**
 * Sets up the service and provokes rare behaviour of the real one. Each control takes one argument, which JSON can
 * represent. It throws a ZodError that names an invalid member, or the RpcFault of a missing instance or task.
 */
export type RdsControl = {
  [Name in ControlName]: (argument: z.input<(typeof ARGUMENTS)[Name]>) => Promise<void>;
} & {
  /** Returns a copy of the service's state, for assertions. */
  readState(argument?: Record<string, never>): Promise<RdsState>;
};

type Handlers = { [Name in ControlName]: (argument: Parsed<Name>, state: RdsState, world: World) => void };

const HANDLERS: Handlers = {
  setInstance(change, state, world) {
    const at = { region: world.region, nowMs: world.now() };
    const known = state.instances.find(({ id }) => id === change.id);
    // A status that a test sets does not change over time.
    const fixedStatus = change.status === undefined ? {} : { runningFromMs: null };
    const next = known === undefined ? seedInstance(change, at) : { ...known, ...change, ...fixedStatus };
    state.instances = [...state.instances.filter(({ id }) => id !== change.id), next];
  },
  removeInstance(argument, state) {
    dropInstance(state, instanceOf(state, argument.instanceId).id);
  },
  setDatabase(argument, state) {
    const { collation } = instanceOf(state, argument.instanceId);
    putDatabase(state, { ...argument, collation });
  },
  removeDatabase(argument, state, world) {
    if (dropDatabase(state, argument.instanceId, argument.name)) {
      recordDatabaseStatus(world, {
        instanceId: argument.instanceId,
        dbName: argument.name,
        status: "removedByControl",
      });
    }
  },
  shapeRestore({ dbName = null, times: remaining = 1, always, ...shape }, state) {
    state.shapes.push({ dbName, remaining: always ? null : remaining, shape });
  },
  clearShapes(_, state, world) {
    state.shapes = [];
    for (const task of state.tasks) {
      if (task.shape.holdAt !== undefined) release(state, task.instanceId, task.id, world.now());
    }
  },
  setTask({ instanceId: instance, taskId, createdAtMs, status, description, holdAt, ...overrides }, state, world) {
    const task = taskOf(state, instance, taskId);
    putTask(state, {
      ...task,
      createdAtMs: createdAtMs ?? task.createdAtMs,
      shape: { ...task.shape, ...overrides },
      shown: { status: status ?? task.shown.status, description: description ?? task.shown.description },
    });
    if (holdAt === null) release(state, instance, taskId, world.now());
    else if (holdAt !== undefined) hold(state, instance, taskId, holdAt);
  },
  removeTask(argument, state) {
    const { id } = taskOf(state, argument.instanceId, argument.taskId);
    state.tasks = state.tasks.filter((task) => task.id !== id);
  },
  setPace({ dbName = null, taskMs }, state) {
    state.paces = [...state.paces.filter((pace) => pace.dbName !== dbName), { dbName, taskMs }];
  },
  setLimits(argument, state) {
    state.limits = { ...state.limits, ...argument };
  },
  forbidAction({ action, times: remaining = null }, state) {
    state.forbidden.push({ action, remaining });
  },
  allowActions(_, state) {
    state.forbidden = [];
  },
  setAfterBadIncrement({ becomes }, state) {
    state.afterBadIncrement = becomes;
  },
  setTaskList({ showsOpenTasks }, state) {
    state.listsOpenTasks = showsOpenTasks;
  },
  setSecondTasks({ become }, state) {
    state.secondTasks = become;
  },
  setListDelay({ ms }, state) {
    state.listDelayMs = ms;
  },
};

function hold(state: RdsState, instance: string, taskId: string, holdAt: RestoreShape["holdAt"]): void {
  const task = taskOf(state, instance, taskId);
  const held = task.stage === holdAt ? { stageEndsAtMs: null } : {};
  putTask(state, { ...task, ...held, shape: { ...task.shape, holdAt } });
}

/** Ends the hold of a task; its held stage ends at once. */
function release(state: RdsState, instance: string, taskId: string, nowMs: number): void {
  const task = taskOf(state, instance, taskId);
  const { holdAt, ...shape } = task.shape;
  putTask(state, { ...task, shape, ...(task.stage === holdAt ? { stageEndsAtMs: nowMs } : {}) });
}

/**
 * Creates the controls of a service.
 *
 * @param run executes a change between two calls and then saves the state
 */
export function createRdsControl(state: RdsState, world: World, run: <T>(job: () => T) => Promise<T>): RdsControl {
  const bind =
    <Name extends ControlName>(name: Name) =>
    async (argument: z.input<(typeof ARGUMENTS)[Name]>) => {
      // The argument passes through JSON, so that a call in the same process accepts the same values as a call over
      // HTTP. The cast ties the schema's output to the handler of the same name, which TypeScript cannot follow through
      // the index.
      const parsed = ARGUMENTS[name].parse(JSON.parse(JSON.stringify(argument ?? {}))) as Parsed<Name>;
      return run(() => HANDLERS[name](parsed, state, world));
    };
  return {
    setInstance: bind("setInstance"),
    removeInstance: bind("removeInstance"),
    setDatabase: bind("setDatabase"),
    removeDatabase: bind("removeDatabase"),
    shapeRestore: bind("shapeRestore"),
    clearShapes: bind("clearShapes"),
    setTask: bind("setTask"),
    removeTask: bind("removeTask"),
    setPace: bind("setPace"),
    setLimits: bind("setLimits"),
    forbidAction: bind("forbidAction"),
    allowActions: bind("allowActions"),
    setAfterBadIncrement: bind("setAfterBadIncrement"),
    setSecondTasks: bind("setSecondTasks"),
    setListDelay: bind("setListDelay"),
    setTaskList: bind("setTaskList"),
    readState: () => run(() => structuredClone(state)),
  };
}
