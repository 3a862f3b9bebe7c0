import type { Socket } from "node:net";

/**
 * Resets a connection, as a broken network does. A socket that is already shutting down, because its client has
 * disconnected, is closed instead: libuv refuses to reset it (EINVAL), and Node would then keep it open and never exit.
 */
export function resetConnection(socket: Socket): void {
  if (socket.writable) socket.resetAndDestroy();
  else socket.destroy();
}
