import { EventEmitter } from "node:events";
import { type ClientUnaryCall, credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineLink } from "../../../provider/hosts/engine-link";
import { watchLifetime } from "../../../provider/hosts/lifetime";
import { type PluginContents, startServer } from "../../../provider/hosts/plugin/serve";
import type { PlainObject } from "../../../provider/model/plain";
import { nativeType, type ResourceKind } from "../../../provider/model/resource-type";
import { failed, plain, struct } from "./provider-process";

type Reply<R> = (error: ServiceError | null, reply: R) => void;

/** The URN of a resource of a native program. */
export const nativeUrn = (kind: ResourceKind, name = "erp"): string =>
  `urn:pulumi:test::demo::${nativeType(kind)}::${name}`;

export const URN = nativeUrn("DatabaseMigration");

/** A plugin in this process, and the engine's calls to it over gRPC. Failed calls reject with {@link failed}. */
export class PluginClient {
  private constructor(
    readonly client: ResourceProviderClient,
    private readonly stop: () => void,
  ) {}

  static async start(engineAddress: string, contents: Partial<PluginContents> = {}): Promise<PluginClient> {
    const engine = new EngineLink(engineAddress);
    const host = Object.assign(new EventEmitter(), { exit: () => {} }) as unknown as NodeJS.Process;
    const { port, stop } = await startServer(
      { version: "1.2.3", schema: "{}", ...contents },
      { engine, lifetime: watchLifetime(engine, host), environment: {} },
    );
    return new PluginClient(new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure()), stop);
  }

  close(): void {
    this.client.close();
    this.stop();
  }

  async configure(args: PlainObject): Promise<void> {
    const request = new rpc.ConfigureRequest();
    request.setArgs(struct(args));
    await this.call<rpc.ConfigureResponse>((client, done) => client.configure(request, done));
  }

  async checkConfig(news: PlainObject): Promise<{ inputs: PlainObject; failures: string[] }> {
    const request = new rpc.CheckRequest();
    request.setNews(struct(news));
    return checkedOf(await this.call<rpc.CheckResponse>((client, done) => client.checkConfig(request, done)));
  }

  async diffConfig(olds: PlainObject, news: PlainObject) {
    const request = new rpc.DiffRequest();
    request.setOldInputs(struct(olds));
    request.setNews(struct(news));
    return diffOf(await this.call<rpc.DiffResponse>((client, done) => client.diffConfig(request, done)));
  }

  async check(news: PlainObject, olds: PlainObject = {}, urn = URN) {
    const request = new rpc.CheckRequest();
    request.setUrn(urn);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    return checkedOf(await this.call<rpc.CheckResponse>((client, done) => client.check(request, done)));
  }

  async diff(recorded: { inputs: PlainObject; outputs: PlainObject }, news: PlainObject, urn = URN) {
    const request = new rpc.DiffRequest();
    request.setId("id");
    request.setUrn(urn);
    request.setOldInputs(struct(recorded.inputs));
    request.setOlds(struct(recorded.outputs));
    request.setNews(struct(news));
    return diffOf(await this.call<rpc.DiffResponse>((client, done) => client.diff(request, done)));
  }

  async create(inputs: PlainObject, { urn = URN, preview = false, timeout = 0 } = {}) {
    const request = new rpc.CreateRequest();
    request.setUrn(urn);
    request.setProperties(struct(inputs));
    request.setPreview(preview);
    request.setTimeout(timeout);
    const reply = await this.call<rpc.CreateResponse>((client, done) => client.create(request, done));
    return { id: reply.getId(), outputs: plain(reply.getProperties()) };
  }

  async update(id: string, olds: PlainObject, news: PlainObject, { preview = false } = {}): Promise<PlainObject> {
    const request = new rpc.UpdateRequest();
    request.setId(id);
    request.setUrn(URN);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    request.setPreview(preview);
    const reply = await this.call<rpc.UpdateResponse>((client, done) => client.update(request, done));
    return plain(reply.getProperties());
  }

  /** A refresh; without a recorded resource an import. */
  async read(id: string, recorded?: { inputs: PlainObject; outputs: PlainObject }, urn = URN) {
    const request = new rpc.ReadRequest();
    request.setId(id);
    request.setUrn(urn);
    request.setProperties(struct(recorded?.outputs ?? {}));
    if (recorded !== undefined) request.setInputs(struct(recorded.inputs));
    const reply = await this.call<rpc.ReadResponse>((client, done) => client.read(request, done));
    return { id: reply.getId(), inputs: plain(reply.getInputs()), outputs: plain(reply.getProperties()) };
  }

  async delete(id: string, outputs: PlainObject): Promise<void> {
    const request = new rpc.DeleteRequest();
    request.setId(id);
    request.setUrn(URN);
    request.setProperties(struct(outputs));
    await this.call<Empty>((client, done) => client.delete(request, done));
  }

  async cancel(): Promise<void> {
    await this.call<Empty>((client, done) => client.cancel(new Empty(), done));
  }

  call<R>(ask: (client: ResourceProviderClient, done: Reply<R>) => ClientUnaryCall): Promise<R> {
    return new Promise((resolve, reject) => {
      ask(this.client, (error, reply) => (error === null ? resolve(reply) : reject(failed(error))));
    });
  }
}

const checkedOf = (reply: rpc.CheckResponse) => ({
  inputs: plain(reply.getInputs()),
  failures: reply.getFailuresList().map((each) => each.getReason()),
});

const KINDS = Object.entries(rpc.PropertyDiff.Kind);

const diffOf = (reply: rpc.DiffResponse) => ({
  changes: reply.getChanges() === rpc.DiffResponse.DiffChanges.DIFF_SOME,
  replaces: reply.getReplacesList(),
  deleteBeforeReplace: reply.getDeletebeforereplace(),
  properties: Object.fromEntries(
    reply
      .getDetaileddiffMap()
      .toObject(false, (_, diff) => diff.getKind())
      .map(([path, kind]) => [path, KINDS.find(([, each]) => each === kind)?.[0]]),
  ),
});
