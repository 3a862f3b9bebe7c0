import { exampleError } from "../../../docs/generate/errors-page";
import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import { catalogue, type ErrorCode } from "../../../provider/errors/catalogue";
import type { CatalogueEntry } from "../../../provider/errors/catalogue-entry";
import { isMigrationError } from "../../../provider/errors/migration-error";
import { Scene } from "../support/scene";

/** Each entry that a service can answer, answered by the emulator to the real SDKs. */
const entryOf = (code: ErrorCode): CatalogueEntry<never> => catalogue[code];
const codes = Object.keys(catalogue) as ErrorCode[];

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());
afterEach(() => scene.emulator.faults.clear());

/** The error of a call that meets a fault; a service that is asked again gets the same. */
async function thrownBy(call: () => Promise<unknown>, action: string, effect: FaultRuleInput["effect"]) {
  scene.emulator.faults.add({ match: { action }, effect });
  const error: unknown = await call().catch((thrown: unknown) => thrown);
  if (!isMigrationError(error)) throw new Error(`no error of the catalogue: ${error}`);
  return error;
}

const createTask = (): Promise<unknown> =>
  scene
    .process()
    .session.rds({})
    .createMigrateTask({
      instanceId: scene.emulator.instanceId,
      databaseName: "erp",
      checkDb: "async",
      object: { position: `oss-cn-hangzhou.aliyuncs.com:${scene.emulator.bucket}:erp.bak` },
    });
const bucketFacts = (): Promise<unknown> => scene.process().session.store({}).bucketFacts(scene.emulator.bucket);

describe("a refusal of an OpenAPI service", () => {
  const said = codes.flatMap((code) => (entryOf(code).match?.openApi ?? []).map((theirs) => [theirs, code] as const));

  test.each(said)("%s is %s, with the service's words, status and RequestId, and what to do", async (theirs, code) => {
    const message = "In the service's own words.";
    const status = code === "SERVICE_FAULT" ? 503 : 400;
    const error = await thrownBy(createTask, "CreateMigrateTask", { kind: "refuse", status, code: theirs, message });
    expect(error.code).toBe(code);
    const { requestId = "" } = error.service ?? {};
    expect(requestId).not.toBe("");
    expect(error.what).toContain(
      `CreateMigrateTask (database erp) was refused: ${theirs} "${message}" (HTTP ${status}, RequestId ${requestId}).`,
    );
    expect(error.remedy).not.toBe("");
    expect(error.retry).toBe(entryOf(code).retry);
    expect(error.message).not.toMatch(/(Client|Server|Throttling|Response)Error|\n|\bat \S+\.[jt]s/);
  });

  test("that no document names is shown whole and said not to be in the catalogue", async () => {
    const effect = { kind: "refuse", status: 409, code: "Some.Thing.New", message: "Never seen." } as const;
    const { code, what } = await thrownBy(createTask, "CreateMigrateTask", effect);
    expect(code).toBe("API_REFUSED");
    expect(what).toMatch(/Some\.Thing\.New "Never seen\." \(HTTP 409, RequestId .+\)\. .*not in the catalogue/);
  });
});

test.each(codes.flatMap((code) => (entryOf(code).match?.oss ?? []).map((theirs) => [theirs, code] as const)))(
  "OSS's %s is %s, with status and RequestId",
  async (theirs, code) => {
    const effect = { kind: "refuse", status: 403, code: theirs, message: "In its own words." } as const;
    const error = await thrownBy(bucketFacts, "GetBucketInfo", effect);
    expect(error.code).toBe(code);
    expect(error.service).toMatchObject({ status: 403, requestId: expect.stringMatching(/.+/) });
    // Where the code is the whole story the entry leaves the service's words out.
    if (/In its own words/.test(error.what)) expect(error.what).toMatch(/\(HTTP 403, RequestId \S+\)/);
  },
);

test("RAM's refusal to show the role names the action that is missing", async () => {
  const effect = { kind: "refuse", status: 403, code: "NoPermission", message: "No." } as const;
  const error = await thrownBy(() => scene.process().session.role({}, "AliyunRDSImportRole"), "GetRole", effect);
  expect(error.code).toBe("NOT_AUTHORIZED");
  expect(error.what).toContain("GetRole (role AliyunRDSImportRole) was refused: NoPermission");
  expect(error.remedy).toContain('"ram:GetRole"');
});

describe("a network that fails", () => {
  test.each([
    ["NETWORK_FAILED", { kind: "reset", at: "before" }],
    ["NO_ANSWER", { kind: "delay", ms: 1_500, at: "after" }],
    ["ANSWER_UNREADABLE", { kind: "html", status: 502 }],
  ] as const)("is %s when the connection meets %j", async (code, effect) => {
    const error = await thrownBy(createTask, "CreateMigrateTask", effect);
    expect(error).toMatchObject({ code, retry: "passes", stack: "" });
    expect(error.what).toContain("CreateMigrateTask");
  });
});

describe("the task's own words", () => {
  const failures = codes.filter((code) => code.startsWith("TASK_") && entryOf(code).match?.description !== undefined);

  test.each([...failures, "TASK_FAILED" as const])(
    "%s ends the run with the description and a remedy",
    async (code) => {
      const [, description = ""] = /failed: "(.*?)" /s.exec(exampleError(code).what) ?? [];
      expect(description).not.toBe("");
      const databaseName = code.toLowerCase();
      await scene.emulator.rds.shapeRestore({ dbName: databaseName, failWith: description });
      const backup = await scene.backup(`${databaseName}.bak`, { databaseName });
      const { outputs, failed } = await scene.up({ backup });
      expect(outputs).toMatchObject({ status: "failed", failure: { code, retry: entryOf(code).retry } });
      expect(failed?.reasons[0]).toContain(`${code}: Migration task ${outputs.migrateTaskId} of the database`);
      expect(failed?.reasons[0]).toContain(`"${description}"`);
    },
  );

  test.each(["ONLINE_DAMAGED", "ONLINE_NO_ACCOUNT"] as const)("%s is a warning after success", async (code) => {
    const [, description = ""] = /"(.*)"/s.exec(exampleError(code).what) ?? [];
    const databaseName = code.toLowerCase();
    await scene.emulator.rds.shapeRestore({ dbName: databaseName, successDescription: description });
    const backup = await scene.backup(`${databaseName}.bak`, { databaseName });
    const { outputs, failed } = await scene.up({ backup });
    expect(failed).toBeUndefined();
    expect(outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining(`${code}: `)] });
  });
});
