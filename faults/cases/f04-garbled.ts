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

const body = (text: string) => ({ kind: "body" as const, text });
const rds = (members: object) => body(JSON.stringify({ RequestId: "R-1", ...members }));
const xml = (root: string, inner = "") => body(`<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${inner}</${root}>`);
const MORE = "<IsTruncated>true</IsTruncated>";
const COUNTED = { TotalRecordCount: 5, PageNumber: 1, PageRecordCount: 5 };

/** Readable replies that are no complete list, and lists that do not end. Taken as "none", they would lead to a wrong call. */
const LISTS: [string, string, FaultRuleInput["effect"]][] = [
  ["DescribeDBInstanceAttribute", "has no members", body("{}")],
  ["DescribeDatabases", "has no members", body("{}")],
  ["DescribeDatabases", "has no list", rds({ Databases: {} })],
  ["DescribeMigrateTasks", "has no members", body("{}")],
  ["DescribeMigrateTasks", "has a count without its list", rds(COUNTED)],
  ["DescribeMigrateTasks", "has fewer rows than its count", rds({ ...COUNTED, Items: { MigrateTask: [] } })],
  ["ListMultipartUploads", "has no list", xml("Other")],
  ["ListMultipartUploads", "goes on nowhere", xml("ListMultipartUploadsResult", MORE)],
  [
    "ListMultipartUploads",
    "goes on at the same place",
    xml(
      "ListMultipartUploadsResult",
      `<NextKeyMarker>a</NextKeyMarker><NextUploadIdMarker>b</NextUploadIdMarker>${MORE}`,
    ),
  ],
  ["ListParts", "has no list", xml("Other")],
  ["ListParts", "goes on nowhere", xml("ListPartsResult", MORE)],
  [
    "ListParts",
    "goes on at the same place",
    xml("ListPartsResult", `<NextPartNumberMarker>1</NextPartNumberMarker>${MORE}`),
  ],
];

/** F4: truncated, corrupted, foreign and incomplete replies, once or for the whole run. */
export function garbledCases(): FaultCase[] {
  const once = [1, undefined];
  return [
    ...ACTIONS.flatMap((action) =>
      REPLIES.flatMap(([what, effect]) => once.map((times) => caseOf({ action, what, effect, times }))),
    ),
    ...LISTS.flatMap(([action, what, effect]) => once.map((times) => listCase({ action, what, effect, times }))),
  ];
}

interface GarbledReply {
  action: string;
  what: string;
  effect: FaultRuleInput["effect"];
  /** @default every reply */
  times: number | undefined;
}

const nameOf = ({ action, what, times }: GarbledReply) =>
  `${action}: ${times === undefined ? "each reply" : "a reply"} ${what}`;

/** The run starts after another one was cut off in its upload, so that unfinished uploads and parts are listed. */
function listCase(reply: GarbledReply): FaultCase {
  const { action, effect, times } = reply;
  return {
    family: "F4",
    name: nameOf(reply),
    async run(cloud) {
      const fixture = await cloud.fixture({ tuning: { rdsRetryDelayMs: 5 } });
      const backup = await fixture.backup("erp.bak", { dataBytes: 300_000 });
      const args = { backup, timeout: "6s", upload: { partSize: 102_400, parallel: 1 } };
      const refusal = { kind: "refuse" as const, status: 403, code: "AccessDenied" };
      const cut = fixture.emulator.faults.add({ match: { action: "UploadPart" }, nth: [3, 4, 5], effect: refusal });
      const { recorded: begun } = await cloud.attempt(fixture, args);
      fixture.emulator.faults.remove(cut);
      const { mark } = fixture;
      fixture.emulator.faults.add({ match: { action }, times, effect });
      const { recorded, error } = await cloud.attempt(fixture, args, begun);
      if (!fixture.since(mark).some((call) => call.endsWith(`:${action}`))) throw new Error(`${action} was not called`);
      const texts = [error, ...(recorded?.log ?? []).map(({ message }) => message)];
      if (times === undefined && !texts.some((text) => text?.includes(`to ${action} is not from`)))
        throw new Error(`the unreadable list was not reported: ${error}`);
      await cloud.requireConvergence(fixture, args, recorded, [backup], { resentBytes: 400_000 });
      cloud.requireOneTask(fixture);
    },
  };
}

function caseOf(reply: GarbledReply): FaultCase {
  const { action, effect, times } = reply;
  return {
    family: "F4",
    name: nameOf(reply),
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
