import { drawFleet } from "../../../testing/fleet-simulator/fleet";
import { migrateFleet } from "../../../testing/fleet-simulator/migrate-fleet";

/** bench/README.md has the figures of whole fleets. */
it("an up of five databases into the emulator shows an end near the true one after half of its time", async () => {
  const fleet = drawFleet("light", 1014);
  const { startMs, endMs, shown, online } = await migrateFleet({ ...fleet, databases: fleet.databases.slice(0, 5) });
  expect(online).toBe(5);
  const halfMs = (startMs + endMs) / 2;
  const last = shown.findLast(({ atMs }) => atMs <= halfMs);
  const error = ((last?.atMs ?? 0) + 1000 * (last?.range.likely ?? 0) - endMs) / (endMs - startMs);
  expect(Math.abs(error)).toBeLessThan(0.2);
});
