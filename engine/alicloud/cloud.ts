import type OSS from "ali-oss";
import { findCredentials } from "../../provider/aliyun/credentials/find-credentials";
import { rdsSdk } from "../../provider/aliyun/lazy-sdk";
import { resolveOssEndpoint } from "../../provider/aliyun/oss/oss-endpoint";
import { endpointOverride, findRegion, type Service, type Settings } from "../../provider/aliyun/settings";
import { isPropertyMap, type PropertyMap, type PropertyValue } from "../stand-in/property-value";
import { openApiConfig } from "./open-api-config";

type RdsClient = InstanceType<ReturnType<typeof rdsSdk>["default"]>;
type RamClient = InstanceType<ReturnType<typeof ramSdk>["default"]>;

/** The service clients of one alicloud provider. */
export interface Cloud {
  readonly region: string;
  rds(): RdsClient;
  ram(): RamClient;
  oss(): Promise<OSS>;
}

/**
 * Connects with the arguments of a provider (`inputs` of `pulumi:providers:alicloud`; the default provider gets them from the
 * stack configuration) and with environment variables for missing arguments. Credentials and addresses have the same sources as
 * those of the migrations.
 */
export function connectCloud(inputs: PropertyMap, env: NodeJS.ProcessEnv): Cloud {
  const settings = providerSettings(inputs, env);
  const region = findRegion(settings, undefined);
  if (!region) throw new Error("alicloud: no region; set alicloud:region or ALICLOUD_REGION");
  const credentials = findCredentials(settings, {}, false);
  const openApi = (service: Service) => {
    const config = openApiConfig(credentials, endpointOverride(settings, service), settings);
    config.regionId = region;
    return config;
  };
  return {
    region,
    rds: () => new (rdsSdk().default)(openApi("RDS")),
    ram: () => new (ramSdk().default)(openApi("RAM")),
    oss: async () => {
      const { accessKeyId, accessKeySecret, securityToken } = await credentials.get();
      const override = endpointOverride(settings, "OSS");
      const environment = override ? { ALIBABA_CLOUD_ENDPOINT_OSS: `${override.protocol}://${override.host}` } : {};
      const endpoint = resolveOssEndpoint({ region, environment });
      return new (ossSdk())({
        accessKeyId,
        accessKeySecret,
        stsToken: securityToken,
        region: `oss-${endpoint.region}`,
        endpoint: endpoint.url,
        // The SDK supports this option, but its types do not declare it.
        ...{ authorizationV4: true },
      });
    },
  };
}

/** Loaded at the first use, like the other SDKs, so that a run without cloud access does not wait for them. */
const ossSdk = () => require("ali-oss") as typeof OSS;
const ramSdk = () => require("@alicloud/ram20150501") as typeof import("@alicloud/ram20150501");

/** The arguments of a provider under the names of the stack configuration. Its `endpoints` take precedence over the environment. */
function providerSettings(inputs: PropertyMap, env: NodeJS.ProcessEnv): Settings {
  const endpoints = firstItem(inputs.endpoints);
  return {
    config: (key) => {
      const value = key.startsWith("alicloud:") ? inputs[key.slice("alicloud:".length)] : undefined;
      return typeof value === "string" ? value : value === undefined ? undefined : JSON.stringify(value);
    },
    env: (name) => {
      const service = /^ALIBABA_CLOUD_ENDPOINT_(\w+)$/.exec(name)?.[1]?.toLowerCase();
      const address = service === undefined ? undefined : endpoints[service];
      if (typeof address !== "string" || address === "") return env[name];
      return address.includes("://") ? address : `${inputs.protocol === "HTTP" ? "http" : "https"}://${address}`;
    },
  };
}

/** A provider resource receives lists as JSON text. */
function firstItem(value: PropertyValue | undefined): PropertyMap {
  const list: PropertyValue | undefined = typeof value === "string" ? JSON.parse(value) : value;
  const [item] = Array.isArray(list) ? list : [list];
  return isPropertyMap(item) ? item : {};
}
