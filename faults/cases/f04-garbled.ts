import type { FaultRuleInput } from "../../emulator/faults/fault-rule";
import type { FaultCase } from "../fault-case";

/** Every action that a migration calls. */
const ACTIONS = [
  ...(["GetBucketInfo", "HeadObject", "GetObject", "PutObject", "DeleteObject"] as const),
  ...([
    "ListMultipartUploads",
    "InitiateMultipartUpload",
    "UploadPart",
    "ListParts",
    "CompleteMultipartUpload",
  ] as const),
  ...(["DescribeDBInstanceAttribute", "DescribeDatabases", "DescribeAccounts", "DescribeMigrateTasks"] as const),
  ...(["DescribeOssDownloads", "CreateMigrateTask", "GetRole"] as const),
];

const REPLIES: [string, FaultRuleInput["effect"]][] = [
  ["is truncated after 10 bytes", { kind: "truncate", bytes: 10 }],
  ["has a wrong bit", { kind: "corrupt", atByte: 1 }],
  ["is shorter than its Content-Length", { kind: "headers", set: { "Content-Length": "100000" } }],
  ["is a proxy's page with 200", { kind: "html", status: 200 }],
  ["is a proxy's page with 200, the request succeeds", { kind: "html", status: 200, afterwards: true }],
  ["is a proxy's page with 502, the request succeeds", { kind: "html", status: 502, afterwards: true }],
];

/** F4: truncated, corrupted and foreign replies, once or for the whole run. */
export function garbledCases(): FaultCase[] {
  return ACTIONS.flatMap((action) =>
    REPLIES.flatMap(([what, effect]) => [1, undefined].map((times) => caseOf({ action, what, effect, times }))),
  );
}

function caseOf({
  action,
  what,
  effect,
  times,
}: {
  action: string;
  what: string;
  effect: FaultRuleInput["effect"];
  times: number | undefined;
}): FaultCase {
  return {
    family: "F4",
    name: `${action}: ${times === undefined ? "each reply" : "a reply"} ${what}`,
    async run(cloud) {
      const tuning = {
        ...{ rdsReadTimeoutMs: 300, rdsRetryDelayMs: 5 },
        ossRetryTimes: { initialDelayMs: 5, maxDelayMs: 20, budgetMs: 500, firstContactMs: 500 },
        ossTimeouts: { idleMs: 300, controlMs: 600 },
      };
      const fixture = await cloud.fixture({ tuning });
      const backup = await fixture.backup("erp.bak");
      fixture.emulator.faults.add({ match: { action }, times, effect });
      const args = { backup, timeout: "6s" };
      const { recorded } = await cloud.attempt(fixture, args);
      await cloud.requireConvergence(fixture, args, recorded, [backup], {
        resentBytes: 100_000_000, // a part is sent again after every invalid reply
        // Without valid replies to these actions, no run can remove its lock objects.
        mayKeepLocks: times === undefined && (action === "GetObject" || action === "DeleteObject"),
        // A HEAD reply has no body; its Content-Length contradicts the size of the file.
        mayUploadAgain: action === "HeadObject" && effect.kind === "headers",
      });
    },
  };
}
