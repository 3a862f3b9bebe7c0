import { waitReason } from "../../../provider/decisions/wave";

const WAVE = { name: "2", opensAt: "2026-12-04T22:00+08:00", closesAt: "2026-12-07T06:00+08:00" };
const at = (time: string): number => Date.parse(time);

test.each([
  ["before its window", WAVE, true, "2026-12-04T13:59:59Z", "wave 2 begins at 2026-12-04T14:00:00Z"],
  ["in its window", WAVE, true, "2026-12-04T14:00:00Z", undefined],
  ["with an unknown gate", WAVE, undefined, "2026-12-06T21:59:59Z", undefined],
  [
    "after its window",
    WAVE,
    true,
    "2026-12-06T22:00:00Z",
    "the window of wave 2 closed at 2026-12-06T22:00:00Z; nothing of it begins any more",
  ],
  [
    "before its gate",
    WAVE,
    false,
    "2026-12-05T00:00:00Z",
    "wave 2 begins when every database of the wave before it is online",
  ],
  ["without a window", { name: "1" }, true, "2026-12-05T00:00:00Z", undefined],
  ["without a wave", undefined, undefined, "2026-12-05T00:00:00Z", undefined],
])("a database %s waits for its reason only", (_case, wave, gatePassed, now, reason) =>
  expect(waitReason({ wave, gatePassed }, at(now))).toBe(reason),
);
