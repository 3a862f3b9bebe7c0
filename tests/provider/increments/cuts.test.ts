import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import { type Recorded, Scene, type SceneOptions, until } from "../support/scene";
import { taken, writeHistory } from "./chain-scene";

jest.setTimeout(120_000);

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

const OPTIONS: SceneOptions = { taskMs: 60 };
const POLLS = { pollInterval: "20ms" };
/** Scenes at once: they mostly wait. */
const AT_ONCE = 8;

const open = (options: SceneOptions = {}): Promise<Scene> => Scene.open({ ...OPTIONS, ...options });

async function program(scene: Scene) {
  const [backup, ...increments] = await writeHistory(scene, ["full", "log", "tail"], { dataBytes: 8_192 });
  return { ...POLLS, backup, increments };
}

/** The calls of a run that nothing disturbs, each with its number among those of its action. */
async function undisturbed(options: SceneOptions): Promise<Pick<Cut, "action" | "nth">[]> {
  const scene = await open(options);
  try {
    const { outputs } = await scene.up(await program(scene));
    expect(outputs.status).toBe("online");
    const actions = scene.since(0).map((each) => each.split(":")[1] ?? "");
    const written = actions.filter((action) => WRITES.includes(action));
    return written.map((action, at) => ({
      action,
      nth: written.slice(0, at + 1).filter((one) => one === action).length,
    }));
  } finally {
    await scene.close();
  }
}

interface Ending {
  status: unknown;
  codes: string[];
  /** Why it is not as it should be; empty when it is. */
  wrong: string[];
}

/** One run that is cut, then as many as it takes; and what came of it at the service. */
async function cutAndContinue(cut: Cut, options: SceneOptions): Promise<Ending> {
  const scene = await open(options);
  try {
    const args = await program(scene);
    const rule: FaultRuleInput = { match: { action: cut.action }, nth: cut.nth, effect: { kind: "reset", at: cut.at } };
    scene.emulator.faults.add(rule);
    const struck = () => scene.emulator.faults.list().some((each) => each.struck > 0);
    let state: Recorded | undefined;
    const codes: string[] = [];
    if (cut.end === "lost") state = await scene.up(args);
    else {
      const ending = new AbortController();
      const running = scene.up(args, undefined, { ending }).catch((): undefined => undefined);
      await Promise.race([running, until(struck)]);
      ending.abort(new Error("cut"));
      const left = await running;
      state = cut.end === "killed" ? undefined : left;
    }
    for (let run = 0; run < 2 && state?.outputs.status !== "online"; run += 1) {
      state = await scene.up(args, state);
      const failure = state.outputs.failure as { code: string } | undefined;
      if (failure !== undefined) codes.push(failure.code);
    }
    return { status: state?.outputs.status, codes, wrong: await wrongsOf(scene, state) };
  } finally {
    await scene.close();
  }
}

/** No file applied twice, none skipped, one task, and at most one call that opened. */
async function wrongsOf(scene: Scene, state: Recorded | undefined): Promise<string[]> {
  const wrong: string[] = [];
  const tasks = await scene.tasks();
  if (tasks.length !== 1) wrong.push(`${tasks.length} tasks`);
  const files = await taken(scene);
  const names = tasks[0]?.files.map(({ key }) => key) ?? [];
  if (new Set(names).size !== names.length) wrong.push(`sent twice: ${names}`);
  if (files.some((file) => !/Restored$/.test(file))) wrong.push(`not applied: ${files}`);
  const statuses = scene.emulator.journal.entries
    .filter(({ action, detail }) => action === "databaseStatus" && detail.status === "Running")
    .map(({ detail }) => detail.dbName);
  if (statuses.length > 1) wrong.push(`opened ${statuses.length} times`);
  if (state?.outputs.status === "online" && files.join() !== "FULL Restored,LOG Restored,LOG Restored")
    wrong.push(`online with ${files}`);
  const [database] = await scene.databases();
  if ((database?.status === "Running") !== (state?.outputs.status === "online"))
    wrong.push("state and service disagree");
  return wrong;
}

async function table(cuts: readonly Cut[], options: SceneOptions): Promise<string[]> {
  const rows: string[] = [];
  for (let at = 0; at < cuts.length; at += AT_ONCE) {
    const batch = cuts.slice(at, at + AT_ONCE);
    const ended = await Promise.all(
      batch.map(async (cut) => {
        const { status, codes, wrong } = await cutAndContinue(cut, options);
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

/** Clean ends: the run stops, says why and asks for `adopt`; nothing is sent that may have been sent before. */
const asks = (rows: readonly string[], code: string): string[] =>
  rows
    .filter((row) => new RegExp(`: \\w+, ${code}(, ${code})*$`).test(row))
    .map((row) => row.slice(0, row.indexOf(":")));

const notOnline = (rows: readonly string[]): string[] => rows.filter((row) => !row.endsWith(": online"));

test("cut at any call, with its reply lost or not, the next up finishes it: nothing is sent twice, nothing is skipped", async () => {
  const calls = await undisturbed({});
  expect(calls.filter(({ action }) => action === "CreateMigrateTask")).toHaveLength(3);
  const rows = await table(cutsOf(calls), {});
  console.log(rows, calls);
  expect(notOnline(rows)).toEqual([]);
});
