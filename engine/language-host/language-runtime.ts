import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import {
  AboutResponse,
  DependencyInfo,
  type GetProgramDependenciesRequest,
  GetProgramDependenciesResponse,
  GetRequiredPackagesResponse,
  type RunPluginRequest,
  type RunPluginResponse,
  type RunRequest,
  RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { startChild } from "./children";
import type { Language } from "./launch";
import { runPlugin } from "./run-plugin";
import { runResult } from "./run-result";
import { grpc } from "./sdk-grpc";

type Unary<Q, R> = (call: ServerUnaryCall<Q, R>, reply: sendUnaryData<R>) => void;

/** Version that the host reports for itself. */
const HOST_VERSION = "0.1.0";

/**
 * The service LanguageRuntime for the programs of one language: the calls that preview, up, refresh, destroy and about make, and
 * RunPlugin for policy packs in Node.js. gRPC refuses any other call as unimplemented.
 * @see https://github.com/pulumi/pulumi `proto/pulumi/language.proto`
 */
export const languageRuntime = (language: Language, engineAddress: string) => ({
  about: replyWith(() => {
    const response = new AboutResponse();
    const { executable, version } = language.interpreter();
    response.setExecutable(executable);
    response.setVersion(version);
    return response;
  }),
  getPluginInfo: replyWith(() => {
    const info = new PluginInfo();
    info.setVersion(HOST_VERSION);
    return info;
  }),
  // Empty: the engine loads each plugin when the first resource needs it.
  getRequiredPackages: replyWith(() => new GetRequiredPackagesResponse()),
  getProgramDependencies: replyWith((request: GetProgramDependenciesRequest) => {
    const response = new GetProgramDependenciesResponse();
    const directory = request.getInfo()?.getProgramDirectory() || request.getPwd();
    for (const { name, version } of language.dependencies(directory)) {
      const dependency = new DependencyInfo();
      dependency.setName(name);
      dependency.setVersion(version);
      response.addDependencies(dependency);
    }
    return response;
  }),
  run: runProgram(language, engineAddress),
  runPlugin: (call: ServerWritableStream<RunPluginRequest, RunPluginResponse>) => {
    try {
      runPlugin(call.request, call);
    } catch (error) {
      call.emit("error", failure(error));
    }
  },
  // The engine cancels the monitor's calls itself, and the program ends with them.
  cancel: replyWith(() => new Empty()),
});

function runProgram(language: Language, engineAddress: string): Unary<RunRequest, RunResponse> {
  return ({ request }, reply) => {
    try {
      const { file, args, cwd, env } = language.launch(request, engineAddress, process.env);
      // The engine logs the output of this host as the program's.
      const child = startChild(file, args, { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
      child.once("error", (error) => reply(failure(error)));
      child.once("exit", (code, signal) => reply(null, runResult(code, signal)));
    } catch (error) {
      const response = new RunResponse();
      response.setError(error instanceof Error ? error.message : String(error));
      reply(null, response);
    }
  };
}

function replyWith<Q, R>(answer: (request: Q) => R): Unary<Q, R> {
  return (call, reply) => {
    try {
      reply(null, answer(call.request));
    } catch (error) {
      reply(failure(error));
    }
  };
}

const failure = (error: unknown) => ({
  code: grpc.status.UNKNOWN,
  details: error instanceof Error ? error.message : String(error),
});
