import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isOperationKind, OPERATIONS, type Operation } from "./engine";
import { Display } from "./stand-in/display";
import { fullKey, readProject } from "./stand-in/project";
import { EXIT, runOperation } from "./stand-in/run-operation";
import { readStackConfig } from "./stand-in/stack-config";
import { readDeployment, StateFile } from "./stand-in/state-file";
import { STAND_IN_VERSION } from "./stand-in/version";

const USAGE = `usage: node dist/engine/main.js ${OPERATIONS.join("|")}|state --state FILE [--project DIR] [--stack NAME] [options]

Runs a Pulumi program of runtime nodejs without the Pulumi command: a stand-in that supports dynamic resources and a
few types of the alicloud package. Its state can be read by \`pulumi stack import\`.

  --config KEY=VALUE   --config-file FILE   --parallel N        --expect-no-changes   --refresh
  --replace URN        --target URN         --continue-on-error --skip-preview        --clear-pending-creates
  --json               prints the engine's events, one a line; --event-log FILE writes them to a file
  --yes                accepted and ignored, because there is no prompt`;

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      project: { type: "string", default: "." },
      stack: { type: "string", default: "dev" },
      state: { type: "string" },
      config: { type: "string", multiple: true, default: [] },
      "config-file": { type: "string" },
      parallel: { type: "string" },
      replace: { type: "string", multiple: true },
      target: { type: "string", multiple: true },
      "expect-no-changes": { type: "boolean" },
      refresh: { type: "boolean" },
      "continue-on-error": { type: "boolean" },
      "skip-preview": { type: "boolean" },
      "clear-pending-creates": { type: "boolean" },
      json: { type: "boolean" },
      "event-log": { type: "string" },
      yes: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return EXIT.ok;
  }
  const [kind] = positionals;
  if (!values.state) throw new Error(USAGE);
  if (kind === "state") {
    process.stdout.write(`${JSON.stringify(readDeployment(values.state), undefined, 2)}\n`);
    return EXIT.ok;
  }
  if (!isOperationKind(kind)) throw new Error(USAGE);
  const operation: Operation = {
    kind,
    expectNoChanges: values["expect-no-changes"],
    refresh: values.refresh,
    replace: values.replace,
    target: values.target,
    parallel: values.parallel === undefined ? undefined : Number(values.parallel),
    continueOnError: values["continue-on-error"],
    previewFirst: !values["skip-preview"],
    clearPendingCreates: values["clear-pending-creates"],
  };
  const project = readProject(values.project);
  const passphrase = process.env.PULUMI_CONFIG_PASSPHRASE ?? "";
  const configFile = values["config-file"] ?? join(project.rootDirectory, `Pulumi.${values.stack}.yaml`);
  const { plain, secret: secrets } = readStackConfig(configFile, project.name, passphrase);
  const config = { ...project.configDefaults, ...plain, ...settings(project.name, values.config) };
  const missing = project.requiredConfig.filter((key) => !(key in config) && !(key in secrets));
  if (missing.length > 0) {
    throw new Error(`Stack '${values.stack}' is missing configuration value '${missing.join("', '")}'`);
  }
  const display = values.json
    ? { add: (event: unknown) => void process.stdout.write(`${JSON.stringify(event)}\n`) }
    : new Display((line) => void process.stdout.write(`${line}\n`), {
        stack: values.stack,
        kind,
        nowMs: () => Date.now(),
      });
  const code = await runOperation(operation, {
    project,
    stack: values.stack,
    stateFile: new StateFile(values.state, {
      passphrase,
      engineVersion: STAND_IN_VERSION,
    }),
    config,
    secrets,
    env: process.env,
    publish: (event) => {
      if (values["event-log"]) appendFileSync(values["event-log"], `${JSON.stringify(event)}\n`);
      display.add(event);
    },
    now: () => new Date(),
    interrupts: interrupts(),
  });
  if (code === EXIT.cancelled) process.stderr.write("error: update cancelled\n");
  if (code === EXIT.changesFound) process.stderr.write("error: no changes were expected but changes occurred\n");
  return code;
}

function settings(project: string, pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 0) throw new Error(`${pair} is not KEY=VALUE`);
      return [fullKey(project, pair.slice(0, at)), pair.slice(at + 1)];
    }),
  );
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
