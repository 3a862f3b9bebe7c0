import { createHash, createHmac, timingSafeEqual } from "node:crypto";

// The signed texts contain header values, in which each character is one byte as it was sent (node:http decodes them as
// Latin-1). Hashing them as UTF-8 would refuse every client that signs a value outside ASCII.

export const hmacSha1Base64 = (key: string, bytes: string): string =>
  createHmac("sha1", key).update(bytes, "latin1").digest("base64");

export const hmacSha256 = (key: string | Buffer, bytes: string): Buffer =>
  createHmac("sha256", key).update(bytes, "latin1").digest();

export const sha256Hex = (data: string | Uint8Array): string =>
  createHash("sha256")
    .update(typeof data === "string" ? Buffer.from(data, "latin1") : data)
    .digest("hex");

export function sameSignature(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
