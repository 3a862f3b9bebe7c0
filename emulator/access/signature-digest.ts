import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export const hmacSha1Base64 = (key: string, text: string): string =>
  createHmac("sha1", key).update(text, "utf8").digest("base64");

export const hmacSha256 = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text, "utf8").digest();

export const sha256Hex = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

export function sameSignature(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
