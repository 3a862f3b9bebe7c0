import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCompanions, writeYamlHost } from "../../../engine/pulumi-build/companions";

const root = mkdtempSync(join(tmpdir(), "companions-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bin = join(root, "a folder", "bin");
mkdirSync(bin, { recursive: true });
const printArguments = "console.log(JSON.stringify(process.argv.slice(2)))";

const languageHost = join(root, "host.js");
const plugin = join(root, "plugin.js");
writeFileSync(languageHost, printArguments);
writeFileSync(plugin, printArguments.replace("2)", "1)"));
writeCompanions(bin, { languageHost, plugin });

const run = (name: string, ...args: string[]): unknown =>
  JSON.parse(execFileSync(join(bin, name), args, { encoding: "utf8" }));

test("pulumi-language-nodejs and pulumi-language-python run the language host with their arguments", () => {
  expect(run("pulumi-language-nodejs", "-root=/a b", "127.0.0.1:1")).toEqual(["-root=/a b", "127.0.0.1:1"]);
  const executor = `--python-executor=${join(bin, "pulumi-language-python-exec")}`;
  expect(run("pulumi-language-python", "-root=/a b", "127.0.0.1:1")).toEqual([executor, "-root=/a b", "127.0.0.1:1"]);
});

test("pulumi-resource-sqlserver-migration runs the plugin of this repository", () => {
  expect(run("pulumi-resource-sqlserver-migration", "127.0.0.1:1")).toEqual([realpathSync(plugin), "127.0.0.1:1"]);
});

test("pulumi-language-yaml runs the built host", () => {
  const host = join(root, "yaml-host");
  writeFileSync(host, `#!/bin/sh\necho "[\\"$1\\"]"\n`);
  chmodSync(host, 0o755);
  writeYamlHost(bin, host);
  expect(run("pulumi-language-yaml", "127.0.0.1:1")).toEqual(["127.0.0.1:1"]);
});

test("pulumi-resource-pulumi-nodejs runs the host of the program's own SDK", () => {
  const project = join(root, "project");
  const sdk = join(project, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
  mkdirSync(sdk, { recursive: true });
  writeFileSync(join(sdk, "index.js"), printArguments);
  const options = { cwd: project, encoding: "utf8" } as const;
  expect(JSON.parse(execFileSync(join(bin, "pulumi-resource-pulumi-nodejs"), ["127.0.0.1:1"], options))).toEqual([
    "127.0.0.1:1",
  ]);
});
