import type { AccessKeys } from "../access/access-keys";
import { type AuthenticatedOss, authenticateOss, type OssAuthenticationInput } from "../access/oss-authentication";
import { ClientGone, type IncomingRequest } from "../http/incoming-request";
import type { QueryPair } from "../http/request-target";
import type { Outcome, RequestDescription, ServiceHandler } from "../http/service-handler";
import { checkSupported, createsBucket, findOperation } from "./choose-operation";
import { OssFault } from "./oss-fault";
import type { OssCall, OssOperation, OssSite } from "./oss-operation";
import type { OssStore } from "./oss-store";
import { type OssTarget, readOssHost, readOssTargets } from "./oss-target";
import { xmlDocument } from "./oss-xml";

/** Handles OSS requests: parses the address, verifies the signature, runs the operation and renders errors. */
export class OssHandler implements ServiceHandler {
  constructor(
    private readonly store: OssStore,
    private readonly keys: AccessKeys,
    private readonly site: OssSite,
  ) {}

  describe(incoming: IncomingRequest): RequestDescription {
    const params = Object.fromEntries(incoming.query);
    try {
      const [target = {}] = readOssTargets(readOssHost(incoming.host), incoming.rawPath, []);
      const operation = findOperation(incoming.method, target, incoming.query);
      return { service: "oss", action: operation?.name ?? "Unknown", params: { ...params, ...target } };
    } catch {
      return { service: "oss", action: "Unknown", params };
    }
  }

  async handle(incoming: IncomingRequest): Promise<Outcome> {
    const detail: OssCall["detail"] = {};
    let action = this.describe(incoming).action;
    try {
      const host = readOssHost(incoming.host);
      const targets = readOssTargets(host, incoming.rawPath, this.store.state.buckets.keys());
      const region = host.region ?? this.site.region;
      const { method, query, headers, nowMs } = incoming;
      const { target, accessKeyId } = this.authenticate({ method, query, headers, targets, region, nowMs });
      const operation = findOperation(method, target, query);
      action = operation?.name ?? action;
      const params = new Map(query);
      Object.assign(detail, target, pick(params, ["partNumber", "uploadId"]));
      this.checkBucket(method, target, query);
      if (accessKeyId === undefined) this.checkAnonymous(operation?.anonymous, target.bucket);
      checkSupported(operation, query, headers);
      const site = { ownerId: this.site.ownerId, region };
      const call: OssCall = { target, site, params, headers, body: incoming.body, nowMs, store: this.store, detail };
      return { reply: await operation.answer(call), action, detail };
    } catch (error) {
      return errorOutcome(error, incoming, action, detail);
    }
  }

  /**
   * Verifies the signature. A bucket that does not exist is reported first, as the vendor's tests expect of requests
   * with an unknown key, for example test_get_bucket_acl_fail of alibabacloud-oss-python-sdk-v2 1.4.1.
   */
  private authenticate(input: OssAuthenticationInput): AuthenticatedOss {
    try {
      return authenticateOss(input, this.keys);
    } catch (error) {
      const [target = {}] = input.targets;
      // In a signed URL the first segment of the path need not be a bucket, see readOssTargets.
      const namesBucket = input.targets.length === 1 || input.headers.authorization !== undefined;
      if (namesBucket && error instanceof OssFault && error.status === 403) {
        this.checkBucket(input.method, target, input.query);
      }
      throw error;
    }
  }

  /** @throws OssFault `NoSuchBucket`, unless the request creates the bucket */
  private checkBucket(method: string, target: OssTarget, query: readonly QueryPair[]): void {
    const { bucket } = target;
    if (bucket === undefined || this.store.state.buckets.has(bucket) || createsBucket(method, target, query)) return;
    throw new OssFault("NoSuchBucket", { extra: { BucketName: bucket } });
  }

  /** @see https://help.aliyun.com/en/oss/user-guide/bucket-acl what each ACL grants everyone */
  private checkAnonymous(needs: OssOperation["anonymous"], bucket: string | undefined): void {
    const acl = this.store.state.buckets.get(bucket ?? "")?.acl;
    const granted = acl === "public-read-write" || (acl === "public-read" && needs === "read");
    if (needs === undefined || !granted) throw new OssFault("AccessDenied");
  }
}

function pick(params: ReadonlyMap<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries([...params].filter(([name]) => names.includes(name)));
}

function errorOutcome(error: unknown, incoming: IncomingRequest, action: string, detail: OssCall["detail"]): Outcome {
  if (error instanceof ClientGone) throw error;
  const fault =
    error instanceof OssFault
      ? error
      : new OssFault("InternalError", { message: error instanceof Error ? error.message : String(error) });
  return {
    action,
    detail,
    code: fault.code,
    reply: {
      status: fault.status,
      headers: { "Content-Type": "application/xml", "x-oss-ec": fault.ec },
      body: (requestId) =>
        xmlDocument("Error", {
          Code: fault.code,
          Message: fault.message,
          RequestId: requestId,
          HostId: incoming.host,
          ...fault.extra,
          EC: fault.ec,
          RecommendDoc: `https://api.aliyun.com/troubleshoot?q=${fault.ec}`,
        }),
    },
  };
}
