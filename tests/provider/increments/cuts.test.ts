import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import type { PlainObject } from "../../../provider/model/plain";
import { Fixture, type FixtureOptions, type Recorded } from "../../../testing/fixture";
import { taken, writeHistory } from "./chain-fixture";

jest.setTimeout(300_000);

/**
 * Calls that change something. A cut at a read between two of them is the same as a cut at the next of these calls. The
 * uploader's own tests cut the parts of an upload.
 */
const WRITES = ["CompleteMultipartUpload", "PutObject", "CreateMigrateTask", "CreateOnlineDatabaseTask"];

/** How a run ends at a call. `killed`: its state is lost. `stopped`: its state is kept. `lost`: the run continues without a reply. */
const ENDS = ["killed", "stopped", "lost"] as const;
/** Whether the call arrived. */
const ARRIVALS = ["before", "after"] as const;

interface Cut {
  action: string;
  nth: number;
  end: (typeof ENDS)[number];
  at: (typeof ARRIVALS)[number];
}

/** Long enough for twenty fixtures at once on a busy machine: a writer that is delayed for longer releases its lock. */
const TUNING = { rdsReadTimeoutMs: 5_000, lockTimes: { sendWithinMs: 4_000, expireAfterMs: 5_000 } };
const OPTIONS: FixtureOptions = { taskMs: 60, tuning: TUNING };
const POLLS = { pollInterval: "20ms", timeout: "2m" };
/** Parallel fixtures; they mostly wait. */
const PARALLEL_CUTS = 20;

/** What an edition lists of waiting tasks and of their files. */
interface Edition {
  listsTasks: boolean;
  listsFiles: boolean;
}

async function open({ listsTasks, listsFiles }: Edition): Promise<Fixture> {
  const fixture = await Fixture.open(OPTIONS);
  const { rds, instanceId: id } = fixture.emulator;
  await rds.setTaskList({ showsOpenTasks: listsTasks });
  if (!listsFiles) await rds.setInstance({ id, unsupportedActions: ["DescribeOssDownloads"] });
  return fixture;
}

async function program(fixture: Fixture) {
  const [backup, ...increments] = await writeHistory(fixture, ["full", "log", "tail"], { dataBytes: 8_192 });
  return { ...POLLS, backup, increments };
}

/** The calls of an undisturbed run, each with its number among the calls of the same action. */
async function undisturbed(edition: Edition): Promise<Pick<Cut, "action" | "nth">[]> {
  const fixture = await open(edition);
  try {
    const { outputs } = await fixture.up(await program(fixture));
    expect(outputs.status).toBe("online");
    const actions = fixture.since(0).map((each) => each.split(":")[1] ?? "");
    const written = actions.filter((action) => WRITES.includes(action));
    return written.map((action, at) => ({
      action,
      nth: written.slice(0, at + 1).filter((one) => one === action).length,
    }));
  } finally {
    await fixture.close();
  }
}

interface Ending {
  status: unknown;
  /** The error codes at which the runs after the cut stopped. */
  codes: string[];
  /** What differs from the expected end; empty when nothing does. */
  wrong: string[];
}

/** Runs after the cut. After a run that asks for it, `adopt` gets what the console shows. */
const RUNS = 4;

/** One run that is cut, then as many runs as needed; returns their end at the service. */
async function cutAndContinue(cut: Cut, edition: Edition): Promise<Ending> {
  const fixture = await open(edition);
  try {
    const args: PlainObject = await program(fixture);
    const rule: FaultRuleInput = { match: { action: cut.action }, nth: cut.nth, effect: { kind: "reset", at: cut.at } };
    fixture.emulator.faults.add(rule);
    const ending = new AbortController();
    // Abort exactly at the cut: with a later abort the run would continue meanwhile.
    fixture.emulator.faults.beforeReset = async () => {
      if (cut.end !== "lost") ending.abort(new Error("cut"));
    };
    const left = await fixture.up(args, undefined, { ending }).catch((): undefined => undefined);
    let state = cut.end === "killed" ? undefined : left;
    const codes = [codeOf(state)].flat().filter((code) => code !== undefined);
    for (let run = 0; run < RUNS && state?.outputs.status !== "online"; run += 1) {
      try {
        state = await fixture.up(args, state);
        codes.push(...[codeOf(state)].flat().filter((code) => code !== undefined));
      } catch (error) {
        codes.push(/([A-Z]+_[A-Z_]+):/.exec(String(error))?.[1] ?? String(error));
      }
      if (codes.length > 0) args.adopt = await readConsole(fixture);
      if (codes.length > 0 && args.adopt === undefined) deleteLocks(fixture);
    }
    return { status: state?.outputs.status, codes: [...new Set(codes)], wrong: await wrongsOf(fixture, state) };
  } finally {
    await fixture.close();
  }
}

const codeOf = (state: Recorded | undefined): string | undefined =>
  (state?.outputs.failure as { code: string } | undefined)?.code;

/** What a person enters after checking the console: the task and its last applied file; nothing without a task. */
async function readConsole(fixture: Fixture): Promise<string | undefined> {
  const task = (await fixture.tasks()).at(-1);
  const last = task?.files.findLast(({ status }) => status === "Restored")?.key;
  return last === undefined ? task?.id : `${task?.id}/${last}`;
}

/** What the remedy of CLAIM_UNDECIDED asks for when the console shows neither a task nor a database. */
function deleteLocks({ emulator }: Fixture): void {
  const locks = emulator.oss.objects(emulator.bucket).filter(({ key }) => key.endsWith(".claim"));
  for (const { key } of locks) emulator.oss.removeObject(emulator.bucket, key);
}

/** Requires that no file is applied twice or skipped, that one task exists, and that the database is opened at most once. */
async function wrongsOf(fixture: Fixture, state: Recorded | undefined): Promise<string[]> {
  const wrong: string[] = [];
  const tasks = await fixture.tasks();
  if (tasks.length !== 1) wrong.push(`${tasks.length} tasks`);
  const files = await taken(fixture);
  const names = tasks[0]?.files.map(({ key }) => key) ?? [];
  if (new Set(names).size !== names.length) wrong.push(`sent twice: ${names}`);
  if (files.some((file) => !/Restored$/.test(file))) wrong.push(`not applied: ${files}`);
  const statuses = fixture.emulator.journal.entries
    .filter(({ action, detail }) => action === "databaseStatus" && detail.status === "Running")
    .map(({ detail }) => detail.dbName);
  if (statuses.length > 1) wrong.push(`opened ${statuses.length} times`);
  if (state?.outputs.status === "online" && files.join() !== "FULL Restored,LOG Restored,LOG Restored")
    wrong.push(`online with ${files}`);
  const [database] = await fixture.databases();
  if ((database?.status === "Running") !== (state?.outputs.status === "online"))
    wrong.push("state and service disagree");
  return wrong;
}

async function table(edition: Edition): Promise<string[]> {
  const cuts = cutsOf(await undisturbed(edition));
  const rows: string[] = [];
  for (let at = 0; at < cuts.length; at += PARALLEL_CUTS) {
    const batch = cuts.slice(at, at + PARALLEL_CUTS);
    const ended = await Promise.all(
      batch.map(async (cut) => {
        const { status, codes, wrong } = await cutAndContinue(cut, edition);
        const end = [status, ...codes, ...wrong].join(", ");
        return `${cut.end} ${cut.at} ${cut.action} ${cut.nth}: ${end}`;
      }),
    );
    rows.push(...ended);
  }
  return rows;
}

/** A run that is killed before a call equals one that is killed after the previous call. */
const cutsOf = (calls: readonly Pick<Cut, "action" | "nth">[]): Cut[] =>
  calls.flatMap((call) => [
    { ...call, end: "killed", at: "after" },
    { ...call, end: "stopped", at: "after" },
    ...(/^Create/.test(call.action)
      ? ([
          { ...call, end: "killed", at: "before" },
          { ...call, end: "lost", at: "before" },
          { ...call, end: "lost", at: "after" },
        ] as const)
      : []),
  ]);

/** The rows that did not end online without an error. */
const asked = (rows: readonly string[]): string[] => rows.filter((row) => !row.endsWith(": online"));

test("where the service lists tasks and files, the next up finishes after any cut; only a full backup whose call never arrived needs a person", async () => {
  const rows = await table({ listsTasks: true, listsFiles: true });
  expect(rows.length).toBeGreaterThan(30);
  expect(asked(rows)).toEqual([
    "killed after PutObject 1: online, CLAIM_UNDECIDED",
    "stopped after PutObject 1: online, CLAIM_UNDECIDED",
    "killed before CreateMigrateTask 1: online, CLAIM_UNDECIDED",
    "lost before CreateMigrateTask 1: online, CREATE_UNSETTLED, CLAIM_UNDECIDED",
  ]);
});

test("where it lists neither, an ambiguous run stops and asks; with adopt it continues, and nothing is sent twice or skipped", async () => {
  const rows = await table({ listsTasks: false, listsFiles: false });
  const ends = new Set(asked(rows).map((row) => row.slice(row.indexOf(": ") + 2)));
  expect([...ends].sort()).toEqual([
    "online, CLAIM_UNDECIDED",
    "online, CREATE_UNSETTLED, CLAIM_UNDECIDED",
    "online, DATABASE_EXISTS",
    "online, INCREMENT_UNSETTLED",
  ]);
  // Once the reply is recorded, no run asks.
  expect(asked(rows).filter((row) => /(CompleteMultipartUpload|CreateOnlineDatabaseTask) \d/.test(row))).toEqual([]);
});
