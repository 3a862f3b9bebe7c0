import { RpcFault } from "../world";

/**
 * Statuses, codes and messages of RDS errors.
 *
 * The first thirteen are documented in the OpenAPI table of the instance-level migration page, with the messages of the
 * CreateMigrateTask page. EngineNotSupported, EngineVersionNotSupported and InvalideStatus (the service's spelling) are
 * documented for CreateOnlineDatabaseTask; their messages are assumed. InvalidNetworkTypeClassicWhenCloudStorage is
 * quoted in https://github.com/alibabacloud-automation/terraform-alicloud-rds/pull/23; its status is assumed. The codes
 * from InvalidDBInstanceId.NotFound on are assumed.
 */
const RDS_FAULTS = {
  InvalidDBName: [403, "The specified database name is not allowed."],
  IncorrectDBInstanceState: [403, "Current DB instance state does not support this operation."],
  IncorrectDBInstanceType: [400, "Current DB instance type does not support this operation."],
  IncorrectDBInstanceLockMode: [400, "Current DB instance lock mode does not support this operation."],
  "InvalidDBName.NotFound": [400, "Specified one or more DB name does not exist or DB status does not support."],
  IncorrectDBType: [400, "Current DB type does not support this operation."],
  IncorrectDBState: [400, "Current DB state does not support this operation."],
  UploadLimitExceeded: [400, "UploadTimesQuotaExceeded: Exceeding the daily upload times of this DB."],
  ConcurrentTaskExceeded: [400, "Concurrent task exceeding the allowed amount."],
  IncorrectFileExtension: [400, "The file extension does not support."],
  InvalidOssUrl: [400, "Specified oss url is not valid."],
  BakFileSizeExceeded: [400, "Exceeding the allowed bak file size."],
  FileSizeExceeded: [400, "Exceeding the allowed file size of DB instance."],
  EngineNotSupported: [400, "The engine of the instance does not support this operation."],
  EngineVersionNotSupported: [400, "The engine version of the instance does not support this operation."],
  InvalideStatus: [400, "The status of the migration task does not support this operation."],
  InvalidNetworkTypeClassicWhenCloudStorage: [
    400,
    "The Specified InstanceNetworkType value Classic is not valid when choose cloud storage type.",
  ],
  "InvalidDBInstanceId.NotFound": [404, "The DBInstanceId provided does not exist in our records."],
  "InvalidMigrateTaskId.NotFound": [404, "The specified migration task does not exist."],
  "InvalidDBName.Duplicate": [400, "The specified database name already exists."],
  "InvalidAccountName.Duplicate": [400, "The specified account name already exists."],
  "InvalidAccountName.NotFound": [404, "The specified account does not exist."],
  InvalidParameterCombination: [400, "The parameter combination is not supported."],
  IdempotentParameterMismatch: [400, "The client token was already used with other parameters."],
  "OperationDenied.DeletionProtection": [400, "The instance is protected against deletion."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type RdsFaultCode = keyof typeof RDS_FAULTS;

/** All error codes of `rdsFault`, for the test that compares them with the documents. */
export const RDS_FAULT_CODES = Object.keys(RDS_FAULTS);

/** Creates an RDS error. `why` adds the emulator's reason for readers of test logs; clients match the code. */
export function rdsFault(code: RdsFaultCode, why?: string): RpcFault {
  const [status, message] = RDS_FAULTS[code];
  return new RpcFault(status, code, message, why === undefined ? {} : { EmulatorReason: why });
}
