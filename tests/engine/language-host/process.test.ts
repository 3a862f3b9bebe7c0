import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import { AboutRequest, type AboutResponse, GetRequiredPackagesRequest } from "@pulumi/pulumi/proto/language_pb";
import { grpc } from "../../../engine/language-host/sdk-grpc";
import { compiledFile } from "../../../engine/repository";

const MAIN = compiledFile("engine/language-host/main.js");

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("no standard output");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return line;
}

const answer = <R>(call: (done: (error: Error | null, reply: R) => void) => unknown): Promise<R> =>
  new Promise((resolve, reject) => call((error, reply) => (error ? reject(error) : resolve(reply))));

test("the host prints its port, answers the engine's calls and exits on SIGINT", async () => {
  const host = spawn(process.execPath, [MAIN, "127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(host, "exit");
  const client = new LanguageRuntimeClient(`127.0.0.1:${await firstLine(host)}`, grpc.credentials.createInsecure());
  const about = await answer<AboutResponse>((done) => client.about(new AboutRequest(), done));
  expect(about.getVersion()).toBe(process.version);
  const required = new GetRequiredPackagesRequest();
  const packages = await answer<{ getPackagesList(): unknown[] }>((done) => client.getRequiredPackages(required, done));
  expect(packages.getPackagesList()).toEqual([]);
  host.kill("SIGINT");
  expect(await exited).toEqual([0, null]);
  client.close();
});

test("the host exits when its parent is killed", async () => {
  const script = `const host = require("node:child_process").spawn(process.execPath, [${JSON.stringify(MAIN)}, "127.0.0.1:1"],
    { stdio: ["ignore", "pipe", "inherit"] });
  host.stdout.once("data", () => console.log(host.pid));`;
  const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = Number(await firstLine(parent));
  expect(isRunning(pid)).toBe(true);
  parent.kill("SIGKILL");
  const deadline = Date.now() + 10_000;
  while (isRunning(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isRunning(pid)).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
