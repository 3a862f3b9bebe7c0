/**
 * Where the provider's settings come from: the stack's configuration (all namespaces, secrets decrypted; the host sends
 * it to dynamic providers) and the environment of the machine that runs `pulumi`. Read at each use, so that later changes of
 * the environment count.
 */
export interface Settings {
  /** A value of the stack's configuration by its full name, for example `alicloud:region`. */
  config(key: string): string | undefined;
  env(name: string): string | undefined;
}

/** The first of several environment variables that is set to something. */
export function firstEnv(settings: Settings, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = settings.env(name);
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
}

/**
 * The region by the alicloud provider's order: the resource's own argument, `alicloud:region`, then the environment.
 * @see https://www.pulumi.com/registry/packages/alicloud/installation-configuration/
 */
export function findRegion(settings: Settings, argument: string | undefined): string | undefined {
  const configured = argument || settings.config("alicloud:region");
  return configured || firstEnv(settings, ["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"]);
}

/** The services whose address the environment may override, by the alicloud provider's names. */
export const SERVICES = ["RDS", "OSS", "RAM", "STS"] as const;
export type Service = (typeof SERVICES)[number];

/** The address of RDS, RAM or STS. */
export interface ServiceEndpoint {
  /** With its port, unless it is the protocol's own. */
  host: string;
  protocol: "http" | "https";
}

/** An address given by `ALIBABA_CLOUD_ENDPOINT_<SERVICE>` or `<SERVICE>_ENDPOINT`: only `http://` means plain HTTP. */
export function endpointOverride(settings: Settings, service: Service): ServiceEndpoint | undefined {
  const text = firstEnv(settings, [`ALIBABA_CLOUD_ENDPOINT_${service}`, `${service}_ENDPOINT`]);
  if (text === undefined) return undefined;
  const [, scheme, host] = /^(?:(https?):\/\/)?([^/]+)/i.exec(text) ?? [];
  if (host === undefined) return undefined;
  return { host, protocol: scheme?.toLowerCase() === "http" ? "http" : "https" };
}
