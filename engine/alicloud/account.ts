import { rdsSdk } from "../../provider/aliyun/lazy-sdk";
import { type CloudKind, codeOf, known, textOf } from "./cloud-kind";
import { GONE_INSTANCE } from "./instance";

/** `alicloud.rds.RdsAccount`; its id is `INSTANCE:ACCOUNT`, as in the plugin. Here a new password replaces the account. */
export const accountKind: CloudKind = {
  type: "alicloud:rds/rdsAccount:RdsAccount",
  inputs: ["dbInstanceId", "accountName", "accountPassword", "accountType", "accountDescription"],
  replaces: ["dbInstanceId", "accountName", "accountPassword", "accountType", "accountDescription"],

  async create(cloud, inputs) {
    const { CreateAccountRequest } = rdsSdk();
    const instance = textOf(inputs, "dbInstanceId") ?? "";
    const name = textOf(inputs, "accountName") ?? "";
    const parameters = known({
      DBInstanceId: instance,
      accountName: name,
      accountPassword: textOf(inputs, "accountPassword"),
      accountType: textOf(inputs, "accountType") ?? "Normal",
      accountDescription: textOf(inputs, "accountDescription"),
    });
    await cloud.rds().createAccount(new CreateAccountRequest(parameters));
    return `${instance}:${name}`;
  },

  // The service never returns the password, so the value in state is kept.
  async read(cloud, id) {
    const { instance, name } = partsOf(id);
    try {
      const request = new (rdsSdk().DescribeAccountsRequest)({ DBInstanceId: instance, accountName: name });
      const { body } = await cloud.rds().describeAccounts(request);
      const account = body?.accounts?.DBInstanceAccount?.[0];
      return (
        account &&
        known({
          dbInstanceId: instance,
          accountName: account.accountName,
          accountType: account.accountType,
          accountDescription: account.accountDescription || undefined,
          status: account.accountStatus,
        })
      );
    } catch (error) {
      if (GONE_INSTANCE.includes(codeOf(error))) return undefined;
      throw error;
    }
  },

  // Every change replaces the account.
  async update() {},

  async delete(cloud, id) {
    const { instance, name } = partsOf(id);
    try {
      const request = new (rdsSdk().DeleteAccountRequest)({ DBInstanceId: instance, accountName: name });
      await cloud.rds().deleteAccount(request);
    } catch (error) {
      if (![...GONE_INSTANCE, "InvalidAccountName.NotFound"].includes(codeOf(error))) throw error;
    }
  },
};

function partsOf(id: string): { instance: string; name: string } {
  const [instance = "", name = ""] = id.split(":");
  return { instance, name };
}
