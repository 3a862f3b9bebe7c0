import { EventEmitter } from "node:events";
import { credentials } from "@grpc/grpc-js";
import { PluginAttach, type PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type PluginServer, servePlugin } from "../../../../provider/hosts/plugin/serve";
import { until } from "../../../../testing/fixture";
import { type EngineServer, startEngineServer } from "../../support/engine-server";

let engine: EngineServer;
let server: PluginServer;
let client: ResourceProviderClient;
let host: NodeJS.Process;
let events: EventEmitter;
let printed: { stdout: string[]; stderr: string[] };
let exits: number[];

beforeEach(async () => {
  engine = await startEngineServer();
  printed = { stdout: [], stderr: [] };
  exits = [];
  const stream = (name: keyof typeof printed) => ({ write: (text: string) => printed[name].push(text) });
  events = new EventEmitter();
  host = Object.assign(events, {
    ...{ argv: ["node", "main.js", engine.address], env: {}, stdout: stream("stdout"), stderr: stream("stderr") },
    exit: (code: number) => exits.push(code),
  }) as unknown as NodeJS.Process;
  const contents = { version: "1.2.3", schema: '{"name":"x"}', construct: async () => Promise.reject(new Error("no")) };
  server = await servePlugin(contents, host);
  client = new ResourceProviderClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
});
afterEach(() => {
  client.close();
  server.stop();
  engine.vanish();
});

const fetchSchema = (): Promise<string> =>
  new Promise((resolve, reject) =>
    client.getSchema(new rpc.GetSchemaRequest(), (error, reply) =>
      error ? reject(error) : resolve(reply.getSchema()),
    ),
  );

test("stdout gets the port and nothing else; the schema and the version are served", async () => {
  host.stdout.write("printed by a library");
  expect(printed).toEqual({ stdout: [`${server.port}\n`], stderr: ["printed by a library"] });
  expect(await fetchSchema()).toBe('{"name":"x"}');
  const info = await new Promise<PluginInfo>((resolve, reject) =>
    client.getPluginInfo(new Empty(), (error, reply) => (error ? reject(error) : resolve(reply))),
  );
  expect(info.getVersion()).toBe("1.2.3");
});

test("an error that belongs to no call is logged and fails none", async () => {
  events.emit("unhandledRejection", new Error("late"));
  events.emit("uncaughtException", "later");
  await until(() => engine.rows.length === 2);
  expect(engine.rows).toMatchObject([
    { severity: "warning", message: "late" },
    { severity: "warning", message: "later" },
  ]);
  await expect(fetchSchema()).resolves.toBeDefined();
  expect(exits).toEqual([]);
});

test("an engine that attaches to the running plugin gets its log from then on", async () => {
  const other = await startEngineServer();
  const request = new PluginAttach();
  request.setAddress(other.address);
  await new Promise((resolve) => client.attach(request, resolve));
  events.emit("unhandledRejection", new Error("late"));
  await until(() => other.rows.length === 1);
  expect(engine.rows).toEqual([]);
  other.vanish();
});

test("a component that fails is the error of its call only", async () => {
  const construct = new Promise((_, reject) => client.construct(new rpc.ConstructRequest(), (error) => reject(error)));
  await expect(construct).rejects.toMatchObject({ details: "no" });
  await expect(fetchSchema()).resolves.toBeDefined();
});

test("a process that has only served its schema ends when its engine has exited", async () => {
  await fetchSchema();
  engine.vanish();
  await until(() => exits.length > 0);
  expect(exits).toEqual([1]);
});
