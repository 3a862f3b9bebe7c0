import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedVersions } from "../../engine/pulumi-build/go-module";
import { buildGenerator, GENERATOR_MODULE } from "../../engine/sdks/build-generator";
import { generateSdks, goModulePath, SCHEMA_FILE } from "../../engine/sdks/generate-sdks";
import { packageVersion } from "../../provider/cli/program/package-folder";
import { isFullRun, ONLY_IN_FULL_RUN } from "../support/full-run";
import { preparePythonSdk } from "../support/python-sdk";

jest.setTimeout(600_000);

const ROOT = join(__dirname, "..", "..");
const EXAMPLES = join(ROOT, "examples", "languages");
const unwanted = { missing: ONLY_IN_FULL_RUN };
const generator = isFullRun ? buildGenerator() : unwanted;
const venv = isFullRun ? preparePythonSdk() : unwanted;
const skipped = [generator, venv].flatMap((each) => ("missing" in each ? [each.missing] : []));
for (const reason of new Set(skipped)) process.stderr.write(`SKIPPED: generated SDKs are not checked: ${reason}.\n`);

const work = join(ROOT, ".work");
/** Inside the repository, so that the SDK of Node.js finds its packages; always the same, so that Go compiles an unchanged SDK once. */
const sdks = join(work, "sdks-test");
const withGenerator = "executable" in generator ? test : test.skip;

beforeAll(() => {
  if ("missing" in generator) return;
  rmSync(sdks, { recursive: true, force: true });
  generateSdks(generator.executable, sdks);
});

/** Runs a checker; its output is the failure. */
function passes(command: string, args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
}

test("the generator uses the version of the pinned Pulumi CLI", () => {
  expect(pinnedVersions(readFileSync(join(GENERATOR_MODULE, "go.mod"), "utf8"))).toEqual(pinnedVersions());
});

withGenerator("refuses a schema with a reference to a missing type", () => {
  if ("missing" in generator) return;
  const wrong = join(sdks, "wrong.json");
  writeFileSync(
    wrong,
    readFileSync(SCHEMA_FILE, "utf8").replaceAll(
      '/types/sqlserver-migration:index:Phase"',
      '/types/sqlserver-migration:index:Missing"',
    ),
  );
  expect(() => generateSdks(generator.executable, join(sdks, "wrong"), wrong)).toThrow(/index:Missing not found/);
});

withGenerator("the SDK of Node.js compiles, and the program of docs/_index.md with it", () => {
  const folder = join(sdks, "nodejs");
  const [, program] = /```typescript\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "docs", "_index.md"), "utf8")) ?? [];
  const { language } = JSON.parse(readFileSync(SCHEMA_FILE, "utf8"));
  expect(program).toContain(`"${language.nodejs.packageName}"`);
  writeFileSync(join(folder, "program.ts"), program?.replace(language.nodejs.packageName, "./index") ?? "");
  const settings = { extends: "./tsconfig.json", compilerOptions: { noEmit: true }, files: ["index.ts", "program.ts"] };
  writeFileSync(join(folder, "check.json"), JSON.stringify(settings));
  passes(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", join(folder, "check.json")], { cwd: ROOT });
});

/** The versions of the generator's module: their packages are compiled already, and nothing is resolved again. */
withGenerator("the example in Go compiles with the SDK", () => {
  const project = join(sdks, "go-example");
  cpSync(join(EXAMPLES, "go"), project, { recursive: true });
  const module = goModulePath();
  expect(readFileSync(join(project, "go.mod"), "utf8")).toContain(`replace ${module} => ./sdks/go`);
  const pinned = readFileSync(join(GENERATOR_MODULE, "go.mod"), "utf8").replace(/^module .*/, "module migrate-erp");
  const local = `require ${module} v${packageVersion()}\nreplace ${module} => ${join(sdks, "go")}\n`;
  writeFileSync(join(project, "go.mod"), `${pinned}\n${local}`);
  cpSync(join(GENERATOR_MODULE, "go.sum"), join(project, "go.sum"));
  // Two packages, so that nothing is linked.
  passes("go", ["build", "-mod=mod", ".", `${module}/sqlservermigration`], { cwd: project });
});

(skipped.length === 0 ? test : test.skip)("the example in Python has no type error against the SDK", () => {
  if ("missing" in venv) return;
  const installed = join(sdks, "site-packages");
  const offline = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"];
  passes(venv.python, ["-m", "pip", "install", ...offline, "--target", installed, join(sdks, "python")], { cwd: ROOT });
  const env = { ...process.env, MYPYPATH: installed, PYTHONPATH: installed };
  const cache = ["--cache-dir", join(work, "mypy")];
  const program = join(EXAMPLES, "python", "__main__.py");
  passes(venv.python, ["-m", "mypy", "--strict", "--follow-imports=silent", ...cache, program], { cwd: ROOT, env });
  passes(venv.python, ["-c", "import pulumi_sqlserver_migration as sdk; sdk.CutoverGroup"], { cwd: ROOT, env });
});
