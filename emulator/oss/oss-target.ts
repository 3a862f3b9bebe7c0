import { percentDecode } from "../http/percent-encoding";
import { OssFault } from "./oss-fault";

/** The bucket and object of a request. */
export interface OssTarget {
  /** Undefined for ListBuckets. */
  bucket?: string;
  /** Undefined for operations on a bucket. */
  key?: string;
}

/** The parts of a `Host` header. */
export interface OssHost {
  bucket?: string;
  /** The region of `…oss-<region>[-internal].aliyuncs.com`, without `oss-`. */
  region?: string;
}

/**
 * Parses `<bucket>.<endpoint>.aliyuncs.com` (ali-oss sends it even to an IP address) and `<bucket>.localhost`.
 * For ListBuckets, ali-oss sends `.oss-cn-hangzhou.aliyuncs.com`.
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
 * Returns the possible targets of a request's address, most likely first. The signature decides which one is meant. The
 * address is ambiguous when ali-oss puts the bucket in both the Host and the path (`sldEnable` with an IP address), or
 * in neither (`signatureUrlV4` with an IP address). In the second case every known bucket is a candidate.
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
 * Checks the object naming conventions: 1 to 1,023 bytes of UTF-8, not starting with `/` or `\`. Stricter than the
 * service: path segments `.` and `..` are refused, because Python's SDK and ali-oss rewrite such paths after signing
 * them.
 * @see https://help.aliyun.com/en/oss/user-guide/object-naming-conventions
 */
export function checkObjectKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  const dotSegment = key.split("/").some((segment) => segment === "." || segment === "..");
  if (bytes < 1 || bytes > MAX_KEY_BYTES || /^[/\\]/.test(key) || dotSegment) {
    throw new OssFault("InvalidObjectName", { extra: { ObjectName: key } });
  }
}
