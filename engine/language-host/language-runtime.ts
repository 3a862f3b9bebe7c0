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
import { startNode } from "./children";
import { programLaunch } from "./launch";
import { programDependencies } from "./program-dependencies";
import { runPlugin } from "./run-plugin";
import { runResult } from "./run-result";
import { grpc } from "./sdk-grpc";

type Unary<Q, R> = (call: ServerUnaryCall<Q, R>, reply: sendUnaryData<R>) => void;

/** Version that the host reports for itself. */
const HOST_VERSION = "0.1.0";

/**
 * The service LanguageRuntime for Node.js programs: the calls that preview, up, refresh, destroy, about and policy packs make.
 * gRPC refuses any other call as unimplemented.
 * @see https://github.com/pulumi/pulumi `proto/pulumi/language.proto`
 */
export const languageRuntime = (engineAddress: string) => ({
  about: replyWith(() => {
    const response = new AboutResponse();
    response.setExecutable(process.execPath);
    response.setVersion(process.version);
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
    for (const { name, version } of programDependencies(request.getInfo()?.getProgramDirectory() || request.getPwd())) {
      const dependency = new DependencyInfo();
      dependency.setName(name);
      dependency.setVersion(version);
      response.addDependencies(dependency);
    }
    return response;
  }),
  run: runProgram(engineAddress),
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

function runProgram(engineAddress: string): Unary<RunRequest, RunResponse> {
  return ({ request }, reply) => {
    try {
      const { args, cwd, env } = programLaunch(request, engineAddress, process.env);
      // The engine logs the output of this host as the program's.
      const child = startNode(args, { cwd, env, stdio: ["ignore", "inherit", "inherit"] });
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
