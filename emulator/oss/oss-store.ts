import * as path from "node:path";
import { JsonLinesLog } from "../json-lines-log";
import { BlobFolder } from "./blob-folder";
import { applyOssEvent, emptyOssState, eventsOf, type OssEvent, type OssState } from "./oss-state";

/**
 * Stores buckets, objects and unfinished uploads on disk: an event log and a folder of bytes. Bytes are complete before
 * the event that refers to them, and each event is appended before it is applied. After a `kill -9`, every object is
 * therefore complete or absent.
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

  /**
   * Persists and applies an event. It is synchronous, so that no other request runs between a rule's check and the
   * commit.
   */
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
