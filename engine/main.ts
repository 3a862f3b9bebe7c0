import { appendFileSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isOperationKind, type Operation } from "./engine";
import { readProject } from "./stand-in/project";
import { EXIT, runOperation } from "./stand-in/run-operation";
import type { StackConfig } from "./stand-in/stack-config";
import { StateFile } from "./stand-in/state-file";
import { STAND_IN_VERSION } from "./stand-in/version";

/**
 * The stand-in as a process, which can be killed as the command can: `main.js OPERATION --project DIR --stack NAME --state FILE
 * --config-file FILE --event-log FILE`, with the flags of flags.ts. It appends the engine's events to the event log, one a line.
 */
async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      project: { type: "string", default: "." },
      stack: { type: "string", default: "dev" },
      state: { type: "string", default: "" },
      "config-file": { type: "string", default: "" },
      "event-log": { type: "string", default: "" },
      replace: { type: "string", multiple: true },
      "expect-no-changes": { type: "boolean" },
      refresh: { type: "boolean" },
      "skip-preview": { type: "boolean" },
      "clear-pending-creates": { type: "boolean" },
      yes: { type: "boolean" },
    },
  });
  const [kind] = positionals;
  if (!isOperationKind(kind)) throw new Error(`unknown operation: ${kind}`);
  const operation: Operation = {
    kind,
    expectNoChanges: values["expect-no-changes"],
    refresh: values.refresh,
    replace: values.replace,
    previewFirst: !values["skip-preview"],
    clearPendingCreates: values["clear-pending-creates"],
  };
  const project = readProject(values.project);
  if (project.runtime !== "nodejs") throw new Error("the stand-in engine runs only programs of runtime nodejs");
  const { plain, secret: secrets }: StackConfig = JSON.parse(readFileSync(values["config-file"], "utf8"));
  const config = { ...project.configDefaults, ...plain };
  const missing = project.requiredConfig.filter((key) => !(key in config) && !(key in secrets));
  if (missing.length > 0) {
    throw new Error(`Stack '${values.stack}' is missing configuration value '${missing.join("', '")}'`);
  }
  const code = await runOperation(operation, {
    project,
    stack: values.stack,
    stateFile: new StateFile(values.state, STAND_IN_VERSION),
    config,
    secrets,
    env: process.env,
    publish: (event) => appendFileSync(values["event-log"], `${JSON.stringify(event)}\n`),
    now: () => new Date(),
    interrupts: interrupts(),
  });
  if (code === EXIT.cancelled) process.stderr.write("error: update cancelled\n");
  if (code === EXIT.changesFound) process.stderr.write("error: no changes were expected but changes occurred\n");
  return code;
}

/** The first ^C requests an orderly end, the second an immediate one. */
function interrupts(): { first: AbortSignal; second: AbortSignal } {
  const first = new AbortController();
  const second = new AbortController();
  const note = (): void => (first.signal.aborted ? second : first).abort();
  process.on("SIGINT", note);
  process.on("SIGTERM", note);
  return { first: first.signal, second: second.signal };
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = EXIT.failed;
  },
);
