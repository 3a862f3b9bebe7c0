import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { endChildren } from "./children";
import { languageRuntime } from "./language-runtime";
import { nodejs } from "./node-launch";
import { watchParent } from "./parent-watch";
import { python } from "./python-launch";
import { grpc } from "./sdk-grpc";

/** The same as in the SDK's services: a property may contain a whole file. */
const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** The option by which the script `pulumi-language-python` starts this host for Python. */
const PYTHON_EXECUTOR = "--python-executor=";

/**
 * `main.js [--python-executor=FILE] [flags] ENGINE_ADDRESS`: serves LanguageRuntime and prints its port, the only line that the
 * engine reads before it connects.
 */
function main(argv: readonly string[]): void {
  const executor = argv.find((argument) => argument.startsWith(PYTHON_EXECUTOR))?.slice(PYTHON_EXECUTOR.length);
  const language = executor === undefined ? nodejs : python(executor);
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
  server.addService(LanguageRuntimeService, languageRuntime(language, engineAddress));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}

main(process.argv.slice(2));
