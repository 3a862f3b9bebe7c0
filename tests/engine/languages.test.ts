import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Workspace } from "../../engine/engine";
import { findCli } from "../../engine/find-cli";
import { pulumiCli } from "../../engine/pulumi-cli";
import { preparePythonSdk } from "../support/python-sdk";
import { ENGINE_TEST_TIMEOUT_MS } from "./each-engine";

jest.setTimeout(ENGINE_TEST_TIMEOUT_MS);

const cli = findCli();
const hasHost = (language: string): boolean =>
  cli !== undefined && existsSync(join(dirname(cli.executable), `pulumi-language-${language}`));
const venv = hasHost("python") ? preparePythonSdk() : { missing: "the Python language host is not installed or built" };
if ("missing" in venv) console.warn(`Programs in Python are not tested: ${venv.missing}`);
if (!hasHost("yaml")) console.warn("Programs in YAML are not tested: the YAML language host is not installed or built");

const folder = realpathSync(mkdtempSync(join(tmpdir(), "engine-languages-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the fixture project of a language. */
function project(language: "yaml" | "python", config: Record<string, string>) {
  if (cli === undefined) throw new Error("pulumi is not installed or built");
  const workspace: Workspace = {
    projectDir: mkdtempSync(join(folder, `${language}-`)),
    stack: "dev",
    stateDir: mkdtempSync(join(folder, "state-")),
    config,
  };
  cpSync(join(__dirname, "fixture-projects", language), workspace.projectDir, { recursive: true });
  if ("python" in venv) symlinkSync(dirname(dirname(venv.python)), join(workspace.projectDir, "venv"));
  const engine = pulumiCli(cli.executable, cli.version);
  return { run: (kind: "preview" | "up") => engine.run({ kind }, workspace) };
}

(hasHost("yaml") ? test : test.skip)("a program in YAML gets its configuration and exports outputs", async () => {
  const { exitCode, outputs } = await project("yaml", { count: "3" }).run("up");
  expect([exitCode, outputs]).toEqual([0, { count: 3, where: "dev of things" }]);
});

const inPython = "python" in venv ? test : test.skip;

inPython(
  "a program in Python gets its settings, configuration and working directory, and its rows are logged",
  async () => {
    const { run } = project("python", { count: "3" });
    const preview = await run("preview");
    const outputs = { count: 3, where: "dev of things" };
    expect([preview.exitCode, preview.outputs]).toEqual([0, { ...outputs, preview: true }]);
    const up = await run("up");
    expect([up.exitCode, up.outputs]).toEqual([0, { ...outputs, preview: false }]);
    const rows = up.diagnostics.map(({ severity, message }) => `${severity}: ${message}`);
    expect(rows.join("")).toBe("info: counted\n");
  },
);

inPython("an exception in Python ends the run with its message, once", async () => {
  const { exitCode, diagnostics } = await project("python", { count: "-1" }).run("preview");
  expect(exitCode).not.toBe(0);
  expect(diagnostics.map(({ severity, message }) => [severity, message.includes("count must be positive")])).toEqual([
    ["error", true],
  ]);
});
