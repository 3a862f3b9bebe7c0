import { findCredentials } from "../aliyun/credentials/find-credentials";
import type { CredentialSource, ObjectStore } from "../aliyun/object-store";
import type { CallTimeouts } from "../aliyun/oss/oss-calls";
import { ENDPOINT_OVERRIDE, resolveOssEndpoint } from "../aliyun/oss/oss-endpoint";
import type { RetryTimes } from "../aliyun/oss/retry-policy";
import type { RamApi } from "../aliyun/ram-api";
import type { RdsApi } from "../aliyun/rds-api";
import { endpointOverride, findRegion, type Service, type Settings } from "../aliyun/settings";
import { migrationError } from "../errors/migration-error";
import type { Scope } from "../model/scope";
import { ossClient, ramClient, rdsClient } from "./lazy-clients";
import { remember } from "./remember";
import type { RetryLog } from "./retry-log";
import type { TransportWarnings } from "./transport-warnings";

/** Timeouts and retries of the clients, milliseconds; each has its own default. */
export interface ClientTuning {
  /** The longest silence of RDS and RAM. @default 30000 */
  rdsReadTimeoutMs?: number;
  rdsRetryDelayMs?: number;
  ossRetryTimes?: Partial<RetryTimes>;
  ossTimeouts?: Partial<CallTimeouts>;
}

/** One client for each service, account and region, created at first use. */
export interface Clients {
  /** @throws NO_REGION */
  rds(scope: Scope): RdsApi;
  /** @throws NO_REGION */
  store(scope: Scope): ObjectStore;
  ram(scope: Scope): RamApi;
  /** The credentials of the object store's client. @throws NO_REGION */
  storeCredentials(scope: Scope): CredentialSource;
  /** Returns the cache key of a scope's account and region. @throws NO_REGION */
  accountKey(scope: Scope): string;
}

/** What the clients log through: retries of calls, and warnings about the transport. */
export interface ClientLogs {
  retries: RetryLog;
  warnings: TransportWarnings;
}

export function openClients(settings: Settings, tuning: ClientTuning, { retries, warnings }: ClientLogs): Clients {
  const rdsClients = new Map<string, RdsApi>();
  const stores = new Map<string, ObjectStore>();
  const credentialSources = new Map<string, CredentialSource>();

  const regionOf = (scope: Scope): string => {
    const region = findRegion(settings, scope.region);
    if (region === undefined) throw migrationError("NO_REGION", {});
    return region;
  };
  const accountKey = (scope: Scope): string => JSON.stringify([regionOf(scope), scope.profile, scope.assumeRoleArn]);
  const storeCredentials = (scope: Scope): CredentialSource =>
    remember(credentialSources, accountKey(scope), () => findCredentials(settings, scope, true));

  /** Warns of the endpoints of a service and of STS, which may be called for its keys. */
  const warnOfService = (service: Service): void => {
    for (const each of [service, "STS"] as const) {
      const endpoint = endpointOverride(settings, each);
      warnings.warnOfEndpoint(`ALIBABA_CLOUD_ENDPOINT_${each}`, `${endpoint?.protocol}://${endpoint?.host}`);
    }
  };
  return {
    accountKey,
    storeCredentials,
    rds: (scope) =>
      remember(rdsClients, accountKey(scope), () => {
        warnOfService("RDS");
        return rdsClient().connectRds({
          credentials: findCredentials(settings, scope, false),
          region: regionOf(scope),
          settings,
          readTimeoutMs: tuning.rdsReadTimeoutMs,
          retryDelayMs: tuning.rdsRetryDelayMs,
          retryListener: retries("RDS"),
        });
      }),
    store: (scope) =>
      remember(stores, `${accountKey(scope)} ${scope.endpoint ?? ""}`, () => {
        const override = settings.env(ENDPOINT_OVERRIDE);
        const endpoint = resolveOssEndpoint({
          region: regionOf(scope),
          endpoint: scope.endpoint,
          environment: { [ENDPOINT_OVERRIDE]: override },
        });
        warnOfService("STS");
        warnings.warnOfEndpoint(override?.trim() ? ENDPOINT_OVERRIDE : "endpoint", endpoint.url);
        return ossClient().connectObjectStore({
          endpoint,
          credentials: storeCredentials(scope),
          retryTimes: tuning.ossRetryTimes,
          timeouts: tuning.ossTimeouts,
          retryListener: retries("OSS"),
        });
      }),
    ram: (scope) => {
      warnOfService("RAM");
      return ramClient().connectRam({
        credentials: findCredentials(settings, scope, false),
        settings,
        readTimeoutMs: tuning.rdsReadTimeoutMs,
      });
    },
  };
}
