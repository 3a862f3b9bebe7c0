import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import type { PlainObject } from "../../../provider/model/plain";
import { Fixture, type FixtureOptions, type Recorded } from "../../../testing/fixture";
import { taken, writeHistory } from "./chain-fixture";

jest.setTimeout(300_000);

/**
 * Calls that change something: between two of them a cut at a look is the same as one at the call behind it. The parts of
 * an upload are cut in the uploader's own tests.
 */
const WRITES = ["CompleteMultipartUpload", "PutObject", "CreateMigrateTask", "CreateOnlineDatabaseTask"];

/** How a run ends at a call. `killed`: nothing of it is recorded. `stopped`: its state is. `lost`: it goes on by itself. */
const ENDS = ["killed", "stopped", "lost"] as const;
/** Whether the call arrived. */
const ARRIVALS = ["before", "after"] as const;

interface Cut {
  action: string;
  nth: number;
  end: (typeof ENDS)[number];
  at: (typeof ARRIVALS)[number];
}

/** Long enough for twenty fixtures at once on a busy machine: a writer that is held up for longer gives its claim up. */
const TUNING = { rdsReadTimeoutMs: 5_000, lockTimes: { sendWithinMs: 4_000, voidAfterMs: 5_000 } };
const OPTIONS: FixtureOptions = { taskMs: 60, tuning: TUNING };
const POLLS = { pollInterval: "20ms", timeout: "2m" };
/** Scenes at once: they mostly wait. */
const AT_ONCE = 20;

/** What an edition tells of tasks that wait, and of their files. */
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

/** The calls of a run that nothing disturbs, each with its number among those of its action. */
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
  /** What the runs behind the cut stopped at, by the catalogue's codes. */
  codes: string[];
  /** Why it is not as it should be; empty when it is. */
  wrong: string[];
}

/** Runs behind the cut; one that asks for it is told by `adopt` what a look at the console shows. */
const RUNS = 4;

/** One run that is cut, then as many as it takes; and what came of it at the service. */
async function cutAndContinue(cut: Cut, edition: Edition): Promise<Ending> {
  const fixture = await open(edition);
  try {
    const args: PlainObject = await program(fixture);
    const rule: FaultRuleInput = { match: { action: cut.action }, nth: cut.nth, effect: { kind: "reset", at: cut.at } };
    fixture.emulator.faults.add(rule);
    const ending = new AbortController();
    // At the very point of the cut: a run that learnt of its end later would have gone on meanwhile.
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
      if (codes.length > 0) args.adopt = await lookAtConsole(fixture);
      if (codes.length > 0 && args.adopt === undefined) forgetClaims(fixture);
    }
    return { status: state?.outputs.status, codes: [...new Set(codes)], wrong: await wrongsOf(fixture, state) };
  } finally {
    await fixture.close();
  }
}

const codeOf = (state: Recorded | undefined): string | undefined =>
  (state?.outputs.failure as { code: string } | undefined)?.code;

/** What somebody writes who has looked: the task, and the last file that it has applied. Without a task, nothing. */
async function lookAtConsole(fixture: Fixture): Promise<string | undefined> {
  const task = (await fixture.tasks()).at(-1);
  const last = task?.files.findLast(({ status }) => status === "Restored")?.key;
  return last === undefined ? task?.id : `${task?.id}/${last}`;
}

/** What CLAIM_UNDECIDED asks for where the console shows neither a task nor a database. */
function forgetClaims({ emulator }: Fixture): void {
  const claims = emulator.oss.objects(emulator.bucket).filter(({ key }) => key.endsWith(".claim"));
  for (const { key } of claims) emulator.oss.removeObject(emulator.bucket, key);
}

/** No file applied twice, none skipped, one task, and at most one call that opened. */
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
  for (let at = 0; at < cuts.length; at += AT_ONCE) {
    const batch = cuts.slice(at, at + AT_ONCE);
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

/** A run that is killed in front of a call is one that is killed behind the call before. */
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

/** Rows by how they ended; only those that are not plainly online are of interest. */
const asked = (rows: readonly string[]): string[] => rows.filter((row) => !row.endsWith(": online"));

test("where the service lists tasks and files, the next up finishes it after any cut; only a full backup whose call never arrived is asked about", async () => {
  const rows = await table({ listsTasks: true, listsFiles: true });
  expect(rows.length).toBeGreaterThan(30);
  expect(asked(rows)).toEqual([
    "killed after PutObject 1: online, CLAIM_UNDECIDED",
    "stopped after PutObject 1: online, CLAIM_UNDECIDED",
    "killed before CreateMigrateTask 1: online, CLAIM_UNDECIDED",
    "lost before CreateMigrateTask 1: online, CREATE_UNSETTLED, CLAIM_UNDECIDED",
  ]);
});

test("where it lists neither, a run that cannot tell stops and asks; told by adopt it goes on, and nothing is sent twice or skipped", async () => {
  const rows = await table({ listsTasks: false, listsFiles: false });
  const ends = new Set(asked(rows).map((row) => row.slice(row.indexOf(": ") + 2)));
  expect([...ends].sort()).toEqual([
    "online, CLAIM_UNDECIDED",
    "online, CREATE_UNSETTLED, CLAIM_UNDECIDED",
    "online, DATABASE_EXISTS",
    "online, INCREMENT_UNSETTLED",
  ]);
  // Once the reply is there and written down, nobody is asked.
  expect(asked(rows).filter((row) => /(CompleteMultipartUpload|CreateOnlineDatabaseTask) \d/.test(row))).toEqual([]);
});
