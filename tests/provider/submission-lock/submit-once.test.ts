import type { ObjectFacts, ObjectStore } from "../../../provider/aliyun/object-store";
import { PollPause } from "../../../provider/decisions/poll-pause";
import { type MigrationError, migrationError } from "../../../provider/errors/migration-error";
import { fromServiceError } from "../../../provider/errors/service-error";
import { DEFAULT_LOCK_TIMES } from "../../../provider/model/lock-times";
import type { Clock } from "../../../provider/session/clock";
import type { Job } from "../../../provider/session/job";
import { RunRecord } from "../../../provider/session/run-record";
import { formatLock, parseLock } from "../../../provider/submission-lock/lock";
import { type Submission, submitOnce } from "../../../provider/submission-lock/submit-once";

const SECOND = 1_000;
const object: ObjectFacts = { bucket: "b", key: "erp.bak", sizeBytes: 1, crc64: "42", lastModifiedMs: 0 };
const lostReply = () => migrationError("NO_ANSWER", { operation: "CreateMigrateTask", host: "rds", said: "reset" });

type Task = { taskId: string };

/** A submission over a bucket in memory, a clock on which sleeping takes no time, and a log of the steps. */
function fixture(
  parts: Partial<Submission<Task>> = {},
  create: () => Promise<Task> = async () => ({ taskId: "7" }),
  onConnected = () => {},
) {
  const steps: string[] = [];
  const locks = new Map<string, { text: string; atMs: number }>();
  let nowMs = 0;
  let offsetMs = 0;
  const clock: Clock = {
    now: () => nowMs + offsetMs,
    async sleep(ms) {
      steps.push(`sleep ${ms / SECOND}`);
      nowMs += ms;
    },
  };
  const numberOf = (key: string) => /-(\d+)\.claim$/.exec(key)?.[1] ?? "1";
  const store: Partial<ObjectStore> = {
    async putTextIfAbsent(_, key, text) {
      if (locks.has(key)) return false;
      steps.push(`lock ${numberOf(key)}`);
      locks.set(key, { text, atMs: nowMs });
      return true;
    },
    async putText(_, key, text) {
      steps.push(`record ${parseLock(text)?.taskId} in ${numberOf(key)}`);
      locks.set(key, { text, atMs: nowMs });
    },
    async getText(_, key) {
      const lock = locks.get(key);
      return lock && { text: lock.text, ageMs: nowMs - lock.atMs };
    },
    async deleteObject(_, key) {
      steps.push(`release ${numberOf(key)}`);
      locks.delete(key);
    },
  };
  const rds = {
    createMigrateTask: async (_: unknown, beforeSend?: () => void) => {
      onConnected();
      try {
        beforeSend?.();
      } catch (cause) {
        throw fromServiceError(cause, { operation: "CreateMigrateTask" });
      }
      steps.push("send");
      return create();
    },
  };
  const job = {
    inputs: { instanceId: "rm-1", pollInterval: "30s" },
    progress: { databaseName: "erp" },
    session: {
      ...{ clock, lockTimes: DEFAULT_LOCK_TIMES, run: new RunRecord() },
      clients: { store: () => store, rds: () => rds },
    },
    log: { status: () => undefined, info: () => undefined, warning: () => undefined },
    signal: new AbortController().signal,
    deadlineMs: 3_600 * SECOND,
  } as unknown as Job;
  const submission: Submission<Task> = {
    ...{ job, object, lockPause: new PollPause({ firstMs: 2 * SECOND, growth: 2, maxMs: 15 * SECOND }) },
    async findExisting() {
      steps.push("check");
      return undefined;
    },
    async decideFoundLock({ ageMs }) {
      const ms = DEFAULT_LOCK_TIMES.expireAfterMs - ageMs;
      return ms > 0 ? { kind: "wait", ms } : { kind: "expired" };
    },
    async prepareRequest() {
      steps.push("prepare");
      return { instanceId: "rm-1", databaseName: "erp", checkDb: "async", object: { position: "p" } };
    },
    recordReply: ({ taskId }) => ({ taskId }),
    findAccepted: async () => undefined,
    retryAfterLostReply: async () => "never",
    unknownOutcome: (cause) => migrationError("CREATE_UNSETTLED", { database: "erp", said: "?" }, { cause }),
    async resolveRefusal(error) {
      throw error;
    },
    ...parts,
  };
  const advance = (ms: number) => {
    nowMs += ms;
  };
  const setClock = (byMs: number) => {
    offsetMs += byMs;
  };
  const code = () => submitOnce(submission).then(String, (error: MigrationError) => error.code);
  return { submission, steps, locks, advance, setClock, code };
}

test("locks, checks, prepares, sends and records, in this order", async () => {
  const { submission, steps } = fixture();
  expect(await submitOnce(submission)).toEqual({ taskId: "7" });
  expect(steps).toEqual(["lock 1", "check", "prepare", "send", "record 7 in 1"]);
});

test("releases the lock when the service shows the result of an earlier call", async () => {
  const { submission, steps } = fixture({ findExisting: async () => ({ taskId: "6" }) });
  expect(await submitOnce(submission)).toEqual({ taskId: "6" });
  expect(steps).toEqual(["lock 1", "release 1"]);
});

test("sends nothing under a lock that became too old, and starts again with its successor", async () => {
  let isFirst = true;
  const { submission, steps, advance } = fixture({
    async findExisting() {
      if (isFirst) advance(61 * SECOND);
      isFirst = false;
      return undefined;
    },
  });
  await submitOnce(submission);
  // The lock is older than half of its time, so another run may follow it already: it stays, and this run follows it.
  expect(steps).toEqual(["lock 1", "prepare", "lock 2", "prepare", "send", "record 7 in 2"]);
});

describe("a lost reply", () => {
  const lost = async (): Promise<Task> => {
    throw lostReply();
  };
  const RECONCILED = ["sleep 4", "sleep 8", "sleep 16", "sleep 32"];

  test("is checked four times within a minute, and the call is not repeated where nobody can know", async () => {
    const { steps, code } = fixture({}, lost);
    expect(await code()).toBe("CREATE_UNSETTLED");
    expect(steps).toEqual(["lock 1", "check", "prepare", "send", ...RECONCILED]);
  });

  test("of an accepted call yields its task, which the lock gets", async () => {
    const { submission, steps } = fixture({ findAccepted: async () => ({ taskId: "8" }) }, lost);
    expect(await submitOnce(submission)).toEqual({ taskId: "8" });
    expect(steps.slice(-2)).toEqual(["sleep 4", "record 8 in 1"]);
  });

  test.each(["atOnce", "afterLockExpires"] as const)("is followed by three calls at most (%s)", async (retry) => {
    const { steps, code } = fixture({ retryAfterLostReply: async () => retry }, lost);
    expect(await code()).toBe("CREATE_UNSETTLED");
    expect(steps.filter((step) => step === "send")).toHaveLength(3);
  });
});

test("a refusal releases the lock and throws", async () => {
  const { steps, code } = fixture({}, async () => {
    throw migrationError("OVERWRITE_NOT_ALLOWED", { database: "erp", instance: "rm-1" });
  });
  expect(await code()).toBe("OVERWRITE_NOT_ALLOWED");
  expect(steps).toEqual(["lock 1", "check", "prepare", "send", "release 1"]);
});

test("writes no task id into a lock that another run has removed since the call", async () => {
  const world: ReturnType<typeof fixture> = fixture({}, async () => {
    world.locks.clear();
    return { taskId: "7" };
  });
  expect(await submitOnce(world.submission)).toEqual({ taskId: "7" });
  expect(world.steps).toEqual(["lock 1", "check", "prepare", "send"]);
  expect(world.locks.size).toBe(0);
});

/** A process that was stopped between its last check and the call: everything else has gone on meanwhile. */
describe("a lock that is no longer this run's", () => {
  const PREPARED = { instanceId: "rm-1", databaseName: "erp", checkDb: "async", object: { position: "p" } } as const;
  type World = ReturnType<typeof fixture>;

  /** Runs a submission; `whileStopped` happens before the lock is read again, and once. */
  async function stopped(whileStopped: (world: World) => void): Promise<string[]> {
    let isFirst = true;
    const world: World = fixture({
      async prepareRequest() {
        world.steps.push("prepare");
        if (isFirst) whileStopped(world);
        isFirst = false;
        return PREPARED;
      },
      async findExisting() {
        world.steps.push("check");
        return isFirst ? undefined : { taskId: "6" };
      },
    });
    await submitOnce(world.submission);
    return world.steps;
  }
  const another = (fencingNumber: number, atMs: number) => {
    const text = formatLock({ instanceId: "rm-1", databaseName: "erp", claimedAt: "", writer: "another" });
    const suffix = fencingNumber === 1 ? "" : `-${fencingNumber}`;
    return ({ locks }: World) => {
      const [first = ""] = locks.keys();
      locks.set(first.replace(".claim", `${suffix}.claim`), { text, atMs });
    };
  };

  const suspended = ({ advance, setClock }: World) => {
    advance(40 * SECOND);
    setClock(-40 * SECOND);
  };

  test.each<[string, (world: World) => void, string[]]>([
    ["was removed", ({ locks }) => locks.clear(), ["lock 1", "check", "release 1"]],
    // The other run's lock stays.
    ["was removed and written again by another run", another(1, 0), ["check"]],
    ["was followed by another run", another(2, 0), ["check"]],
    ["is too old by the clock of OSS alone", suspended, ["release 1", "lock 1", "check", "release 1"]],
    ["has an unknown age", ({ setClock }) => setClock(-3_600 * SECOND), ["release 1", "lock 1", "check", "release 1"]],
  ])("%s: nothing is sent under it", async (_, whileStopped, then) => {
    expect(await stopped(whileStopped)).toEqual(["lock 1", "check", "prepare", ...then]);
  });

  test("is found out on the open connection too, and the next lock sends", async () => {
    let connections = 0;
    const world: World = fixture({}, undefined, () => {
      connections += 1;
      if (connections === 1) world.advance(31 * SECOND);
    });
    expect(await submitOnce(world.submission)).toEqual({ taskId: "7" });
    expect(world.steps.filter((step) => step === "send")).toHaveLength(1);
    expect(world.steps.slice(-3)).toEqual(["prepare", "send", "record 7 in 1"]);
  });
});
