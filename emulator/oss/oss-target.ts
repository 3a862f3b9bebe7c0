import { percentDecode } from "../http/percent-encoding";
import { OssFault } from "./oss-fault";

/** What a request is about. */
export interface OssTarget {
  /** Undefined for ListBuckets. */
  bucket?: string;
  /** Undefined for operations on a bucket. */
  key?: string;
}

/** What the `Host` header says. */
export interface OssHost {
  bucket?: string;
  /** Of `…oss-<region>[-internal].aliyuncs.com`, without `oss-`. */
  region?: string;
}

/**
 * Reads `<bucket>.<endpoint>.aliyuncs.com` (what ali-oss sends even to an IP address) and `<bucket>.localhost`.
 * ListBuckets of ali-oss comes as `.oss-cn-hangzhou.aliyuncs.com`.
 */
export function readOssHost(host: string): OssHost {
  const name = host
    .replace(/^https?:\/\//i, "")
    .replace(/[:/].*$/, "")
    .toLowerCase();
  const local = /^([a-z0-9-]+)\.localhost$/.exec(name);
  if (local !== null) return { bucket: local[1] };
  const vendor = /^(?:([^.]*)\.)?([a-z0-9-]+)\.aliyuncs\.com$/.exec(name);
  if (vendor === null) return {};
  const endpoint = (vendor[2] ?? "").replace(/^oss-/, "").replace(/-internal$/, "");
  return {
    bucket: vendor[1] || undefined,
    region: endpoint.startsWith("accelerate") ? undefined : endpoint,
  };
}

/**
 * The readings of one request's address, most likely first; the signature decides between them.
 * A second reading exists where ali-oss names the bucket in the Host and in the path too (`sldEnable` with an IP address), or
 * nowhere (`signatureUrlV4` with an IP address): then every known bucket is a candidate.
 */
export function readOssTargets(host: OssHost, rawPath: string, knownBuckets: Iterable<string>): OssTarget[] {
  const path = rawPath.replace(/^\//, "");
  if (host.bucket !== undefined) {
    const whole = { bucket: host.bucket, key: decodeKey(path) };
    const { bucket, key } = splitPath(path);
    return bucket === host.bucket ? [whole, { bucket, key }] : [whole];
  }
  const first = splitPath(path);
  if (path === "") return [first];
  return [first, ...Array.from(knownBuckets, (bucket) => ({ bucket, key: decodeKey(path) }))];
}

function splitPath(path: string): OssTarget {
  if (path === "") return {};
  const slash = path.indexOf("/");
  if (slash < 0) return { bucket: decodeName(path) };
  return { bucket: decodeName(path.slice(0, slash)), key: decodeKey(path.slice(slash + 1)) };
}

function decodeKey(text: string): string | undefined {
  return text === "" ? undefined : decodeName(text);
}

function decodeName(text: string): string {
  const name = percentDecode(text);
  if (name === undefined)
    throw new OssFault("InvalidObjectName", { message: "The name is not percent-encoded UTF-8." });
  return name;
}

/** @see https://help.aliyun.com/en/oss/user-guide/bucket-naming-conventions */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name);
}

const MAX_KEY_BYTES = 1023;

/**
 * Object naming conventions: 1 to 1,023 bytes of UTF-8, not beginning with `/` or `\`. Stricter than the service: `.` and
 * `..` between slashes are refused, because Python's SDK and ali-oss rewrite such paths after signing them.
 * @see https://help.aliyun.com/en/oss/user-guide/object-naming-conventions
 */
export function checkObjectKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  const dotSegment = key.split("/").some((segment) => segment === "." || segment === "..");
  if (bytes < 1 || bytes > MAX_KEY_BYTES || /^[/\\]/.test(key) || dotSegment) {
    throw new OssFault("InvalidObjectName", { extra: { ObjectName: key } });
  }
}
