import { sep } from "node:path";

/** A text that is given as a path and is something else, or a path of another system. */
export interface ForeignPlace {
  /** The rest of a sentence that begins with the text: `is …`. At most 30 characters, so that a message's first line holds it. */
  what: string;
  remedy: string;
}

const COPY = "Copy the file to this machine or to OSS, and give its path or oss://bucket/key.";

/** Addresses of other stores, by their scheme. */
const STORES: Readonly<Record<string, string>> = {
  s3: "an Amazon S3 address",
  s3a: "an Amazon S3 address",
  gs: "a Google Cloud Storage address",
  abfs: "an Azure Storage address",
  abfss: "an Azure Storage address",
  wasb: "an Azure Storage address",
  wasbs: "an Azure Storage address",
  cos: "a Tencent COS address",
  cosn: "a Tencent COS address",
  obs: "a Huawei OBS address",
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
      what: "a path with ~",
      remedy: "Only a shell expands ~: write the path of the home folder.",
    };
  if (/^(\$\{?\w|%\w+%)/.test(text))
    return {
      what: "a path with a variable",
      remedy: "Only a shell expands it: write the variable's value.",
    };
  return sep === "\\" ? undefined : windowsPlaceOf(text);
}

/** Whether a text begins as an absolute path of Windows does: with a drive or a network share. */
export const isWindowsPath = (text: string): boolean => /^([A-Za-z]:[\\/]|\\\\[^\\])/.test(text);

function windowsPlaceOf(text: string): ForeignPlace | undefined {
  if (isWindowsPath(text)) {
    const remedy = `This machine does not run Windows: give the path of the file here, for example under a mounted share. ${COPY}`;
    return { what: text.startsWith("\\\\") ? "a Windows network path" : "a Windows path", remedy };
  }
  if (!text.includes("\\") || text.includes("/")) return undefined;
  return { what: "a path with backslashes", remedy: `Write it with forward slashes: ${text.replaceAll("\\", "/")}.` };
}

function placeOfUrl(text: string, scheme: string): ForeignPlace {
  if (scheme === "http" || scheme === "https") {
    const oss = ossUrlOf(text);
    return oss === undefined
      ? {
          what: "a web address",
          remedy: "Download the file and give its path, or upload it to OSS and give oss://bucket/key.",
        }
      : { what: "a web address of OSS", remedy: `Give ${oss}.` };
  }
  return { what: STORES[scheme] ?? `an address (${scheme}://)`, remedy: COPY };
}

/** `oss://bucket/key` for an object's web address; undefined for any other. */
function ossUrlOf(text: string): string | undefined {
  const [, bucket, path] =
    /^https?:\/\/([a-z0-9-]+)\.oss(?:-[a-z0-9.-]+)?\.aliyuncs\.com(?::\d+)?\/([^?#]*)/i.exec(text) ?? [];
  if (bucket === undefined || path === undefined) return undefined;
  try {
    return `oss://${bucket}/${decodeURIComponent(path)}`;
  } catch {
    return undefined;
  }
}
