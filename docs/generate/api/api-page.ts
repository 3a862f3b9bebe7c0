import { join, relative } from "node:path";
import * as ts from "typescript";
import { catalogue } from "../../../provider/errors/catalogue";
import { constantUnion } from "./constant-union";
import { docstringOf } from "./docstring";
import { type Member, membersOf, resolveIndexed, typeNamesOf } from "./members";
import { type DeclaredAt, declarationOf, declaredAt, exportedNames } from "./source-file";

const ROOT = join(__dirname, "..", "..", "..");

const INTRODUCTION = `# API

What a program imports from \`pulumi-alicloud-sqlserver-migration\`. Generated from the docstrings by \`npm run docs\`; a test compares them.

\`Input<T>\` and \`Output<T>\` are Pulumi's: a value or another resource's output, and an output of a resource. Every class takes Pulumi's own options as its last argument:
\`protect\`, \`retainOnDelete\`, \`dependsOn\`, \`aliases\`, \`parent\`. \`import\` does not work for dynamic resources: use \`adopt\`.
`;

/** Generates docs/reference/api.md: every exported name of the package, then the types that they refer to. */
export function apiPage(entry = join(ROOT, "components", "index.ts")): string {
  const exported = exportedNames(entry);
  const classes = exported.filter(({ name, file }) => isClass({ name, file }));
  const args = classes.map(({ name }) => `${name}Args`);
  // Each class is followed by its arguments; the rest is sorted by name.
  const ordered = [
    ...classes.flatMap((each) => [each, ...exported.filter(({ name }) => name === `${each.name}Args`)]),
    ...exported.filter((each) => !classes.includes(each) && !args.includes(each.name)).sort(byName),
  ];
  const further = referredTo(ordered).sort(byName);
  const known = new Set([...ordered, ...further].map(({ name }) => name));
  const section = (each: DeclaredAt): string => sectionOf(each, known);
  return [
    INTRODUCTION,
    `${ordered.map(({ name }) => `- [${name}](#${name.toLowerCase()})`).join("\n")}\n`,
    ...ordered.map(section),
    ...(further.length === 0 ? [] : ["# Types they refer to\n\nNot exported; documented here for their members.\n"]),
    ...further.map(section),
  ].join("\n");
}

const byName = (left: DeclaredAt, right: DeclaredAt): number => (left.name < right.name ? -1 : 1);

const isClass = (at: DeclaredAt): boolean => {
  const declaration = declarationOf(at);
  return declaration !== undefined && ts.isClassDeclaration(declaration);
};

/** Types of this repository that the documented types refer to, directly or indirectly, without the documented types. */
function referredTo(documented: readonly DeclaredAt[]): DeclaredAt[] {
  const found = new Map<string, DeclaredAt>(documented.map((each) => [each.name, each]));
  const queue = [...documented];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const { file, name } of typeNamesOf(at)) {
      const declared = declaredAt(file, name);
      if (declared === undefined || found.has(declared.name) || isConstant(declared)) continue;
      found.set(declared.name, declared);
      queue.push(declared);
    }
  }
  return [...found.values()].filter((each) => !documented.includes(each));
}

const isConstant = (at: DeclaredAt): boolean => {
  const declaration = declarationOf(at);
  return declaration === undefined || ts.isVariableStatement(declaration) || ts.isFunctionDeclaration(declaration);
};

function sectionOf(at: DeclaredAt, known: ReadonlySet<string>): string {
  const declaration = declarationOf(at);
  if (declaration === undefined) throw new Error(`${relative(ROOT, at.file)} does not declare ${at.name}`);
  const { text, tags } = docstringOf(declaration);
  const parts = [`## ${at.name}\n`, text === "" ? "" : `${withLinks(text)}\n`];
  for (const example of tags.get("example") ?? []) parts.push(`\`\`\`ts\n${example}\n\`\`\`\n`);
  if (ts.isClassDeclaration(declaration)) parts.push(constructorLine(declaration, known));
  if (ts.isFunctionDeclaration(declaration)) parts.push(functionLine(declaration, known));
  if (ts.isTypeAliasDeclaration(declaration)) parts.push(aliasLine(declaration, at.file, known));
  const members = membersOf(at);
  if (members.length > 0) parts.push(memberTable(members, kindOf(declaration, at.name), known));
  for (const throws of tags.get("throws") ?? []) parts.push(`Throws ${withLinks(throws)}.\n`);
  for (const see of tags.get("see") ?? []) parts.push(`See ${see}\n`);
  return parts.filter(Boolean).join("\n");
}

function constructorLine(declaration: ts.ClassDeclaration, known: ReadonlySet<string>): string {
  const { parameters = [] } = declaration.members.find(ts.isConstructorDeclaration) ?? {};
  const [args] = parameters.flatMap(({ type }) => (type && known.has(type.getText()) ? [type.getText()] : []));
  const link = args === undefined ? "" : ` Its arguments: [${args}](#${args.toLowerCase()}).`;
  return `\`new ${declaration.name?.text}(${parameterList(parameters)})\`.${link} Its outputs:\n`;
}

function functionLine({ name, parameters, type }: ts.FunctionDeclaration, known: ReadonlySet<string>): string {
  const returned = type === undefined ? "" : `: ${oneLine(type.getText())}`;
  return `${typeText(`${name?.text}(${parameterList(parameters)})${returned}`, known)}\n`;
}

const parameterList = (parameters: readonly ts.ParameterDeclaration[]): string =>
  parameters
    .map(({ name, type, initializer, questionToken }) => {
      // A destructured parameter has no name.
      const called = ts.isIdentifier(name) ? name.text : "arguments";
      const optional = initializer !== undefined || questionToken !== undefined ? "?" : "";
      return `${called}${optional}: ${oneLine(type?.getText() ?? "unknown")}`;
    })
    .join(", ");

/** A union derived from a list of constants is shown as that list. */
function aliasLine({ type, name }: ts.TypeAliasDeclaration, file: string, known: ReadonlySet<string>): string {
  const text = constantUnion(type, file)?.join(" | ") ?? oneLine(type.getText());
  // The text does not show a type inferred from a schema; its docstring describes it.
  return text.includes("z.infer") ? "" : `\`${name.text}\` = ${typeText(text, known)}\n`;
}

/** The table of members. Arguments have a default column; outputs and other members are only optional or not. */
function memberTable(members: readonly Member[], kind: TableKind, known: ReadonlySet<string>): string {
  const head = kind === "argument" ? [kind, "type", "default", "meaning"] : [kind, "type", "meaning"];
  const rows = members.map(({ name, type, file, isOptional, docs }) => {
    const written = typeText(type === undefined ? "" : oneLine(resolveIndexed(type, file).type.getText()), known);
    const thrown = (docs.tags.get("throws") ?? []).map((codes) => `Throws ${codes}.`);
    const meaning = withLinks([docs.text, ...thrown].join(" "));
    const fallback = docs.tags.get("default")?.join(" ") ?? (isOptional ? "–" : "required");
    if (kind === "argument") return [`\`${name}\``, written, fallback, meaning];
    return [`\`${name}${kind === "member" && isOptional ? "?" : ""}\``, written, meaning];
  });
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

type TableKind = "argument" | "output" | "member";

const kindOf = (declaration: ts.Node, name: string): TableKind => {
  if (ts.isClassDeclaration(declaration)) return "output";
  return name.endsWith("Args") ? "argument" : "member";
};

/** Links codes of the catalogue to errors.md and names of this page to their sections. */
const withLinks = (text: string): string =>
  text
    .replace(/\{@link (\w+)\}/g, (_, name) => `[${name}](#${name.toLowerCase()})`)
    .replace(/`([A-Z][A-Z_]+)`/g, (marked, code) =>
      code in catalogue ? `[${code}](errors.md#${code.toLowerCase()})` : marked,
    );

const oneLine = (text: string): string =>
  text
    .replace(/\bpulumi\.(Input|Output)</g, "$1<")
    .replace(/\/\*\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/^\| /, "")
    .trim();

/** A type as code, followed by links to the types that this page documents. */
function typeText(text: string, known: ReadonlySet<string>): string {
  if (text === "") return "";
  const links = [...new Set(text.match(/\b[A-Z]\w+\b/g) ?? [])].filter((name) => known.has(name));
  const behind = links.map((name) => `[${name}](#${name.toLowerCase()})`).join(", ");
  return `\`${text}\`${behind === "" ? "" : ` (${behind})`}`;
}

const cell = (text: string): string =>
  text
    .replace(/\n\s*- /g, "<br>• ")
    .replace(/\s+/g, " ")
    .replaceAll("|", "\\|")
    .trim();
