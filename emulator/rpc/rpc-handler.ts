import { type AccessKeys, randomName } from "../access/access-keys";
import { authenticateRpc, missingParameter, NonceMemory } from "../access/rpc-authentication";
import { ClientGone, headerOf, type IncomingRequest, readSmallBody } from "../http/incoming-request";
import type { Reply } from "../http/reply";
import { parseRequestTarget, type QueryPair } from "../http/request-target";
import type { Outcome, RequestDescription, ServiceHandler } from "../http/service-handler";
import { type JournalEntry, type RpcCall, RpcFault, type RpcService } from "../world";

/** The API version identifies the product. Action names do not, because RDS and RAM share some. */
const PRODUCT_BY_VERSION: ReadonlyMap<string, RpcCall["product"]> = new Map([
  ["2014-08-15", "Rds"],
  ["2015-05-01", "Ram"],
  ["2016-04-28", "Vpc"],
  ["2015-04-01", "Sts"],
]);

const HOST_OF: Record<RpcCall["product"], string> = {
  Rds: "rds.aliyuncs.com",
  Ram: "ram.aliyuncs.com",
  Vpc: "vpc.aliyuncs.com",
  Sts: "sts.aliyuncs.com",
  other: "emulator",
};

/** Parameters of the RPC protocol, which belong to no action. */
const PROTOCOL_PARAMETERS: ReadonlySet<string> = new Set([
  "AccessKeyId",
  "Action",
  "Format",
  "SecurityToken",
  "Signature",
  "SignatureMethod",
  "SignatureNonce",
  "SignatureType",
  "SignatureVersion",
  "Timestamp",
  "Version",
]);

/** The journal's name for a call that names no action. */
const NO_ACTION = "Unknown";

const MAX_BODY_BYTES = 1 << 20;

/** Query parameters of the RPC protocol that OSS does not know. A call without `Action` has the others. */
const RPC_QUERY: ReadonlySet<string> = new Set([
  "Action",
  "AccessKeyId",
  "SignatureMethod",
  "SignatureNonce",
  "Version",
]);

/** Whether a request is an RPC call, by its headers or its query. All other requests are OSS. */
export function isRpc(incoming: Pick<IncomingRequest, "headers" | "query">): boolean {
  return (
    Object.keys(incoming.headers).some((name) => name.startsWith("x-acs-")) ||
    incoming.query.some(([name]) => RPC_QUERY.has(name))
  );
}

/** Handles RPC calls of RDS, RAM, STS and VPC, with either signature. */
export class RpcHandler implements ServiceHandler {
  private readonly nonces = new NonceMemory();

  constructor(
    private readonly keys: AccessKeys,
    private readonly services: Partial<Record<RpcCall["product"], RpcService>>,
  ) {}

  describe(incoming: IncomingRequest): RequestDescription {
    const params = actionParameters(incoming.query);
    const { action, product } = identify(incoming, new Map(incoming.query));
    return { action, params: Object.fromEntries(params), service: serviceOf(product) };
  }

  async handle(incoming: IncomingRequest): Promise<Outcome> {
    let { action, product } = identify(incoming, new Map(incoming.query));
    let params = actionParameters(incoming.query);
    try {
      if (incoming.method !== "GET" && incoming.method !== "POST") {
        throw new RpcFault(400, "UnsupportedHTTPMethod", "The HTTP method of an RPC call must be GET or POST.");
      }
      const { body, form } = await readForm(incoming);
      const all = new Map([...incoming.query, ...form]);
      ({ action, product } = identify(incoming, all));
      params = actionParameters([...incoming.query, ...form]);
      const { method, rawPath, query, headers, nowMs } = incoming;
      const accessKeyId = authenticateRpc(
        { method, rawPath, query, form, body, headers, nowMs },
        this.keys,
        this.nonces,
      );
      if (action === NO_ACTION) throw missingParameter("Action");
      if ((all.get("Format") ?? "JSON").toUpperCase() !== "JSON") {
        throw new RpcFault(400, "UnsupportedFormat", "The emulator answers in JSON only.");
      }
      const service = this.services[product];
      if (service === undefined) {
        throw new RpcFault(
          404,
          "InvalidAction.NotFound",
          "Specified api is not found: the emulator does not imitate this product and version.",
        );
      }
      const version = headerOf(headers, "x-acs-version") ?? all.get("Version") ?? "";
      const result = await service({ request: incoming.number, product, version, action, params, accessKeyId });
      return {
        action,
        detail: journalDetail(params),
        reply: jsonReply(200, (requestId) => ({ RequestId: requestId, ...result })),
      };
    } catch (error) {
      if (error instanceof ClientGone) throw error;
      const fault =
        error instanceof RpcFault
          ? error
          : new RpcFault(500, "InternalError", `The request processing has failed: ${String(error)}`);
      return {
        action,
        code: fault.code,
        detail: journalDetail(params),
        reply: faultReply(fault, product),
      };
    }
  }
}

/**
 * Renders a JSON error document. Throttling errors also get the header `x-acs-retry-after`, which Python's SDK needs.
 */
export function faultReply(fault: RpcFault, product: RpcCall["product"]): Reply {
  const throttling: Record<string, string> = /^Throttling/.test(fault.code) ? { "x-acs-retry-after": "1000" } : {};
  const reply = jsonReply(fault.status, (requestId) => ({
    RequestId: requestId,
    HostId: HOST_OF[product],
    Code: fault.code,
    Message: fault.message,
    Recommend: `https://api.alibabacloud.com/troubleshoot?q=${encodeURIComponent(fault.code)}&product=${product}`,
    ...fault.extra,
  }));
  return { ...reply, headers: { ...reply.headers, ...throttling } };
}

function jsonReply(status: number, document: (requestId: string) => Record<string, unknown>): Reply {
  return {
    status,
    headers: { "Content-Type": "application/json;charset=utf-8" },
    body: (requestId) => JSON.stringify(document(requestId)),
  };
}

function identify(
  incoming: Pick<IncomingRequest, "headers">,
  parameters: ReadonlyMap<string, string>,
): { action: string; product: RpcCall["product"] } {
  const version = headerOf(incoming.headers, "x-acs-version") ?? parameters.get("Version") ?? "";
  const action = headerOf(incoming.headers, "x-acs-action") || parameters.get("Action") || NO_ACTION;
  return { action, product: PRODUCT_BY_VERSION.get(version) ?? "other" };
}

function serviceOf(product: RpcCall["product"]): JournalEntry["service"] {
  return product === "Rds" ? "rds" : product === "Ram" ? "ram" : "other";
}

function actionParameters(parameters: readonly QueryPair[]): Map<string, string> {
  return new Map(parameters.filter(([name]) => !PROTOCOL_PARAMETERS.has(name)));
}

/** The journal details of a call: its parameters, with signed URLs redacted. */
function journalDetail(params: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...params].map(([name, value]) => [name, name === "OSSUrls" ? "(a secret)" : value]));
}

async function readForm(incoming: IncomingRequest): Promise<{ body: Uint8Array; form: readonly QueryPair[] }> {
  const body = await readSmallBody(incoming.body, MAX_BODY_BYTES);
  if (body === undefined) throw new RpcFault(413, "RequestTooLarge", "The request body is too large.");
  const isForm = headerOf(incoming.headers, "content-type")?.startsWith("application/x-www-form-urlencoded") === true;
  if (!isForm || body.length === 0) return { body, form: [] };
  const target = parseRequestTarget(`/?${body.toString("utf8")}`, { plusIsSpace: true });
  if (target === undefined) throw new RpcFault(400, "InvalidParameter", "The form is not percent-encoded UTF-8.");
  return { body, form: target.query };
}

/** Generates a request id: an upper-case UUID for RPC, 24 hexadecimal digits for OSS. */
export function newRequestId(rpc: boolean): string {
  const hex = (length: number) => randomName(length, "0123456789ABCDEF");
  return rpc ? [8, 4, 4, 4, 12].map(hex).join("-") : hex(24);
}
