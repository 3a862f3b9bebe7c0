import type { BodySink, BodyWriter } from "../transport/transport";
import type { Chunk, ChunkPool } from "./chunk-pool";
import type { LocalFile } from "./local-file";
import type { TransferPace } from "./transfer-pace";

export interface PartBodySettings {
  file: LocalFile;
  start: number;
  end: number;
  chunks: ChunkPool;
  pace?: TransferPace;
  /** Called at the beginning of each attempt, which sends all bytes again. */
  onBegin?: () => void;
  /** Called with the bytes written to the connection, whether or not they arrive. */
  onSent: (bytes: number) => void;
}

/**
 * The bytes `[start, end)` of a file as a request's body. Each byte is read once into borrowed memory, then hashed and
 * sent from there: the checksum covers exactly the bytes sent, even if the file changes meanwhile.
 */
export class PartBody implements BodyWriter {
  private crc: bigint | undefined;

  constructor(private readonly settings: PartBodySettings) {}

  /** The checksum of the sent bytes; undefined until all were sent. */
  get crc64(): bigint | undefined {
    return this.crc;
  }

  async writeTo(request: BodySink, stopped: AbortSignal): Promise<void> {
    const { file, start, end, chunks, pace, onSent } = this.settings;
    const borrowed = new Set<Chunk>();
    const release = (chunk: Chunk): void => {
      if (borrowed.delete(chunk)) chunk.release();
    };
    const closed = new Promise<void>((resolve) => request.once("close", resolve));
    const room = new RoomWatch(request, stopped);
    this.crc = undefined;
    this.settings.onBegin?.();
    let crc = 0n;
    try {
      for (let at = start; at < end; ) {
        const chunk = chunks.acquireNow() ?? (await chunks.acquire(stopped));
        borrowed.add(chunk);
        const bytes = chunk.first(Math.min(chunk.bytes.length, end - at, pace?.pieceBytes ?? Infinity));
        await file.read(bytes, at);
        crc = chunk.crc64(bytes.length, crc);
        if (pace !== undefined) await pace.take(bytes.length, stopped);
        if (stopped.aborted || request.destroyed) return;
        at += bytes.length;
        onSent(bytes.length);
        const hasRoom = request.write(bytes, () => release(chunk));
        if (!hasRoom && at < end) await room.wait();
      }
      this.crc = crc;
    } catch (error) {
      if (!stopped.aborted) throw error;
    } finally {
      room.end();
      // A destroyed request drops the callbacks of unsent data. Until it is closed, the system may still read the
      // memory.
      const released = closed.then(() => borrowed.forEach(release));
      if (request.socket === null) borrowed.forEach(release);
      else if (stopped.aborted || request.destroyed) await released;
    }
  }
}

/**
 * Waits until a request accepts more data or is closed. Registers its listeners once, because a part has thousands of
 * waits.
 */
class RoomWatch {
  private resume: (() => void) | undefined;
  private readonly onChange = (): void => this.resume?.();

  constructor(
    private readonly request: BodySink,
    private readonly stopped: AbortSignal,
  ) {
    request.on("drain", this.onChange);
    request.once("close", this.onChange);
    stopped.addEventListener("abort", this.onChange);
  }

  wait(): Promise<void> {
    if (this.stopped.aborted || this.request.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.resume = resolve;
    });
  }

  end(): void {
    this.request.off("drain", this.onChange);
    this.request.off("close", this.onChange);
    this.stopped.removeEventListener("abort", this.onChange);
  }
}
