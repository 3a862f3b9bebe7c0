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

/** What each control takes; unknown members are refused, so that a misspelt wish does not pass for a granted one. */
const ARGUMENTS = {
  /** Creates the instance or changes the members given. */
  setInstance: instanceSeedSchema.required({ id: true }),
  removeInstance: z.strictObject({ instanceId }),
  /** Puts a database on the instance or replaces the one of that name; `status` as DescribeDatabases is to show it. */
  setDatabase: z.strictObject({
    instanceId,
    name: z.string().min(1),
    status: z.string().default("Running"),
    sizeBytes: z.number().nonnegative().default(0),
    migratable: z.boolean().default(true),
  }),
  /** As if somebody dropped it by hand. */
  removeDatabase: z.strictObject({ instanceId, name: z.string() }),
  /** Wishes for the next task of a database (of any without `dbName`), or for the next `times` ones; all without end with `always`. */
  shapeRestore: z.strictObject({
    dbName: z.string().optional(),
    times,
    always: z.boolean().default(false),
    ...shape,
  }),
  /** Ends all wishes and lets held tasks go on. */
  clearShapes: z.strictObject({}),
  /** Changes a task that exists: the words shown, its age, what becomes of it, or a hold released (`holdAt: null`). */
  setTask: z.strictObject({
    instanceId,
    taskId: z.string(),
    status: z.string().optional(),
    description: z.string().optional(),
    createdAtMs: z.number().optional(),
    ...shape,
    holdAt: z.enum(TIMED_STAGES).nullable().optional(),
  }),
  /** As if it had never been; its database stays. */
  removeTask: z.strictObject({ instanceId, taskId: z.string() }),
  /** How long the tasks of a database (of all others without `dbName`) take from now on, milliseconds. */
  setPace: z.strictObject({ dbName: z.string().optional(), taskMs: z.number().nonnegative() }),
  setLimits: z.strictObject({
    bakFileBytes: z.number().positive().optional(),
    perDatabaseAndDay: z.number().int().nonnegative().optional(),
    perInstanceAndDay: z.number().int().nonnegative().optional(),
  }),
  /** Answers an action (`*`: every one) with 403 Forbidden.RAM, `times` times or until allowed again. */
  forbidAction: z.strictObject({ action: z.string(), times }),
  allowActions: z.strictObject({}),
  /** Whether DescribeMigrateTasks lists tasks that were created as UPDF. */
  setTaskList: z.strictObject({ showsOpenTasks: z.boolean() }),
  /** What a refused increment does to its task. */
  setAfterBadIncrement: z.strictObject({ becomes: z.enum(["failed", "waiting"]) }),
  /** What becomes of a second task for a database that has one at work, or that is there already. */
  setSecondTasks: z.strictObject({ become: z.enum(["refused", "accepted"]) }),
  /** How old a task is when DescribeMigrateTasks shows it for the first time, milliseconds. */
  setListDelay: z.strictObject({ ms: z.number().nonnegative() }),
} satisfies Record<string, z.ZodType>;

type ControlName = keyof typeof ARGUMENTS;
type Parsed<Name extends ControlName> = z.output<(typeof ARGUMENTS)[Name]>;

/**
 * Sets up the service and provokes what a real one does only on a bad day. Each control takes one JSON-able argument and
 * throws a ZodError that names the member it cannot take, or the RpcFault of an instance or task that is not there.
 */
export type RdsControl = {
  [Name in ControlName]: (argument: z.input<(typeof ARGUMENTS)[Name]>) => Promise<void>;
} & {
  /** A copy of everything the service remembers, for assertions. */
  readState(argument?: Record<string, never>): Promise<RdsState>;
};

type Handlers = { [Name in ControlName]: (argument: Parsed<Name>, state: RdsState, world: World) => void };

const HANDLERS: Handlers = {
  setInstance(change, state, world) {
    const at = { region: world.region, nowMs: world.now() };
    const known = state.instances.find(({ id }) => id === change.id);
    // A status that a test sets stays until it sets another one.
    const settled = change.status === undefined ? {} : { runningFromMs: null };
    const next = known === undefined ? seedInstance(change, at) : { ...known, ...change, ...settled };
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
  shapeRestore({ dbName = null, times: wanted = 1, always, ...shape }, state) {
    state.shapes.push({ dbName, remaining: always ? null : wanted, shape });
  },
  clearShapes(_, state, world) {
    state.shapes = [];
    for (const task of state.tasks) {
      if (task.shape.holdAt !== undefined) release(state, task.instanceId, task.id, world.now());
    }
  },
  setTask({ instanceId: instance, taskId, createdAtMs, status, description, holdAt, ...wishes }, state, world) {
    const task = taskOf(state, instance, taskId);
    putTask(state, {
      ...task,
      createdAtMs: createdAtMs ?? task.createdAtMs,
      shape: { ...task.shape, ...wishes },
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

/** A held task goes on at once from where it stands. */
function release(state: RdsState, instance: string, taskId: string, nowMs: number): void {
  const task = taskOf(state, instance, taskId);
  const { holdAt, ...shape } = task.shape;
  putTask(state, { ...task, shape, ...(task.stage === holdAt ? { stageEndsAtMs: nowMs } : {}) });
}

/**
 * The controls of a service.
 *
 * @param run performs a change between two calls and saves the state after it
 */
export function createRdsControl(state: RdsState, world: World, run: <T>(job: () => T) => Promise<T>): RdsControl {
  const bind =
    <Name extends ControlName>(name: Name) =>
    async (argument: z.input<(typeof ARGUMENTS)[Name]>) => {
      // Through JSON, so that a control called in the process takes the same as one called over HTTP.
      // The cast ties the schema's output to the handler of the same name, which TypeScript cannot follow through the index.
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
