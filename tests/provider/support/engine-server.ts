import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse, type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** A received row of the engine's log. */
export interface EngineRow {
  severity: "info" | "warning" | "error" | "debug";
  urn: string;
  message: string;
  ephemeral: boolean;
}

const SEVERITIES = {
  [LogSeverity.DEBUG]: "debug",
  [LogSeverity.INFO]: "info",
  [LogSeverity.WARNING]: "warning",
  [LogSeverity.ERROR]: "error",
} as const;

/** The part of Pulumi's engine that a provider process calls: the log and the ping. */
export interface EngineServer {
  address: string;
  rows: EngineRow[];
  /** Acts like a killed CLI: breaks all connections and stops listening. */
  vanish(): void;
}

/** @param arrives resolves when a row is recorded: the real engine handles calls concurrently, so rows can change their order */
export async function startEngineServer(
  arrives: (message: string) => Promise<void> = async () => {},
): Promise<EngineServer> {
  const rows: EngineRow[] = [];
  const server = new Server();
  server.addService(EngineService, {
    async log({ request }: ServerUnaryCall<LogRequest, Empty>, reply: sendUnaryData<Empty>) {
      await arrives(request.getMessage());
      const severity = SEVERITIES[request.getSeverity()];
      rows.push({ severity, urn: request.getUrn(), message: request.getMessage(), ephemeral: request.getEphemeral() });
      reply(null, new Empty());
    },
    getRootResource(_: unknown, reply: sendUnaryData<GetRootResourceResponse>) {
      reply(null, new GetRootResourceResponse());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, rows, vanish: () => server.forceShutdown() };
}
