import * as pulumi from "@pulumi/pulumi";
import { type ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { runInContext } from "../../components/construct-context";
import { PlainError } from "../../provider/errors/plain-error";
import type { ConstructHost } from "../../provider/hosts/plugin/service";
import { PACKAGE_NAME } from "../../provider/model/resource-type";
import { ALICLOUD_VERSION, alicloudByToken } from "./alicloud-by-token";
import { ComponentInputs } from "./component-inputs";
import { ALICLOUD_VERSION_ARGUMENT, COMPONENTS } from "./components";
import { inFailureScope } from "./failure-scope";
import { resourceOptions } from "./resource-options";
import { awaitFeatureSupport, deserializeInputs, settledOutput, waitForRPCs, withLocalStorage } from "./sdk-runtime";

/**
 * Creates a component and its children and returns its outputs. Each call has its own state of the SDK and fails by itself: the
 * SDK's own server fails every call in flight.
 * @see https://github.com/pulumi/pulumi `sdk/nodejs/provider/server.ts`, `construct`
 */
export const construct = (request: ConstructRequest, host: ConstructHost): Promise<ConstructResponse> =>
  withLocalStorage(() => inFailureScope(() => createComponent(request, host)));

async function createComponent(request: ConstructRequest, host: ConstructHost): Promise<ConstructResponse> {
  const [type, name] = [request.getType(), request.getName()];
  const kind = COMPONENTS[type];
  if (kind === undefined) throw new PlainError(`${PACKAGE_NAME} has no component ${type}`);
  await configureRuntime(request, host.engineAddress);
  const inputs = new ComponentInputs(await deserializeInputs(request.getInputs(), request.getInputdependenciesMap()));
  inputs.requireNames(kind.arguments);
  const { [ALICLOUD_VERSION_ARGUMENT]: version = ALICLOUD_VERSION } = await inputs.plain([ALICLOUD_VERSION_ARGUMENT]);
  const context = { settings: host.settings, alicloud: alicloudByToken(version) };
  const { component, outputs } = await runInContext(context, () =>
    kind.create(name, inputs, resourceOptions(request, host.provider)),
  );
  const response = await responseOf(component, `construct(${type}, ${name})`, outputs);
  await waitForRPCs();
  return response;
}

async function configureRuntime(request: ConstructRequest, engineAddress: string): Promise<void> {
  pulumi.runtime.resetOptions(
    request.getProject(),
    request.getStack(),
    request.getParallel(),
    engineAddress,
    request.getMonitorendpoint(),
    request.getDryrun(),
    request.getOrganization(),
  );
  await awaitFeatureSupport();
  pulumi.runtime.setAllConfig(Object.fromEntries(request.getConfigMap().entries()), request.getConfigsecretkeysList());
}

async function responseOf(
  component: pulumi.ComponentResource,
  label: string,
  outputs: pulumi.Inputs,
): Promise<ConstructResponse> {
  const response = new ConstructResponse();
  response.setUrn(await urnOf(component));
  const [state, sources] = await pulumi.runtime.serializeResourceProperties(label, outputs);
  response.setState(Struct.fromJavaScript(state as Parameters<typeof Struct.fromJavaScript>[0]));
  for (const [name, resources] of sources) {
    const dependencies = new ConstructResponse.PropertyDependencies();
    dependencies.setUrnsList(await Promise.all([...resources].map(urnOf)));
    response.getStatedependenciesMap().set(name, dependencies);
  }
  return response;
}

const urnOf = async (resource: pulumi.Resource): Promise<string> => String(await settledOutput(resource.urn).promise());
