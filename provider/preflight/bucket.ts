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

/** The region in use against the regions of the instance and the bucket, as far as they could be read. */
export function checkRegion(
  region: string | undefined,
  instance: InstanceFacts | undefined,
  bucket: BucketFacts | undefined,
): Finding[] {
  const read = [
    ...(instance === undefined || instance.region === "" ? [] : [[instance.instanceId, instance.region]]),
    ...(bucket === undefined ? [] : [[bucket.name, bucket.region]]),
  ];
  const regions = new Set(read.map(([, found]) => found));
  // Of a bucket and an instance in different regions, INSTANCE_REGION_DIFFERS says more.
  if (region === undefined || regions.size !== 1 || regions.has(region)) return [];
  const found = read.map(([name, where]) => `${name} in ${where}`).join(" and ");
  return [errorOf("REGION_DIFFERS", { region, found })];
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
