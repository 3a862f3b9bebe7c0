// The module object itself: `import * as` makes a copy, which a spy does not affect.
import fs from "node:fs";

type ReadCallback = (error: NodeJS.ErrnoException | null, bytesRead: number, buffer: Uint8Array) => void;

/** Calls `before` with the position of every read of one file; the read fails with what it throws. */
export function interceptReads(file: string, before: (position: number) => Promise<void>): void {
  const { ino } = fs.statSync(file);
  const real = fs.read;
  const read = (
    descriptor: number,
    into: Uint8Array,
    at: number,
    length: number,
    position: number,
    done: ReadCallback,
  ) => {
    const proceed = (): void => real(descriptor, into, at, length, position, done);
    if (fs.fstatSync(descriptor).ino !== ino) return proceed();
    before(position).then(proceed, (error: NodeJS.ErrnoException) => done(error, 0, into));
  };
  // fs.read has more overloads; only this one is used on such a file.
  jest.spyOn(fs, "read").mockImplementation(read as unknown as typeof fs.read);
}
