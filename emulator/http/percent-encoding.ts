/** RFC 3986 encoding of everything but unreserved characters, as all of Alibaba Cloud's signatures use it. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Like `percentEncode`, but keeps `/`: for the path of an OSS V4 signature. */
export function percentEncodePath(path: string): string {
  return percentEncode(path).replaceAll("%2F", "/");
}

/** Undefined where the text is not percent-encoded UTF-8. */
export function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
