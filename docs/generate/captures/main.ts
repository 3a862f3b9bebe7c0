import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCli } from "../../../engine/find-cli";
import { CaptureProject } from "./capture-project";
import { until } from "./until";

/** `npm run captures`: writes docs/captures/*.txt, terminal screens of the `pulumi` command against the emulator. It needs tmux. */

const LIMIT_MS = 120_000;
/** Several poll intervals of the program. */
const SETTLE_MS = 2_000;
/** Longer than a provider needs to notice that its engine was killed. */
const ORPHAN_MS = 11_000;

/** Databases whose restores wait until the capture is taken. */
const SLOW = ["dwh", "erp", "hr", "shop"];

type Capture = (executable: string, save: (name: string, project: CaptureProject) => void) => Promise<void>;

/** A preview that finds two faults, then an up of all six databases: while restoring, and its end. */
const previewAndUp: Capture = async (executable, save) => {
  const project = await CaptureProject.open(executable);
  const { emulator, terminal } = project;
  const { instanceId } = emulator;
  try {
    truncateSync(await project.backup("dwh"), 5_000_000);
    await emulator.rds.setDatabase({ instanceId, name: "erp" });
    await expectStatus(terminal.run("pulumi preview"), "the preview", (status) => status !== 0);
    save("failed-preview", project);

    await project.backup("dwh");
    await emulator.rds.removeDatabase({ instanceId, name: "erp" });
    for (const dbName of SLOW) await emulator.rds.shapeRestore({ dbName, holdAt: "restoring" });
    const up = expectStatus(terminal.run("pulumi up --yes"), "the up", (status) => status === 0);
    await during(
      up,
      until("two databases are online", async () => (await online(project)) === 2, LIMIT_MS),
    );
    await pause(SETTLE_MS);
    save("up-restoring", project);
    await emulator.rds.clearShapes({});
    await up;
    save("up-done", project);
  } finally {
    await project.close();
  }
};

/** An up that is killed with a half-finished upload, and the run that continues. */
const killedAndResumed: Capture = async (executable, save) => {
  // The largest upload is still running when the orphan ends.
  const upload = { partSize: 1_048_576, rateLimit: 500_000 };
  const project = await CaptureProject.open(executable, { upload });
  const { emulator, terminal } = project;
  const count = (action: string): number =>
    emulator.journal.entries.filter((entry) => entry.action === action && entry.status === 200).length;
  try {
    const killed = terminal.run("pulumi up --yes --skip-preview");
    await during(
      killed,
      until("three tasks exist", () => count("CreateMigrateTask") >= 3, LIMIT_MS),
    );
    terminal.kill();
    await expectStatus(killed, "the killed up", (status) => status === 137);
    await pause(ORPHAN_MS);
    await expectStatus(terminal.run("pulumi cancel --yes"), "cancel", (status) => status === 0);
    const known = count("UploadPart");
    const resumed = expectStatus(
      terminal.run("pulumi up --yes --skip-preview"),
      "the resumed up",
      (status) => status === 0,
    );
    await during(
      resumed,
      until("a further part is sent", () => count("UploadPart") > known + 1, LIMIT_MS),
    );
    save("resumed-uploading", project);
    await resumed;
    save("resumed-done", project);
  } finally {
    await project.close();
  }
};

/** Waits for a moment of a command that runs. @throws Error if the command ends first */
async function during(command: Promise<unknown>, moment: Promise<void>): Promise<void> {
  const ended = command.then(() => {
    throw new Error("a command ended before the moment of its capture");
  });
  await Promise.race([moment, ended]);
}

async function online({ emulator }: CaptureProject): Promise<number> {
  const { databases } = await emulator.rds.readState({});
  return databases.filter(({ status }) => status === "Running").length;
}

async function expectStatus(run: Promise<number>, what: string, isExpected: (status: number) => boolean) {
  const status = await run;
  if (!isExpected(status)) throw new Error(`${what} ended with exit status ${status}`);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function main(): Promise<void> {
  const cli = findCli();
  if (cli === undefined) throw new Error("pulumi is not installed; `npm run engine` builds it");
  const save = (name: string, project: CaptureProject): void => {
    writeFileSync(join(__dirname, "..", "..", "captures", `${name}.txt`), project.screen());
    console.log(`docs/captures/${name}.txt`);
  };
  for (const capture of [previewAndUp, killedAndResumed]) await capture(cli.executable, save);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
