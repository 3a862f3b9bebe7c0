/** Source of a backup's bytes: a local file, an object in a bucket, or a buffer. */
export interface RangeSource {
  /** Name in messages: a path, or `oss://bucket/key`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** The bytes `[start, end)`. Throws when it cannot return all of them; never returns fewer. */
  read(start: number, end: number): Promise<Uint8Array>;
}
