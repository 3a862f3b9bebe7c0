import type { TransportReply } from "../transport/transport";

/**
 * A refusal by RDS, RAM or STS, in the shape that the vendor's SDK gives it: errors/service-error.ts reads both.
 * @see @alicloud/openapi-core 1.0.8, client.js doRequest
 */
export class RpcRefusal extends Error {
  override readonly name = "RpcRefusal";
  readonly requestId: string | undefined;
  constructor(
    readonly statusCode: number,
    /** The service's own code, for example `InvalidDBName`. */
    readonly code: string,
    /** The parsed body of the reply. */
    readonly data: object,
  ) {
    super(`HTTP ${statusCode}, ${code}`);
    this.requestId = textOf(data, "RequestId") ?? textOf(data, "requestId");
  }
}

/**
 * Returns the parsed body of a reply.
 * @throws RpcRefusal for a status of 400 or above; SyntaxError for a body that is not JSON, or not the service's: every reply
 *   of Alibaba Cloud's RPC style has a RequestId
 */
export function readRpcReply({ status, headers, body }: TransportReply): unknown {
  const text = body.toString("utf8");
  if (status < 400) return requireRequestId(JSON.parse(text));
  const isXml = headers["content-type"]?.startsWith("text/xml") === true;
  const data: unknown = isXml ? readXmlError(text) : JSON.parse(text);
  if (data === null) throw new SyntaxError("a refusal without words");
  const members = typeof data === "object" ? data : {};
  throw new RpcRefusal(status, textOf(members, "Code") ?? textOf(members, "code") ?? `HTTP ${status}`, members);
}

function requireRequestId(data: unknown): unknown {
  if (data === null || typeof data !== "object" || textOf(data, "RequestId") === undefined)
    throw new SyntaxError("the reply has no RequestId");
  return data;
}

/** Some gateways refuse in XML although JSON was asked for. The vendor's SDK reads this form too. */
function readXmlError(text: string): Record<string, string> {
  const members = [...text.matchAll(/<(Code|Message|RequestId)>([^<]*)<\/\1>/g)];
  if (members.length === 0) throw new SyntaxError("no Error element");
  return Object.fromEntries(members.map(([, name = "", value = ""]) => [name, value]));
}

function textOf(data: object, name: string): string | undefined {
  const value: unknown = Reflect.get(data, name);
  return value === undefined || value === null || value === "" ? undefined : String(value);
}
