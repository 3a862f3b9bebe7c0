import type { IncomingMessage } from "node:http";

/**
 * Returns why a request is not valid HTTP although node:http parses it; undefined for a valid one. The server parses
 * leniently, because ali-oss sends Content-Length together with Transfer-Encoding and OSS accepts it. This check refuses
 * what lenient parsing admits besides.
 */
export function httpSyntaxError(message: IncomingMessage): string | undefined {
  const { httpVersion, headers, rawHeaders } = message;
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return `HTTP ${httpVersion} is not supported.`;
  if (httpVersion === "1.1" && headers.host === undefined) return "The Host header is missing.";
  const encoding = headers["transfer-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "chunked") return "Transfer-Encoding must be chunked.";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  const broken = rawHeaders.findIndex((text, index) => index % 2 === 1 && /[\x00-\x08\x0a-\x1f\x7f]/.test(text));
  return broken < 0 ? undefined : `The header ${rawHeaders[broken - 1]} contains control characters.`;
}
