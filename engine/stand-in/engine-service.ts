import type { ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import {
  GetRootResourceResponse,
  type LogRequest,
  LogSeverity,
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { EventSink } from "./event-sink";

const SEVERITY: Record<number, string> = {
  [LogSeverity.INFO]: "info",
  [LogSeverity.WARNING]: "warning",
  [LogSeverity.ERROR]: "error",
};

/** The gRPC service that receives log messages of programs and providers (proto/pulumi/engine.proto). */
export function engineService(events: EventSink, rootUrn: () => string | undefined): UntypedServiceImplementation {
  return {
    log(call: ServerUnaryCall<LogRequest, Empty>, reply: sendUnaryData<Empty>): void {
      const { request } = call;
      const severity = SEVERITY[request.getSeverity()];
      // The real engine writes debug messages only to its log file.
      if (severity !== undefined) {
        const message = request.getMessage();
        events.diagnostic({ severity, message, urn: request.getUrn(), ephemeral: request.getEphemeral() });
      }
      reply(null, new Empty());
    },
    getRootResource(_call: unknown, reply: sendUnaryData<GetRootResourceResponse>): void {
      reply(null, new GetRootResourceResponse().setUrn(rootUrn() ?? ""));
    },
    // The registration of the stack resource provides the same information.
    setRootResource(_call: unknown, reply: sendUnaryData<SetRootResourceResponse>): void {
      reply(null, new SetRootResourceResponse());
    },
    // The stand-in uses the protocol of the program's SDK, so it satisfies every version range that the SDK satisfies.
    requirePulumiVersion(_call: unknown, reply: sendUnaryData<RequirePulumiVersionResponse>): void {
      reply(null, new RequirePulumiVersionResponse());
    },
  };
}
