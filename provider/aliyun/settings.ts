import { migrationError } from "../errors/migration-error";
import { REGION, regionOfZone } from "../model/scope";

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
 * @throws REGION_INVALID: it becomes part of the hosts that signed requests are sent to
 */
export function findRegion(settings: Settings, argument: string | undefined): string | undefined {
  const fromEnv = (name: string) => [name, settings.env(name)] as const;
  const places = [
    ["[region]", argument],
    ["alicloud:region", settings.config("alicloud:region")],
    fromEnv("ALICLOUD_REGION"),
    fromEnv("ALIBABA_CLOUD_REGION"),
  ] as const;
  for (const [place, value] of places) {
    if (!value) continue;
    const zoneOf = regionOfZone(value);
    if (!REGION.test(value) || zoneOf !== undefined) throw migrationError("REGION_INVALID", { place, value, zoneOf });
    return value;
  }
  return undefined;
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
