import { Checklist } from "../../../provider/cli/doctor/checklist";
import { permissionLines } from "../../../provider/doctor/permissions";
import { line } from "../../../provider/doctor/report-line";
import { systemClock } from "../../../provider/session/clock";

test("a check that never ends fails after its limit, and what needs it is not tried", async () => {
  const list = new Checklist(systemClock, 20);
  const actions = ["rds:DescribeDatabases"];
  const slow = await list.run({ name: "instance", actions }, () => new Promise<{ lines: []; value: string }>(() => {}));
  await list.run({ name: "space", needs: { slow } }, async () => ({ lines: [line("space", "ok", "enough")] }));
  await list.attempt("rds:DescribeAccounts", () => new Promise(() => {}));
  expect(list.lines).toMatchObject([
    { check: "instance", status: "failed", text: 'NO_ANSWER: the check "instance" got no answer from the service.' },
    { check: "space", status: "notTried", text: "because instance failed" },
  ]);
  const lines = permissionLines(list.attempts);
  expect(lines.find(({ check }) => check === "rds:DescribeDatabases")).toMatchObject({
    ...{ status: "notTried", text: "because instance failed" },
  });
  expect(lines.find(({ check }) => check === "rds:DescribeAccounts")).toMatchObject({
    ...{ status: "notTried", text: "because the call failed: NO_ANSWER" },
  });
});

test("what a check throws is its line: an unknown error without its stack", async () => {
  const list = new Checklist(systemClock, 1_000);
  await list.run({ name: "pulumi" }, async () => {
    throw new Error("failed at https://host/?signature=abc");
  });
  expect(list.lines).toEqual([{ check: "pulumi", status: "failed", text: "failed at <url>", details: [] }]);
});
