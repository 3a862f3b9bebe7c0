import OSS from "ali-oss";
import type { Emulator } from "../../../emulator/emulator";

export interface ClientOptions {
  /** V4 by default; ali-oss's own default is V1. */
  v1?: boolean;
  keys?: { accessKeyId: string; accessKeySecret: string; securityToken?: string };
  bucket?: string;
  region?: string;
  /** `http://localhost:PORT` with the bucket in the path instead of an IP address with the bucket in the Host. */
  localhost?: boolean;
  /** The bucket in the Host and in the path too. */
  sldEnable?: boolean;
  /** As under a custom domain: the bucket is named nowhere but in the signature. */
  cname?: boolean;
}

/** ali-oss as strangers use it against the emulator. */
export function aliOssClient(emulator: Emulator, options: ClientOptions = {}): OSS {
  const keys = options.keys ?? emulator;
  const settings = {
    region: options.region ?? "oss-cn-hangzhou",
    endpoint: options.localhost ? `http://localhost:${emulator.port}` : emulator.endpoint,
    sldEnable: options.sldEnable ?? options.localhost,
    cname: options.cname,
    bucket: options.bucket ?? emulator.bucket,
    accessKeyId: keys.accessKeyId,
    accessKeySecret: keys.accessKeySecret,
    stsToken: "securityToken" in keys ? keys.securityToken : undefined,
    refreshSTSTokenInterval: 300_000, // silences its advice to refresh; nothing refreshes without a function for it
    authorizationV4: !options.v1,
  };
  return new OSS(settings); // its types do not know authorizationV4 and sldEnable, so the literal is not passed directly
}

/** The error that a call of ali-oss ends with. */
export async function ossErrorOf(call: Promise<unknown>): Promise<{ code?: string; status?: number; message: string }> {
  try {
    await call;
  } catch (error) {
    const { code, status, message } = error as { code?: string; status?: number; message: string };
    return { code, status, message };
  }
  throw new Error("the call succeeded");
}
