import * as fs from "node:fs";

/** An append-only file with one JSON document per line. Opening it drops a last line that a crash left incomplete. */
export class JsonLinesLog<T> {
  private constructor(
    private readonly file: string,
    private descriptor: number,
  ) {}

  /** Opens or creates the file; `replay` receives every complete line in order. */
  static open<T>(file: string, replay: (entry: T) => void): JsonLinesLog<T> {
    const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    for (const line of whole.split("\n")) if (line !== "") replay(JSON.parse(line) as T);
    if (whole.length < text.length) fs.truncateSync(file, Buffer.byteLength(whole));
    return new JsonLinesLog<T>(file, fs.openSync(file, "a"));
  }

  /** Appends an entry in one write, so that it survives the end of this process. */
  append(entry: T): void {
    fs.writeSync(this.descriptor, `${JSON.stringify(entry)}\n`);
  }

  /** Replaces the whole content by writing a new file and renaming it. */
  rewrite(entries: Iterable<T>): void {
    const lines: string[] = [];
    for (const entry of entries) lines.push(`${JSON.stringify(entry)}\n`);
    fs.writeFileSync(`${this.file}.new`, lines.join(""));
    fs.renameSync(`${this.file}.new`, this.file);
    fs.closeSync(this.descriptor);
    this.descriptor = fs.openSync(this.file, "a");
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}
