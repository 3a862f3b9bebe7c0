import type { handleUnaryCall } from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
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
import { keepSecrets, withSecretsKept } from "./secrets";
import { fromStruct, toStruct } from "./struct";

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
  /** Version of the package. */
  version: string;
  /** The package's schema, as JSON. */
  schema: string;
  /** Absent: the plugin has no components. */
  construct?: Construct;
}

/** One call. Whatever it throws fails this call only. */
const unary =
  <Request, Response>(
    handler: (request: Request) => Promise<Response> | Response,
  ): handleUnaryCall<Request, Response> =>
  async ({ request }, reply) => {
    try {
      reply(null, await handler(request));
    } catch (error) {
      reply(failedCall(error));
    }
  };

const unimplemented = (name: string) =>
  unary<unknown, never>(() => {
    throw new UnimplementedCall(`${PACKAGE_NAME} has no ${name}`);
  });

/** Returns the plugin's side of the engine's protocol. @see https://github.com/pulumi/pulumi `proto/pulumi/provider.proto` */
export function pluginService(options: ServiceOptions): IResourceProviderServer {
  const { host, engine, lifetime, version, schema, construct } = options;
  let provider: string | undefined;
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
      checkResponse(checkProviderArguments(fromStruct(request.getNews()))),
    ),
    // "No change" would keep the old arguments in the state, and the engine would configure the provider with them.
    diffConfig: unary((request: rpc.DiffRequest) => {
      const detailed = detailedDiff(fromStruct(request.getOldInputs()), fromStruct(request.getNews()), []);
      return diffResponse({ changes: detailed.size > 0, replaces: [], detailed });
    }),
    configure: unary((request: rpc.ConfigureRequest) => {
      host.configure(fromStruct(request.getArgs()));
      provider = request.hasUrn() && request.hasId() ? `${request.getUrn()}::${request.getId()}` : undefined;
      const response = new rpc.ConfigureResponse();
      response.setSupportspreview(true);
      response.setAcceptsecrets(true);
      response.setAcceptoutputs(true);
      return response;
    }),
    check: unary(async (request: rpc.CheckRequest) => {
      const news = request.getNews();
      const checked = await host.check(request.getUrn(), fromStruct(request.getOlds()), fromStruct(news));
      return checkResponse({ ...checked, inputs: keepSecrets(checked.inputs, news) });
    }),
    diff: unary(async (request: rpc.DiffRequest) => {
      const recorded = { inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getOlds()) };
      return diffResponse(await host.diff(request.getUrn(), recorded, fromStruct(request.getNews())));
    }),
    create: unary(async (request: rpc.CreateRequest) => {
      const inputs = request.getProperties();
      const call = {
        urn: request.getUrn(),
        inputs: fromStruct(inputs),
        recorded: {},
        isPreview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      };
      const { id, outputs } = await withSecretsKept([inputs], () => host.create(call));
      const response = new rpc.CreateResponse();
      response.setId(id);
      response.setProperties(toStruct(keepSecrets(outputs, inputs)));
      return response;
    }),
    update: unary(async (request: rpc.UpdateRequest) => {
      const news = request.getNews();
      const call = {
        urn: request.getUrn(),
        inputs: fromStruct(news),
        recorded: fromStruct(request.getOlds()),
        isPreview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      };
      const outputs = await withSecretsKept([news, request.getOlds()], () => host.update(request.getId(), call));
      const response = new rpc.UpdateResponse();
      response.setProperties(toStruct(keepSecrets(outputs, news)));
      return response;
    }),
    read: unary(async (request: rpc.ReadRequest) => {
      const recorded = {
        id: request.getId(),
        inputs: fromStruct(request.getInputs()),
        outputs: fromStruct(request.getProperties()),
      };
      // Only a refresh has recorded inputs.
      const { id, inputs, outputs } = request.hasInputs()
        ? await withSecretsKept([request.getProperties()], () => host.read(request.getUrn(), recorded))
        : await host.import(request.getUrn(), recorded.id);
      const response = new rpc.ReadResponse();
      response.setId(id);
      if (id === "") return response;
      response.setInputs(toStruct(keepSecrets(inputs, request.getInputs())));
      response.setProperties(toStruct(keepSecrets(outputs, request.getProperties())));
      return response;
    }),
    delete: unary(async (request: rpc.DeleteRequest) => {
      await host.delete(request.getUrn(), fromStruct(request.getProperties()));
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
    list: (call) => call.emit("error", failedCall(new UnimplementedCall(`${PACKAGE_NAME} has no lists of resources`))),
  };
}

function checkResponse({ inputs, failures }: CheckResult): rpc.CheckResponse {
  const response = new rpc.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new rpc.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
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
