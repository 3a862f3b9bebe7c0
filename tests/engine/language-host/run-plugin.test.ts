import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { ProgramInfo, RunPluginRequest, type RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import { runPlugin } from "../../../engine/language-host/run-plugin";

const root = realpathSync(mkdtempSync(join(tmpdir(), "run-plugin-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A launcher that prints how it was started, and fails. */
const LAUNCHER = `
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), color: process.env.COLOR }));
console.error("no such policy");
process.exitCode = 3;`;

for (const name of ["run-plugin", "run-policy-pack"]) {
  const directory = join(root, "node_modules", "@pulumi", "pulumi", "cmd", name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "index.js"), LAUNCHER);
}

async function run(kind: string): Promise<{ stdout: string; stderr: string; exitCode: number | undefined }> {
  const info = new ProgramInfo();
  info.setProgramDirectory(root);
  const request = new RunPluginRequest();
  request.setInfo(info);
  request.setKind(kind);
  request.setPwd(tmpdir());
  request.setArgsList(["127.0.0.1:1"]);
  request.setEnvList(["COLOR=a=b"]);
  const replies = new PassThrough({ objectMode: true });
  const received: RunPluginResponse[] = [];
  replies.on("data", (reply: RunPluginResponse) => received.push(reply));
  runPlugin(request, replies);
  await once(replies, "end");
  const text = (part: (reply: RunPluginResponse) => string): string =>
    Buffer.concat(received.map((reply) => Buffer.from(part(reply), "base64"))).toString("utf8");
  return {
    stdout: text((reply) => reply.getStdout_asB64()),
    stderr: text((reply) => reply.getStderr_asB64()),
    exitCode: received.find((reply) => reply.hasExitcode())?.getExitcode(),
  };
}

test("a policy pack runs in its directory and gets the engine's address, then its directory; output and exit code reach the engine", async () => {
  const { stdout, stderr, exitCode } = await run("analyzer");
  expect(JSON.parse(stdout)).toEqual({ args: ["127.0.0.1:1", root], cwd: root, color: "a=b" });
  expect(stderr).toBe("no such policy\n");
  expect(exitCode).toBe(3);
});

test("another plugin runs in the requested directory and gets its own directory, then the engine's address", async () => {
  const { args, cwd } = JSON.parse((await run("resource")).stdout);
  expect([args, cwd]).toEqual([[root, "127.0.0.1:1"], realpathSync(tmpdir())]);
});
