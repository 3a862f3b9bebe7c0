import type { ServiceError } from "@grpc/grpc-js";
import * as engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineProto from "@pulumi/pulumi/proto/engine_pb";
import { type Log, textOf } from "../model/log";
import { consoleLog } from "./console-log";
import { grpc } from "./sdk-grpc";

/** The engine that started this provider process: its log, and whether it still runs. */
export interface Engine extends Log {
  /** Resolves when all written entries have arrived. A handler that returns earlier loses its last entries. */
  flush(): Promise<void>;
  /** Pings the engine; false when it does not reply. */
  answers(): Promise<boolean>;
}

/** Deadline of a ping; milliseconds. */
const PING_DEADLINE_MS = 1_500;
/** Deadline of a row, including the wait for earlier rows of its resource; milliseconds. A late row is lost. */
const ROW_DEADLINE_MS = 3_000;

/**
 * Connects to the engine at the address that the dynamic-provider host gets as its last argument. Handlers of dynamic resources
 * get no log from Pulumi, and console output has neither a resource nor an Info column.
 * @see https://github.com/pulumi/pulumi `proto/pulumi/engine.proto`
 */
export function connectEngine(address: string): Engine {
  const client = new engineGrpc.EngineClient(address, grpc.credentials.createInsecure());
  /** The last row of each resource. The engine handles calls concurrently, so each row waits for the one before it. */
  const lastRows = new Map<string, Promise<void>>();
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
      // The deadline starts now, not when the row is sent, so that a hanging engine delays the end by no more than this.
      const deadline = Date.now() + ROW_DEADLINE_MS;
      const send = () =>
        new Promise<void>((resolve) => client.log(request, new grpc.Metadata(), { deadline }, () => resolve()));
      const arrived = (lastRows.get(urn) ?? Promise.resolve()).then(send).then(() => {
        if (lastRows.get(urn) === arrived) lastRows.delete(urn);
      });
      lastRows.set(urn, arrived);
    },
    flush: async () => void (await Promise.all(lastRows.values())),
    answers() {
      return new Promise((resolve) => {
        const deadline = Date.now() + PING_DEADLINE_MS;
        // Any reply, even an error, shows that the engine runs.
        client.getRootResource(new engineProto.GetRootResourceRequest(), new grpc.Metadata(), { deadline }, (error) =>
          resolve(error === null || !isUnreachable(error)),
        );
      });
    },
  };
}

const isUnreachable = (error: ServiceError): boolean =>
  error.code === grpc.status.UNAVAILABLE || error.code === grpc.status.DEADLINE_EXCEEDED;

/** Stands in for the engine when a handler is called directly: logs to the console. */
export const consoleEngine: Engine = { ...consoleLog, flush: async () => {}, answers: async () => true };

/** Returns the address of the engine: the last argument of a process that the engine starts. */
export function engineAddress(argv: readonly string[]): string | undefined {
  const last = argv.at(-1);
  return last !== undefined && /^[\w.[\]-]+:\d+$/.test(last) ? last : undefined;
}

/** Returns the engine of this process, from the address in the host's arguments. */
export function engineOfThisProcess(argv: readonly string[]): Engine {
  const address = engineAddress(argv);
  return address === undefined ? consoleEngine : connectEngine(address);
}
