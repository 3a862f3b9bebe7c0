import type { RangeSource } from "../../backup/range-source";
import { counted } from "../../errors/message-text";
import { migrationError } from "../../errors/migration-error";
import { objectUrl } from "../../model/location";
import type { ObjectFacts } from "../object-store";
import type { OssCalls } from "./oss-calls";
import { OssFault } from "./oss-fault";

/** Reads ranges of an object, pinned to the ETag in `facts`. */
export class ObjectRangeSource implements RangeSource {
  readonly name: string;
  readonly sizeBytes: number;

  constructor(
    private readonly calls: OssCalls,
    private readonly facts: ObjectFacts,
  ) {
    this.name = objectUrl(facts.bucket, facts.key);
    this.sizeBytes = facts.sizeBytes;
  }

  /** @throws `OBJECT_CHANGED` when the object was replaced or deleted, or the range lies outside of it */
  async read(start: number, end: number): Promise<Uint8Array> {
    const { bucket, key, etag } = this.facts;
    if (end <= start) return new Uint8Array(0);
    if (start < 0 || end > this.sizeBytes) {
      throw this.changed(`bytes ${start} to ${end} were requested, it has ${this.sizeBytes}`);
    }
    const headers = {
      Range: `bytes=${start}-${end - 1}`,
      // Without it a range beyond the end returns the whole object. Documented: OSS GetObject, x-oss-range-behavior.
      "x-oss-range-behavior": "standard",
      ...(etag === undefined ? {} : { "If-Match": etag }),
    };
    try {
      const { reply } = await this.calls.call(
        { operation: "GetObject", bucket, key, maxReplyBytes: end - start + 65_536 },
        (client) => client.get(key, { headers }),
        ["PreconditionFailed", "NoSuchKey", "InvalidRange"],
      );
      if (reply.body.length !== end - start) {
        throw this.changed(`the service returned ${counted(reply.body.length, "byte")} for a range of ${end - start}`);
      }
      return reply.body;
    } catch (error) {
      if (error instanceof OssFault) throw this.changed(error.facts.message, error);
      throw error;
    }
  }

  private changed(change: string, cause?: unknown): Error {
    const { bucket, key } = this.facts;
    return migrationError("OBJECT_CHANGED", { bucket, key, change }, { cause });
  }
}
