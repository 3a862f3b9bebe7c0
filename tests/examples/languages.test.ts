import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PACKAGE_NAME } from "../../provider/model/resource-type";

const ROOT = join(__dirname, "..", "..");
const EXAMPLES = join(ROOT, "examples", "languages");
const schema = JSON.parse(readFileSync(join(ROOT, "plugin", "schema.json"), "utf8"));

interface YamlProgram {
  config: Record<string, unknown>;
  resources: Record<string, { type: string; properties: Record<string, unknown> }>;
  outputs: Record<string, string>;
}

/** `sqlserver-migration:X` is short for `sqlserver-migration:index:X`. */
const resourceOf = (type: string) => schema.resources[type.replace(/^([\w-]+):(\w+)$/, "$1:index:$2")];

test.each(["yaml", "yaml-folder"])("%s gives only arguments of the schema and reads only outputs of it", (name) => {
  const { config, resources, outputs }: YamlProgram = parse(readFileSync(join(EXAMPLES, name, "Pulumi.yaml"), "utf8"));
  expect(Object.keys(resources)).toHaveLength(1);
  for (const { type, properties } of Object.values(resources)) {
    const { inputProperties, requiredInputs } = resourceOf(type);
    expect(Object.keys(inputProperties)).toEqual(expect.arrayContaining(Object.keys(properties)));
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(requiredInputs));
    const references = Object.values(properties).flatMap(
      (value) => /^\$\{(\w+)\}$/.exec(String(value))?.slice(1) ?? [],
    );
    expect(references.sort()).toEqual(Object.keys(config).sort());
  }
  const read = Object.values(outputs).map((value) => /^\$\{(\w+)\.(\w+)\}$/.exec(value)?.slice(1) ?? []);
  expect(read.length).toBeGreaterThan(0);
  for (const [resource = "", output = ""] of read) {
    expect(Object.keys(resourceOf(resources[resource]?.type ?? "").properties)).toContain(output);
  }
});

/** The generators of these SDKs are not to be had as modules, so that the programs are not compiled: their names are compared. */
test.each([
  ["csharp/Program.cs", /^ {8}(\w+) = /gm, /[ (]erp\.(\w+)/g],
  ["java/src/main/java/migration/App.java", /^ {16}\.(?!build\b)(\w+)\(/gm, /[ (]erp\.(\w+)\(/g],
])("%s uses the arguments and outputs of a DatabaseMigration", (path, argument, output) => {
  const text = readFileSync(join(EXAMPLES, path), "utf8");
  const named = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, name = ""]) => name.charAt(0).toLowerCase() + name.slice(1));
  const { inputProperties, properties } = schema.resources[`${PACKAGE_NAME}:index:DatabaseMigration`];
  expect(named(argument)).toEqual(["instanceId", "bucket", "backup"]);
  expect(Object.keys(inputProperties)).toEqual(expect.arrayContaining(named(argument)));
  expect(named(output)).toEqual(["status", "dataAsOf"]);
  expect(Object.keys(properties)).toEqual(expect.arrayContaining(named(output)));
});

test("the programs import the SDKs under the names that the schema gives them", () => {
  const { go, python, csharp } = schema.language;
  const read = (path: string) => readFileSync(join(EXAMPLES, path), "utf8");
  expect(read("go/main.go")).toContain(`"${go.importBasePath}"`);
  expect(read("python/__main__.py")).toContain(`from ${python.packageName} import`);
  expect(read("csharp/Program.cs")).toContain(`using Pulumi.${csharp.namespaces[PACKAGE_NAME]};`);
  expect(read("java/src/main/java/migration/App.java")).toContain(
    `import com.pulumi.${PACKAGE_NAME.replaceAll("-", "")}.DatabaseMigration;`,
  );
});

test.each([
  "yaml/Pulumi.yaml",
  "python/__main__.py",
  "go/main.go",
  "csharp/Program.cs",
  "java/src/main/java/migration/App.java",
])("docs/how-to/languages.md and docs/_index.md show %s", (path) => {
  const program = readFileSync(join(EXAMPLES, path), "utf8");
  for (const page of ["how-to/languages.md", "_index.md"])
    expect(readFileSync(join(ROOT, "docs", page), "utf8")).toContain(program);
});
