import { isIP } from "node:net";
import { migrationError } from "../../errors/migration-error";
import type { OssEndpoint } from "../object-store";

/** Named endpoints; any other value is a URL. */
export const NAMED_ENDPOINTS = ["public", "internal", "accelerate"] as const;
export type NamedEndpoint = (typeof NAMED_ENDPOINTS)[number];

/** Environment variable that replaces every OSS endpoint, as in the alicloud provider. */
export const ENDPOINT_OVERRIDE = "ALIBABA_CLOUD_ENDPOINT_OSS";

export interface EndpointRequest {
  /** With or without the `oss-` prefix. */
  region: string;
  /** A name or a URL (a custom domain). @default "public" */
  endpoint?: string;
  /** Environment that contains the override. @default process.env */
  environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The URL of OSS: the region's public or internal endpoint, the accelerated one, a custom domain that is bound to the
 * bucket (CNAME), or the value of `ALIBABA_CLOUD_ENDPOINT_OSS`. HTTPS unless the value starts with `http://`.
 *
 * @example resolveOssEndpoint({ region: "cn-hangzhou", endpoint: "internal" }).url // https://oss-cn-hangzhou-internal.aliyuncs.com
 * @throws `ENDPOINT_INVALID` for anything that is neither a name nor an http or https URL of a host alone
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 */
export function resolveOssEndpoint({ region, endpoint, environment = process.env }: EndpointRequest): OssEndpoint {
  const plainRegion = region.trim().replace(/^oss-/, "");
  if (!/^[a-z0-9-]+$/.test(plainRegion)) {
    throw migrationError("INPUT_INVALID", {
      property: "region",
      fault: `"${region}" is not a region id`,
      remedy: "Give an id such as cn-hangzhou or ap-southeast-1.",
    });
  }
  const override = environment[ENDPOINT_OVERRIDE]?.trim();
  if (override) return fromUrl(ENDPOINT_OVERRIDE, override, plainRegion);
  const wanted = endpoint?.trim() || "public";
  if (isNamedEndpoint(wanted))
    return { region: plainRegion, url: `https://${HOSTS[wanted](plainRegion)}`, cname: false };
  return fromUrl("endpoint", wanted, plainRegion);
}

export const isNamedEndpoint = (text: string): text is NamedEndpoint => NAMED_ENDPOINTS.some((name) => name === text);

const HOSTS: Record<NamedEndpoint, (region: string) => string> = {
  public: (region) => `oss-${region}.aliyuncs.com`,
  internal: (region) => `oss-${region}-internal.aliyuncs.com`,
  accelerate: () => "oss-accelerate.aliyuncs.com",
};

/** Hosts of OSS with an optional bucket in front, because users paste URLs that contain it. */
const OWN_HOST = /^(?:[a-z0-9-]+\.)?((?:s3\.)?oss-[a-z0-9-]+\.aliyuncs\.com)$/;

function fromUrl(property: string, text: string, region: string): OssEndpoint {
  const fail = (fault: string): never => {
    throw migrationError("ENDPOINT_INVALID", { property, value: text, fault });
  };
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(full)) return fail("it is not a valid URL");
  const url = new URL(full);
  if (url.protocol !== "http:" && url.protocol !== "https:") return fail(`${url.protocol} is neither http: nor https:`);
  if (url.username !== "" || url.password !== "") {
    throw migrationError("ENDPOINT_INVALID", {
      property,
      value: url.host,
      fault: "it contains a user name or a password",
    });
  }
  if (url.search !== "" || url.hash !== "" || url.pathname !== "/")
    return fail("it has a path or a query after the host");
  const own = OWN_HOST.exec(url.hostname)?.[1];
  if (own !== undefined) return { region, url: `${url.protocol}//${own}${portOf(url)}`, cname: false };
  // ali-oss 6.23.0 throws for the brackets (common/utils/checkConfigValid).
  if (url.hostname.startsWith("[")) return fail("an IPv6 address is not supported; use a host name or an IPv4 address");
  const isAddress = isIP(url.hostname) !== 0 || url.hostname === "localhost";
  return { region, url: `${url.protocol}//${url.host}`, cname: !isAddress };
}

const portOf = (url: URL): string => (url.port === "" ? "" : `:${url.port}`);
