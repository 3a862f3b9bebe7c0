import { connectRds } from "../../../../provider/aliyun/rds/rds-client";
import type { RdsApi } from "../../../../provider/aliyun/rds-api";
import type { Transport } from "../../../../provider/aliyun/transport/transport";

/** RDS whose pages are scripted: the emulator does not give incomplete lists. */
function answering(page: (query: URLSearchParams) => object): { rds: RdsApi; pages: () => number } {
  let pages = 0;
  const transport: Transport = {
    async send({ url }) {
      pages += 1;
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(page(new URL(url).searchParams))) };
    },
  };
  const credentials = { get: async () => ({ accessKeyId: "key", accessKeySecret: "secret" }) };
  const settings = { config: () => undefined, env: () => undefined };
  return {
    rds: connectRds({ credentials, region: "cn-hangzhou", settings, retryDelayMs: 0, transport }),
    pages: () => pages,
  };
}

const WINDOW = { fromMs: 0, toMs: 60_000 };
const RequestId = "R-1";
const taskRow = (number: number) => ({ MigrateTaskId: String(number), DBName: `db${number}`, Status: "Success" });
const rowsOfPage = (query: URLSearchParams, total: number) => {
  const [page, size] = [Number(query.get("PageNumber")), Number(query.get("PageSize"))];
  const first = (page - 1) * size;
  return Array.from({ length: Math.max(0, Math.min(size, total - first)) }, (_, index) => taskRow(first + index));
};
const tasksOf = (query: URLSearchParams, total: number, counted = total) => ({
  RequestId,
  TotalRecordCount: counted,
  Items: { MigrateTask: rowsOfPage(query, total) },
});

const CALLS: [string, (rds: RdsApi) => Promise<unknown>][] = [
  ["DescribeMigrateTasks", (rds) => rds.listMigrateTasks("rm-1", WINDOW)],
  ["DescribeDatabases", (rds) => rds.listDatabases("rm-1")],
  ["DescribeAccounts", (rds) => rds.listAccounts("rm-1")],
  ["DescribeOssDownloads", (rds) => rds.listTaskFiles("rm-1", "7")],
  ["DescribeDBInstanceAttribute", (rds) => rds.describeInstance("rm-1")],
  ["DescribeMigrateTaskById", (rds) => rds.describeMigrateTask("rm-1", "7")],
];

describe.each(CALLS)("%s", (_, call) => {
  test.each<[string, object]>([
    ["nothing but braces", {}],
    ["only a request id", { RequestId }],
    ["empty containers", { RequestId, Items: {}, Databases: {}, Accounts: {} }],
  ])("a reply with %s is no reply, neither an empty list nor a missing instance", async (_shape, reply) => {
    await expect(call(answering(() => reply).rds)).rejects.toMatchObject({ code: "ANSWER_UNREADABLE" });
  });
});

test("a count of 0 may come without rows", async () => {
  const { rds } = answering(() => ({ RequestId, TotalRecordCount: 0 }));
  expect(await rds.listMigrateTasks("rm-1", WINDOW)).toEqual([]);
  expect(await rds.listAccounts("rm-1")).toEqual([]);
});

test("an empty list of databases, which has no count, is empty", async () => {
  expect(await answering(() => ({ RequestId, Databases: { Database: [] } })).rds.listDatabases("rm-1")).toEqual([]);
});

test("25,000 tasks come back as 25,000", async () => {
  const { rds, pages } = answering((query) => tasksOf(query, 25_000));
  const tasks = await rds.listMigrateTasks("rm-1", WINDOW);
  expect(new Set(tasks?.map(({ taskId }) => taskId)).size).toBe(25_000);
  expect(pages()).toBe(250);
});

test.each([
  ["at its first page", 0, 5],
  ["at a full page", 200, 300],
  ["in the middle", 150, 300],
])("a list of tasks that ends before its count, %s, is no list", async (_, given, counted) => {
  const { rds } = answering((query) => tasksOf(query, given, counted));
  await expect(rds.listMigrateTasks("rm-1", WINDOW)).rejects.toMatchObject({ code: "ANSWER_UNREADABLE" });
});

test("a list of databases that ends before its count is no list", async () => {
  const row = (number: number) => ({ DBName: `db${number}`, DBStatus: "Running", TotalCount: 300 });
  const { rds } = answering((query) => ({
    RequestId,
    Databases: { Database: rowsOfPage(query, 100).map((_, index) => row(index)) },
  }));
  await expect(rds.listDatabases("rm-1")).rejects.toMatchObject({ code: "ANSWER_UNREADABLE" });
});
