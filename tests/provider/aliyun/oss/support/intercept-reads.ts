// The module itself: `import * as` makes a copy, on which a spy sees nothing.
import fs from "node:fs";

type ReadCallback = (error: NodeJS.ErrnoException | null, bytesRead: number, buffer: Uint8Array) => void;

/** Asks `before` ahead of every read of one file, with the read's position; what it throws is the read's failure. */
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
  // The overloads of fs.read are more than this one, the only one that is used on such a file.
  jest.spyOn(fs, "read").mockImplementation(read as unknown as typeof fs.read);
}
