import * as path from "node:path";
import { JsonLinesLog } from "../json-lines-log";
import { BlobFolder } from "./blob-folder";
import { applyOssEvent, emptyOssState, eventsOf, type OssEvent, type OssState } from "./oss-state";

/**
 * Buckets, objects and unfinished uploads on disk: a log of events beside a folder of bytes. An event is appended before it
 * is applied and bytes are complete before the event that names them, so after a `kill -9` an object is there whole or not.
 */
export class OssStore {
  readonly state: OssState = emptyOssState();
  readonly blobs: BlobFolder;
  private readonly log: JsonLinesLog<OssEvent>;

  constructor(folder: string, blobFolder: string) {
    this.blobs = new BlobFolder(blobFolder);
    this.log = JsonLinesLog.open<OssEvent>(path.join(folder, "events.jsonl"), (event) => {
      applyOssEvent(this.state, event);
    });
    this.log.rewrite(eventsOf(this.state));
    this.blobs.discardAllExcept(new Set(this.referencedBlobs()));
  }

  /** Makes the event permanent. Synchronous: between a rule's check and this nothing else can happen. */
  commit(event: OssEvent): void {
    this.log.append(event);
    this.blobs.discard(applyOssEvent(this.state, event));
  }

  close(): void {
    this.log.close();
  }

  private *referencedBlobs(): Generator<string> {
    for (const bucket of this.state.buckets.values())
      for (const object of bucket.objects.values()) for (const segment of object.segments) yield segment.blob;
    for (const upload of this.state.uploads.values()) for (const part of upload.parts.values()) yield part.blob;
  }
}
