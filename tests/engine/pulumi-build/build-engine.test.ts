import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtCli } from "../../../engine/pulumi-build/build-directory";
import { buildEngine } from "../../../engine/pulumi-build/build-engine";
import { pinnedVersions, pinnedYamlHost } from "../../../engine/pulumi-build/go-module";

/** The SDK's Go module, as far as the build reads it. */
const SDK = mkdtempSync(join(tmpdir(), "build-engine-sdk-"));
mkdirSync(join(SDK, "python", "cmd"), { recursive: true });
writeFileSync(join(SDK, "python", "cmd", "pulumi-language-python-exec"), "");
afterAll(() => rmSync(SDK, { recursive: true, force: true }));

let repository: string;
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "build-engine-"));
});
afterEach(() => rmSync(repository, { recursive: true, force: true }));

/** Builds with a `go` of this version, whose `build` runs the script; its fifth argument is the file to write. */
function buildWith(go: { version: string; build: string } | undefined, limitMs?: number) {
  const bin = join(repository, "bin");
  mkdirSync(bin);
  if (go) {
    const answers = `case "$1" in env) echo go${go.version}; exit ;; list) echo ${SDK}; exit ;; esac`;
    const script = `#!/bin/sh\n${answers}\n${go.build}\n`;
    writeFileSync(join(bin, "go"), script);
    chmodSync(join(bin, "go"), 0o755);
  }
  return buildEngine({ repository, limitMs, env: { PATH: bin } });
}

const { go: minimum, pulumi } = pinnedVersions();
const executable = (): string => builtCli(repository).executable;

test("a build appears under its final name when it is complete, and is not repeated", async () => {
  const first = await buildWith({ version: minimum, build: `echo binary > "$5"` });
  expect(first).toEqual({
    cli: { outcome: "built", message: expect.stringMatching(`Pulumi CLI ${pulumi} built in \\d+ s: `) },
    yamlHost: { outcome: "built", message: expect.stringMatching(`host ${pinnedYamlHost()} built in \\d+ s: `) },
  });
  expect(readdirSync(builtCli(repository).directory)).toEqual([
    "pulumi",
    "pulumi-language-nodejs",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-language-yaml",
    "pulumi-resource-pulumi-nodejs",
    "pulumi-resource-sqlserver-migration",
  ]);
  const again = await buildEngine({ repository, env: {} });
  const message = `Pulumi CLI ${pulumi} is already built: ${executable()}`;
  expect(again).toMatchObject({ cli: { outcome: "built", message }, yamlHost: { outcome: "built" } });
});

test("a failed build of the YAML language host leaves the command usable", async () => {
  const build = `case "$6" in *yaml) echo "no such module" >&2; exit 1 ;; esac; echo binary > "$5"`;
  const { cli, yamlHost } = await buildWith({ version: minimum, build });
  expect([cli.outcome, yamlHost.outcome]).toEqual(["built", "failed"]);
  expect(yamlHost.message).toBe("YAML language host not built: go build exited with 1: no such module");
  expect(readdirSync(builtCli(repository).directory)).not.toContain("pulumi-language-yaml");
});

test.each([
  ["without Go", undefined, `Go is not installed (${minimum} or later is required).`],
  ["with an older Go", { version: "1.20.1", build: "" }, `Go ${minimum} or later is required, 1.20.1 is installed.`],
])("%s nothing is built, and the message names the required version", async (_case, go, reason) => {
  const { cli } = await buildWith(go);
  expect(cli).toEqual({ outcome: "unavailable", message: `Pulumi CLI not built: ${reason}` });
  expect(existsSync(executable())).toBe(false);
});

test("a failed build is a result with the last line of go", async () => {
  const build = `echo "go: downloading x" >&2; echo "go: dial tcp: no route to host" >&2; exit 1`;
  expect((await buildWith({ version: minimum, build })).cli).toEqual({
    outcome: "failed",
    message: "Pulumi CLI not built: go build exited with 1: go: dial tcp: no route to host",
  });
});

test("a build that hangs ends at the time limit and leaves no file", async () => {
  const build = `echo half > "$5"; while :; do :; done`;
  const { outcome, message } = (await buildWith({ version: minimum, build }, 500)).cli;
  expect([outcome, message]).toEqual(["failed", expect.stringMatching(/go build did not finish within \d+ minutes/)]);
  expect(readdirSync(builtCli(repository).directory)).not.toContainEqual(expect.stringMatching(/^pulumi\.?\d*$/));
});
