import { migrationError } from "../../../provider/errors/migration-error";
import type { DatabaseOutcome } from "../../../provider/model/outcome";
import { lastKnownReport } from "../../../provider/outcome/last-known-report";
import { namesByText } from "../../../provider/outcome/names-by-text";
import { describeFailure } from "../../../provider/steps/failure";

const expired = (target: string) => migrationError("OSS_CREDENTIALS_EXPIRED", { operation: "UploadPart", target });
const outcome = (database: string): DatabaseOutcome => ({
  ...{ database, instanceId: "rm-1", status: "failed", warnings: [] },
  failure: describeFailure(expired(`oss://backups/${database}.bak`)),
});

test("expired credentials have one remedy, said once; the rows of the table have the code", () => {
  const outcomes = ["crm", "erp", "web"].map(outcome);
  const text = lastKnownReport(expired("oss://backups/erp.bak"), { instance: "rm-1", outcomes, askedAtMs: undefined });
  expect(text.match(/run pulumi up again/gi)).toHaveLength(1);
  expect(text.match(/have expired/g)).toHaveLength(1);
  expect(text.match(/^(crm|erp|web) +failed .*OSS_CREDENTIALS_EXPIRED$/gm)).toHaveLength(3);
  expect(text).toMatch(
    /\n\nGet a new security token .*\nTasks on the service continue, and `pulumi up --refresh` continues from here\.$/,
  );
});

test("a fault of every call is one text for all databases; other faults keep theirs", () => {
  const details = ["crm", "erp"].map((name) => ({ name, text: expired(`oss://backups/${name}.bak`).message }));
  expect(namesByText(details)).toEqual([[details[0]?.text, ["crm", "erp"]]]);
  const others = ["crm", "erp"].map((name) => ({ name, text: `BACKUP_EMPTY: ${name}.bak is empty.` }));
  expect(namesByText(others)).toHaveLength(2);
});
