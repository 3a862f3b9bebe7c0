/**
 * Encodes text as UTF-8, one character per byte: the form of header values in node:http. A reply header or a signed
 * text that contains other characters needs it.
 */
export function headerBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Decodes a header value that was sent as UTF-8. */
export function headerText(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
