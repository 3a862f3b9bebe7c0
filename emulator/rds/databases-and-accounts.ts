import type { RpcCall } from "../world";
import { recordDatabaseStatus } from "./advance-due-tasks";
import { isAllowedDatabaseName, type RdsDatabase, sameDatabaseName } from "./database";
import { instanceStatus, type RdsInstance } from "./instance";
import { namedInstance, type RdsContext, type RdsReply } from "./rds-action";
import { rdsFault } from "./rds-faults";
import { databasesOf, dropDatabase, findDatabase, putDatabase } from "./rds-state";
import { numberParam, optionalParam, requiredParam, wordParam } from "./rpc-params";

const MIB = 1024 ** 2;
/** Size of a database that CreateDatabase creates, the size of `model`, bytes. */
const EMPTY_DATABASE_BYTES = 16 * MIB;

const pageNumber = (call: RpcCall): number =>
  numberParam(call, "PageNumber", { fallback: 1, min: 1, max: Number.MAX_SAFE_INTEGER });

/** Lists databases, including those being restored. Page sizes are 30, 50 and 100. */
export function describeDatabases(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  const size = numberParam(call, "PageSize", { fallback: 30, min: 30, max: 100, oneOf: [30, 50, 100] });
  const number = pageNumber(call);
  const name = optionalParam(call, "DBName");
  const status = optionalParam(call, "DBStatus");
  const all = databasesOf(context.state, instance.id)
    .filter((database) => name === undefined || sameDatabaseName(database.name, name))
    .filter((database) => status === undefined || databaseStatus(instance, database) === status);
  const shown = all.slice((number - 1) * size, number * size);
  const paging = { PageNumber: number, PageSize: size, TotalCount: all.length };
  return { Databases: { Database: shown.map((database) => ({ ...databaseReply(instance, database), ...paging })) } };
}

/** "In Recovery" in the High-availability Edition, "Restoring" in the Basic Edition (incremental migration page). */
function databaseStatus(instance: RdsInstance, database: RdsDatabase): string {
  if (database.status !== "restoring") return database.status;
  return instance.category === "Basic" ? "Restoring" : "In Recovery";
}

function databaseReply(instance: RdsInstance, database: RdsDatabase): RdsReply {
  const status = databaseStatus(instance, database);
  return {
    DBInstanceId: instance.id,
    DBName: database.name,
    DBStatus: status,
    Engine: instance.engine,
    CharacterSetName: database.collation,
    DBDescription: "",
    Accounts: { AccountPrivilegeInfo: [] },
    BasicInfo: {
      BasicDbProperty: [
        { name: "name", value: database.name },
        { name: "state_desc", value: status === "Running" ? "ONLINE" : "RESTORING" },
        { name: "collation_name", value: database.collation },
      ],
    },
    AdvancedInfo: { AdvancedDbProperty: [] },
    RuntimeInfo: { RuntimeDbProperty: [{ name: "size", value: String(database.sizeBytes) }] },
  };
}

/** Creates an empty database, which 2008 R2 needs before a migration. The service's naming rule is stricter. */
export function createDatabase(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  const name = requiredParam(call, "DBName");
  if (!isAllowedDatabaseName(name)) throw rdsFault("InvalidDBName");
  if (instanceStatus(instance, context.world.now()) !== "Running") throw rdsFault("IncorrectDBInstanceState");
  if (findDatabase(context.state, instance.id, name) !== undefined) throw rdsFault("InvalidDBName.Duplicate");
  putDatabase(context.state, {
    instanceId: instance.id,
    name,
    status: "Running",
    sizeBytes: EMPTY_DATABASE_BYTES,
    collation: optionalParam(call, "CharacterSetName") ?? instance.collation,
    migratable: true,
  });
  recordDatabaseStatus(context.world, {
    instanceId: instance.id,
    dbName: name,
    status: "Running",
    request: call.request,
  });
  return {};
}

export function deleteDatabase(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  const dbName = requiredParam(call, "DBName");
  if (!dropDatabase(context.state, instance.id, dbName)) throw rdsFault("InvalidDBName.NotFound");
  recordDatabaseStatus(context.world, { instanceId: instance.id, dbName, status: "dropped", request: call.request });
  return {};
}

/** Lists accounts. Page sizes are 30 to 200 (@alicloud/rds20140815 15.4.0, DescribeAccountsRequest). */
export function describeAccounts(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  const size = numberParam(call, "PageSize", { fallback: 30, min: 30, max: 200 });
  const number = pageNumber(call);
  const name = optionalParam(call, "AccountName");
  const accounts = instance.accounts.filter((account) => name === undefined || account.name === name);
  return {
    PageNumber: number,
    TotalRecordCount: accounts.length,
    SystemAdminAccountStatus: String(instance.accounts.some(({ type }) => type === "Sysadmin")),
    Accounts: {
      DBInstanceAccount: accounts.slice((number - 1) * size, number * size).map((account) => ({
        DBInstanceId: instance.id,
        AccountName: account.name,
        AccountType: account.type,
        AccountStatus: account.status,
        AccountDescription: account.description,
        PrivExceeded: "0",
        DatabasePrivileges: { DatabasePrivilege: [] },
      })),
    },
  };
}

/** Creates an account. Its password is not stored. */
export function createAccount(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  const name = requiredParam(call, "AccountName");
  requiredParam(call, "AccountPassword");
  const type = wordParam(call, "AccountType", ["Normal", "Super", "Sysadmin"]) ?? "Normal";
  if (instance.accounts.some((account) => account.name === name)) throw rdsFault("InvalidAccountName.Duplicate");
  instance.accounts.push({
    name,
    type,
    status: "Available",
    description: optionalParam(call, "AccountDescription") ?? "",
  });
  return {};
}

export function deleteAccount(call: RpcCall, context: RdsContext): RdsReply {
  const instance = namedInstance(call, context);
  const name = requiredParam(call, "AccountName");
  const kept = instance.accounts.filter((account) => account.name !== name);
  if (kept.length === instance.accounts.length) throw rdsFault("InvalidAccountName.NotFound");
  instance.accounts = kept;
  return {};
}
