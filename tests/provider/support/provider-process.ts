import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ClientUnaryCall, credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PlainObject } from "../../../provider/model/plain";

export const REPOSITORY = join(__dirname, "..", "..", "..");

/** A failed call: the message, and for an init error the properties that the engine saves. */
export interface Failed {
  message: string;
  init?: { id: string; properties: PlainObject; reasons: string[] };
}

/**
 * The SDK's host of dynamic resources in its own process, started like the engine starts it, with the engine's calls.
 */
export class ProviderProcess {
  /** The lines that the process printed, without the first, which is its port. */
  readonly printed: string[] = [];
  private client: ResourceProviderClient | undefined;
  private readonly child: ChildProcess;
  private readonly port: Promise<string>;

  private constructor(engineAddress: string, env: NodeJS.ProcessEnv) {
    if (!existsSync(join(REPOSITORY, "dist", "provider", "hosts", "dynamic", "migration.js"))) {
      throw new Error("The provider process runs compiled code: run `npm run build` first.");
    }
    const main = createRequire(join(REPOSITORY, "_")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
    this.child = spawn(process.execPath, [main, engineAddress], {
      cwd: REPOSITORY,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const { stdout, stderr } = this.child;
    if (stdout === null || stderr === null) throw new Error("the process has no output");
    const lines = createInterface({ input: stdout });
    this.port = once(lines, "line").then(([line]) => {
      lines.on("line", (each) => this.printed.push(each));
      return String(line);
    });
    createInterface({ input: stderr }).on("line", (line) => this.printed.push(line));
  }

  static async start(engineAddress: string, env: NodeJS.ProcessEnv, config: PlainObject): Promise<ProviderProcess> {
    const started = new ProviderProcess(engineAddress, env);
    started.client = new ResourceProviderClient(`127.0.0.1:${await started.port}`, credentials.createInsecure());
    const request = new rpc.ConfigureRequest();
    request.setArgs(struct(config));
    await started.call<rpc.ConfigureResponse>((client, done) => client.configure(request, done));
    return started;
  }

  async check(olds: PlainObject, news: PlainObject): Promise<{ inputs: PlainObject; failures: string[] }> {
    const request = new rpc.CheckRequest();
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const reply = await this.call<rpc.CheckResponse>((client, done) => client.check(request, done));
    return { inputs: plain(reply.getInputs()), failures: reply.getFailuresList().map((each) => each.getReason()) };
  }

  async diff(id: string, olds: PlainObject, news: PlainObject): Promise<{ changes: boolean; replaces: string[] }> {
    const request = new rpc.DiffRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const reply = await this.call<rpc.DiffResponse>((client, done) => client.diff(request, done));
    return {
      changes: reply.getChanges() === rpc.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: reply.getReplacesList(),
    };
  }

  async create(inputs: PlainObject): Promise<{ id: string; outputs: PlainObject }> {
    const request = new rpc.CreateRequest();
    request.setProperties(struct(inputs));
    const reply = await this.call<rpc.CreateResponse>((client, done) => client.create(request, done));
    return { id: reply.getId(), outputs: plain(reply.getProperties()) };
  }

  async update(id: string, olds: PlainObject, news: PlainObject): Promise<PlainObject> {
    const request = new rpc.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const reply = await this.call<rpc.UpdateResponse>((client, done) => client.update(request, done));
    return plain(reply.getProperties());
  }

  async read(id: string, outputs: PlainObject): Promise<{ id: string; outputs: PlainObject }> {
    const request = new rpc.ReadRequest();
    request.setId(id);
    request.setProperties(struct(outputs));
    const reply = await this.call<rpc.ReadResponse>((client, done) => client.read(request, done));
    return { id: reply.getId(), outputs: plain(reply.getProperties()) };
  }

  async delete(id: string, outputs: PlainObject): Promise<void> {
    const request = new rpc.DeleteRequest();
    request.setId(id);
    request.setProperties(struct(outputs));
    await this.call((client, done) => client.delete(request, done));
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Milliseconds until the process has ended. */
  async exited(): Promise<number> {
    const startedMs = Date.now();
    if (this.isRunning) await once(this.child, "exit");
    return Date.now() - startedMs;
  }

  async kill(): Promise<void> {
    this.client?.close();
    this.child.kill("SIGKILL");
    await this.exited();
  }

  /** @throws Failed */
  private call<R>(
    ask: (client: ResourceProviderClient, done: (error: ServiceError | null, reply: R) => void) => ClientUnaryCall,
  ): Promise<R> {
    return new Promise((resolve, reject) => {
      if (this.client === undefined) return reject(new Error("not started"));
      ask(this.client, (error, reply) => (error === null ? resolve(reply) : reject(failed(error))));
    });
  }
}

export const struct = (value: PlainObject): Struct =>
  Struct.fromJavaScript(value as { [key: string]: JavaScriptValue });
export const plain = (value: Struct | undefined): PlainObject => value?.toJavaScript() ?? {};

/** Reads a failed call as the engine does. */
export function failed(error: ServiceError): Failed {
  for (const bytes of error.metadata.get("grpc-status-details-bin")) {
    if (typeof bytes === "string") continue;
    for (const detail of Status.deserializeBinary(bytes).getDetailsList()) {
      if (detail.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") continue;
      const init = rpc.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
      return {
        message: error.details,
        init: { id: init.getId(), properties: plain(init.getProperties()), reasons: init.getReasonsList() },
      };
    }
  }
  return { message: error.details };
}
