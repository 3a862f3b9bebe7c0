import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RunResult } from "../../engine/engine";
import { main as bakinfo } from "../../provider/cli/bakinfo";
import { engines, openScenario, steps } from "./harness";

jest.setTimeout(300_000);

const EXAMPLE = join(__dirname, "..", "..", "examples", "policy-pack");
const NODE_MODULES = join(__dirname, "..", "..", "node_modules");
// The stand-in does not support policy packs.
const cli = engines.find(({ name }) => name === "pulumi");
const canRun = cli !== undefined && existsSync(join(NODE_MODULES, "@pulumi", "policy"));
if (!canRun) {
  process.stderr.write(
    "SKIPPED: the policy pack needs the pulumi command (npm run engine) and the package @pulumi/policy.\n",
  );
}

/** Copies the example with its packages installed. */
function installPolicyPack(directory: string): string {
  cpSync(EXAMPLE, directory, { recursive: true });
  symlinkSync(NODE_MODULES, join(directory, "node_modules"));
  return directory;
}

/** The manifest entry of the only backup in a folder. */
async function manifestEntry(folder: string): Promise<unknown> {
  const manifest = join(folder, "manifest.json");
  await bakinfo([folder, "--manifest", manifest], { out: () => {}, err: () => {}, env: () => undefined });
  return JSON.parse(readFileSync(manifest, "utf8")).databases[0].backup;
}

/** The part of the output about policies. */
const policies = ({ stdout }: RunResult): string => stdout.slice(stdout.indexOf("Policies:"));

(canRun ? test : test.skip)(
  "the example's rules stop preview and up before anything is sent, and let a migration through that satisfies them",
  async () => {
    if (cli === undefined) throw new Error("the pulumi command is needed");
    const { workspace, declare, backup, run, count, close } = await openScenario(cli);
    try {
      const policyPack = installPolicyPack(join(workspace.stateDir, "policy-pack"));
      const path = await backup("erp");
      declare({ erp: { backup: path, allowOverwrite: true } });
      for (const kind of ["preview", "up"] as const) {
        const stopped = await run({ kind, policyPack });
        expect(policies(stopped)).toMatch(/migration-rules[\s\S]*no-overwrite[\s\S]*Remove allowOverwrite\./);
        expect(policies(stopped)).toMatch(/reviewed-backup/);
        expect(policies(stopped)).not.toMatch(/group-opens/);
        expect(stopped.exitCode).not.toBe(0);
      }
      expect(count("PutObject") + count("InitiateMultipartUpload") + count("CreateMigrateTask")).toBe(0);

      declare({ erp: { backup: path, manifest: await manifestEntry(dirname(path)), wait: "submitted" } });
      const allowed = await run({ kind: "preview", policyPack });
      expect(policies(allowed)).toMatch(/migration-rules/);
      expect(policies(allowed)).not.toMatch(/mandatory/);
      expect([allowed.exitCode, steps(allowed)]).toEqual([0, ["erp: create"]]);
      expect((await run({ kind: "up", policyPack })).exitCode).toBe(0);
      expect(count("CreateMigrateTask")).toBe(1);
    } finally {
      await close();
    }
  },
);
