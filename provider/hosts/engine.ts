import { createRequire } from "node:module";
import type * as GrpcModule from "@grpc/grpc-js";
import * as engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineProto from "@pulumi/pulumi/proto/engine_pb";
import { type Log, textOf } from "../model/log";
import { consoleLog } from "./console-log";

/** The engine that runs this provider process, as far as a host uses it. */
export interface Engine extends Log {
  /** Resolves when the entries written so far have arrived: a handler that returns before loses its last ones. */
  flush(): Promise<void>;
  /** Whether the engine still answers; false also when there is none. */
  answers(): Promise<boolean>;
}

/** How long an engine may take to answer a ping; milliseconds. */
const PING_DEADLINE_MS = 1_500;
/** How long a row may take to arrive, those before it included; milliseconds. One that is late is lost. */
const ROW_DEADLINE_MS = 3_000;

/** The Pulumi SDK's own copy of gRPC: its generated clients refuse credentials that another copy made. */
const grpc = createRequire(require.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js") as typeof GrpcModule;

/**
 * The engine at the address that the dynamic-provider host got as its last argument. Handlers are given no log of their
 * own, and console output has no resource and no Info column.
 * @see https://github.com/pulumi/pulumi `proto/pulumi/engine.proto`
 */
export function connectEngine(address: string): Engine {
  const client = new engineGrpc.EngineClient(address, grpc.credentials.createInsecure());
  /** The newest row of each resource. The engine handles each call on its own, and lines of one resource are read in their order. */
  const newest = new Map<string, Promise<void>>();
  const severities = engineProto.LogSeverity;
  const severityOf = {
    status: severities.INFO,
    info: severities.INFO,
    warning: severities.WARNING,
    error: severities.ERROR,
  };
  return {
    write(entry) {
      const { severity, urn = "" } = entry;
      const request = new engineProto.LogRequest();
      request.setSeverity(severityOf[severity]);
      request.setMessage(textOf(entry));
      request.setUrn(urn);
      request.setStreamid(0);
      request.setEphemeral(severity === "status");
      // From now on, not from when its turn comes: an engine that hangs delays the end by no more than this.
      const deadline = Date.now() + ROW_DEADLINE_MS;
      const send = () =>
        new Promise<void>((resolve) => client.log(request, new grpc.Metadata(), { deadline }, () => resolve()));
      const arrived = (newest.get(urn) ?? Promise.resolve()).then(send).then(() => {
        if (newest.get(urn) === arrived) newest.delete(urn);
      });
      newest.set(urn, arrived);
    },
    flush: async () => void (await Promise.all(newest.values())),
    answers() {
      return new Promise((resolve) => {
        const deadline = Date.now() + PING_DEADLINE_MS;
        // Any reply, a refusal included, shows that somebody is there.
        client.getRootResource(new engineProto.GetRootResourceRequest(), new grpc.Metadata(), { deadline }, (error) =>
          resolve(error === null || !isSilence(error)),
        );
      });
    },
  };
}

const isSilence = (error: GrpcModule.ServiceError): boolean =>
  error.code === grpc.status.UNAVAILABLE || error.code === grpc.status.DEADLINE_EXCEEDED;

/** Where no engine is: a handler that is called directly. */
export const consoleEngine: Engine = { ...consoleLog, flush: async () => {}, answers: async () => true };

/** The engine of this process, by the address that the host was started with. */
export function engineOfThisProcess(argv: readonly string[]): Engine {
  const last = argv.at(-1);
  return last !== undefined && /^[\w.[\]-]+:\d+$/.test(last) ? connectEngine(last) : consoleEngine;
}
