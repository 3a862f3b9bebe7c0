import type OSS from "ali-oss";
import type { PropertyMap } from "../stand-in/property-value";
import { readLifecycle, writeLifecycle } from "./bucket-lifecycle";
import { type CloudKind, codeOf, known, textOf } from "./cloud-kind";

const PAGE = 1000;

/** `alicloud.oss.Bucket`: a private bucket with one storage class and lifecycle rules in days. */
export const bucketKind: CloudKind = {
  type: "alicloud:oss/bucket:Bucket",
  inputs: ["bucket", "storageClass", "redundancyType", "forceDestroy", "lifecycleRules"],
  replaces: ["bucket", "storageClass", "redundancyType"],
  autoName: "bucket",

  async create(cloud, inputs) {
    const name = textOf(inputs, "bucket") ?? "";
    const options = known({
      storageClass: textOf(inputs, "storageClass") ?? "Standard",
      dataRedundancyType: textOf(inputs, "redundancyType") ?? "LRS",
    });
    // The SDK's type requires options that the service does not require.
    const client = await cloud.oss();
    await client.putBucket(name, options as unknown as OSS.PutBucketOptions);
    if (inputs.lifecycleRules !== undefined) await writeLifecycle(client, name, inputs.lifecycleRules);
    return name;
  },

  async read(cloud, id) {
    try {
      const client = await cloud.oss();
      const { bucket } = await client.getBucketInfo(id);
      return { ...bucketOutputs(id, bucket), ...known({ lifecycleRules: await readLifecycle(client, id) }) };
    } catch (error) {
      if (codeOf(error) === "NoSuchBucket") return undefined;
      throw error;
    }
  },

  // `forceDestroy` exists only in the program, not at the service.
  async update(cloud, id, inputs, changed) {
    if (changed.has("lifecycleRules")) await writeLifecycle(await cloud.oss(), id, inputs.lifecycleRules);
  },

  async delete(cloud, id, inputs) {
    const client = await cloud.oss();
    try {
      if (inputs.forceDestroy === true) await empty(client, id);
      await client.deleteBucket(id);
    } catch (error) {
      if (codeOf(error) !== "NoSuchBucket") throw error;
    }
  },
};

function bucketOutputs(name: string, info: Record<string, unknown>): PropertyMap {
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  const member = (value: unknown, key: string): unknown =>
    typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return known({
    bucket: name,
    acl: text(member(info.AccessControlList, "Grant")) ?? "private",
    storageClass: text(info.StorageClass),
    redundancyType: text(info.DataRedundancyType),
    location: text(info.Location),
    creationDate: text(info.CreationDate),
    extranetEndpoint: text(info.ExtranetEndpoint),
    intranetEndpoint: text(info.IntranetEndpoint),
    owner: text(member(info.Owner, "ID")),
    resourceGroupId: text(info.ResourceGroupId),
  });
}

/**
 * Deletes all objects. Like the provider it keeps unfinished uploads, with which OSS refuses to delete the bucket
 * (terraform-provider-alicloud 1.289.0, resourceAlicloudOssBucketDelete; the provider repeats the call for five minutes).
 */
async function empty(client: OSS, name: string): Promise<void> {
  client.useBucket(name);
  for (;;) {
    const { objects = [] } = await client.listV2({ "max-keys": String(PAGE) }, {});
    if (objects.length === 0) break;
    await client.deleteMulti(
      objects.map((object) => object.name),
      { quiet: true },
    );
  }
}
