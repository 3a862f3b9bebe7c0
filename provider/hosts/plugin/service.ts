import type { handleUnaryCall } from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Settings } from "../../aliyun/settings";
import type { CheckResult } from "../../model/check-result";
import { PACKAGE_NAME } from "../../model/resource-type";
import type { DiffResult } from "../../session/handler-context";
import type { EngineLink } from "../engine-link";
import type { Lifetime } from "../lifetime";
import { type DetailedDiff, detailedDiff } from "./detailed-diff";
import { failedCall, UnimplementedCall } from "./failed-call";
import type { PluginHost } from "./plugin-host";
import { checkProviderArguments } from "./provider-arguments";
import type { Secrets } from "./secrets";

/** Creates a component and its children. */
export type Construct = (request: rpc.ConstructRequest, host: ConstructHost) => Promise<rpc.ConstructResponse>;

/** What the construction of a component needs of the server. */
export interface ConstructHost {
  engineAddress: string;
  /** The provider's own configuration. */
  settings: Settings;
  /** The provider that this process serves, as `urn::id`; undefined with an engine that does not tell it. */
  provider: string | undefined;
}

export interface ServiceOptions {
  host: PluginHost;
  engine: EngineLink;
  lifetime: Lifetime;
  secrets: Secrets;
  /** Version of the package. */
  version: string;
  /** The package's schema, as JSON. */
  schema: string;
  /** Absent: the plugin has no components. */
  construct?: Construct;
}

/** Makes the server's side of one kind of call. Whatever a call throws fails this call only. */
type Unary = <Request, Response>(
  handler: (request: Request) => Promise<Response> | Response,
  /** Returns the arguments of the resource, which the outputs of a failed call repeat. */
  givenOf?: (request: Request) => readonly (Struct | undefined)[],
) => handleUnaryCall<Request, Response>;

const unaryOf =
  (secrets: Secrets): Unary =>
  (handler, givenOf) =>
  async ({ request }, reply) => {
    try {
      reply(null, await handler(request));
    } catch (error) {
      reply(failedCall(error, secrets, givenOf?.(request) ?? []));
    }
  };

/** Returns the plugin's side of the engine's protocol. @see https://github.com/pulumi/pulumi `proto/pulumi/provider.proto` */
export function pluginService(options: ServiceOptions): IResourceProviderServer {
  const { host, engine, lifetime, secrets, version, schema, construct } = options;
  const unary = unaryOf(secrets);
  let provider: string | undefined;
  const unimplemented = (name: string) =>
    unary<unknown, never>(() => {
      throw new UnimplementedCall(`${PACKAGE_NAME} has no ${name}`);
    });
  const checkResponse = ({ inputs, failures }: CheckResult, news: Struct | undefined): rpc.CheckResponse => {
    const response = new rpc.CheckResponse();
    response.setInputs(secrets.write(inputs, news));
    response.setFailuresList(
      failures.map(({ property, reason }) => {
        const failure = new rpc.CheckFailure();
        failure.setProperty(property);
        failure.setReason(secrets.message(reason));
        return failure;
      }),
    );
    return response;
  };
  return {
    handshake: unary((request: rpc.ProviderHandshakeRequest) => {
      engine.connect(request.getEngineAddress());
      const response = new rpc.ProviderHandshakeResponse();
      // The engine constructs components only with a provider that accepts secrets. It reads this or the answer to Configure.
      response.setAcceptSecrets(true);
      response.setAcceptOutputs(true);
      return response;
    }),
    attach: unary((request: PluginAttach) => {
      engine.connect(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(version);
      return info;
    }),
    getSchema: unary(() => {
      const response = new rpc.GetSchemaResponse();
      response.setSchema(schema);
      return response;
    }),
    getMapping: unary(() => new rpc.GetMappingResponse()),
    getMappings: unary(() => new rpc.GetMappingsResponse()),
    checkConfig: unary((request: rpc.CheckRequest) =>
      checkResponse(checkProviderArguments(secrets.read(request.getNews())), request.getNews()),
    ),
    // "No change" would keep the old arguments in the state, and the engine would configure the provider with them.
    diffConfig: unary((request: rpc.DiffRequest) => {
      const detailed = detailedDiff(secrets.read(request.getOldInputs()), secrets.read(request.getNews()), []);
      return diffResponse({ changes: detailed.size > 0, replaces: [], detailed });
    }),
    configure: unary((request: rpc.ConfigureRequest) => {
      host.configure(secrets.read(request.getArgs()));
      provider = request.hasUrn() && request.hasId() ? `${request.getUrn()}::${request.getId()}` : undefined;
      const response = new rpc.ConfigureResponse();
      response.setSupportspreview(true);
      response.setAcceptsecrets(true);
      response.setAcceptoutputs(true);
      return response;
    }),
    check: unary(async (request: rpc.CheckRequest) => {
      const olds = secrets.read(request.getOlds());
      const checked = await host.check(request.getUrn(), olds, secrets.read(request.getNews()));
      return checkResponse(checked, request.getNews());
    }),
    diff: unary(async (request: rpc.DiffRequest) => {
      const recorded = { inputs: secrets.read(request.getOldInputs()), outputs: secrets.read(request.getOlds()) };
      return diffResponse(await host.diff(request.getUrn(), recorded, secrets.read(request.getNews())));
    }),
    create: unary(
      async (request: rpc.CreateRequest) => {
        const { id, outputs } = await host.create({
          urn: request.getUrn(),
          inputs: secrets.read(request.getProperties()),
          recorded: {},
          isPreview: request.getPreview(),
          timeoutSeconds: request.getTimeout(),
        });
        const response = new rpc.CreateResponse();
        response.setId(id);
        response.setProperties(secrets.write(outputs, request.getProperties()));
        return response;
      },
      (request) => [request.getProperties()],
    ),
    update: unary(
      async (request: rpc.UpdateRequest) => {
        const outputs = await host.update(request.getId(), {
          urn: request.getUrn(),
          inputs: secrets.read(request.getNews()),
          recorded: secrets.read(request.getOlds()),
          isPreview: request.getPreview(),
          timeoutSeconds: request.getTimeout(),
        });
        const response = new rpc.UpdateResponse();
        response.setProperties(secrets.write(outputs, request.getNews()));
        return response;
      },
      (request) => [request.getNews(), request.getOlds()],
    ),
    read: unary(async (request: rpc.ReadRequest) => {
      const recorded = {
        id: request.getId(),
        inputs: secrets.read(request.getInputs()),
        outputs: secrets.read(request.getProperties()),
      };
      // Only a refresh has recorded inputs.
      const { id, inputs, outputs } = request.hasInputs()
        ? await host.read(request.getUrn(), recorded)
        : await host.import(request.getUrn(), recorded.id);
      const response = new rpc.ReadResponse();
      response.setId(id);
      if (id === "") return response;
      response.setInputs(secrets.write(inputs, request.getInputs()));
      response.setProperties(secrets.write(outputs, request.getProperties()));
      return response;
    }),
    delete: unary(async (request: rpc.DeleteRequest) => {
      await host.delete(request.getUrn(), secrets.read(request.getProperties()));
      return new Empty();
    }),
    construct:
      construct === undefined
        ? unimplemented("components")
        : unary((request: rpc.ConstructRequest) =>
            construct(request, { engineAddress: engine.address ?? "", settings: host.settings, provider }),
          ),
    cancel: unary(() => {
      lifetime.cancel("the run was cancelled");
      return new Empty();
    }),
    parameterize: unimplemented("parameters"),
    invoke: unimplemented("functions"),
    call: unimplemented("methods"),
    list: (call) =>
      call.emit("error", failedCall(new UnimplementedCall(`${PACKAGE_NAME} has no lists of resources`), secrets, [])),
  };
}

function diffResponse({
  changes,
  replaces,
  deleteBeforeReplace = false,
  detailed,
}: DiffResult & { detailed: DetailedDiff }): rpc.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = rpc.DiffResponse.DiffChanges;
  const response = new rpc.DiffResponse();
  response.setChanges(changes ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList(replaces);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setDiffsList([...new Set([...detailed.keys()].map((path) => path.split(/[.[]/)[0] ?? path))]);
  response.setHasdetaileddiff(detailed.size > 0);
  for (const [path, kind] of detailed) {
    const property = new rpc.PropertyDiff();
    property.setKind(kind);
    property.setInputdiff(true);
    response.getDetaileddiffMap().set(path, property);
  }
  return response;
}
