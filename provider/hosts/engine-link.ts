import type { LogEntry } from "../model/log";
import { connectEngine, consoleEngine, type Engine } from "./engine";

/** The engine of a plugin, which may get its address after it was started: from a handshake, or when an engine attaches to it. */
export class EngineLink implements Engine {
  private engine: Engine = consoleEngine;
  private connected: string | undefined;

  constructor(address: string | undefined) {
    if (address !== undefined) this.connect(address);
  }

  /** Address of the engine; undefined while no engine is known. */
  get address(): string | undefined {
    return this.connected;
  }

  connect(address: string): void {
    if (address === "" || address === this.connected) return;
    this.connected = address;
    this.engine = connectEngine(address);
  }

  write(entry: LogEntry): void {
    this.engine.write(entry);
  }

  flush(): Promise<void> {
    return this.engine.flush();
  }

  answers(): Promise<boolean> {
    return this.engine.answers();
  }
}
