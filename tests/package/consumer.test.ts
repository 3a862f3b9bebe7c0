import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import type { Workspace } from "../../engine/engine";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { engines, messages, steps } from "../scenarios/harness";

jest.setTimeout(240_000);

const ROOT = join(__dirname, "..", "..");
const PACKAGE = "pulumi-alicloud-sqlserver-migration";

/** A consumer's project: the packed package with its dependencies beside it, as npm installs them. */
let folder: string;
let emulator: Emulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-consumer-"));
  emulator = await startEmulator({ taskMs: 500 });
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: ROOT });
  const [tarball = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", tarball], { cwd: folder });
});

afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Creates a project; `at` is the location of the package in node_modules. */
function makeProject(name: string, at: string, program: string): string {
  const project = join(folder, name);
  mkdirSync(join(project, "node_modules", "@pulumi"), { recursive: true });
  for (const entry of readdirSync(join(ROOT, "node_modules")).filter((each) => !each.startsWith("."))) {
    if (entry !== "@pulumi") symlinkSync(join(ROOT, "node_modules", entry), join(project, "node_modules", entry));
  }
  for (const entry of ["pulumi", "alicloud"]) {
    symlinkSync(join(ROOT, "node_modules", "@pulumi", entry), join(project, "node_modules", "@pulumi", entry));
  }
  cpSync(join(folder, "package"), join(project, "node_modules", at), { recursive: true });
  writeFileSync(join(project, "package.json"), JSON.stringify({ name, private: true }));
  writeFileSync(join(project, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\nmain: index.ts\n`);
  writeFileSync(join(project, "index.ts"), program);
  const compilerOptions = {
    module: "node16",
    moduleResolution: "node16",
    target: "ES2022",
    strict: true,
    noEmit: true,
  };
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true, types: [] }, files: ["index.ts"] }),
  );
  return project;
}

function workspaceOf(projectDir: string, engine: string): Workspace {
  const services = ["RDS", "OSS", "RAM", "STS"].map((name) => [`ALIBABA_CLOUD_ENDPOINT_${name}`, emulator.endpoint]);
  return {
    projectDir,
    stack: engine,
    stateDir: `${projectDir}-state`,
    config: { "alicloud:region": emulator.region },
    env: {
      ...process.env,
      ...Object.fromEntries(services),
      ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: emulator.accessKeySecret,
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    },
  };
}

const programFor = (databaseName: string, backup: string): string => `
import { DatabaseMigration } from "${PACKAGE}";
const migration = new DatabaseMigration("${databaseName}", {
  instanceId: ${JSON.stringify(emulator.instanceId)},
  bucket: ${JSON.stringify(emulator.bucket)},
  backup: ${JSON.stringify(backup)},
  pollInterval: "200ms",
});
export const status = migration.status;
`;

test.each(engines)("a consumer's project previews and ups with the packed package, with $name", async (engine) => {
  const databaseName = `crm-${engine.name}`;
  const backup = join(folder, `${databaseName}.bak`);
  await writeBackupFile(backup, { databaseName, type: "full" });
  const project = makeProject(`consumer-${engine.name}`, PACKAGE, programFor(databaseName, backup));
  const workspace = workspaceOf(project, engine.name);

  const preview = await engine.run({ kind: "preview" }, workspace);
  expect(messages(preview)).toMatch(/^info: not checked: the source's collation[^\n]*\n[^\n]*$/);
  expect(steps(preview)).toEqual([`${databaseName}: create`]);
  const up = await engine.run({ kind: "up" }, workspace);
  expect(up.exitCode).toBe(0);
  expect(up.outputs).toMatchObject({ status: "online" });
});

test("a consumer's program type-checks against the packed declarations", () => {
  const project = makeProject("typed", PACKAGE, programFor("typed", "./typed.bak"));
  execFileSync(process.execPath, [join(ROOT, "node_modules", "typescript", "bin", "tsc"), "-p", project]);
});

test.each(engines)(
  "a package that is not a direct dependency of the project explains the fix, with $name",
  async (engine) => {
    const wrapper = `wrapper/node_modules/${PACKAGE}`;
    const project = makeProject(`nested-${engine.name}`, wrapper, `require("wrapper");`);
    const main = `const { DatabaseMigration } = require("${PACKAGE}");
    new DatabaseMigration("erp", { instanceId: "rm-1", bucket: "some-bucket", backup: "./erp.bak" });`;
    writeFileSync(join(project, "node_modules", "wrapper", "index.js"), main);

    const preview = await engine.run({ kind: "preview" }, workspaceOf(project, engine.name));
    expect(preview.exitCode).not.toBe(0);
    expect(messages(preview)).toContain("Make the package a direct dependency of the project");
  },
);
