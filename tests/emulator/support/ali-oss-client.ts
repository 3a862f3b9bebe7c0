import OSS from "ali-oss";
import type { Emulator } from "../../../emulator/emulator";

export interface ClientOptions {
  /** V4 by default; ali-oss's own default is V1. */
  v1?: boolean;
  keys?: { accessKeyId: string; accessKeySecret: string; securityToken?: string };
  bucket?: string;
  region?: string;
  /** Uses `http://localhost:PORT` with the bucket in the path, instead of an IP address with the bucket in the Host. */
  localhost?: boolean;
  /** Puts the bucket in both the Host and the path. */
  sldEnable?: boolean;
  /** Uses the address form of a custom domain: only the signature contains the bucket. */
  cname?: boolean;
}

/** Creates an ali-oss client for the emulator, with public options only. */
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
    refreshSTSTokenInterval: 300_000, // suppresses its warning; without a refresh function it has no effect
    authorizationV4: !options.v1,
  };
  return new OSS(settings); // its types lack authorizationV4 and sldEnable, so an object literal would not compile
}

/** Returns the error of a failed ali-oss call. */
export async function ossErrorOf(call: Promise<unknown>): Promise<{ code?: string; status?: number; message: string }> {
  try {
    await call;
  } catch (error) {
    const { code, status, message } = error as { code?: string; status?: number; message: string };
    return { code, status, message };
  }
  throw new Error("the call succeeded");
}
