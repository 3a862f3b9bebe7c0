import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupBytes } from "../../../testing/backup-writer/write-backup";
import { baselineText, PLAIN_CONTENTS, PLAIN_DATABASE } from "../../../testing/baseline/baseline-text";
import {
  allCommands,
  type CommandPath,
  lineOf,
  PROGRAMS,
  type ProgramName,
  ROOT,
  runAllCompiled,
  runCompiled,
} from "./support/compiled-commands";

jest.setTimeout(120_000);

const COMMANDS = allCommands();
const isGroup = ({ command }: CommandPath): boolean => command.commands.length > 0;
const table = (commands: readonly CommandPath[]) => commands.map((each): [string, CommandPath] => [lineOf(each), each]);

const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const BEFORE = join(ROOT, "examples", "source-side", "baseline.json");
const AFTER = join(ROOT, "examples", "source-side", "verify.json");

/** A state with databases that are online or on their way. */
const STATE = join(ROOT, "tests", "upgrade", "recorded", "0.1.0", "state.json");

/** A committed manifest of three databases. */
const MANIFEST = join(ROOT, "tests", "upgrade", "recorded", "0.1.0", "manifest.json");

let folder: string;
let sound: string;
let unsound: string;
let plain: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "commands-"));
  const bytes = backupBytes({ databaseName: "ERP", type: "full" });
  sound = put("sound.bak", bytes);
  unsound = put("cut.bak", bytes.slice(0, 100_000));
  plain = put("baseline.json", baselineText([PLAIN_DATABASE, PLAIN_CONTENTS]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

it("has the executables of package.json", () => {
  const { bin }: { bin: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const programs = [...new Set(COMMANDS.map(({ program }) => program))].sort();
  expect(bin).toEqual(Object.fromEntries(programs.map((name) => [name, `dist/provider/cli/${name}.js`])));
});

describe.each(table(COMMANDS))("%s", (line, each) => {
  it("prints its help and the exit statuses on stdout and exits with 0", () => {
    const { status, stdout, stderr } = runCompiled(each.program, [...each.path, "--help"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.startsWith(`Usage: ${line} [options]`)).toBe(true);
    expect(stdout).toMatch(/\nExit status:\n {2}0 {2}.+\n {2}1 {2}.+\n {2}2 {2}a mistake in the arguments/);
    expect(stdout).toContain("--version");
  });

  it("refuses an unknown option with the usage and exit status 2", () => {
    const { status, stdout, stderr } = runCompiled(each.program, [...each.path, "--no-such-option"]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr.startsWith(`${each.program}: unknown option '--no-such-option'`)).toBe(true);
    expect(stderr).toContain(`\nUsage: ${line} [options]`);
    expect(stderr).toContain("--help");
  });
});

/** Arguments with which a command runs. */
function validArguments({ program, path }: CommandPath): string[] {
  const name = path.at(-1) ?? program;
  if (name === "bakinfo") return [sound];
  if (name === "compare") return [plain, plain];
  if (name === "check") return [plain];
  if (name === "assess") return [plain];
  if (name === "plan") return [MANIFEST];
  if (name === "status") return ["--state", STATE, "--offline"];
  if (name === "report") return ["--state", STATE];
  if (name === "runbook") return ["--manifest", MANIFEST, "--start", "Sat 22:00"];
  return name === "backup" ? ["--folder", "/backup"] : [];
}

/** Commands that have arguments in {@link validArguments} only so that they run without the `pulumi` command. */
const NEEDS_NOTHING = ["status", "report"];

/** Every option of every command, with a value where it takes one. */
const ALL_OPTIONS = new Map(
  COMMANDS.flatMap(({ command }) => command.options).map((option): [string, string[]] => [
    option.long ?? "",
    option.required ? [option.long ?? "", "1"] : [option.long ?? ""],
  ]),
);

it("knows the options that were ignored silently", () => {
  expect([...ALL_OPTIONS.keys()].sort()).toEqual(
    "--backups --bucket --checksums --copy-only --database --deep --endpoint --engine-version --event-log --exclude --first --folder --free --group --growth --html --instance --json --log-job --login --manifest --measure --no-compression --norecovery --offline --only --parallel --phase-setting --port --previous --prices --profile --rate --region --rename --reserve --run --runners --source-server --stack --start --state --strict --task-seconds --timezone --type --verify --version --watch --weeks --window"
      .split(" ")
      .sort(),
  );
});

const LEAVES = COMMANDS.filter((each) => !isGroup(each));

/** The doctor needs a cloud, and the emulator is a package of its own: doctor.test.ts and tests/package/rehearsal.test.ts run them. */
const RUNS_HERE = LEAVES.filter(({ path }) => path.at(-1) !== "doctor" && path.at(-1) !== "emulator");

it.each(table(RUNS_HERE))("%s runs with what it needs", (_line, each) => {
  const { status, stdout, stderr } = runCompiled(each.program, [...each.path, ...validArguments(each)]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout === "").toBe(each.path.at(-1) === "check");
});

describe.each(Object.keys(PROGRAMS) as ProgramName[])("every command of %s", (program) => {
  const commands = COMMANDS.filter((each) => each.program === program);
  const leaves = LEAVES.filter((each) => each.program === program);

  it("prints the version, and its help for -h", () => {
    const lists = commands.flatMap(({ path }) => ["--version", "--help", "-h"].map((option) => [...path, option]));
    const results = runAllCompiled(program, lists);
    for (let index = 0; index < results.length; index += 3) {
      const [versionResult, help, short] = results.slice(index, index + 3);
      expect(versionResult).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
      expect(short).toEqual(help);
    }
  });

  /** Runs each list and expects a mistake in the arguments; returns what was printed on stderr. */
  function expectMisuse(lists: readonly (readonly string[])[]): string[] {
    const results = runAllCompiled(program, lists);
    expect(results.length).toBe(lists.length);
    for (const [index, { status, stdout }] of results.entries())
      expect([lists[index], status, stdout]).toEqual([lists[index], 2, ""]);
    return results.map(({ stderr }) => stderr);
  }

  it("refuses every option that it does not use, before and after the sub-command", () => {
    const lists = leaves.flatMap((each) => {
      const own = ["--version", ...each.command.options.map(({ long }) => long ?? "")];
      const foreign = [...ALL_OPTIONS].filter(([name]) => !own.includes(name));
      expect(foreign.length).toBeGreaterThan(5);
      return foreign.flatMap(([, option]) => [
        [...each.path, ...validArguments(each), ...option],
        [...option, ...each.path, ...validArguments(each)],
      ]);
    });
    for (const stderr of expectMisuse(lists)) expect(stderr).toMatch(/: unknown option '--[a-z-]+'\n[\s\S]*\nUsage: /);
  });

  it("refuses too many arguments, too few, and an option without its value", () => {
    const lists = leaves.flatMap((each) => {
      const withValue = each.command.options.filter(({ required }) => required).map(({ long }) => long ?? "");
      const isVariadic = each.command.registeredArguments.some(({ variadic }) => variadic);
      return [
        ...(isVariadic ? [] : [[...each.path, ...validArguments(each), "one-more"]]),
        ...(NEEDS_NOTHING.includes(each.path.at(-1) ?? "") || validArguments(each).length === 0
          ? []
          : [[...each.path]]),
        ...withValue.flatMap((option) => [
          [...each.path, ...validArguments(each), option],
          [...each.path, option, "--help", ...validArguments(each)],
        ]),
      ];
    });
    for (const stderr of expectMisuse(lists)) expect(stderr).toContain("\nUsage: ");
  });
});

describe.each(table(COMMANDS.filter(isGroup)))("%s", (line, each) => {
  it("asks for a sub-command with its help on stderr and exit status 2", () => {
    const { status, stdout, stderr } = runCompiled(each.program, each.path);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`Usage: ${line} [options] [command]`);
  });

  it("refuses a sub-command that it does not have", () => {
    const { status, stdout, stderr } = runCompiled(each.program, [...each.path, "nonsense"]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${each.program}: unknown command 'nonsense'`);
    expect(stderr).toContain(`Usage: ${line}`);
  });
});

describe("a short name", () => {
  const BAKINFO: [() => string[], number][] = [
    [() => [sound], 0],
    [() => ["--json", sound, unsound], 1],
    [() => ["--json", "--deep", "--", sound], 0],
    [() => [join(folder, "gone.bak")], 1],
    [() => ["oss://bucket/key.bak"], 1],
    [() => [sound, "--manifest", join(folder, "no-such-folder", "manifest.json")], 1],
    [() => [unsound, "--manifest", join(folder, "manifest.json")], 1],
    [() => [], 2],
  ];
  const SOURCE: [() => string[], number][] = [
    [() => ["compare", BEFORE, AFTER], 1],
    [() => ["compare", BEFORE, AFTER, "--json", "--strict"], 1],
    [() => ["compare", BEFORE, BEFORE], 0],
    [() => ["compare", BEFORE, AFTER, "--rename", "X=Y"], 2],
    [() => ["compare", join(folder, "gone.json"), AFTER], 1],
    [() => ["check", BEFORE, "--engine-version", "2014_web"], 1],
    [() => ["check", BEFORE, "--json"], 0],
    [() => ["script", "backup", "--folder", "D:\\it's", "--database", "a]b"], 0],
    [() => ["script", "backup"], 2],
    [() => ["script", "logins"], 0],
  ];

  it.each([
    ["bakinfo", "bakinfo", BAKINFO],
    ["sqlserver-source", "source", SOURCE],
  ] as const)("%s prints what sqlserver-migration %s prints, with the same exit status", (program, command, cases) => {
    const short = runAllCompiled(
      program,
      cases.map(([args]) => args()),
    );
    const long = runAllCompiled(
      "sqlserver-migration",
      cases.map(([args]) => [command, ...args()]),
    );
    expect(short.map(({ status }) => status)).toEqual(cases.map(([, status]) => status));
    const renamed = long.map(({ stderr, ...others }) => ({
      ...others,
      stderr: stderr
        .replaceAll("sqlserver-migration: ", `${program}: `)
        .replaceAll(`sqlserver-migration ${command}`, program),
    }));
    expect(renamed).toEqual(short);
  });
});

it.each<[string, () => string[], number, string]>([
  ["bakinfo", () => ["bakinfo", sound, unsound], 1, "file"],
  ["source check", () => ["source", "check", BEFORE], 0, "code"],
  ["plan", () => ["plan", MANIFEST], 0, "wave"],
  ["status", () => ["status", "--offline", "--state", STATE], 0, "migrateTaskId"],
  ["source compare", () => ["source", "compare", BEFORE, AFTER], 1, "kind"],
])("--json of %s is one array of objects on stdout", (_name, args, status, member) => {
  const result = runCompiled("sqlserver-migration", [...args(), "--json"]);
  expect(result.status).toBe(status);
  const items: unknown = JSON.parse(result.stdout);
  expect(Array.isArray(items) && items.length > 0).toBe(true);
  for (const item of items as object[]) expect(item).toHaveProperty(member);
});

it("--json is an empty array when nothing is found", () => {
  const [same, check] = runAllCompiled("sqlserver-migration", [
    ["source", "compare", plain, plain, "--json"],
    ["source", "check", plain, "--json"],
  ]);
  expect([same, check]).toEqual([
    { status: 0, stdout: "[]\n", stderr: "" },
    { status: 0, stdout: "[]\n", stderr: "" },
  ]);
});

describe("arguments", () => {
  it("takes options before the sub-command, as before", () => {
    const [after, before] = runAllCompiled("sqlserver-source", [
      ["script", "backup", "--folder", "/backup", "--run"],
      ["--folder", "/backup", "script", "--run", "backup"],
    ]);
    expect(after?.status).toBe(0);
    expect(before).toEqual(after);
  });

  it("takes a value that begins with a dash only after an equals sign", () => {
    const [ambiguous, inline] = runAllCompiled("sqlserver-source", [
      ["script", "baseline", "--database", "-odd"],
      ["script", "baseline", "--database=-odd"],
    ]);
    expect(ambiguous).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("--database=-odd") });
    expect(inline).toMatchObject({ status: 0, stdout: expect.stringContaining("[-odd]") });
  });

  it("takes names of sub-commands and options as values and, after --, as operands", () => {
    const [value, operand] = runAllCompiled("sqlserver-migration", [
      ["source", "script", "baseline", "--database", "bakinfo", "--database=--help"],
      ["bakinfo", "--", "--version"],
    ]);
    expect(value).toMatchObject({ status: 0, stdout: expect.stringContaining("[bakinfo];[--help]") });
    expect(operand).toMatchObject({ status: 1, stderr: expect.stringContaining("--version does not exist") });
  });

  it("names the option that is meant", () => {
    const [option, command, type] = runAllCompiled("sqlserver-migration", [
      ["bakinfo", "--jsn", sound],
      ["sourc", "check", plain],
      ["source", "script", "backup", "--folder", "x", "--type", "TAIL"],
    ]);
    expect(option?.stderr).toContain("Did you mean --json?");
    expect(command?.stderr).toContain("Did you mean source?");
    expect(type).toMatchObject({ status: 2, stderr: expect.stringContaining("FULL, DIFF or LOG") });
  });
});

describe("start-up", () => {
  /** The modules that a run of the compiled command loads, without the command line's own. */
  function loadedBy(args: readonly string[]): string[] {
    const program = `
      const { main } = require(${JSON.stringify(join(ROOT, "dist", "provider", "cli", "sqlserver-migration.js"))});
      main(${JSON.stringify(args)}, { out() {}, err() {}, env() {} }).then(() =>
        process.stdout.write(JSON.stringify(Object.keys(require.cache))));`;
    const { stdout } = spawnSync(process.execPath, ["-e", program], { cwd: ROOT, encoding: "utf8" });
    const loaded: string[] = JSON.parse(stdout);
    // The parser quotes arguments, which may hold anything, so its texts pass the filter for terminals.
    const parser = /[/\\]node_modules[/\\]commander[/\\]|[/\\]provider[/\\](?:cli[/\\]|model[/\\]terminal-text\.js$)/;
    return loaded.filter((file) => !parser.test(file));
  }

  it("loads the parser alone for help and for a mistake in the arguments", () => {
    expect(loadedBy(["--help"])).toEqual([]);
    expect(loadedBy(["bakinfo", "--help"])).toEqual([]);
    expect(loadedBy(["bakinfo", "--no-such-option"])).toEqual([]);
  });

  it("loads no cloud SDK for a baseline, a local file or a state", () => {
    const sdk = /[/\\]node_modules[/\\](ali-oss|@alicloud|@pulumi|@darabonba)[/\\]/;
    expect(loadedBy(["source", "check", plain]).filter((file) => sdk.test(file))).toEqual([]);
    expect(loadedBy(["status", "--offline", "--state", STATE]).filter((file) => sdk.test(file))).toEqual([]);
    expect(loadedBy(["plan", MANIFEST, "--state", STATE]).filter((file) => sdk.test(file))).toEqual([]);
    expect(loadedBy(["bakinfo", sound]).filter((file) => sdk.test(file))).toEqual([]);
    expect(
      loadedBy(["runbook", "--manifest", MANIFEST, "--start", "Sat 22:00"]).filter((file) => sdk.test(file)),
    ).toEqual([]);
    expect(loadedBy(["report", "--state", STATE]).filter((file) => sdk.test(file))).toEqual([]);
    expect(loadedBy(["assess", plain]).filter((file) => sdk.test(file))).toEqual([]);
  });
});
