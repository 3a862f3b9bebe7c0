import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { findCli } from "../../engine/find-cli";
import { packageVersion } from "../../provider/cli/program/package-folder";
import { engines } from "../scenarios/harness";
import { pulumiEnvironment } from "../support/command-environment";
import { complaints, ExampleProject } from "./example-project";

jest.setTimeout(600_000);

const ROOT = join(__dirname, "..", "..");
const TEMPLATE = join(ROOT, "template");
const MOST_BYTES = 10_000;
const command = findCli();

const FILES = [".gitignore", "Pulumi.yaml", "index.ts", "package.json", "tsconfig.json"];

test("the template is small, and its package is the tarball of this version", () => {
  expect(readdirSync(TEMPLATE).sort()).toEqual(FILES);
  expect(FILES.reduce((sum, file) => sum + statSync(join(TEMPLATE, file)).size, 0)).toBeLessThan(MOST_BYTES);
  const { dependencies } = JSON.parse(readFileSync(join(TEMPLATE, "package.json"), "utf8"));
  const { name, peerDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(dependencies[name]).toBe(`file:vendor/${name}-${packageVersion()}.tgz`);
  expect(dependencies["@pulumi/pulumi"]).toBe(peerDependencies["@pulumi/pulumi"]);
});

describe("a project that pulumi new makes of the template", () => {
  let folder: string;
  let made: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-template-"));
    made = join(folder, "made");
    if (command === undefined) {
      console.warn("SKIPPED: pulumi is neither installed nor built (npm run engine).");
      return;
    }
    const args = ["new", TEMPLATE, "--generate-only", "--yes", "--non-interactive", "--name", "erp-migration"];
    execFileSync(command.executable, [...args, "--dir", made], {
      stdio: "ignore",
      env: { ...process.env, ...pulumiEnvironment(folder) },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const testMade = command === undefined ? test.skip : test;

  testMade("has its name, and every key that the program reads was asked for", () => {
    expect(readdirSync(made).sort()).toEqual(FILES);
    const { name, main, template } = parse(readFileSync(join(made, "Pulumi.yaml"), "utf8"));
    expect([name, main, template]).toEqual(["erp-migration", "index.ts", undefined]);
    expect(JSON.parse(readFileSync(join(made, "package.json"), "utf8")).name).toBe("erp-migration");
    const asked = Object.keys(parse(readFileSync(join(TEMPLATE, "Pulumi.yaml"), "utf8")).template.config);
    const read = [...readFileSync(join(made, "index.ts"), "utf8").matchAll(/config\.\w+\("(\w+)"\)/g)];
    expect(asked.filter((key) => !key.includes(":")).sort()).toEqual(read.map(([, key]) => key).sort());
  });

  const madeWith = command === undefined ? [] : engines;
  (madeWith.length === 0 ? test.skip : test).each(madeWith)("type-checks and previews, with $name", async (engine) => {
    const project = await ExampleProject.open(engine, made);
    try {
      await project.backup("backups/erp.bak", { databaseName: "erp" });
      const { instanceId: instance, bucket } = project.emulator;
      Object.assign(project.config, { instance, bucket, backups: "./backups" });
      const preview = await project.run({ kind: "preview" });
      expect([preview.exitCode, complaints(preview)]).toEqual([0, []]);
      expect(preview.steps.map(({ op, name }) => `${op} ${name}`)).toContain("create source-erp");

      symlinkSync(join(made, "tsconfig.json"), join(project.projectDir, "tsconfig.json"));
      const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
      const args = [compiler, "--project", join(project.projectDir, "tsconfig.json")];
      execFileSync(process.execPath, args, { stdio: "pipe", encoding: "utf8" });
    } finally {
      await project.close();
    }
  });
});
