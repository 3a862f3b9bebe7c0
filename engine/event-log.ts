import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import type { EngineEvent } from "./events";

const POLL_MS = 50;
const CHUNK_BYTES = 64 * 1024;

/** Follows a file to which an engine appends its events, one JSON object a line. The last line may be incomplete. */
export class EventLog {
  #offset = 0;
  #rest = Buffer.alloc(0);
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly path: string,
    private readonly onEvent: (event: EngineEvent) => void,
  ) {
    this.#timer = setInterval(() => this.#readOn(), POLL_MS);
  }

  /** Reads the remaining events. */
  close(): void {
    clearInterval(this.#timer);
    this.#readOn();
  }

  #readOn(): void {
    if (!existsSync(this.path)) return;
    const file = openSync(this.path, "r");
    try {
      // An update truncates the file after its preview.
      if (fstatSync(file).size < this.#offset) {
        this.#offset = 0;
        this.#rest = Buffer.alloc(0);
      }
      const chunk = Buffer.alloc(CHUNK_BYTES);
      for (let count = -1; count !== 0; ) {
        count = readSync(file, chunk, 0, CHUNK_BYTES, this.#offset);
        this.#offset += count;
        this.#rest = Buffer.concat([this.#rest, chunk.subarray(0, count)]);
        this.#takeLines();
      }
    } finally {
      closeSync(file);
    }
  }

  #takeLines(): void {
    for (let end = this.#rest.indexOf("\n"); end >= 0; end = this.#rest.indexOf("\n")) {
      const line = this.#rest.subarray(0, end).toString("utf8");
      this.#rest = this.#rest.subarray(end + 1);
      if (line.trim() === "") continue;
      const event: EngineEvent = JSON.parse(line);
      this.onEvent(event);
    }
  }
}
