import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, truncateSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import { findCli } from "../../engine/find-cli";
import { findEngines } from "../../engine/find-engines";
import { ExampleProject } from "./example-project";

jest.setTimeout(400_000);

const TS_NODE = createRequire(__filename).resolve("ts-node/register/transpile-only");

const cli = findCli();
if (cli === undefined) {
  console.warn(
    "SKIPPED: the example of the Automation API needs pulumi, and the stand-in does not serve that API. `npm run engine` builds it.",
  );
}

/** Runs the example as a user does, in a process of its own. */
async function runExample({ projectDir, stateDir, emulator }: ExampleProject) {
  mkdirSync(stateDir, { recursive: true });
  const env = emulatedEnvironment(emulator);
  const child = spawn(process.execPath, ["-r", TS_NODE, "index.ts"], {
    cwd: projectDir,
    env: {
      ...env,
      PATH: `${dirname(cli?.executable ?? "")}:${env.PATH}`,
      PULUMI_BACKEND_URL: `file://${stateDir}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      TS_NODE_COMPILER_OPTIONS: JSON.stringify({ module: "commonjs", target: "es2022" }),
      INSTANCE: emulator.instanceId,
      BUCKET: emulator.bucket,
      REGION: emulator.region,
      POLL_INTERVAL: "200ms",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}

/** The failures that the example prints, one JSON object a line. */
const failuresIn = (stderr: string): unknown[] =>
  stderr
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

(cli === undefined ? test.skip : test)(
  "automation: progress by events, failures as objects, and a second run that succeeds after the fix",
  async () => {
    const [engine] = findEngines();
    if (engine?.name !== "pulumi") throw new Error("findEngines does not return the command first");
    const project = await ExampleProject.open(engine, "examples/automation");
    try {
      await project.backup("backups/crm.bak", { databaseName: "crm" });
      const good = await runExample(project);
      expect(good).toMatchObject({ exitCode: 0, stderr: "" });
      expect(good.stdout).toMatch(/^source-crm: created migration task \d+/m);
      expect(good.stdout).toMatch(/^source-crm: submitted$/m);

      await project.backup("backups/erp.bak", { databaseName: "erp" });
      truncateSync(await project.backup("backups/dwh.bak", { databaseName: "dwh", dataBytes: 2 ** 18 }), 100_000);
      const failWith = "Not Enough Disk Space for restoring, space left (10 MB) < needed (20 MB)";
      await project.emulator.rds.shapeRestore({ dbName: "erp", failWith });
      const failed = await runExample(project);
      expect(failed.exitCode).toBe(1);
      expect(failed.stdout).toMatch(
        /^source-dwh: BACKUP_TRUNCATED: \[backup\] .*dwh\.bak is cut off at 100000 bytes\.$/m,
      );
      expect(failuresIn(failed.stderr)).toEqual([
        {
          database: "dwh",
          code: "BACKUP_TRUNCATED",
          cause: expect.stringContaining("cut off at 100000 bytes"),
          remedy: expect.stringContaining("take the backup again"),
          retry: "afterFix",
          retryable: true,
        },
        {
          database: "erp",
          migrateTaskId: expect.stringMatching(/^\d+$/),
          code: "TASK_NO_SPACE",
          cause: expect.stringContaining(failWith),
          remedy: expect.stringContaining("Enlarge the instance's storage"),
          retry: "afterFix",
          retryable: true,
        },
      ]);

      await project.backup("backups/dwh.bak", { databaseName: "dwh" });
      const mended = await runExample(project);
      expect(mended).toMatchObject({ exitCode: 0, stderr: "" });
      // One task each, and a second one for the restore that failed.
      expect(project.count("CreateMigrateTask")).toBe(4);
    } finally {
      await project.close();
    }
  },
);
