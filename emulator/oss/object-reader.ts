import type { AccessKeys } from "../access/access-keys";
import { authenticateOss, EXPIRED_URL_EC } from "../access/oss-authentication";
import { parseRequestTarget } from "../http/request-target";
import type { ObjectReader, StoredObject } from "../world";
import { bucketEncryption } from "./bucket-configuration";
import { OssFault } from "./oss-fault";
import type { ObjectRecord } from "./oss-state";
import type { OssStore } from "./oss-store";
import { readOssHost, readOssTargets } from "./oss-target";

/** Gives the RDS service direct access to stored objects, in place of the import role of the real service. */
export function createObjectReader(
  store: OssStore,
  keys: AccessKeys,
  site: { region: string; now: () => number },
): ObjectReader {
  const find = (bucket: string, key: string) => store.state.buckets.get(bucket)?.objects.get(key);
  return {
    bucket(name) {
      const bucket = store.state.buckets.get(name);
      if (bucket === undefined) return undefined;
      const { region, storageClass } = bucket;
      return { name, region, storageClass, serverSideEncryption: bucketEncryption(bucket)?.algorithm };
    },
    head(bucket, key) {
      const object = find(bucket, key);
      return object === undefined ? undefined : describeStored(bucket, object);
    },
    async read(bucket, key, start, end) {
      const object = find(bucket, key);
      if (object === undefined) throw new Error(`no object ${bucket}/${key}`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of store.blobs.read(object.segments, start, end)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    openSignedUrl(url) {
      const [, host, rest] = /^https?:\/\/([^/?]+)(.*)$/i.exec(url) ?? [];
      const target = rest === undefined ? undefined : parseRequestTarget(rest, { plusIsSpace: false });
      if (host === undefined || target === undefined) return { refused: "denied" };
      try {
        const ossHost = readOssHost(host);
        const outcome = authenticateOss(
          {
            method: "GET",
            query: target.query,
            headers: {},
            targets: readOssTargets(ossHost, target.rawPath, store.state.buckets.keys()),
            region: ossHost.region ?? site.region,
            nowMs: site.now(),
          },
          keys,
        );
        const { bucket, key } = outcome.target;
        if (bucket === undefined || key === undefined) return { refused: "denied" };
        const isPublic = (store.state.buckets.get(bucket)?.acl ?? "private") !== "private";
        if (outcome.accessKeyId === undefined && !isPublic) return { refused: "denied" };
        return find(bucket, key) === undefined ? { refused: "notFound" } : { bucket, key };
      } catch (error) {
        const expired = error instanceof OssFault && error.ec === EXPIRED_URL_EC;
        return { refused: expired ? "expired" : "denied" };
      }
    },
  };
}

export function describeStored(bucket: string, object: ObjectRecord): StoredObject {
  const { key, sizeBytes, crc64, lastModifiedMs, storageClass, serverSideEncryption } = object;
  return { bucket, key, sizeBytes, crc64, lastModifiedMs, storageClass, serverSideEncryption };
}
