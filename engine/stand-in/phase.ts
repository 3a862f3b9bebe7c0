import { availableParallelism } from "node:os";
import { alicloudProvider } from "../alicloud/alicloud-provider";
import { connectCloud } from "../alicloud/cloud";
import type { Operation } from "../engine";
import type { EngineEvent } from "../events";
import { endGroup } from "./child-process";
import { Deployment } from "./deployment";
import { startDynamicProvider } from "./dynamic-provider";
import { EventSink } from "./event-sink";
import { Planner } from "./planner";
import { startProgram } from "./program";
import type { Project } from "./project";
import { type PropertyMap, revealed, secret } from "./property-value";
import { type ProviderFactory, ProviderRegistry } from "./provider-registry";
import { ResourceIndex } from "./resource-index";
import { RpcServer } from "./rpc-server";
import { SnapshotJournal } from "./snapshot-journal";
import type { StackState, StateFile } from "./state-file";
import { StepActions } from "./step-actions";
import { StepRunner } from "./step-runner";

export interface PhaseContext {
  project: Project;
  stack: string;
  stateFile: StateFile;
  config: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  env: NodeJS.ProcessEnv;
  publish: (event: EngineEvent) => void;
  now: () => Date;
  /** After the first interrupt no new step begins. The second one terminates the providers and abandons running steps. */
  interrupts: { first: AbortSignal; second: AbortSignal };
}

export interface PhaseResult {
  outcome: "succeeded" | "failed" | "abandoned";
  /** Number of resources for each op. */
  changes: Readonly<Record<string, number>>;
}

/** Runs one phase over the stack, a preview or an update: sets up the services, the state, the program and the deployment. */
export async function runPhase(
  operation: Operation,
  context: PhaseContext,
  { preview }: { preview: boolean },
): Promise<PhaseResult> {
  const { project, stack, stateFile, now, interrupts } = context;
  const startedMs = now().getTime();
  const events = new EventSink((event) => !interrupts.second.aborted && context.publish(event), now);
  const state = stateFile.read();
  const pendingOperations = operation.clearPendingCreates ? [] : state.pendingOperations;
  const refreshing = operation.kind === "refresh";
  const refreshFirst = !refreshing && operation.refresh === true;

  const server = await RpcServer.listen();
  const index = new ResourceIndex({ project: project.name, stack }, state.resources, events);
  const providers = new ProviderRegistry(providerFactory(context, server.address, events), index);
  const save = (current: StackState): void => stateFile.write(current, now());
  const journal = new SnapshotJournal({ ...state, pendingOperations }, preview ? () => undefined : save);
  const actions = new StepActions({ preview, providers, now });
  const runner = new StepRunner({ preview, refreshing, actions, events, journal });
  const planner = new Planner({ preview, replace: new Set(operation.replace), index, providers, events });
  const slots = 4 * availableParallelism();
  const deployment = new Deployment(
    { preview, slots, config: configMap(context) },
    { index, planner, runner, journal, events },
  );
  server.serve({ deployment, events, stack: index });

  events.emit({ preludeEvent: { config: { ...context.config, ...masked(context.secrets) } } });
  if (pendingOperations.length > 0 && !preview && !refreshing && !refreshFirst) {
    events.diagnostic({ severity: "warning", message: pendingWarning(state) });
  }
  const interrupt = (): void => {
    deployment.interrupt();
    void providers.cancel();
  };
  const abandoned = new Promise<void>((resolve) => {
    interrupts.second.addEventListener("abort", () => {
      journal.freeze();
      resolve();
    });
  });
  interrupts.first.addEventListener("abort", interrupt);
  const walk = async (): Promise<void> => {
    if (refreshing || refreshFirst) await deployment.refresh();
    if (refreshing || deployment.stopped) return;
    if (operation.kind === "destroy") await deployment.destroy();
    else await runProgram(deployment, { ...context, preview, address: server.address, parallel: slots }, events);
  };
  try {
    await Promise.race([walk(), abandoned]);
    if (!preview) journal.write();
  } finally {
    interrupts.first.removeEventListener("abort", interrupt);
    await providers.close();
    server.close();
  }
  if (interrupts.second.aborted) return { outcome: "abandoned", changes: runner.changes };
  const outcome = deployment.failed || deployment.interrupted ? "failed" : "succeeded";
  if (deployment.needsFailureMessage || deployment.interrupted) {
    const word = deployment.needsFailureMessage ? "failed" : "canceled";
    events.diagnostic({ severity: "error", message: `${preview ? "preview" : "update"} ${word}` });
  }
  const durationSeconds = Math.round((now().getTime() - startedMs) / 1000);
  events.emit({
    summaryEvent: { durationSeconds, resourceChanges: runner.changes, isPreview: preview, result: outcome },
  });
  events.emit({ cancelEvent: {} });
  return { outcome, changes: runner.changes };
}

async function runProgram(
  deployment: Deployment,
  context: PhaseContext & { preview: boolean; address: string; parallel: number },
  events: EventSink,
): Promise<void> {
  const program = startProgram({
    ...context,
    config: { ...context.config, ...context.secrets },
    secretKeys: Object.keys(context.secrets),
    log: (severity, message) => events.diagnostic({ severity, message }),
  });
  const ended = program.ended.then(({ ok, message }) => {
    if (!ok && !deployment.stopped) deployment.fail(message);
  });
  await Promise.race([ended, deployment.whenStopped]);
  await deployment.whenIdle();
  await endGroup(program.process);
  deployment.finishOutputs();
}

function providerFactory({ project, env }: PhaseContext, engineAddress: string, events: EventSink): ProviderFactory {
  return async (packageName, resource) => {
    const config = resource.inputs ?? {};
    if (packageName === "alicloud") return alicloudProvider(connectCloud(revealed(config), env));
    if (packageName === "pulumi-nodejs") {
      const log = (severity: "info" | "info#err", message: string): void => events.diagnostic({ severity, message });
      return startDynamicProvider({ project, engineAddress, config, env, log });
    }
    const supported = "dynamic resources of Node.js programs, and some of alicloud";
    throw new Error(`the stand-in engine does not support the package "${packageName}"; it supports ${supported}`);
  };
}

function configMap({ config, secrets }: PhaseContext): PropertyMap {
  const hidden = Object.entries(secrets).map(([key, value]) => [key, secret(value)] as const);
  return { ...config, ...Object.fromEntries(hidden) };
}

const masked = (secrets: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.keys(secrets).map((key) => [key, "[secret]"]));

function pendingWarning({ pendingOperations }: StackState): string {
  const list = pendingOperations.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}`);
  return [
    `Attempting to deploy or update resources with ${list.length} pending operations from previous deployment.`,
    ...list,
    "These resources are in an unknown state because the engine was interrupted while waiting for changes to them to " +
      "complete. A refresh clears the listed operations except creates; `refresh --clear-pending-creates` clears those.",
  ].join("\n");
}
