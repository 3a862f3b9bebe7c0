import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { plainErrorOf } from "../../errors/plain-error";
import { entryOf } from "../../model/log";
import { type Engine, engineAddress } from "../engine";
import { EngineLink } from "../engine-link";
import { type Lifetime, watchLifetime } from "../lifetime";
import { grpc } from "../sdk-grpc";
import { KINDS } from "./kinds";
import { PluginHost } from "./plugin-host";
import { Secrets } from "./secrets";
import { pluginService, type ServiceOptions } from "./service";

/** Longest message that the engine sends or accepts; bytes. @see pulumi `sdk/nodejs/runtime/settings.ts` */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** What the program that starts the plugin gives it. */
export interface PluginContents extends Pick<ServiceOptions, "version" | "schema" | "construct"> {
  /** Fails the call in whose work an error was not handled; false if it belongs to none. */
  failCallOf?(error: unknown): boolean;
}

/** A running gRPC server. */
export interface PluginServer {
  port: number;
  stop(): void;
}

/**
 * Serves the plugin in this process, until its engine has exited. The port is the only line on stdout, where the engine reads it;
 * whatever else this process prints is on stderr.
 */
export async function servePlugin(contents: PluginContents, host: NodeJS.Process): Promise<PluginServer> {
  const print = redirectOutput(host);
  const engine = new EngineLink(engineAddress(host.argv));
  const lifetime = watchLifetime(engine, host);
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    host.on(event, (error: unknown) => {
      const isHandled = contents.failCallOf?.(error) ?? false;
      if (!isHandled) engine.write(entryOf("warning", undefined, plainErrorOf(error).message));
    });
  }
  const server = await startServer(contents, { engine, lifetime, environment: host.env });
  print(`${server.port}\n`);
  lifetime.watch();
  return server;
}

/** Starts the gRPC server on a free port. */
export async function startServer(
  contents: PluginContents,
  { engine, lifetime, environment }: { engine: EngineLink; lifetime: Lifetime; environment: NodeJS.ProcessEnv },
): Promise<PluginServer> {
  const secrets = new Secrets();
  const host = new PluginHost({ engine: withoutSecrets(engine, secrets), lifetime, kinds: KINDS, environment });
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(ResourceProviderService, pluginService({ ...contents, host, engine, lifetime, secrets }));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}

/** The same engine, whose log shows no secret of the resources. */
const withoutSecrets = (engine: Engine, secrets: Secrets): Engine => ({
  write: ({ firstLine, details, ...entry }) =>
    engine.write({
      ...entry,
      firstLine: secrets.message(firstLine),
      ...(details === undefined ? {} : { details: secrets.message(details) }),
    }),
  flush: () => engine.flush(),
  answers: () => engine.answers(),
});

/** Sends what libraries print to stderr. Returns the function that writes to stdout. */
function redirectOutput({ stdout, stderr }: NodeJS.Process): (text: string) => void {
  const print = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return (text) => void print(text);
}
