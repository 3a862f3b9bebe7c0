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
import { goalOf, readGoalOf } from "./goal-request";
import type { ResourceHooks } from "./hooks";
import { type PropertyMap, revealed } from "./property-value";
import { Stopped } from "./run-errors";
import type { Registered } from "./step";
import { fromStruct, toStruct } from "./wire";

/** Features of the protocol that the SDK may use. `outputValues` is off, because it wraps outputs in a form that is not needed here. */
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
      throw new Refused("the stand-in engine does not support parameterised packages");
    }),
    registerResource: unary(async (request: RegisterResourceRequest) => {
      if (request.getRemote())
        throw new Refused(`component ${request.getType()} comes from a plugin, which the stand-in engine cannot run`);
      if (request.getImportid())
        throw new Refused(`[import] of ${request.getName()}: the stand-in engine does not support import`);
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

/** The program uses a feature that only the real engine supports. */
class Refused extends Error {}

type Handler = (call: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>) => void;

function unary<Q, R>(handle: (request: Q) => Promise<R>): Handler {
  return (call, reply) => {
    // The service definition decodes the request of this method, so its type is Q.
    handle(call.request as Q).then(
      (value) => reply(null, value),
      (error: Error) => {
        // The SDK treats UNAVAILABLE as the end of the engine and exits silently. The reason has already been reported.
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

function registerReply({ state, result }: Registered, custom: boolean): RegisterResourceResponse {
  const reply = new RegisterResourceResponse();
  reply.setUrn(state.urn);
  reply.setId(state.id ?? "");
  // The recorded outputs of a component may refer to resources that this run has not registered yet.
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
