/** Encodes all characters except the unreserved ones of RFC 3986, as all Alibaba Cloud signatures require. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Like `percentEncode`, but keeps `/`: for the path of an OSS V4 signature. */
export function percentEncodePath(path: string): string {
  return percentEncode(path).replaceAll("%2F", "/");
}

/** Decodes percent-encoded UTF-8; undefined when the text is malformed. */
export function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
