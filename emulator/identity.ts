import { randomName } from "./access/access-keys";

/** The identity of an emulator, generated at the first start and kept in the state folder. */
export interface Identity {
  region: string;
  accountId: string;
  accessKeyId: string;
  accessKeySecret: string;
  instanceId: string;
  /** `""` when the emulator started without a bucket. */
  bucket: string;
}

/** What the caller fixes of an identity; the rest is generated. */
interface IdentityOptions {
  region?: string;
  bucket?: false | { name?: string };
  rds?: { instances?: readonly { id?: string }[] };
}

/** The default instance of the RDS service. */
const DEFAULT_INSTANCE_ID = "rm-emulator0001";
const DIGITS = "0123456789";
const BUCKET_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

export function createIdentity({ region, bucket, rds }: IdentityOptions): Identity {
  const bucketName = bucket === false ? "" : (bucket?.name ?? `migration-${randomName(8, BUCKET_CHARACTERS)}`);
  return {
    region: region ?? "cn-hangzhou",
    accountId: `1${randomName(15, DIGITS)}`,
    accessKeyId: `EmulatedKey${randomName(12)}`,
    accessKeySecret: randomName(30),
    instanceId: rds?.instances?.[0]?.id ?? DEFAULT_INSTANCE_ID,
    bucket: bucketName,
  };
}
