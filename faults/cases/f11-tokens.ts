import type { FaultCase } from "../fault-case";

/** The request at which the token expires, and the refusal of the service. */
const EXPIRIES = [
  { action: "UploadPart", nth: 2, status: 403, code: "SecurityTokenExpired" },
  { action: "UploadPart", nth: 3, status: 403, code: "InvalidAccessKeyId" },
  { action: "CompleteMultipartUpload", nth: 1, status: 403, code: "SecurityTokenExpired" },
  { action: "PutObject", nth: 1, status: 403, code: "SecurityTokenExpired" },
  { action: "PutObject", nth: 2, status: 403, code: "SecurityTokenExpired" },
  { action: "CreateMigrateTask", nth: 1, status: 400, code: "InvalidSecurityToken.Expired" },
  { action: "DescribeMigrateTasks", nth: 3, status: 400, code: "InvalidSecurityToken.Expired" },
] as const;

/** F11: temporary keys that expire during the upload, between lock and task, and while the run waits for the task. */
export const tokenCases = (): FaultCase[] =>
  EXPIRIES.map(({ action, nth, status, code }) => ({
    family: "F11",
    name: `${code} at ${action}#${nth}`,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const assumeRoleArn = `acs:ram::${fixture.emulator.accountId}:role/migrator`;
      const backup = await fixture.backup("erp.bak", { dataBytes: 400_000 });
      const args = { backup, assumeRoleArn, upload: { partSize: 102_400, parallel: 1 } };
      fixture.emulator.faults.add({ match: { action }, nth, times: 1, effect: { kind: "refuse", status, code } });
      const { recorded } = await cloud.attempt(fixture, args);
      await cloud.requireConvergence(fixture, args, recorded, [backup]);
      if (fixture.requests("InitiateMultipartUpload").length !== 1) throw new Error("the upload was started again");
    },
  }));
