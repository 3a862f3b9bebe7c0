import { type ServerUnaryCall, type sendUnaryData, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import {
  type ReadResourceRequest,
  ReadResourceResponse,
  type RegisterResourceHookRequest,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  RegisterResourceResponse,
  type ResourceInvokeRequest,
  Result,
  type SupportsFeatureRequest,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Deployment } from "./deployment";
import type { Alias, Goal } from "./goal";
import { HOOK_TYPES, type HookType, type ResourceHooks } from "./hooks";
import { type PropertyMap, revealed } from "./property-value";
import type { CustomTimeouts, ResourceState } from "./resource-state";
import { Stopped } from "./run-errors";
import type { Registered } from "./step";
import { fromStruct, fromValue, toStruct } from "./wire";

/** Features of the protocol that the SDK may use. Outputs would come wrapped with `outputValues`, which nothing here needs. */
const FEATURES = [
  "secrets",
  "resourceReferences",
  "aliasSpecs",
  "deletedWith",
  "replaceWith",
  "parameterization",
  "resourceHooks",
];

/** The gRPC service through which a program registers its resources (proto/pulumi/resource.proto). */
export function monitorService(
  deployment: Deployment,
  hooks: ResourceHooks,
  program: { ended: () => Promise<void> },
): UntypedServiceImplementation {
  return {
    supportsFeature: unary(async (request: SupportsFeatureRequest) =>
      new SupportsFeatureResponse().setHassupport(FEATURES.includes(request.getId())),
    ),
    registerPackage: unary(async () => {
      throw new Refused("the stand-in engine knows no parameterised packages");
    }),
    registerResource: unary(async (request: RegisterResourceRequest) => {
      if (request.getRemote())
        throw new Refused(`component ${request.getType()} comes from a plugin, which the stand-in engine cannot run`);
      if (request.getImportid())
        throw new Refused(`[import] of ${request.getName()}: the stand-in engine imports no resources`);
      return registerReply(await deployment.register(goalOf(request)), request.getCustom());
    }),
    readResource: unary(async (request: ReadResourceRequest) => {
      const { state } = await deployment.read(readGoalOf(request));
      const reply = new ReadResourceResponse();
      reply.setUrn(state.urn);
      reply.setProperties(toStruct(state.outputs ?? {}));
      return reply;
    }),
    registerResourceOutputs: unary(async (request: RegisterResourceOutputsRequest) => {
      await deployment.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new Empty();
    }),
    invoke: unary(async (request: ResourceInvokeRequest) => {
      const result = await invoke(deployment, request);
      const reply = new InvokeResponse();
      reply.setReturn(toStruct(result));
      return reply;
    }),
    registerResourceHook: unary(async (request: RegisterResourceHookRequest) => {
      const callback = request.getCallback();
      hooks.register({
        name: request.getName(),
        target: callback?.getTarget() ?? "",
        token: callback?.getToken() ?? "",
        onPreview: request.getOnDryRun(),
        ignoreErrors: request.getIgnoreErrors(),
      });
      return new Empty();
    }),
    signalAndWaitForShutdown: unary(async () => {
      await program.ended();
      return new Empty();
    }),
  };
}

/** The program asked for something that only the real engine can do. */
class Refused extends Error {}

type Handler = (call: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>) => void;

function unary<Q, R>(handle: (request: Q) => Promise<R>): Handler {
  return (call, reply) => {
    // The service definition has decoded the request of this method: its type is Q.
    handle(call.request as Q).then(
      (value) => reply(null, value),
      (error: Error) => {
        // The SDK takes UNAVAILABLE for the engine's end and goes quietly; the reason has been reported already.
        const code =
          error instanceof Refused
            ? status.UNIMPLEMENTED
            : error instanceof Stopped
              ? status.UNAVAILABLE
              : status.UNKNOWN;
        reply({ code, details: error.message });
      },
    );
  };
}

function goalOf(request: RegisterResourceRequest): Goal {
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, key) => {
    propertyDependencies[key] = dependencies.getUrnsList();
  });
  const timeouts = request.getCustomtimeouts();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: fromStruct(request.getObject()),
    parent: request.getParent() || undefined,
    protect: request.getProtect() ?? false,
    dependencies: request.getDependenciesList(),
    provider: request.getProvider() || undefined,
    version: request.getVersion(),
    propertyDependencies,
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: aliasesOf(request),
    customTimeouts: timeouts && timeoutsOf(timeouts.getCreate(), timeouts.getUpdate(), timeouts.getDelete()),
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith() || undefined,
    replaceWith: request.getReplaceWithList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    replacementTrigger: fromValue(request.getReplacementTrigger()),
    hooks: hooksOf(request.getHooks()),
  };
}

function readGoalOf(request: ReadResourceRequest): Goal & { id: string } {
  return {
    id: request.getId(),
    type: request.getType(),
    name: request.getName(),
    custom: true,
    inputs: fromStruct(request.getProperties()),
    parent: request.getParent() || undefined,
    protect: false,
    dependencies: request.getDependenciesList(),
    provider: request.getProvider() || undefined,
    version: request.getVersion(),
    propertyDependencies: {},
    ignoreChanges: [],
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [],
    retainOnDelete: false,
    replaceWith: [],
    replaceOnChanges: [],
  };
}

function hooksOf(binding: RegisterResourceRequest.ResourceHooksBinding | undefined): ResourceState["resourceHooks"] {
  if (!binding) return undefined;
  const named: Record<HookType, string[]> = {
    BeforeCreate: binding.getBeforeCreateList(),
    AfterCreate: binding.getAfterCreateList(),
    BeforeUpdate: binding.getBeforeUpdateList(),
    AfterUpdate: binding.getAfterUpdateList(),
    BeforeDelete: binding.getBeforeDeleteList(),
    AfterDelete: binding.getAfterDeleteList(),
  };
  const given = HOOK_TYPES.filter((type) => named[type].length > 0);
  return given.length > 0 ? Object.fromEntries(given.map((type) => [type, named[type]])) : undefined;
}

function aliasesOf(request: RegisterResourceRequest): Alias[] {
  const urns = request.getAliasurnsList().map((urn): Alias => ({ urn }));
  const specs = request.getAliasesList().map((alias): Alias => {
    const spec = alias.getSpec();
    if (!spec) return { urn: alias.getUrn() };
    return {
      name: spec.getName(),
      type: spec.getType(),
      stack: spec.getStack(),
      project: spec.getProject(),
      parent: spec.getNoparent() ? "none" : spec.getParenturn() || undefined,
    };
  });
  return [...urns, ...specs];
}

/** Durations as Go writes them, `1h30m`, in seconds. */
function timeoutsOf(create: string, update: string, remove: string): CustomTimeouts | undefined {
  const timeouts: CustomTimeouts = {};
  if (create) timeouts.create = secondsOf(create);
  if (update) timeouts.update = secondsOf(update);
  if (remove) timeouts.delete = secondsOf(remove);
  return Object.keys(timeouts).length > 0 ? timeouts : undefined;
}

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0) throw new Error(`unable to parse customTimeouts value ${duration}`);
  return parts.reduce((sum, [, count = "0", unit = "s"]) => sum + Number(count) * (SECONDS[unit] ?? 1), 0);
}

function registerReply({ state, result }: Registered, custom: boolean): RegisterResourceResponse {
  const reply = new RegisterResourceResponse();
  reply.setUrn(state.urn);
  reply.setId(state.id ?? "");
  // A component's recorded outputs may refer to resources that this run has not registered yet.
  reply.setObject(toStruct(custom ? (state.outputs ?? {}) : {}));
  reply.setResult(result === "success" ? Result.SUCCESS : result === "failed" ? Result.FAIL : Result.SKIP);
  return reply;
}

async function invoke(deployment: Deployment, request: ResourceInvokeRequest): Promise<PropertyMap> {
  const args = revealed(fromStruct(request.getArgs()));
  if (request.getTok() === "pulumi:pulumi:getResource") {
    const found = deployment.find(String(args.urn));
    if (!found) throw new Error(`unknown resource ${String(args.urn)}`);
    return { urn: found.urn, id: found.id ?? "", state: found.outputs ?? {} };
  }
  const goal = { type: request.getTok(), provider: request.getProvider() || undefined, version: request.getVersion() };
  const provider = await deployment.providerOf(goal);
  return provider.invoke(request.getTok(), args);
}
