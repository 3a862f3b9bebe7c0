import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import type { PlainObject } from "../../../provider/model/plain";
import { Fixture, type ProviderProcess, type Recorded } from "../../../testing/fixture";

const PLANTED = "PLANTED0s3cr3t%2Bmore";
/** Its parts: a careless pattern ends at the percent-encoding and shows the rest. */
const PARTS = ["PLANTED0s3cr3t", "2Bmore"];
const SIGNED = `https://b.oss-cn-hangzhou.aliyuncs.com/erp.bak?Expires=1&OSSAccessKeyId=k&Signature=${PLANTED}`;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

/** Everything that a run shows or stores: failures, log, outputs, reasons, the thrown error. */
async function shownBy(args: PlainObject, process: ProviderProcess): Promise<string> {
  const shown: unknown[] = [];
  const checked = await fixture.preview(args, undefined, process);
  // The inputs are the user's own and stay in state as the user wrote them.
  shown.push(checked.failures, checked.log);
  if (checked.failures.length === 0) {
    const ended: Recorded | Error = await fixture.up(args, undefined, { process }).catch((error: Error) => error);
    if (ended instanceof Error) shown.push(ended.message, ended.stack);
    else {
      const { statusText, warnings, failure } = ended.outputs;
      shown.push(statusText, warnings, failure, ended.failed?.reasons, ended.failed?.message, ended.failed?.stack);
    }
  }
  return JSON.stringify([shown, process.log]);
}

const REPLIES = [
  `cannot read ${SIGNED}`,
  `bad query SecurityToken=${PLANTED}&DBName=erp`,
  `Signature: ${PLANTED}`,
  `The signature differs. server string to sign is:POST&%2F&SecurityToken%3D${PLANTED}`,
  `AccessKeySecret=${PLANTED}`,
];
const refusal = (message: string): FaultRuleInput["effect"] => ({ kind: "refuse", status: 400, code: "Odd", message });

describe.each([
  "GetBucketInfo",
  "GetRole",
  "DescribeAccounts",
  "InitiateMultipartUpload",
  "UploadPart",
  "CreateMigrateTask",
])("a secret in the reply to %s is not shown", (action) => {
  test.each(REPLIES)("%s", async (message) => {
    fixture.emulator.faults.add({ match: { action }, effect: refusal(message) });
    const shown = await shownBy({ backup: await fixture.backup("erp.bak"), timeout: "3s" }, fixture.process());
    expect(shown).toContain("Odd");
    for (const part of PARTS) expect(shown).not.toContain(part);
  });
});

test.each(REPLIES)("a secret in a failed task's description is not shown: %s", async (description) => {
  await fixture.emulator.rds.shapeRestore({ failWith: description });
  const shown = await shownBy({ backup: await fixture.backup("erp.bak") }, fixture.process());
  expect(shown).toContain("TASK_FAILED");
  for (const part of PARTS) expect(shown).not.toContain(part);
});

describe("a secret in the program's own values is not shown", () => {
  test.each([
    ["a signed URL as the backup", { backup: SIGNED }],
    ["a file that is called like one", { backup: `backups/erp.bak?Signature=${PLANTED.replace("%2Bmore", "")}` }],
    ["a key that is called like one", { backup: `oss://b/k.bak?x-oss-signature=${PLANTED.replace("%2Bmore", "")}` }],
    ["an endpoint with a password", { endpoint: `ftp://user:${PLANTED}@proxy` }],
    ["a folder that is called like one", { folder: `a|b?SecurityToken=${PLANTED.replace("%2Bmore", "")}` }],
  ] as [string, PlainObject][])("%s", async (_, args) => {
    // Without the override of the emulator the endpoint argument counts.
    const process = fixture.process("endpoint" in args ? { ALIBABA_CLOUD_ENDPOINT_OSS: "" } : {});
    const shown = await shownBy({ backup: await fixture.backup("erp.bak"), ...args }, process);
    expect(shown).toMatch(/[A-Z]+_[A-Z_]+: /);
    for (const part of PARTS) expect(shown).not.toContain(part);
  });
});

describe("a secret in the environment or the configuration is not shown", () => {
  const AGAINST: [string, FaultRuleInput | undefined][] = [
    ["nothing", undefined],
    ["every RDS call refused", { match: { service: "rds" }, effect: refusal("No.") }],
    ["every OSS call refused", { match: { service: "oss" }, effect: refusal("No.") }],
    ["every RAM call cut off", { match: { service: "ram" }, effect: { kind: "reset", at: "before" } }],
  ];
  test.each(AGAINST)("with wrong keys, against %s", async (_, rule) => {
    if (rule !== undefined) fixture.emulator.faults.add(rule);
    const process = fixture.process({
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: PLANTED,
      ALIBABA_CLOUD_SECURITY_TOKEN: PLANTED,
      OSS_ACCESS_KEY_SECRET: PLANTED,
    });
    const shown = await shownBy({ backup: await fixture.backup("erp.bak"), timeout: "3s" }, process);
    expect(shown).toMatch(/[A-Z]+_[A-Z_]+: /);
    for (const part of PARTS) expect(shown).not.toContain(part);
  });

  test("with wrong keys in the stack's configuration", async () => {
    await fixture.close();
    fixture = await Fixture.open({ config: { "alicloud:accessKey": "AK", "alicloud:secretKey": PLANTED } });
    const shown = await shownBy({ backup: await fixture.backup("erp.bak"), timeout: "3s" }, fixture.process());
    expect(shown).toMatch(/[A-Z]+_[A-Z_]+: /);
    for (const part of PARTS) expect(shown).not.toContain(part);
  });
});
