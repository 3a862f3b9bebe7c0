import { type ServerUnaryCall, type sendUnaryData, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import {
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
import { goalOf } from "./goal-request";
import { Stopped } from "./run-errors";
import type { Registered } from "./step";
import { fromStruct, toStruct } from "./wire";

/** Features of the protocol that the SDK may use. `outputValues` is off, because it wraps outputs in a form that is not needed here. */
const FEATURES = ["secrets", "resourceReferences"];

/** The gRPC service through which a program registers its resources (proto/pulumi/resource.proto). */
export function monitorService(
  deployment: Deployment,
  program: { ended: () => Promise<void> },
): UntypedServiceImplementation {
  return {
    supportsFeature: unary(async (request: SupportsFeatureRequest) =>
      new SupportsFeatureResponse().setHassupport(FEATURES.includes(request.getId())),
    ),
    registerResource: unary(async (request: RegisterResourceRequest) => {
      if (request.getRemote())
        throw new Refused(`component ${request.getType()} comes from a plugin, which the stand-in engine cannot run`);
      if (request.getImportid())
        throw new Refused(`[import] of ${request.getName()}: the stand-in engine does not support import`);
      return registerReply(await deployment.register(goalOf(request)), request.getCustom());
    }),
    registerResourceOutputs: unary(async (request: RegisterResourceOutputsRequest) => {
      await deployment.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new Empty();
    }),
    invoke: unary(async (request: ResourceInvokeRequest) => {
      if (request.getTok() !== "pulumi:pulumi:readStackResourceOutputs")
        throw new Refused(`function ${request.getTok()}: the stand-in engine does not support it`);
      // There is one stack, so that its name needs no check.
      return new InvokeResponse().setReturn(toStruct({ outputs: deployment.recordedOutputs() }));
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
