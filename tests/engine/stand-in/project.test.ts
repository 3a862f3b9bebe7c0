import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

  test("reads options, declared defaults and required keys", () => {
    const read = project(`
name: p
runtime: { name: nodejs, options: { typescript: false, nodeargs: "--trace-warnings --no-deprecation" } }
options: { refresh: always }
config:
  size: { type: integer, default: 3 }
  list: { type: array, items: { type: string }, default: [a, b] }
  word: { type: string }
  short: yes it is
  alicloud:region: { description: elsewhere }
`);
    expect(read).toMatchObject({
      typescript: false,
      nodeArguments: ["--trace-warnings", "--no-deprecation"],
      refreshAlways: true,
      configDefaults: { "p:size": "3", "p:list": `["a","b"]`, "p:short": "yes it is" },
      requiredConfig: ["p:word"],
    });
  });

  test("other runtimes, nameless projects and empty folders are refused", () => {
    expect(() => project("name: p\nruntime: python")).toThrow("only programs of runtime nodejs");
    expect(() => project("runtime: nodejs")).toThrow("has no name");
    expect(() => readProject(join(directory, "elsewhere"))).toThrow("no Pulumi.yaml project file found");
  });

  test("a stack's configuration is read as it was written, with encrypted secrets and with lists as lists", () => {
    const path = join(directory, "Pulumi.dev.yaml");
    const config = { plain: { "p:list": `["a"]`, "p:text": "[not json", "q:x": "1" }, secret: { "p:word": "hush" } };
    writeStackConfig(path, config, "");
    expect(readStackConfig(path, "p", "")).toEqual(config);
    writeFileSync(path, "config: { word: { secure: v1:a:b } }");
    expect(() => readStackConfig(path, "p", "")).toThrow("p:word is encrypted".replace("p:", ""));
    expect(readStackConfig(join(directory, "none.yaml"), "p", "")).toEqual({ plain: {}, secret: {} });
  });
});
