import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../engine/engine";
import { MIGRATION_TYPE } from "../../provider/model/provider-text";
import { engines, openScenario, steps } from "./harness";

jest.setTimeout(300_000);

const NODE_MODULES = join(__dirname, "..", "..", "node_modules");
// The stand-in does not support policy packs.
const cli = engines.find(({ name }) => name === "pulumi");
const canRun = cli !== undefined && existsSync(join(NODE_MODULES, "@pulumi", "policy"));
if (!canRun) {
  process.stderr.write(
    "SKIPPED: the policy pack needs the pulumi command (npm run engine) and the package @pulumi/policy.\n",
  );
}

/** A company's rule: an update of this stack must not wait for hours until a restore ends. */
const POLICY = `
import { PolicyPack, ResourceValidationPolicy } from "@pulumi/policy";

const returnsAtOnce: ResourceValidationPolicy = {
  name: "migrations-return-at-once",
  description: "Updates do not wait for the end of a restore.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, reportViolation) => {
    if (type === "${MIGRATION_TYPE}" && props.wait !== "submitted") reportViolation('Set wait to "submitted".');
  },
};
new PolicyPack("company-rules", { policies: [returnsAtOnce] });
`;

/** Writes a policy pack in TypeScript with its packages installed. */
function writePolicyPack(directory: string): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.ts\n");
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "company-rules", version: "1.0.0" }));
  writeFileSync(join(directory, "index.ts"), POLICY);
  symlinkSync(NODE_MODULES, join(directory, "node_modules"));
  return directory;
}

/** The part of the output about policies. */
const policies = ({ stdout }: RunResult): string => stdout.slice(stdout.indexOf("Policies:"));

(canRun ? test : test.skip)(
  "a mandatory policy about a migration stops preview and up, and lets a migration through that satisfies it",
  async () => {
    if (cli === undefined) throw new Error("the pulumi command is needed");
    const { workspace, declare, backup, run, count, close } = await openScenario(cli);
    try {
      const policyPack = writePolicyPack(join(workspace.stateDir, "policy-pack"));
      const path = await backup("erp");
      declare({ erp: { backup: path } });
      for (const kind of ["preview", "up"] as const) {
        const stopped = await run({ kind, policyPack });
        expect(policies(stopped)).toMatch(
          /company-rules[\s\S]*migrations-return-at-once[\s\S]*Set wait to "submitted"\./,
        );
        expect(stopped.exitCode).not.toBe(0);
      }
      expect(count("PutObject") + count("InitiateMultipartUpload") + count("CreateMigrateTask")).toBe(0);

      declare({ erp: { backup: path, wait: "submitted" } });
      const allowed = await run({ kind: "preview", policyPack });
      expect(policies(allowed)).toMatch(/company-rules/);
      expect(policies(allowed)).not.toMatch(/migrations-return-at-once/);
      expect([allowed.exitCode, steps(allowed)]).toEqual([0, ["erp: create"]]);
      expect((await run({ kind: "up", policyPack })).exitCode).toBe(0);
      expect(count("CreateMigrateTask")).toBe(1);
    } finally {
      await close();
    }
  },
);
