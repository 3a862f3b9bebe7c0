import { migrationError } from "../../errors/migration-error";
import { endpointOverride, firstEnv, type ServiceEndpoint, type Settings } from "../settings";

/** What a profile may say about the address of STS. */
export interface StsChoice {
  host?: string;
  region?: string;
  isVpc?: boolean;
}

/**
 * The address of STS: an override of the environment, a profile's own, or that of `ALIBABA_CLOUD_STS_REGION`.
 * @see @alicloud/credentials 2.4.7, providers/ram_role_arn
 * @throws INPUT_INVALID for a region that could not be part of a host
 */
export function stsEndpoint(settings: Settings, choice: StsChoice = {}): ServiceEndpoint {
  const override = endpointOverride(settings, "STS");
  if (override !== undefined) return override;
  const region = choice.region ?? firstEnv(settings, ["ALIBABA_CLOUD_STS_REGION"]);
  const isVpc = choice.isVpc ?? settings.env("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")?.toLowerCase() === "true";
  const regional = region === undefined ? "sts.aliyuncs.com" : `${isVpc ? "sts-vpc" : "sts"}.${region}.aliyuncs.com`;
  const host = choice.host ?? regional;
  if (/^[\w.-]+(:\d+)?$/.test(host)) return { host, protocol: "https" };
  throw migrationError("INPUT_INVALID", {
    property: choice.host === undefined ? "ALIBABA_CLOUD_STS_REGION or sts_region" : "sts_endpoint",
    fault: "makes no host name of STS",
    remedy: "Set it to a region such as cn-hangzhou, or to a host without a scheme.",
  });
}
