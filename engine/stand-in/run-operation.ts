import { availableParallelism } from "node:os";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { alicloudProvider } from "../alicloud/alicloud-provider";
import { connectCloud } from "../alicloud/cloud";
import type { Operation } from "../engine";
import type { EngineEvent } from "../events";
import { endGroup } from "./child-process";
import { Deployment } from "./deployment";
import { startDynamicProvider } from "./dynamic-provider";
import { engineService } from "./engine-service";
import { EventSink } from "./event-sink";
import { monitorService } from "./monitor";
import { startProgram } from "./program";
import type { Project } from "./project";
import { type PropertyMap, revealed, secret } from "./property-value";
import { ProviderRegistry } from "./provider-registry";
import { withRenames } from "./rename";
import { SnapshotJournal } from "./snapshot-journal";
import type { StackState, StateFile } from "./state-file";
import { StepRunner } from "./step-runner";
import type { Urn } from "./urn";

/** Exit codes of the `pulumi` command (sdk/go/common/util/cmdutil/exit.go of pulumi/pulumi). */
export const EXIT = { ok: 0, failed: 1, changesFound: 7, cancelled: 8 } as const;

export interface OperationContext {
  project: Project;
  stack: string;
  stateFile: StateFile;
  config: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  env: NodeJS.ProcessEnv;
  publish: (event: EngineEvent) => void;
  now: () => Date;
  /** First: nothing new begins. Second: the providers are ended and what runs is given up. */
  interrupts: { first: AbortSignal; second: AbortSignal };
}

/** Runs one operation over the stack; the exit code is the command's. */
export async function runOperation(operation: Operation, context: OperationContext): Promise<number> {
  if (operation.kind === "preview") return runPhase(operation, context, { preview: true });
  const unlock = context.stateFile.lock();
  try {
    if (operation.previewFirst && operation.kind !== "refresh") {
      const code = await runPhase({ ...operation, expectNoChanges: false }, context, { preview: true });
      if (code !== EXIT.ok) return code;
    }
    return await runPhase(operation, context, { preview: false });
  } finally {
    unlock();
  }
}

async function runPhase(
  operation: Operation,
  context: OperationContext,
  { preview }: { preview: boolean },
): Promise<number> {
  const { project, stateFile, env, now } = context;
  const startedMs = now().getTime();
  const events = new EventSink(context.publish, now);
  const log = (severity: "info" | "info#err", message: string): void => events.diagnostic({ severity, message });
  const state = stateFile.read();
  const refreshing = operation.kind === "refresh";
  const refreshFirst = !refreshing && (operation.refresh || project.refreshAlways);
  const pendingOperations = operation.clearPendingCreates ? [] : state.pendingOperations;
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  // Services are added once the deployment is there; the address is needed to make it.
  let address = "";
  const providers = new ProviderRegistry(
    async (packageName, resource) => {
      const settings = { project, engineAddress: address, config: resource.inputs ?? {}, env, log };
      if (packageName === "pulumi-nodejs") return startDynamicProvider(settings);
      if (packageName === "alicloud") return alicloudProvider(connectCloud(revealed(settings.config), env));
      throw new Error(
        `the stand-in engine does not serve the package "${packageName}"; it serves dynamic resources and some of alicloud`,
      );
    },
    () => base.resources,
  );
  const base = { resources: state.resources };
  const deleted = new Set<Urn>();
  const save = (current: StackState): void => stateFile.write(withRenames(current, deployment.renames), now());
  const journal = new SnapshotJournal(
    { resources: state.resources, pendingOperations },
    preview ? () => undefined : save,
  );
  const runner = new StepRunner({ preview, refreshing, events, journal, providers, deleted, now });
  const parallel = operation.parallel ?? 4 * availableParallelism();
  const deployment = new Deployment(
    {
      project: project.name,
      stack: context.stack,
      preview,
      slots: parallel,
      continueOnError: operation.continueOnError ?? false,
      replace: new Set(operation.replace),
      targets: new Set(operation.target),
      config: configMap(context),
    },
    base,
    { runner, journal, providers, events, deleted, now },
  );
  events.emit({ preludeEvent: { config: { ...context.config, ...mask(context.secrets) } } });
  if (pendingOperations.length > 0 && !preview && !refreshing && !refreshFirst) {
    events.diagnostic({ severity: "warning", message: pendingWarning(state) });
  }
  server.addService(
    EngineService,
    engineService(events, () => deployment.rootUrn),
  );
  server.addService(ResourceMonitorService, monitorService(deployment, { ended: () => deployment.finish() }));
  address = `127.0.0.1:${await listen(server)}`;
  const stop = (): void => {
    deployment.interrupt();
    void providers.cancel();
  };
  context.interrupts.first.addEventListener("abort", stop);
  const giveUp = new Promise<void>((resolve) => context.interrupts.second.addEventListener("abort", () => resolve()));
  try {
    const work = async (): Promise<void> => {
      if (refreshing || refreshFirst) await deployment.refresh();
      if (refreshing || deployment.stopped) return;
      if (operation.kind === "destroy") return deployment.destroy();
      await runProgram();
    };
    const runProgram = async (): Promise<void> => {
      const config = { ...context.config, ...context.secrets };
      const secretKeys = Object.keys(context.secrets);
      const program = startProgram({
        project,
        stack: context.stack,
        address,
        config,
        secretKeys,
        preview,
        parallel,
        env,
        log,
      });
      const ended = program.ended.then(({ ok, message }) => {
        if (!ok && !deployment.stopped) deployment.fail(message);
      });
      await Promise.race([ended, deployment.whenStopped]);
      await deployment.settled();
      await endGroup(program.process);
      deployment.finishOutputs();
    };
    await Promise.race([work(), giveUp]);
    if (context.interrupts.second.aborted) return EXIT.failed;
    if (!preview) journal.write();
  } finally {
    context.interrupts.first.removeEventListener("abort", stop);
    await providers.close();
    server.forceShutdown();
  }
  const failed = deployment.failed || deployment.interrupted;
  events.emit({
    summaryEvent: {
      durationSeconds: Math.round((now().getTime() - startedMs) / 1000),
      resourceChanges: runner.changes,
      isPreview: preview,
      result: failed ? "failed" : "succeeded",
    },
  });
  events.emit({ cancelEvent: {} });
  if (failed) return EXIT.failed;
  return operation.expectNoChanges && hasChanges(runner.changes) ? EXIT.changesFound : EXIT.ok;
}

const hasChanges = (changes: Readonly<Record<string, number>>): boolean =>
  Object.entries(changes).some(([op, count]) => op !== "same" && op !== "read" && count > 0);

function configMap({ config, secrets }: OperationContext): PropertyMap {
  const hidden = Object.entries(secrets).map(([key, value]) => [key, secret(value)] as const);
  return { ...config, ...Object.fromEntries(hidden) };
}

const mask = (secrets: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.keys(secrets).map((key) => [key, "[secret]"]));

function pendingWarning({ pendingOperations }: StackState): string {
  const list = pendingOperations.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}`);
  return [
    `Attempting to deploy or update resources with ${list.length} pending operations from previous deployment.`,
    ...list,
    "These resources are in an unknown state because the engine was interrupted while waiting for changes to them to " +
      "complete. A refresh clears what is listed, except creates: these go with `refresh --clear-pending-creates`.",
  ].join("\n");
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
