import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allCommands, lineOf } from "../provider/cli/support/compiled-commands";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "..", "..");
const { bin }: { bin: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const scriptOf = (compiled: string): string => join(ROOT, compiled.replace(/^dist\//, "").replace(/\.js$/, ".ts"));

it.each(Object.entries(bin))("%s has no option for a key, also not in its help", (_name, compiled) => {
  const args = ["-r", "ts-node/register/transpile-only", scriptOf(compiled), "--help"];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect(status).toBe(0);
  const options = [...stdout.matchAll(/--([a-z-]+)/g)].map(([, option]) => option);
  expect(options.length).toBeGreaterThan(0);
  expect(options.filter((option) => /key|secret|token|password/.test(option ?? ""))).toEqual([]);
});

it.each(allCommands().map((each): [string, typeof each] => [lineOf(each), each]))(
  "%s takes no secret as an option or an argument",
  (_line, { command }) => {
    const names = [
      ...command.options.map(({ flags }) => flags),
      ...command.registeredArguments.map((argument) => argument.name()),
    ];
    expect(names.filter((name) => /key|secret|token|password/i.test(name))).toEqual([]);
  },
);
