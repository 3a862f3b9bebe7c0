import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse, type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** A row of the engine's log as it arrived. */
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

/** As much of Pulumi's engine as a provider process talks to: its log, and whether it is there. */
export interface EngineServer {
  address: string;
  rows: EngineRow[];
  /** As if the CLI had been killed: connections break, nobody listens any more. */
  vanish(): void;
}

/** @param arrives when a row is taken: the real engine handles each call on its own, so that one may overtake another */
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
