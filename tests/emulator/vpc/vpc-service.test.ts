import { createVpcService } from "../../../emulator/vpc/vpc-service";
import { MemoryWorld } from "../support/memory-world";
import { refusalOf } from "../support/rds-fixture";

test("describes any vSwitch, in zone h of its region", async () => {
  const world = new MemoryWorld();
  const reply = await world.send(createVpcService(world), "Vpc", "DescribeVSwitchAttributes", { VSwitchId: "vsw-1" });
  expect(reply).toMatchObject({
    VSwitchId: "vsw-1",
    VpcId: "vpc-of-vsw-1",
    ZoneId: "cn-hangzhou-h",
    Status: "Available",
  });
});

test("refuses unsupported actions and a call without a vSwitch", async () => {
  const world = new MemoryWorld();
  const send = (action: string) => refusalOf(world.send(createVpcService(world), "Vpc", action));
  expect((await send("CreateVpc")).code).toBe("InvalidAction.NotFound");
  expect((await send("DescribeVSwitchAttributes")).code).toBe("MissingVSwitchId");
});
