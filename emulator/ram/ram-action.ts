import type { RpcCall, World } from "../world";
import type { RamState } from "./ram-state";

export interface RamContext {
  state: RamState;
  world: World;
}

export type RamReply = Record<string, unknown>;
export type RamAction = (call: RpcCall, context: RamContext) => RamReply;
