import { isMigrationError } from "../../../provider/errors/migration-error";
import { Fixture, messages } from "../../../testing/fixture";

const PLANTED = ["PLANTEDSIGNATURE", "PLANTEDTOKEN", "PLANTEDSECRET"];
const SIGNED = `https://b.oss-cn-hangzhou.aliyuncs.com/erp.bak?x-oss-signature=${PLANTED[0]}&x-oss-security-token=${PLANTED[1]}`;

/** What services repeat in their messages (observed): URLs, plain and encoded, and whole requests. */
const ECHOES = [
  `cannot read ${SIGNED}`,
  `OSSUrls=${encodeURIComponent(SIGNED)} is not valid`,
  `bad request: SecurityToken=${PLANTED[1]}&Signature=${PLANTED[0]}&AccessKeySecret=${PLANTED[2]}`,
  `no match. server string to sign is:POST\n/\nOSSUrls=${encodeURIComponent(encodeURIComponent(SIGNED))}\nx-acs-security-token:${PLANTED[1]}`,
];

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

function expectNothingPlanted(...said: unknown[]): void {
  const text = JSON.stringify(said, (_, value) =>
    value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: undefined } : value,
  );
  for (const secret of [...PLANTED, fixture.emulator.accessKeySecret]) expect(text).not.toContain(secret);
}

test.each(ECHOES)("a refusal of RDS that repeats %j keeps it from errors, state and log", async (message) => {
  const { faults } = fixture.emulator;
  faults.add({
    match: { action: "CreateMigrateTask" },
    effect: { kind: "refuse", status: 400, code: "InvalidOssUrl", message },
  });
  const failed = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(failed.outputs).toMatchObject({ status: "failed", failure: { code: "API_OSS_URL" } });
  expectNothingPlanted(failed);

  faults.clear();
  faults.add({ match: { service: "rds" }, effect: { kind: "refuse", status: 403, code: "Forbidden.RAM", message } });
  const previewed = await fixture.preview({ backup: await fixture.backup("crm.bak", { databaseName: "crm" }) });
  expect(messages(previewed.log, "warning")).toEqual([expect.stringMatching(/^not checked/)]);
  expectNothingPlanted(previewed);
});

test.each(ECHOES)("a task whose description repeats %j", async (description) => {
  await fixture.emulator.rds.shapeRestore({ failWith: description });
  const failed = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(failed.outputs.status).toBe("failed");
  expectNothingPlanted(failed);
});

test.each(ECHOES)("a Success that repeats %j", async (description) => {
  await fixture.emulator.rds.shapeRestore({ successDescription: `DBCC checkdb failed ${description}` });
  const done = await fixture.up({ backup: await fixture.backup("erp.bak") });
  expect(done.outputs).toMatchObject({ status: "online", warnings: [expect.stringContaining("damage")] });
  expectNothingPlanted(done);
});

test("wrong keys, with the request that the service repeats because of them", async () => {
  const wrong = {
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: PLANTED[2] ?? "",
    ALIBABA_CLOUD_SECURITY_TOKEN: PLANTED[1] ?? "",
  };
  const process = fixture.process(wrong);
  const previewed = await fixture.preview({ backup: await fixture.backup("erp.bak") }, undefined, process);
  expect(previewed.failures).not.toEqual([]);
  expectNothingPlanted(previewed);
  const { rds, store } = { rds: process.session.clients.rds({}), store: process.session.clients.store({}) };
  const calls = [
    () => rds.listDatabases(fixture.emulator.instanceId),
    () => store.bucketFacts(fixture.emulator.bucket),
  ];
  for (const call of calls) {
    const thrown = await call().catch((error: unknown) => error);
    expect(isMigrationError(thrown)).toBe(true);
    expectNothingPlanted(isMigrationError(thrown) && [thrown.message, thrown.service]);
  }
});

test("a broken connection, whose error names the whole request", async () => {
  fixture.emulator.faults.add({ match: { service: "rds" }, effect: { kind: "reset", at: "before" } });
  const previewed = await fixture.preview({ backup: await fixture.backup("erp.bak") });
  expect(messages(previewed.log, "warning").join()).toMatch(/did not reach 127\.0\.0\.1:\d+\.\nReason: ECONNRESET\./);
  expect(JSON.stringify(previewed)).not.toContain("DBInstanceId=");
});
