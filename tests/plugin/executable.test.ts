import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/emulator";
import { emulatedEnvironment } from "../../engine/emulated-environment";
import { findCli } from "../../engine/find-cli";
import { writeBackupFile } from "../../testing/backup-writer/write-backup-file";
import { bashBlocks, replaceLines } from "../support/page-commands";
import { runShell, succeedInShell } from "../support/shell";

jest.setTimeout(300_000);

const ROOT = join(__dirname, "..", "..");
const PAGE = join(ROOT, "docs", "how-to", "plugin-install.md");
const ARCHIVE = join(ROOT, ".work", "plugin", "pulumi-resource-sqlserver-migration-v0.1.0-linux-amd64.tar.gz");

const isLinux = `${process.platform}-${process.arch}` === "linux-x64";
if (!isLinux) console.warn("SKIPPED: the commands of docs/how-to/plugin-install.md are those of Linux on x64");
const cli = findCli();
const yamlHost = join(dirname(cli?.executable ?? ""), "pulumi-language-yaml");
const hasYaml = isLinux && cli !== undefined && existsSync(yamlHost);
if (!hasYaml)
  console.warn("SKIPPED: no YAML program runs on the executable: pulumi or its YAML language host is missing");

let folder: string;
let emulator: Emulator;

beforeAll(async () => {
  if (!isLinux) return;
  folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-executable-"));
  emulator = await startEmulator({ taskMs: 1 });
  const why = "the packages are installed";
  await succeedInShell(replaceLines(block("## Build it"), [{ line: /^npm ci$/m, by: "", why }]), ROOT, process.env);
});

afterAll(async () => {
  if (!isLinux) return;
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first block of commands below a heading of the page. */
const block = (heading: string): string => bashBlocks(PAGE, heading)[0] ?? "";

/** The page's program in YAML. */
const program = (): string => /```yaml\n([\s\S]*?)```/.exec(readFileSync(PAGE, "utf8"))?.[1] ?? "";

/** A machine without Node.js: the pulumi command, the YAML language host, and what the page's commands use. */
async function machineWithoutNode(): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  // Copied, because pulumi prefers the plugins that are beside it.
  copyFileSync(cli?.executable ?? "", join(bin, "pulumi"));
  writeFileSync(join(bin, "pulumi-language-yaml"), `#!/bin/sh\nexec '${yamlHost}' "$@"\n`);
  chmodSync(join(bin, "pulumi-language-yaml"), 0o755);
  for (const tool of ["bash", "sh", "dirname", "sha256sum"])
    symlinkSync((await succeedInShell(`command -v ${tool}`, folder, process.env)).trim(), join(bin, tool));
  return {
    ...emulatedEnvironment(emulator),
    PATH: bin,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

(isLinux ? it : it.skip)("the archive holds the executable and the licenses at its root", async () => {
  const names = await succeedInShell(`tar -tzf '${ARCHIVE}'`, ROOT, process.env);
  expect(names.trim().split("\n").sort()).toEqual([
    "LICENSE",
    "THIRD-PARTY-NOTICES.txt",
    "pulumi-resource-sqlserver-migration",
  ]);
});

(hasYaml ? it : it.skip)(
  "the executable is installed and migrates a database of a YAML program, without Node.js",
  async () => {
    const env = await machineWithoutNode();
    expect((await runShell("node --version", folder, env)).exitCode).toBe(127);
    await succeedInShell(block("## Install it"), ROOT, env);

    await emulator.rds.setInstance({ id: "rm-2zesz5774ud8s71i5", accounts: [{ name: "dba", type: "Super" }] });
    emulator.oss.makeBucket({ name: "acme-migration" });
    await writeBackupFile(join(folder, "erp.bak"), { databaseName: "erp", type: "full" });
    await emulator.oss.putObject("acme-migration", "backups/erp.bak", join(folder, "erp.bak"));
    const project = join(folder, "erp");
    mkdirSync(project);
    writeFileSync(join(project, "Pulumi.yaml"), program());

    await succeedInShell("pulumi stack init dev\npulumi up --yes --non-interactive", project, env);
    expect(JSON.parse(await succeedInShell("pulumi stack output --json", project, env))).toEqual({ status: "online" });
    const preview = await succeedInShell("pulumi preview --non-interactive --expect-no-changes", project, env);
    expect(preview).toMatch(/2 unchanged/);

    // The YAML host that is built here, 1.25.0, cannot do the last step of `package add`.
    const { exitCode, output } = await runShell(block("## Use it in a project"), project, env);
    if (exitCode !== 0) expect(output).toMatch(/method Link not implemented/);
    const sdk = readFileSync(join(project, "sdks", "sqlserver-migration", "sqlserver-migration-0.1.0.yaml"), "utf8");
    expect(sdk).toContain("name: sqlserver-migration");
  },
);
