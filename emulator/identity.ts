import { randomName } from "./access/access-keys";
import type { EmulatorOptions } from "./emulator";

/** What an emulator is from its first start on; invented once and kept with the state. */
export interface Identity {
  region: string;
  accountId: string;
  accessKeyId: string;
  accessKeySecret: string;
  instanceId: string;
  /** `""` when it was started without one. */
  bucket: string;
}

/** The instance that the RDS half makes when it is told of none. */
const FIRST_INSTANCE = "rm-emulator0001";
const DIGITS = "0123456789";
const BUCKET_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

export function createIdentity({ region, bucket, rds }: EmulatorOptions): Identity {
  const bucketName = bucket === false ? "" : (bucket?.name ?? `migration-${randomName(8, BUCKET_LETTERS)}`);
  return {
    region: region ?? "cn-hangzhou",
    accountId: `1${randomName(15, DIGITS)}`,
    accessKeyId: `EmulatedKey${randomName(12)}`,
    accessKeySecret: randomName(30),
    instanceId: rds?.instances?.[0]?.id ?? FIRST_INSTANCE,
    bucket: bucketName,
  };
}
