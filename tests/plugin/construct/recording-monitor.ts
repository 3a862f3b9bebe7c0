import type * as GrpcModule from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type RegisterResourceRequest,
  RegisterResourceResponse,
  type ResourceInvokeRequest,
  type SupportsFeatureRequest,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { grpc } from "../../../provider/hosts/sdk-grpc";

/** The engine's side of constructions: records registrations and log entries, and refuses resources on request. */
export interface RecordingMonitor {
  address: string;
  registered: RegisterResourceRequest[];
  logged: string[];
  /** The errors of resources, by the last part of the type and the name: `Bucket backups`. */
  refused: Map<string, string>;
  /** What the state of the stack records, by URN. */
  recorded: Map<string, { type: string; outputs: Record<string, string> }>;
  close(): void;
}

const FEATURES = ["secrets", "outputValues", "aliasSpecs", "resourceReferences"];

export async function startMonitor(): Promise<RecordingMonitor> {
  const [registered, logged, refused]: [RegisterResourceRequest[], string[], Map<string, string>] = [[], [], new Map()];
  const recorded: RecordingMonitor["recorded"] = new Map();
  const server = new grpc.Server();
  const unary =
    <Q, R>(handler: (request: Q) => R): GrpcModule.handleUnaryCall<Q, R> =>
    ({ request }, reply) => {
      try {
        reply(null, handler(request));
      } catch (error) {
        reply({ code: grpc.status.UNKNOWN, details: (error as Error).message });
      }
    };
  server.addService(ResourceMonitorService, {
    supportsFeature: unary((request: SupportsFeatureRequest) =>
      new SupportsFeatureResponse().setHassupport(FEATURES.includes(request.getId())),
    ),
    registerResource: unary((request: RegisterResourceRequest) => {
      const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
      const error = refused.get(`${type.split(":").at(-1)} ${name}`);
      if (error !== undefined) throw new Error(error);
      registered.push(request);
      const types = parent === "" ? type : `${parent.split("::")[2]}$${type}`;
      const outputs = request.getObject()?.toJavaScript() ?? {};
      if (type.endsWith(":MigrationOutcome")) outputs.summary = [];
      return new RegisterResourceResponse()
        .setUrn(`urn:pulumi:test::demo::${types}::${name}`)
        .setId(request.getCustom() ? `${name}-id` : "")
        .setObject(Struct.fromJavaScript(outputs));
    }),
    registerResourceOutputs: unary(() => new Empty()),
    invoke: unary((request: ResourceInvokeRequest) => {
      if (request.getTok() !== "pulumi:pulumi:readStackResourceOutputs")
        throw new Error(`no function ${request.getTok()}`);
      return new InvokeResponse().setReturn(Struct.fromJavaScript({ outputs: { ...Object.fromEntries(recorded) } }));
    }),
  } as GrpcModule.UntypedServiceImplementation);
  server.addService(EngineService, {
    log: unary((request: LogRequest) => {
      if (request.getSeverity() !== LogSeverity.DEBUG) logged.push(request.getMessage());
      return new Empty();
    }),
  } as GrpcModule.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return { address: `127.0.0.1:${port}`, registered, logged, refused, recorded, close: () => server.forceShutdown() };
}
