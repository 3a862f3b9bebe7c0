import { callRpc } from "../../../../provider/aliyun/rpc/rpc-call";
import {
  NetworkFault,
  REPLY_TOO_LONG,
  TimeoutFault,
  type Transport,
  type TransportReply,
  type TransportRequest,
} from "../../../../provider/aliyun/transport/transport";
import { fromServiceError } from "../../../../provider/errors/service-error";

const CALL = {
  endpoint: { host: "rds.aliyuncs.com", protocol: "https" },
  version: "2014-08-15",
  action: "DescribeDatabases",
  query: { DBInstanceId: "rm-1" },
} as const;

const ask = (transport: Transport, readTimeoutMs?: number) =>
  callRpc(
    { transport, readTimeoutMs, credentials: { get: async () => ({ accessKeyId: "k", accessKeySecret: "s" }) } },
    CALL,
  );

const answering = (reply: Partial<TransportReply> & { text?: string }): Transport => ({
  send: async () => ({ status: 200, headers: {}, body: Buffer.from(reply.text ?? ""), ...reply }),
});
const failing = (error: Error): Transport => ({ send: () => Promise.reject(error) });

/** What the user reads of a call that failed. */
const errorOf = async (transport: Transport) =>
  ask(transport).then(
    () => undefined,
    (cause: unknown) => fromServiceError(cause, { operation: CALL.action, host: CALL.endpoint.host }),
  );

it("sends one signed request with the connect time-out, the read time-out and their sum", async () => {
  const sent: TransportRequest[] = [];
  const transport: Transport = {
    send: async (request) => {
      sent.push(request);
      return { status: 200, headers: {}, body: Buffer.from('{"RequestId":"R-1","Databases":{}}') };
    },
  };
  expect(await ask(transport)).toEqual({ RequestId: "R-1", Databases: {} });
  await ask(transport, 1_000);
  expect(sent[0]).toMatchObject({
    method: "POST",
    url: "https://rds.aliyuncs.com/?DBInstanceId=rm-1",
    headers: { host: "rds.aliyuncs.com", "x-acs-action": "DescribeDatabases", "x-acs-version": "2014-08-15" },
    ...{ connectTimeoutMs: 10_000, idleTimeoutMs: 30_000, totalTimeoutMs: 40_000 },
  });
  expect(sent[0]?.body).toBeUndefined();
  expect(sent[1]).toMatchObject({ connectTimeoutMs: 10_000, idleTimeoutMs: 1_000, totalTimeoutMs: 11_000 });
  const [first, second] = sent.map(({ headers }) => headers["x-acs-signature-nonce"]);
  expect(first).not.toBe(second);
});

it("a refusal keeps the service's code, words, status and request id", async () => {
  const text = JSON.stringify({ Code: "InvalidDBName", Message: "No.", RequestId: "R-1" });
  expect(await errorOf(answering({ status: 403, text }))).toMatchObject({
    code: "API_DB_NAME",
    service: { code: "InvalidDBName", message: "No.", status: 403, requestId: "R-1" },
  });
});

it("a refusal in XML is read too", async () => {
  const text =
    "<?xml version='1.0'?><Error><RequestId>R-2</RequestId><Code>Forbidden.RAM</Code><Message>No.</Message></Error>";
  const headers = { "content-type": "text/xml;charset=utf-8" };
  expect(await errorOf(answering({ status: 403, headers, text }))).toMatchObject({
    code: "NOT_AUTHORIZED",
    service: { code: "Forbidden.RAM", requestId: "R-2" },
  });
});

it("a refusal without a code is named by its status", async () => {
  expect(await errorOf(answering({ status: 404, text: "{}" }))).toMatchObject({
    code: "API_REFUSED",
    service: { code: "HTTP 404", requestId: undefined },
  });
});

it.each<[string, Transport, string]>([
  ["a page instead of JSON", answering({ text: "<html>" }), "ANSWER_UNREADABLE"],
  ["a page with an error status", answering({ status: 502, text: "<html>" }), "ANSWER_UNREADABLE"],
  ["an empty body", answering({ status: 204 }), "ANSWER_UNREADABLE"],
  ["a redirect", answering({ status: 302 }), "ANSWER_UNREADABLE"],
  ["a refusal that is JSON null", answering({ status: 403, text: "null" }), "ANSWER_UNREADABLE"],
  ["a reply without end", failing(new NetworkFault(REPLY_TOO_LONG, "too long")), "ANSWER_TOO_LARGE"],
  ["a time-out", failing(new TimeoutFault("no connection within 10000 ms")), "NO_ANSWER"],
  ["the system's connect time-out", failing(new NetworkFault("ETIMEDOUT", "connect ETIMEDOUT")), "NETWORK_FAILED"],
  ["a dropped connection", failing(new NetworkFault("ECONNRESET", "socket hang up")), "NETWORK_FAILED"],
  ["a foreign certificate", failing(new NetworkFault("SELF_SIGNED_CERT_IN_CHAIN", "self-signed")), "TLS_FAILED"],
])("%s has its own error", async (_, transport, code) => {
  expect(await errorOf(transport)).toMatchObject({ code });
});
