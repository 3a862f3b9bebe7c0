import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type ClientUnaryCall, credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ErrorResourceInitFailed,
  ReadRequest,
  type ReadResponse,
  UpdateRequest,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { endGroup, startNode } from "./child-process";
import { deferred } from "./deferred";
import type { Project } from "./project";
import { type PropertyMap, revealed } from "./property-value";
import type { DiffAnswer, Provider } from "./provider";
import { nameOf, typeOf, type Urn } from "./urn";
import { fromStruct, toStruct } from "./wire";

const START_DEADLINE_MS = 30_000;

/**
 * Starts the SDK's host of dynamic resources (`@pulumi/pulumi/cmd/dynamic-provider`), the same process in which provider code runs
 * under the real engine. `config` is the whole stack configuration.
 */
export async function startDynamicProvider(context: {
  project: Project;
  engineAddress: string;
  config: PropertyMap;
  env: NodeJS.ProcessEnv;
  log: (severity: "info" | "info#err", line: string) => void;
}): Promise<Provider> {
  const { project, engineAddress } = context;
  const main = createRequire(join(project.programDirectory, "_")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
  const firstLine = deferred<string>();
  let started = false;
  const child = startNode([main, engineAddress], {
    cwd: project.programDirectory,
    env: { ...context.env, PULUMI_PROJECT: project.name, PULUMI_NODEJS_PROJECT: project.name },
    onOutput: (line) => {
      if (started) return context.log("info", line);
      started = true;
      firstLine.resolve(line);
    },
    onErrorOutput: (line) => context.log("info#err", line),
  });
  const timer = setTimeout(() => firstLine.reject(new Error("did not report its port in time")), START_DEADLINE_MS);
  child.once("exit", (code) => firstLine.reject(new Error(`exited with code ${code} before it reported its port`)));
  const port = await firstLine.promise
    .catch(async (error: Error) => {
      await endGroup(child);
      throw new Error(`the dynamic provider process ${error.message}`, { cause: error });
    })
    .finally(() => clearTimeout(timer));
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const configure = new ConfigureRequest();
  configure.setArgs(toStruct(revealed(context.config)));
  await answer((done) => client.configure(configure, done));
  return new DynamicProvider(client, async () => {
    client.close();
    const closed = child.exitCode === null && child.signalCode === null ? once(child, "close") : undefined;
    await endGroup(child);
    await closed;
  });
}

class DynamicProvider implements Provider {
  constructor(
    private readonly client: ResourceProviderClient,
    readonly close: () => Promise<void>,
  ) {}

  async check({ urn, olds, news }: Parameters<Provider["check"]>[0]) {
    const request = named(new CheckRequest(), urn);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const reply = await answer<CheckResponse>((done) => this.client.check(request, done));
    return {
      inputs: fromStruct(reply.getInputs()),
      failures: reply.getFailuresList().map((failure) => ({
        property: failure.getProperty(),
        reason: failure.getReason(),
      })),
    };
  }

  async diff(call: Parameters<Provider["diff"]>[0]): Promise<DiffAnswer> {
    const request = named(new DiffRequest(), call.urn);
    request.setId(call.id);
    request.setOldInputs(toStruct(call.oldInputs));
    request.setOlds(toStruct(call.oldOutputs));
    request.setNews(toStruct(call.newInputs));
    request.setIgnorechangesList(call.ignoreChanges);
    const reply = await answer<DiffResponse>((done) => this.client.diff(request, done));
    return {
      changes: CHANGES[reply.getChanges()] ?? "unknown",
      replaces: reply.getReplacesList(),
      deleteBeforeReplace: reply.getDeletebeforereplace(),
    };
  }

  async create({ urn, inputs }: Parameters<Provider["create"]>[0]) {
    const request = named(new CreateRequest(), urn);
    request.setProperties(toStruct(inputs));
    return withInitErrors(async () => {
      const reply = await answer<CreateResponse>((done) => this.client.create(request, done));
      return { id: reply.getId(), outputs: fromStruct(reply.getProperties()) };
    });
  }

  async update(call: Parameters<Provider["update"]>[0]) {
    const request = named(new UpdateRequest(), call.urn);
    request.setId(call.id);
    request.setOldInputs(toStruct(call.oldInputs));
    request.setOlds(toStruct(call.oldOutputs));
    request.setNews(toStruct(call.newInputs));
    return withInitErrors(async () => {
      const reply = await answer<UpdateResponse>((done) => this.client.update(request, done));
      return { id: call.id, outputs: fromStruct(reply.getProperties()) };
    });
  }

  async read({ urn, id, inputs, outputs }: Parameters<Provider["read"]>[0]) {
    const request = named(new ReadRequest(), urn);
    request.setId(id);
    request.setInputs(toStruct(inputs));
    request.setProperties(toStruct(outputs));
    const reply = await answer<ReadResponse>((done) => this.client.read(request, done));
    const found = { id: reply.getId(), outputs: fromStruct(reply.getProperties()) };
    return reply.hasInputs() ? { ...found, inputs: fromStruct(reply.getInputs()) } : found;
  }

  async delete({ urn, id, inputs, outputs }: Parameters<Provider["delete"]>[0]): Promise<void> {
    const request = named(new DeleteRequest(), urn);
    request.setId(id);
    request.setOldInputs(toStruct(inputs));
    request.setProperties(toStruct(outputs));
    await answer((done) => this.client.delete(request, done));
  }

  planUpdate(_oldOutputs: PropertyMap, newInputs: PropertyMap): PropertyMap {
    return newInputs;
  }

  async cancel(): Promise<void> {
    await answer((done) => this.client.cancel(new Empty(), done));
  }
}

const CHANGES: Record<number, DiffAnswer["changes"]> = {
  [DiffResponse.DiffChanges.DIFF_NONE]: "none",
  [DiffResponse.DiffChanges.DIFF_SOME]: "some",
};

interface Named {
  setUrn(value: string): unknown;
  setName(value: string): unknown;
  setType(value: string): unknown;
}

function named<R extends Named>(request: R, urn: Urn): R {
  request.setUrn(urn);
  request.setName(nameOf(urn));
  request.setType(typeOf(urn));
  return request;
}

/** The reply of a call. @throws Error with the provider's message; the gRPC error is its cause */
function answer<R>(call: (done: (error: ServiceError | null, reply: R) => void) => ClientUnaryCall): Promise<R> {
  return new Promise((resolve, reject) => {
    call((error, reply) => (error ? reject(new Error(error.details, { cause: error })) : resolve(reply)));
  });
}

interface Applied {
  id: string;
  outputs: PropertyMap;
  initErrors?: string[];
}

async function withInitErrors(apply: () => Promise<Applied>): Promise<Applied> {
  try {
    return await apply();
  } catch (error) {
    const failed = initErrorOf(error);
    if (!failed) throw error;
    return {
      id: failed.getId(),
      outputs: fromStruct(failed.getProperties()),
      initErrors: failed.getReasonsList(),
    };
  }
}

/** Init errors, for a resource that exists but is not ready, arrive as a detail of the gRPC error (rpcerror of pulumi/pulumi). */
function initErrorOf(error: unknown): ErrorResourceInitFailed | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!isServiceError(cause)) return undefined;
  for (const bytes of cause.metadata.get("grpc-status-details-bin")) {
    if (typeof bytes === "string") continue;
    for (const detail of Status.deserializeBinary(bytes).getDetailsList()) {
      if (detail.getTypeName() === "pulumirpc.ErrorResourceInitFailed") {
        return ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
      }
    }
  }
  return undefined;
}

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && "metadata" in error && "details" in error;
