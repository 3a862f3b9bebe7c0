import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findCli } from "../../engine/find-cli";
import { buildGenerator } from "../../engine/sdks/build-generator";
import { generateSdks } from "../../engine/sdks/generate-sdks";
import { PACKAGE_NAME } from "../../provider/model/resource-type";
import { bothHosts } from "../scenarios/harness";
import { preparePythonSdk } from "../support/python-sdk";
import { complaints, ExampleProject } from "./example-project";

jest.setTimeout(400_000);

const native = bothHosts.find(({ host }) => host === "native");
const hasHost = (language: string): boolean =>
  native !== undefined && existsSync(join(dirname(findCli()?.executable ?? ""), `pulumi-language-${language}`));
const isYamlTested = hasHost("yaml");
const generator = hasHost("python") ? buildGenerator() : { missing: "the Python language host is not built" };
const venv = "missing" in generator ? generator : preparePythonSdk();
if (!isYamlTested)
  console.warn("The examples in YAML do not run: the native plugin or the YAML language host is not built");
if ("missing" in venv) console.warn(`The example in Python does not run: ${venv.missing}`);

const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-languages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs an example with two backups: up, then a preview without changes. Returns the outputs. */
async function runExample(
  language: string,
  prepare: (project: ExampleProject) => void = () => {},
): Promise<Record<string, unknown>> {
  if (native === undefined) throw new Error("the native plugin is not built");
  const project = await ExampleProject.open(native, join("examples", "languages", language));
  try {
    const { emulator, config } = project;
    const { region, instanceId, bucket } = emulator;
    Object.assign(config, { [`${PACKAGE_NAME}:region`]: region, instance: instanceId, bucket });
    for (const databaseName of ["crm", "erp"]) await project.backup(`backups/${databaseName}.bak`, { databaseName });
    prepare(project);
    const up = await project.run({ kind: "up", previewFirst: true });
    expect([complaints(up).filter((text) => text.startsWith("error")), up.exitCode]).toEqual([[], 0]);
    expect((await project.run({ kind: "preview", expectNoChanges: true })).exitCode).toBe(0);
    return up.outputs;
  } finally {
    await project.close();
  }
}

const inYaml = isYamlTested ? test : test.skip;

inYaml("a program in YAML migrates a database", async () => {
  expect(await runExample("yaml")).toEqual({ status: "online", dataAsOf: expect.stringMatching(/Z$/) });
});

inYaml("a program in YAML migrates a folder", async () => {
  expect(await runExample("yaml-folder")).toMatchObject({ counts: { total: 2, online: 2 }, failures: [], skipped: [] });
});

("python" in venv ? test : test.skip)("a program in Python migrates a database", async () => {
  if ("missing" in generator || "missing" in venv) return;
  generateSdks(generator.executable, folder);
  const packages = join(folder, "site-packages");
  const offline = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"];
  execFileSync(venv.python, ["-m", "pip", "install", ...offline, "--target", packages, join(folder, "python")]);
  const outputs = await runExample("python", ({ env }) => {
    env.PATH = `${dirname(venv.python)}:${process.env.PATH}`;
    env.PYTHONPATH = packages;
  });
  expect(outputs).toEqual({ status: "online", dataAsOf: expect.stringMatching(/Z$/) });
});
