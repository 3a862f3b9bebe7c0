import { BUCKET_CONFIGURATIONS, type BucketConfiguration, checkConfiguration } from "../bucket-configuration";
import { OssFault } from "../oss-fault";
import { bucketOf, type OssOperation, readXmlBody, textParameter } from "../oss-operation";

/** GetBucket…, PutBucket… and DeleteBucket… for each bucket configuration. */
export const configurationOperations: readonly OssOperation[] = BUCKET_CONFIGURATIONS.flatMap((configuration) => [
  get(configuration),
  ...(configuration.rule === undefined ? [] : [put(configuration)]),
  ...(configuration.deletable ? [remove(configuration)] : []),
]);

function get({ subresource, noun, root, absent }: BucketConfiguration): OssOperation {
  return {
    name: `GetBucket${noun}`,
    level: "bucket",
    method: "GET",
    requires: [subresource],
    answer: (call) => {
      const stored = bucketOf(call).configurations[subresource];
      const contentType = root === undefined ? "application/octet-stream" : "application/xml";
      if (stored !== undefined) return { status: 200, headers: { "Content-Type": contentType }, body: stored };
      if ("fault" in absent) throw new OssFault(absent.fault, { extra: { BucketName: call.target.bucket ?? "" } });
      return { status: 200, headers: { "Content-Type": contentType }, body: absent.document };
    },
  };
}

function put(configuration: BucketConfiguration): OssOperation {
  const { subresource, noun } = configuration;
  return {
    name: `PutBucket${noun}`,
    level: "bucket",
    method: "PUT",
    requires: [subresource],
    answer: async (call) => {
      const { name } = bucketOf(call);
      const text = await readXmlBody(call);
      const bucket = bucketOf(call); // another request may have deleted the bucket meanwhile
      const content = checkConfiguration(configuration, text, { bucket, buckets: call.store.state.buckets });
      call.store.commit({ type: "bucketConfigured", name, configuration: subresource, content });
      return { status: 200, headers: {}, body: "" };
    },
  };
}

function remove({ subresource, noun, without }: BucketConfiguration): OssOperation {
  return {
    name: `DeleteBucket${noun}`,
    level: "bucket",
    method: "DELETE",
    requires: [subresource],
    answer: (call) => {
      const { name, configurations } = bucketOf(call);
      const named = textParameter(call, subresource);
      const stored = configurations[subresource];
      if (named !== undefined && without === undefined) {
        throw new OssFault("NotImplemented", { message: `The emulator deletes all of ${noun} or nothing.` });
      }
      const content =
        named === undefined || stored === undefined ? null : (without?.(stored, named.split(",")) ?? null);
      call.store.commit({ type: "bucketConfigured", name, configuration: subresource, content });
      return { status: 204, headers: {} };
    },
  };
}
