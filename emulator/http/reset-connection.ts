import type { Socket } from "node:net";

/**
 * Ends a connection as a broken network does, with a reset. One that is being shut down, because its client has just gone,
 * is only closed: libuv refuses to reset it (EINVAL), and Node would leave it open for ever and never exit.
 */
export function resetConnection(socket: Socket): void {
  if (socket.writable) socket.resetAndDestroy();
  else socket.destroy();
}
