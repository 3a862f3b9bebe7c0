import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { Deployment } from "./deployment";
import { engineService } from "./engine-service";
import type { EventSink } from "./event-sink";
import { monitorService } from "./monitor";

/** 400 MB, the limit of the real engine; a property may contain a whole file. */
const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** The gRPC server for the program and the providers, on a free local port. */
export class RpcServer {
  private constructor(
    private readonly server: Server,
    /** `127.0.0.1:PORT`. */
    readonly address: string,
  ) {}

  static async listen(): Promise<RpcServer> {
    const server = new Server(UNLIMITED);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return new RpcServer(server, `127.0.0.1:${port}`);
  }

  serve(services: {
    deployment: Deployment;
    events: EventSink;
    stack: { readonly rootUrn: string | undefined };
  }): void {
    const { deployment, events, stack } = services;
    this.server.addService(
      EngineService,
      engineService(events, () => stack.rootUrn),
    );
    this.server.addService(ResourceMonitorService, monitorService(deployment, { ended: () => deployment.finish() }));
  }

  close(): void {
    this.server.forceShutdown();
  }
}
