import { forbiddenByRam, isForbidden, unsupportedAction } from "../rds/rpc-refusals";
import type { RpcCall, RpcService, World } from "../world";
import { RAM_ACTIONS } from "./ram-calls";
import { createRamControl, type RamControl } from "./ram-control";
import { ramDocument } from "./ram-state";

export interface RamService {
  call: RpcService;
  control: RamControl;
}

/** The parts of Resource Access Management (RAM) that the import role and the alicloud provider need. */
export function createRamService(world: World): RamService {
  const document = ramDocument(world);
  return {
    call: async (call: RpcCall) => {
      const action = RAM_ACTIONS[call.action];
      if (action === undefined) throw unsupportedAction(call);
      const forbidden = isForbidden(document.value.forbidden, call.action);
      const reply = forbidden ? undefined : action(call, { state: document.value, world });
      await document.save();
      if (reply === undefined) throw forbiddenByRam(call, world.account.accountId);
      return reply;
    },
    control: createRamControl(document, world),
  };
}
