import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as ts from "typescript";

/** The declaration of a name: its file, and its name in that file. */
export interface DeclaredAt {
  file: string;
  name: string;
}

const parsed = new Map<string, ts.SourceFile>();

/** Parses a source file without type checking. The page shows types as written, so it needs milliseconds instead of loading the SDK. */
export function sourceFile(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  parsed.set(path, file);
  return file;
}

/** The file that a relative import names; undefined for a package. */
function importedFile(from: string, specifier: ts.Expression | undefined): string | undefined {
  if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith(".")) return undefined;
  const path = resolve(dirname(from), specifier.text);
  return [`${path}.ts`, resolve(path, "index.ts")].find((candidate) => existsSync(candidate));
}

/** The names that a module exports by `export { … } from`, in the order of the file. */
export function exportedNames(path: string): DeclaredAt[] {
  return sourceFile(path).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return [];
    const file = importedFile(path, statement.moduleSpecifier);
    const clause = statement.exportClause;
    if (file === undefined || clause === undefined || !ts.isNamedExports(clause)) {
      throw new Error(`${path}: only export { names } from "./file" can be documented: ${statement.getText()}`);
    }
    return clause.elements.map(({ propertyName, name }) => ({ file, name: (propertyName ?? name).text }));
  });
}

/** Finds the declaration of a name that a file uses; undefined when it is outside this repository. */
export function declaredAt(path: string, name: string): DeclaredAt | undefined {
  if (declarationOf({ file: path, name }) !== undefined) return { file: path, name };
  for (const statement of sourceFile(path).statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const found = bindings.elements.find((element) => element.name.text === name);
    const file = found && importedFile(path, statement.moduleSpecifier);
    if (file !== undefined) return { file, name: (found?.propertyName ?? found?.name)?.text ?? name };
  }
  return undefined;
}

export type Declaration =
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.FunctionDeclaration
  | ts.VariableStatement;

/** The declaration of a name in a file. */
export function declarationOf({ file, name }: DeclaredAt): Declaration | undefined {
  return sourceFile(file).statements.find((statement): statement is Declaration => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.some((each) => each.name.getText() === name);
    }
    return (
      (ts.isClassDeclaration(statement) ||
        ts.isInterfaceDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement) ||
        ts.isFunctionDeclaration(statement)) &&
      statement.name?.text === name
    );
  });
}
