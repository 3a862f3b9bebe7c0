import { sep } from "node:path";

/** A text that is given as a path and is something else, or a path of another system. */
export interface ForeignPlace {
  /** The rest of a sentence that begins with the text: `is …`. */
  what: string;
  remedy: string;
}

const COPY = "Copy the file to this machine or to OSS, and give its path or oss://bucket/key.";

/** Addresses of other stores, by their scheme. */
const STORES: Readonly<Record<string, string>> = {
  s3: "an address of Amazon S3",
  s3a: "an address of Amazon S3",
  gs: "an address of Google Cloud Storage",
  abfs: "an address of Azure Storage",
  abfss: "an address of Azure Storage",
  wasb: "an address of Azure Storage",
  wasbs: "an address of Azure Storage",
  cos: "an address of Tencent COS",
  cosn: "an address of Tencent COS",
  obs: "an address of Huawei OBS",
};

/**
 * What a text is that cannot be the path of a local file as it stands; undefined for a path. Used where no such file exists: a file of
 * an odd name is still a file.
 */
export function foreignPlaceOf(text: string): ForeignPlace | undefined {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text) ?? [];
  if (scheme !== undefined && !/^(oss|file)$/i.test(scheme)) return placeOfUrl(text, scheme.toLowerCase());
  if (scheme === undefined && /^oss:/i.test(text))
    return { what: "not a complete OSS address", remedy: "Write oss://bucket/key." };
  if (/^~/.test(text))
    return {
      what: "a path with ~, which only a shell expands",
      remedy: "Write the path of the home folder instead of ~.",
    };
  if (/^(\$\{?\w|%\w+%)/.test(text))
    return {
      what: "a path with a variable, which only a shell expands",
      remedy: "Write the variable's value instead.",
    };
  return sep === "\\" ? undefined : windowsPlaceOf(text);
}

/** Whether a text begins as an absolute path of Windows does: with a drive or a network share. */
export const isWindowsPath = (text: string): boolean => /^([A-Za-z]:[\\/]|\\\\[^\\])/.test(text);

function windowsPlaceOf(text: string): ForeignPlace | undefined {
  if (isWindowsPath(text)) {
    const what = text.startsWith("\\\\") ? "a Windows network path" : "a Windows path";
    return {
      what: `${what}, and this machine does not run Windows`,
      remedy: `Give the path of the file on this machine, for example under a mounted share. ${COPY}`,
    };
  }
  if (!text.includes("\\") || text.includes("/")) return undefined;
  return { what: "a path with backslashes", remedy: `Write it with forward slashes: ${text.replaceAll("\\", "/")}.` };
}

function placeOfUrl(text: string, scheme: string): ForeignPlace {
  if (scheme === "http" || scheme === "https") {
    const oss = ossUrlOf(text);
    return oss === undefined
      ? {
          what: "a web address, not a path",
          remedy: "Download the file and give its path, or upload it to OSS and give oss://bucket/key.",
        }
      : { what: "a web address of OSS", remedy: `Give ${oss}.` };
  }
  return { what: STORES[scheme] ?? `an address (${scheme}://), not a path`, remedy: COPY };
}

/** `oss://bucket/key` for an object's web address; undefined for any other. */
function ossUrlOf(text: string): string | undefined {
  const [, bucket, path] =
    /^https?:\/\/([a-z0-9-]+)\.oss-[a-z0-9.-]+\.aliyuncs\.com(?::\d+)?\/([^?#]*)/i.exec(text) ?? [];
  if (bucket === undefined || path === undefined) return undefined;
  try {
    return `oss://${bucket}/${decodeURIComponent(path)}`;
  } catch {
    return undefined;
  }
}
