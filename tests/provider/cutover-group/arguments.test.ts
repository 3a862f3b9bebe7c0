import { checkGroup } from "../../../provider/cutover-group/check-group";
import { openGroup } from "../../../provider/cutover-group/open-group";
import { groupArguments } from "../../../provider/model/cutover-group";
import type { PlainObject } from "../../../provider/model/plain";
import { UNKNOWN_VALUE } from "../../../provider/model/unknown";
import { callOf, Fixture } from "../../../testing/fixture";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.open();
});
afterAll(() => fixture.close());

const MEMBER = {
  name: "erp",
  database: "erp",
  instanceId: "rm-1",
  status: "waitingForIncrements",
  readyForCutover: true,
};

const failuresOf = (news: PlainObject): string[] => {
  const { context, members } = callOf(fixture.process(), { members: [MEMBER], ...news });
  return checkGroup(context, {}, members).failures.map(({ reason }) => reason);
};

test.each([
  [{ timeout: "5 hourz" }, "timeout"],
  [{ timeout: 5 }, "timeout"],
  [{ pollInterval: "30 secnds" }, "pollInterval"],
  [{ checkDb: "asnyc" }, "checkDb"],
  [{ phase: "onlin" }, "phase"],
  [{ region: "CN_HANGZHOU" }, "region"],
  [{ assumeRoleArn: "role" }, "assumeRoleArn"],
  [{ pollIntervall: "30s" }, "pollIntervall"],
  [{ members: [] }, "members"],
  [{ members: undefined }, "members"],
  [{ members: [{ ...MEMBER, status: "onlin" }] }, "members.0.status"],
])("refuses %j at preview, and at up before anything is asked", async (news, property) => {
  const expected = new RegExp(`^INPUT_INVALID: \\[${property.replaceAll(".", "\\.")}`);
  expect(failuresOf(news)).toEqual([expect.stringMatching(expected)]);
  const mark = fixture.mark;
  const { context, members } = callOf(fixture.process(), { members: [MEMBER], ...news });
  await expect(openGroup(context, members, [])).rejects.toThrow(expected);
  expect(fixture.since(mark)).toEqual([]);
});

test("each fault of several is named", () => {
  expect(failuresOf({ timeout: "5 hourz", pollInterval: "?", more: 1 })).toHaveLength(3);
});

test("every argument of the schema has a value that it refuses", () => {
  const refused = Object.keys(groupArguments.shape).filter(
    (name) => failuresOf({ [name]: { odd: true } }).length === 1,
  );
  expect(refused).toEqual(Object.keys(groupArguments.shape));
});

test("what is not known at preview is not refused", () => {
  const unknown = Object.fromEntries(Object.keys(groupArguments.shape).map((name) => [name, UNKNOWN_VALUE]));
  expect(failuresOf({ ...unknown, members: [{ ...MEMBER, status: UNKNOWN_VALUE }] })).toEqual([]);
});
