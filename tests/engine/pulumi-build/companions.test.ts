import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeCompanions } from "../../../engine/pulumi-build/companions";

const root = mkdtempSync(join(tmpdir(), "companions-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bin = join(root, "a folder", "bin");
mkdirSync(bin, { recursive: true });
const printArguments = "console.log(JSON.stringify(process.argv.slice(2)))";

test("pulumi-language-nodejs runs the language host with its arguments", () => {
  const host = join(root, "host.js");
  writeFileSync(host, printArguments);
  writeCompanions(bin, host);
  const output = execFileSync(join(bin, "pulumi-language-nodejs"), ["-root=/a b", "127.0.0.1:1"], { encoding: "utf8" });
  expect(JSON.parse(output)).toEqual(["-root=/a b", "127.0.0.1:1"]);
});

test("pulumi-resource-pulumi-nodejs runs the host of the program's own SDK", () => {
  const project = join(root, "project");
  const sdk = join(project, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
  mkdirSync(sdk, { recursive: true });
  writeFileSync(join(sdk, "index.js"), printArguments);
  writeCompanions(bin, join(root, "host.js"));
  const options = { cwd: project, encoding: "utf8" } as const;
  expect(JSON.parse(execFileSync(join(bin, "pulumi-resource-pulumi-nodejs"), ["127.0.0.1:1"], options))).toEqual([
    "127.0.0.1:1",
  ]);
});
