import { requiredParam } from "../rds/rpc-params";
import { unsupportedAction } from "../rds/rpc-refusals";
import type { RpcService, World } from "../world";

/**
 * The VPC calls that the alicloud provider makes before it creates an instance. Every vSwitch id exists, in zone `h` of
 * the emulator's region.
 */
export function createVpcService(world: World): RpcService {
  return async (call) => {
    if (call.action !== "DescribeVSwitchAttributes") throw unsupportedAction(call);
    const vSwitchId = requiredParam(call, "VSwitchId");
    return {
      VSwitchId: vSwitchId,
      VpcId: `vpc-of-${vSwitchId}`,
      ZoneId: `${world.region}-h`,
      RegionId: world.region,
      Status: "Available",
      CidrBlock: "172.16.0.0/24",
      VSwitchName: vSwitchId,
      Description: "",
      IsDefault: false,
      AvailableIpAddressCount: 252,
      CloudResources: { CloudResourceSetType: [] },
    };
  };
}
