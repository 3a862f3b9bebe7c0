import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BlockChecksums } from "./block-checksums";

/**
 * A server that implements the part of OSS that a multipart upload needs. It discards the data and replies with precomputed
 * checksums of the file, so that its cost is the same for every program and lower than that of any program.
 *
 * It runs as a separate process: it receives the checksums as its first message and replies with its port.
 */
export interface SinkPlan {
  sizeBytes: number;
  /** The checksum of each block as a decimal string. */
  blocks: string[];
}

process.once("message", ({ sizeBytes, blocks }: SinkPlan) => {
  const checksums = new BlockChecksums(
    sizeBytes,
    blocks.map((text) => BigInt(text)),
  );
  const received = new Map<string, number>();
  const server = createServer((request, response) => serve(request, response, checksums, received));
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
});
process.once("disconnect", () => process.exit());

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  checksums: BlockChecksums,
  received: Map<string, number>,
): void {
  const url = new URL(request.url ?? "/", "http://sink");
  const key = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  const { searchParams } = url;
  let bytes = 0;
  request.on("data", (piece: Buffer) => {
    bytes += piece.length;
  });
  request.on("end", () => {
    const uploadId = searchParams.get("uploadId");
    const partNumber = Number(searchParams.get("partNumber"));
    const answer = (status: number, headers: Record<string, string>, body = ""): void => {
      response.writeHead(status, { "x-oss-request-id": "5F8A1B2C3D4E5F6071829304", ...headers });
      response.end(body);
    };
    const whole = () => checksums.ofRange(0, checksums.sizeBytes);
    switch (request.method) {
      case "PUT": {
        const start = (partNumber - 1) * partSizeOf(key);
        if (start + bytes > checksums.sizeBytes) return answer(400, {}, errorXml("InvalidArgument"));
        received.set(key, (received.get(key) ?? 0) + bytes);
        const crc64 = checksums.ofRange(start, start + bytes);
        return answer(200, {
          ETag: `"${partNumber.toString(16).padStart(32, "0").toUpperCase()}"`,
          "x-oss-hash-crc64ecma": crc64,
        });
      }
      case "POST":
        if (uploadId === null) {
          received.set(key, 0);
          return answer(
            200,
            {},
            xml(
              "InitiateMultipartUploadResult",
              `<Bucket>sink</Bucket><Key>${key}</Key><UploadId>0123456789ABCDEF</UploadId>`,
            ),
          );
        }
        // A part that is sent twice or not at all invalidates the measurement.
        if (received.get(key) !== checksums.sizeBytes) return answer(400, {}, errorXml("InvalidPart"));
        return answer(
          200,
          { ETag: '"0123456789ABCDEF-1"', "x-oss-hash-crc64ecma": whole() },
          xml(
            "CompleteMultipartUploadResult",
            `<Bucket>sink</Bucket><Key>${key}</Key><ETag>"0123456789ABCDEF-1"</ETag>`,
          ),
        );
      case "HEAD":
        if (received.get(key) !== checksums.sizeBytes) return answer(404, {});
        return answer(200, {
          "Content-Length": String(checksums.sizeBytes),
          ETag: '"0123456789ABCDEF-1"',
          "Last-Modified": new Date().toUTCString(),
          "x-oss-hash-crc64ecma": whole(),
          "x-oss-storage-class": "Standard",
        });
      case "GET":
        return answer(
          200,
          {},
          xml("ListMultipartUploadsResult", "<Bucket>sink</Bucket><IsTruncated>false</IsTruncated>"),
        );
      default:
        received.delete(key);
        return answer(204, {});
    }
  });
}

const partSizeOf = (key: string): number => Number(/-(\d+)\.bak$/.exec(key)?.[1]);
const xml = (root: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${content}</${root}>`;
const errorXml = (code: string): string => xml("Error", `<Code>${code}</Code><Message>${code}</Message>`);
