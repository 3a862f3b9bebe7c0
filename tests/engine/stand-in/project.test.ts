import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProject } from "../../../engine/stand-in/project";
import { readStackConfig, writeStackConfig } from "../../../engine/stand-in/stack-config";

describe("a project's files", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "project-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const project = (text: string) => {
    writeFileSync(join(directory, "Pulumi.yaml"), text);
    return readProject(directory);
  };

  test("the program runs in the directory of main", () => {
    expect(project("name: p\nruntime: nodejs")).toMatchObject({ programDirectory: directory, entryPoint: "." });
    expect(project("name: p\nruntime: nodejs\nmain: index.ts")).toMatchObject({
      programDirectory: directory,
      entryPoint: "index.ts",
    });
    mkdirSync(join(directory, "bin"));
    expect(project("name: p\nruntime: nodejs\nmain: bin/")).toMatchObject({
      programDirectory: join(directory, "bin"),
      entryPoint: ".",
    });
  });

  test("reads the compiler option, declared defaults and required keys", () => {
    const read = project(`
name: p
runtime: { name: nodejs, options: { typescript: false } }
config:
  size: { type: integer, default: 3 }
  list: { type: array, items: { type: string }, default: [a, b] }
  word: { type: string }
  short: yes it is
  alicloud:region: { description: elsewhere }
`);
    expect(read).toMatchObject({
      typescript: false,
      configDefaults: { "p:size": "3", "p:list": `["a","b"]`, "p:short": "yes it is" },
      requiredConfig: ["p:word"],
    });
  });

  test("nameless projects and empty folders are refused", () => {
    expect(project("name: p\nruntime: python").runtime).toBe("python");
    expect(() => project("runtime: nodejs")).toThrow("has no name");
    expect(() => readProject(join(directory, "elsewhere"))).toThrow("no Pulumi.yaml project file found");
  });

  test("a stack's configuration is read as it was written, with lists as lists; an encrypted value is refused", () => {
    const path = join(directory, "Pulumi.dev.yaml");
    const config = { "p:list": `["a"]`, "p:text": "[not json", "q:x": "1" };
    writeFileSync(path, "encryptionsalt: v1:salt");
    writeStackConfig(path, config);
    expect(readStackConfig(path, "p")).toEqual(config);
    expect(readFileSync(path, "utf8")).toContain("encryptionsalt: v1:salt");
    writeFileSync(path, "config: { word: { secure: v1:a:b } }");
    expect(() => readStackConfig(path, "p")).toThrow("word is encrypted");
    expect(readStackConfig(join(directory, "none.yaml"), "p")).toEqual({});
  });
});
