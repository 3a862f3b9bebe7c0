import { type RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import { startChild } from "./children";
import { launcher } from "./node-launch";

/** What the reply stream of RunPlugin offers. */
interface ReplyStream {
  write(response: RunPluginResponse): unknown;
  end(): unknown;
  on(event: "cancelled", listener: () => void): unknown;
}

/** Runs a policy pack or another plugin written in Node.js and streams its output. The engine cancels the stream to end it. */
export function runPlugin(request: RunPluginRequest, replies: ReplyStream): void {
  const directory = request.getInfo()?.getProgramDirectory() || request.getProgram();
  const child = startChild(process.execPath, pluginArguments(request, directory), {
    cwd: isPolicyPack(request) ? directory : request.getPwd() || directory,
    env: { ...process.env, ...environment(request.getEnvList()) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const reply = (fill: (response: RunPluginResponse) => void): void => {
    const response = new RunPluginResponse();
    fill(response);
    replies.write(response);
  };
  child.stdout?.on("data", (bytes: Buffer) => reply((response) => response.setStdout(bytes)));
  child.stderr?.on("data", (bytes: Buffer) => reply((response) => response.setStderr(bytes)));
  child.once("close", (code) => {
    reply((response) => response.setExitcode(code ?? 1));
    replies.end();
  });
  replies.on("cancelled", () => void child.kill("SIGTERM"));
}

/** @pulumi/policy reads the package.json of its working directory. */
const isPolicyPack = (request: RunPluginRequest): boolean => request.getKind() === "analyzer";

/** A policy pack takes the engine's address before its directory; any other plugin takes its directory first. */
function pluginArguments(request: RunPluginRequest, directory: string): string[] {
  const args = request.getArgsList();
  return isPolicyPack(request)
    ? [launcher(directory, "run-policy-pack"), ...args, directory]
    : [launcher(directory, "run-plugin"), directory, ...args];
}

const environment = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
