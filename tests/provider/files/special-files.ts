import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";

/** Paths that are no regular files. Opening some of them waits for ever, others never end. */
export interface SpecialFiles {
  /** By what a message calls it. */
  paths: Record<string, string>;
  close(): Promise<void>;
}

/** Makes a named pipe, a socket, and links to both and to a device in a folder. */
export async function makeSpecialFiles(folder: string, extension: string): Promise<SpecialFiles> {
  const pipe = join(folder, `pipe${extension}`);
  execFileSync("mkfifo", [pipe]);
  const socket = join(folder, `socket${extension}`);
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const link = (name: string, target: string): string => {
    const path = join(folder, `${name}${extension}`);
    symlinkSync(target, path);
    return path;
  };
  return {
    paths: {
      "a named pipe": pipe,
      "a socket": socket,
      "a link to a named pipe": link("linked-pipe", pipe),
      "a link to a socket": link("linked-socket", socket),
      "a link to a device": link("linked-zero", "/dev/zero"),
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
