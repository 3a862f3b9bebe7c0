import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildCli } from "../../../engine/pulumi-build/build-cli";
import { builtCli } from "../../../engine/pulumi-build/build-directory";
import { pinnedVersions } from "../../../engine/pulumi-build/go-module";

let repository: string;
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "build-cli-"));
});
afterEach(() => rmSync(repository, { recursive: true, force: true }));

/** Builds with a `go` of this version, whose `build` runs the script; its fifth argument is the file to write. */
function buildWith(go: { version: string; build: string } | undefined, limitMs?: number) {
  const bin = join(repository, "bin");
  mkdirSync(bin);
  if (go) {
    const script = `#!/bin/sh\nif [ "$1" = env ]; then echo go${go.version}; exit; fi\n${go.build}\n`;
    writeFileSync(join(bin, "go"), script);
    chmodSync(join(bin, "go"), 0o755);
  }
  return buildCli({ repository, limitMs, env: { PATH: bin } });
}

const { go: minimum, pulumi } = pinnedVersions();
const executable = (): string => builtCli(repository).executable;

test("a build appears under its final name when it is complete, and is not repeated", async () => {
  const first = await buildWith({ version: minimum, build: `echo binary > "$5"` });
  expect(first).toEqual({ outcome: "built", message: expect.stringMatching(`Pulumi CLI ${pulumi} built in \\d+ s: `) });
  expect(readdirSync(builtCli(repository).directory)).toEqual([
    "pulumi",
    "pulumi-language-nodejs",
    "pulumi-resource-pulumi-nodejs",
  ]);
  const again = await buildCli({ repository, env: {} });
  expect(again).toEqual({ outcome: "built", message: `Pulumi CLI ${pulumi} is already built: ${executable()}` });
});

test.each([
  ["without Go", undefined, `Go is not installed (${minimum} or later is required).`],
  ["with an older Go", { version: "1.20.1", build: "" }, `Go ${minimum} or later is required, 1.20.1 is installed.`],
])("%s nothing is built, and the message names the required version", async (_case, go, reason) => {
  expect(await buildWith(go)).toEqual({ outcome: "unavailable", message: `Pulumi CLI not built: ${reason}` });
  expect(existsSync(executable())).toBe(false);
});

test("a failed build is a result with the last line of go", async () => {
  const build = `echo "go: downloading x" >&2; echo "go: dial tcp: no route to host" >&2; exit 1`;
  expect(await buildWith({ version: minimum, build })).toEqual({
    outcome: "failed",
    message: "Pulumi CLI not built: go build exited with 1: go: dial tcp: no route to host",
  });
});

test("a build that hangs ends at the time limit and leaves no file", async () => {
  const build = `echo half > "$5"; while :; do :; done`;
  const { outcome, message } = await buildWith({ version: minimum, build }, 500);
  expect([outcome, message]).toEqual(["failed", expect.stringMatching(/go build did not finish within \d+ minutes/)]);
  expect(readdirSync(builtCli(repository).directory)).not.toContainEqual(expect.stringMatching(/^pulumi\.?\d*$/));
});
