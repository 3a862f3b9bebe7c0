import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, Operation, RunResult, Workspace } from "../../engine/engine";
import type { ResourceState } from "../../engine/stand-in/resource-state";
import { nameOf } from "../../engine/stand-in/urn";

/** One call that the fixture's provider received (fixture-projects/things/provider.js). */
export interface Call {
  method: string;
  name: string;
  pid: number;
  id?: string;
  inputs?: Record<string, unknown>;
  olds?: Record<string, unknown>;
  news?: Record<string, unknown>;
  props?: Record<string, unknown>;
}

/** A copy of the fixture project with its own program and state, for one engine. */
export class ThingsProject {
  readonly directory: string;
  readonly workspace: Workspace;

  constructor(
    readonly engine: Engine,
    settings: Pick<Workspace, "config" | "secrets" | "env"> = {},
  ) {
    this.directory = realpathSync(mkdtempSync(join(tmpdir(), "engine-test-")));
    cpSync(join(__dirname, "fixture-projects", "things"), this.directory, { recursive: true });
    symlinkSync(join(__dirname, "..", "..", "node_modules"), join(this.directory, "node_modules"));
    this.workspace = {
      projectDir: this.directory,
      stack: "dev",
      stateDir: join(this.directory, "state"),
      ...settings,
    };
  }

  /** Sets the program's text; `Thing`, `Group` and `pulumi` are in scope. */
  program(text: string): this {
    writeFileSync(this.file("index.js"), `const { pulumi, Thing, Group } = require("./thing.js");\n${text}\n`);
    return this;
  }

  /** Sets the results of `read` by id: changed outputs, or null for a missing resource. */
  world(found: Record<string, Record<string, unknown> | null>): this {
    writeFileSync(this.file("world.json"), JSON.stringify(found));
    return this;
  }

  /** Runs the operation and returns its result with the calls of this run. */
  async run(operation: Operation | Operation["kind"]): Promise<RunResult & { calls: Call[] }> {
    rmSync(this.file("calls.jsonl"), { force: true });
    const request = typeof operation === "string" ? { kind: operation } : operation;
    const result = await this.engine.run(request, this.workspace);
    return { ...result, calls: this.calls() };
  }

  calls(): Call[] {
    if (!existsSync(this.file("calls.jsonl"))) return [];
    // The provider may be writing the last line.
    const lines = readFileSync(this.file("calls.jsonl"), "utf8").split("\n").slice(0, -1);
    return lines.map((line): Call => JSON.parse(line));
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** `method name` of each call. */
export const callsOf = (calls: readonly Call[], ...methods: string[]): string[] =>
  calls.filter((call) => methods.includes(call.method)).map((call) => `${call.method} ${call.name}`);

/** `op name` of each step in order, without `same` steps and those of the stack and providers. */
export const stepsOf = (result: RunResult): string[] =>
  result.steps
    .filter((step) => step.op !== "same" && !step.type.startsWith("pulumi:"))
    .map((step) => `${step.op} ${step.name}${step.outcome === "failed" ? " failed" : ""}`);

export const diagnosticsOf = (result: RunResult): string[] =>
  result.diagnostics
    .filter((row) => !row.ephemeral && !row.message.includes("package.json"))
    .map((row) => `${row.severity}: ${row.message}`);

/** The records of the state by resource name. */
export async function recordsOf(project: ThingsProject): Promise<Record<string, ResourceState>> {
  const { deployment } = await project.engine.exportState(project.workspace);
  return Object.fromEntries((deployment.resources ?? []).map((state) => [nameOf(state.urn), state]));
}
