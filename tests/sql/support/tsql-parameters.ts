import { runTsql, type Value } from "./tsql-interpreter";

/** The lines of a script that assign its parameters. */
export function parameterSection(script: string): string {
  const [, section] = /^-+ parameters\n([\s\S]*?)^-{100,}$/m.exec(script) ?? [];
  if (section === undefined) throw new Error("the script has no section of parameters");
  return section;
}

/** The values of the parameters of a script, as Transact-SQL computes them. */
export function parametersAsRun(script: string): Record<string, Value> {
  const section = parameterSection(script);
  const names = [...section.matchAll(/^SET (@\w+) =/gm)].map(([, name = ""]) => name);
  return runTsql(section, Object.fromEntries(names.map((name) => [name, null]))).variables;
}
