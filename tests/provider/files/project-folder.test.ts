import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseBackupLocation } from "../../../provider/files/backup-location";
import { locateInProject, programFolderWarning } from "../../../provider/files/project-folder";

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "project-folder-")));
  mkdirSync(join(folder, "src"));
  mkdirSync(join(folder, "backups"));
  writeFileSync(join(folder, "backups/erp.bak"), "x");
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

function projectWith(main: string, file = "Pulumi.yaml"): void {
  writeFileSync(
    join(folder, file),
    file.endsWith("json") ? `{ "name": "p", ${main} }` : `name: p\nruntime: nodejs\n${main}\n`,
  );
}

const IN_PROJECT = { isInProgramFolder: false };

test.each([
  ["main: src/index.ts"],
  ["main: src"],
  ["main: src/"],
  ["main: ./src/index.ts # the program"],
  ['main: "src/index.ts"'],
  ["main: 'src/'"],
  ["description: x\nmain: src/index.ts\nconfig: {}"],
  ['"main": src/index.ts'],
  ["main:\n  src/index.ts"],
  ["description: |\n  main: elsewhere\n\n  main: elsewhere\nmain: &program src/index.ts"],
])("a relative path starts at Pulumi.yaml, with %s", (main) => {
  projectWith(main);
  process.chdir(join(folder, "src"));
  expect(locateInProject("backups/erp.bak")).toEqual({ path: join(folder, "backups/erp.bak"), ...IN_PROJECT });
  expect(parseBackupLocation("./backups/erp.bak", "b")).toEqual({
    kind: "file",
    path: join(folder, "backups/erp.bak"),
  });
  expect(parseBackupLocation("none.bak", "b")).toEqual({ kind: "file", path: join(folder, "none.bak") });
});

test.each(["Pulumi.yml", "Pulumi.json"])("%s is a project file too", (file) => {
  projectWith(file === "Pulumi.json" ? '"main": "src/index.ts"' : "main: src/index.ts", file);
  process.chdir(join(folder, "src"));
  expect(locateInProject("backups/erp.bak").path).toBe(join(folder, "backups/erp.bak"));
});

test("a project file that is no YAML is passed over", () => {
  projectWith("main: src/index.ts");
  writeFileSync(join(folder, "src/Pulumi.yaml"), "main: [");
  process.chdir(join(folder, "src"));
  expect(locateInProject("backups/erp.bak").path).toBe(join(folder, "backups/erp.bak"));
});

test("a program several folders below its project is found by looking upwards", () => {
  projectWith("main: src/deep/program/index.ts");
  mkdirSync(join(folder, "src/deep/program"), { recursive: true });
  process.chdir(join(folder, "src/deep/program"));
  expect(locateInProject("backups/erp.bak").path).toBe(join(folder, "backups/erp.bak"));
});

test("what only the program's folder has is taken with a warning that names the path to write", () => {
  projectWith("main: src/index.ts");
  writeFileSync(join(folder, "src/crm.bak"), "x");
  process.chdir(join(folder, "src"));
  expect(locateInProject("crm.bak")).toEqual({ path: join(folder, "src/crm.bak"), isInProgramFolder: true });
  expect(programFolderWarning("crm.bak")).toMatch(
    /^PATH_IN_PROGRAM_FOLDER: crm\.bak is only in the program's folder\.\n.*Pulumi\.yaml.*0\.3.*\nWrite src\/crm\.bak, /s,
  );
});

test("the project's folder comes first when both have the path, without a warning", () => {
  projectWith("main: src/index.ts");
  mkdirSync(join(folder, "src/backups"));
  writeFileSync(join(folder, "src/backups/erp.bak"), "y");
  process.chdir(join(folder, "src"));
  expect(locateInProject("backups/erp.bak")).toEqual({ path: join(folder, "backups/erp.bak"), ...IN_PROJECT });
  expect(programFolderWarning("backups/erp.bak")).toBeUndefined();
});

test.each([
  ["a project without main", "description: main is src"],
  ["a project with another main", "main: bin/index.js"],
  ["a project with an empty main", "main:\nsrc: x"],
])("below %s, where only an inline program runs, a path starts at the working directory", (_what, main) => {
  projectWith(main);
  process.chdir(join(folder, "src"));
  expect(parseBackupLocation("backups/erp.bak", "b")).toEqual({
    kind: "file",
    path: join(folder, "src/backups/erp.bak"),
  });
  expect(programFolderWarning("backups/erp.bak")).toBeUndefined();
});

test("an absolute main, which the Automation API writes for an inline program, is no project's", () => {
  projectWith(`main: ${join(folder, "src")}`);
  process.chdir(join(folder, "src"));
  expect(parseBackupLocation("erp.bak", "b")).toEqual({ kind: "file", path: join(folder, "src/erp.bak") });
});

test("a folder with a space in its name", () => {
  projectWith("main: my program/index.ts # the program");
  mkdirSync(join(folder, "my program"));
  process.chdir(join(folder, "my program"));
  expect(locateInProject("backups/erp.bak").path).toBe(join(folder, "backups/erp.bak"));
});

test("absolute paths, oss:// and paths of other systems stay as they are", () => {
  projectWith("main: src/index.ts");
  process.chdir(join(folder, "src"));
  for (const path of ["/srv/erp.bak", "oss://b/erp.bak", "https://nas.example/erp.bak", "~/erp.bak"])
    expect(locateInProject(path)).toEqual({ path, ...IN_PROJECT });
  expect(parseBackupLocation("https://nas.example/erp.bak", "b")).toEqual({
    kind: "file",
    path: "https://nas.example/erp.bak",
  });
});
