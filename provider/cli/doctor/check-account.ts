import { fetchCallerIdentity } from "../../aliyun/credentials/caller-identity";
import { configuredRole } from "../../aliyun/credentials/configured-roles";
import { findCredentials } from "../../aliyun/credentials/find-credentials";
import type { SourceChoice } from "../../aliyun/credentials/first-source";
import { checkCredentials, checkIdentity } from "../../doctor/account";
import { errorLine } from "../../doctor/report-line";
import { isMigrationError } from "../../errors/migration-error";
import type { Place } from "./check-services";
import type { Checked, Checklist } from "./checklist";

const TIMEOUT_MS = 5_000;

/** Checks where the credentials come from and whether STS accepts them. @param sts whether STS can be called */
export async function checkAccount(
  list: Checklist,
  { session: { settings }, scope }: Place,
  sts: Checked<true>,
): Promise<Checked<true>> {
  let choice: SourceChoice | undefined;
  const credentials = await list.run({ name: "credentials" }, async () => {
    const source = findCredentials(settings, scope, true, (found) => {
      choice = found;
    });
    const { expiresAtMs } = await source.get();
    const { place = "an unknown place", reasons = [] } = choice ?? {};
    const roleArn = configuredRole(settings, scope.assumeRoleArn)?.roleArn;
    return { lines: [checkCredentials({ place, reasons, roleArn, expiresAtMs })], value: source };
  });
  if ("reason" in credentials) return list.skip({ name: "identity" }, credentials.reason);
  // Keys are good without STS: only migrations that assume a role call it.
  if ("reason" in sts) {
    list.skip({ name: "identity" }, sts.reason);
    return { value: true };
  }
  return list.run({ name: "identity" }, async () => {
    try {
      const identity = await fetchCallerIdentity(credentials.value, settings, TIMEOUT_MS);
      return { lines: [checkIdentity(identity)], value: true };
    } catch (error) {
      if (!isMigrationError(error) || error.retry !== "passes") throw error;
      return { lines: [errorLine("identity", error, "warning")], value: true };
    }
  });
}
