/** Anything a backup can be read from: a local file, an object in a bucket, a buffer. */
export interface RangeSource {
  /** How messages call it: a path, or `oss://bucket/key`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** The bytes `[start, end)`. Throws when they cannot all be delivered; never returns fewer. */
  read(start: number, end: number): Promise<Uint8Array>;
}
