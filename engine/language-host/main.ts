import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { endChildren } from "./children";
import { languageRuntime } from "./language-runtime";
import { watchParent } from "./parent-watch";
import { grpc } from "./sdk-grpc";

/** The same as in the SDK's services: a property may contain a whole file. */
const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/**
 * `pulumi-language-nodejs [flags] ENGINE_ADDRESS`: serves LanguageRuntime and prints its port, the only line that the engine reads
 * before it connects.
 */
function main(argv: readonly string[]): void {
  const engineAddress = argv.findLast((argument) => !argument.startsWith("-")) ?? "";
  const server = new grpc.Server(UNLIMITED);
  const end = (): void => {
    endChildren();
    server.forceShutdown();
    process.exit(0);
  };
  // The engine waits five seconds for a host that ignores SIGINT.
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  watchParent(end);
  server.addService(LanguageRuntimeService, languageRuntime(engineAddress));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}

main(process.argv.slice(2));
