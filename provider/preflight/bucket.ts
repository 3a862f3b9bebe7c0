import type { BucketFacts, ObjectFacts } from "../aliyun/object-store";
import type { InstanceFacts } from "../aliyun/rds-api";
import { errorOf, type Finding } from "./finding";

/** Whether RDS can restore from the bucket: its region, storage class and encryption. */
export function checkBucket(facts: BucketFacts, instance: InstanceFacts | undefined): Finding[] {
  const { name: bucket, region, storageClass, serverSideEncryption } = facts;
  const findings: Finding[] = [];
  if (instance !== undefined && instance.region !== "" && region !== instance.region) {
    const { instanceId, region: instanceRegion } = instance;
    findings.push(
      errorOf("INSTANCE_REGION_DIFFERS", { instance: instanceId, instanceRegion, bucket, bucketRegion: region }),
    );
  }
  if (storageClass !== "Standard") findings.push(errorOf("BUCKET_NOT_STANDARD", { bucket, storageClass }));
  if (serverSideEncryption !== undefined)
    findings.push(errorOf("BUCKET_ENCRYPTED", { bucket, algorithm: serverSideEncryption }));
  return findings;
}

/**
 * Encryption of the object itself: an unencrypted bucket may contain encrypted objects. The storage class is checked
 * before the object is read.
 */
export function checkObject({ bucket, key, serverSideEncryption }: ObjectFacts): Finding[] {
  return serverSideEncryption === undefined
    ? []
    : [errorOf("OBJECT_ENCRYPTED", { bucket, key, algorithm: serverSideEncryption })];
}
