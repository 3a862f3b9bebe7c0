import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { isMigrationError } from "../../errors/migration-error";
import { redacted } from "../../errors/redacted";
import { fromServiceError } from "../../errors/service-error";
import type { MigrateTask } from "../../model/migrate-task";
import type { RetryListener } from "../call-retry";
import { rdsSdk } from "../lazy-sdk";
import type { CreateTaskRequest, RdsApi } from "../rds-api";
import { RetryNotices } from "../retry-notices";
import type { RpcOptions } from "../rpc/rpc-call";
import { endpointOverride, type Settings } from "../settings";
import { CONNECT_TIMEOUT_MS, READ_TIMEOUT_MS } from "../transport/send-request";
import { allPages, PAGE_SIZE, type Page, rowsOf } from "./paged-list";
import { rdsSdkClient } from "./rds-sdk-client";

/** Retries of a reading call after its first attempt. */
const MAX_RETRIES = 6;
/** Longest pause between two attempts of a reading call; milliseconds. */
const MAX_DELAY_MS = 15_000;

export interface RdsClientOptions extends RpcOptions {
  region: string;
  settings: Settings;
  /** First pause before a reading call is repeated; milliseconds. @default 500 */
  retryDelayMs?: number;
  /** Gets the retries of reading calls. */
  retryListener?: RetryListener;
  /** Stops the retries of reading calls; a call in flight ends by itself. */
  signal?: AbortSignal;
}

/** What a call is about, for its error. */
interface About {
  instanceId: string;
  /** The subject of the call, for its error. @default the instance */
  subject?: string;
}

/** RDS through @alicloud/rds20140815. Calls that only read are repeated when the fault passes; the others are sent once. */
export function connectRds(options: RdsClientOptions): RdsApi {
  const models = rdsSdk();
  const endpoint = endpointOverride(options.settings, "RDS");
  const client = rdsSdkClient(options, options.region, endpoint);
  const host = endpoint?.host ?? "the RDS endpoint";
  const again = retry(
    handleWhen((error) => isMigrationError(error) && error.retry === "passes"),
    {
      maxAttempts: MAX_RETRIES,
      backoff: new ExponentialBackoff({ initialDelay: options.retryDelayMs ?? 500, maxDelay: MAX_DELAY_MS }),
    },
  );

  /** @param parse reads the reply; a SyntaxError that it throws is an ANSWER_UNREADABLE */
  const call = async <T, R>(
    operation: string,
    about: About,
    send: () => Promise<{ body?: T }>,
    parse: (body: T) => R,
  ): Promise<R> => {
    try {
      const { body } = await send();
      if (body === undefined || body === null) throw new SyntaxError("no body");
      return parse(body);
    } catch (cause) {
      const { instanceId, subject = `instance ${instanceId}` } = about;
      const resource = `acs:rds:*:*:dbinstance/${instanceId}`;
      throw fromServiceError(cause, { operation, subject, host, resource });
    }
  };
  const read = <T, R>(
    operation: string,
    about: About,
    send: () => Promise<{ body?: T }>,
    parse: (body: T) => R,
  ): Promise<R> => {
    const { retryListener } = options;
    const notices = retryListener && new RetryNotices(Date.now, (retry) => retryListener.onRetry(retry));
    let fault = "";
    return again.execute(async ({ attempt }) => {
      if (attempt > 0)
        notices?.note(1, { operation, retry: attempt, maxRetries: MAX_RETRIES, untilMs: latestEndMs(attempt), fault });
      try {
        const value = await call(operation, about, send, parse);
        if (notices?.isReported(1)) retryListener?.onRecovery(operation);
        return value;
      } catch (error) {
        if (isMigrationError(error)) fault = `${error.code}, ${error.what.split("\n")[0]}`;
        throw error;
      }
    }, options.signal);
  };

  /** The latest end of a call whose retry begins now, when every attempt times out. */
  const latestEndMs = (retry: number): number => {
    const { connectTimeoutMs = CONNECT_TIMEOUT_MS, readTimeoutMs = READ_TIMEOUT_MS } = options;
    const attempts = MAX_RETRIES - retry + 1;
    return Date.now() + attempts * (connectTimeoutMs + readTimeoutMs) + (attempts - 1) * MAX_DELAY_MS;
  };

  /** All rows of a paged list. @throws ANSWER_UNREADABLE when the list ends before its count, or does not end */
  const readPages = async <T>(operation: string, readPage: (pageNumber: number) => Promise<Page<T>>): Promise<T[]> => {
    try {
      return await allPages(readPage);
    } catch (cause) {
      throw fromServiceError(cause, { operation, host });
    }
  };

  /** Accepts only digits as a task id, as every document shows it, because the id is recorded and polled for hours. */
  const taskIdOf = (body: { migrateTaskId?: unknown }, operation: string): string => {
    const id = String(body.migrateTaskId ?? "");
    if (!/^\d+$/.test(id)) throw fromServiceError(new SyntaxError("no usable MigrateTaskId"), { operation, host });
    return id;
  };

  return {
    async describeInstance(instanceId) {
      const request = new models.DescribeDBInstanceAttributeRequest({ DBInstanceId: instanceId });
      const { requestId, found } = await read(
        "DescribeDBInstanceAttribute",
        { instanceId },
        () => client.describeDBInstanceAttribute(request),
        (body) => ({ requestId: body.requestId, found: rowsOf(body.items?.DBInstanceAttribute)[0] }),
      );
      if (found === undefined) {
        throw fromServiceError(
          { statusCode: 404, code: "InvalidDBInstanceId.NotFound", requestId },
          { operation: "DescribeDBInstanceAttribute", subject: `instance ${instanceId}`, host },
        );
      }
      return {
        instanceId,
        engine: found.engine ?? "",
        engineVersion: found.engineVersion ?? "",
        status: found.DBInstanceStatus ?? "",
        lockMode: found.lockMode ?? "",
        lockReason: found.lockReason || undefined,
        type: found.DBInstanceType ?? "",
        region: found.regionId ?? "",
        storageBytes: found.DBInstanceStorage === undefined ? undefined : found.DBInstanceStorage * 2 ** 30,
        usedBytes: found.DBInstanceDiskUsed ? Number(found.DBInstanceDiskUsed) : undefined,
        maxDatabases: found.DBMaxQuantity,
        maintainTime: found.maintainTime,
        collation: found.collation || undefined,
      };
    },

    async diskUsed(instanceId) {
      const request = new models.DescribeResourceUsageRequest({ DBInstanceId: instanceId });
      const diskUsed = await read(
        "DescribeResourceUsage",
        { instanceId },
        () => client.describeResourceUsage(request),
        (body) => body.diskUsed,
      );
      // The service returns -1 for "none".
      return diskUsed === undefined || diskUsed < 0 ? undefined : diskUsed;
    },

    async listDatabases(instanceId) {
      return readPages("DescribeDatabases", (pageNumber) => {
        const request = new models.DescribeDatabasesRequest({
          DBInstanceId: instanceId,
          pageSize: PAGE_SIZE,
          pageNumber,
        });
        return read(
          "DescribeDatabases",
          { instanceId },
          () => client.describeDatabases(request),
          ({ databases }) => {
            const found = rowsOf(databases?.database);
            const rows = found.map((item) => ({ name: item.DBName ?? "", status: item.DBStatus ?? "" }));
            return { rows, total: found[0]?.totalCount };
          },
        );
      });
    },

    async listAccounts(instanceId) {
      return readPages("DescribeAccounts", (pageNumber) => {
        const request = new models.DescribeAccountsRequest({
          DBInstanceId: instanceId,
          pageSize: PAGE_SIZE,
          pageNumber,
        });
        return read(
          "DescribeAccounts",
          { instanceId },
          () => client.describeAccounts(request),
          ({ accounts, totalRecordCount: total }) => ({
            rows: rowsOf(accounts?.DBInstanceAccount, total).map((item) => ({
              name: item.accountName ?? "",
              type: item.accountType ?? "",
              status: item.accountStatus ?? "",
            })),
            total,
          }),
        );
      });
    },

    async listMigrateTasks(instanceId, window) {
      const tasks = readPages("DescribeMigrateTasks", (pageNumber) => {
        const request = new models.DescribeMigrateTasksRequest({
          DBInstanceId: instanceId,
          startTime: toMinute(window.fromMs),
          endTime: toMinute(window.toMs),
          pageSize: PAGE_SIZE,
          pageNumber,
        });
        return read(
          "DescribeMigrateTasks",
          { instanceId },
          () => client.describeMigrateTasks(request),
          ({ items, totalRecordCount: total }) => ({
            rows: rowsOf(items?.migrateTask, total).map((row) => toTask(row, taskIdOf(row, "DescribeMigrateTasks"))),
            total,
          }),
        );
      });
      return tasks.catch((error: unknown) => {
        if (saysUnsupported(error)) return undefined;
        throw error;
      });
    },

    async describeMigrateTask(instanceId, taskId) {
      const request = new models.DescribeMigrateTaskByIdRequest({ DBInstanceId: instanceId, migrateTaskId: taskId });
      try {
        return await read(
          "DescribeMigrateTaskById",
          { instanceId, subject: `task ${taskId}` },
          () => client.describeMigrateTaskById(request),
          (body) => {
            // For a task that does not exist, some services return empty members instead of an error.
            if (body.migrateTaskId === "") return undefined;
            return toTask(body, taskIdOf(body, "DescribeMigrateTaskById"));
          },
        );
      } catch (error) {
        if (isMigrationError(error) && /MigrateTask.*NotFound|NotFound.*Task/i.test(error.service?.code ?? ""))
          return undefined;
        throw error;
      }
    },

    async listTaskFiles(instanceId, taskId) {
      const request = new models.DescribeOssDownloadsRequest({ DBInstanceId: instanceId, migrateTaskId: taskId });
      try {
        return await read(
          "DescribeOssDownloads",
          { instanceId, subject: `task ${taskId}` },
          () => client.describeOssDownloads(request),
          ({ items }) =>
            rowsOf(items?.ossDownload).map((item) => ({
              fileName: item.fileName ?? "",
              status: item.status ?? "",
              description: redacted(item.description ?? ""),
              createdAtMs: Date.parse(item.createTime ?? ""),
              // The values differ from those of CreateMigrateTask: Database, Differential_Database, Transaction_Log.
              ...(item.backupMode ? { isFull: /^database$/i.test(item.backupMode) } : {}),
              ...(Number(item.fileSize) > 0 ? { sizeBytes: Number(item.fileSize) * 2 ** 20 } : {}),
            })),
        );
      } catch (error) {
        // Not supported on 2017 EE and 2019 EE (documented; by which code is not): any refusal that is about the request
        // itself counts as "not supported". Missing rights and temporary faults are reported.
        if (
          isMigrationError(error) &&
          ["API_REFUSED", "API_ENGINE_NOT_SUPPORTED", "API_INSTANCE_TYPE", "API_TASK_NOT_FOUND"].includes(error.code)
        )
          return undefined;
        throw error;
      }
    },

    async createMigrateTask(request, beforeSend) {
      const sender = rdsSdkClient({ ...options, beforeSend }, options.region, endpoint);
      return call(
        "CreateMigrateTask",
        { instanceId: request.instanceId, subject: `database ${request.databaseName}` },
        () => sender.createMigrateTask(new models.CreateMigrateTaskRequest(toCreateParameters(request))),
        (body) => ({ taskId: taskIdOf(body, "CreateMigrateTask"), requestId: body.requestId }),
      );
    },

    async openDatabase({ instanceId, databaseName, taskId, checkDb, clientToken }) {
      const request = new models.CreateOnlineDatabaseTaskRequest({
        DBInstanceId: instanceId,
        DBName: databaseName,
        migrateTaskId: taskId,
        checkDBMode: CHECK_DB_MODE[checkDb],
        clientToken,
      });
      return call(
        "CreateOnlineDatabaseTask",
        { instanceId, subject: `database ${databaseName}` },
        () => client.createOnlineDatabaseTask(request),
        ({ requestId }) => ({ requestId }),
      );
    },

    async terminateMigrateTask(instanceId, taskId) {
      const request = new models.TerminateMigrateTaskRequest({ DBInstanceId: instanceId, migrateTaskId: taskId });
      await read(
        "TerminateMigrateTask",
        { instanceId, subject: `task ${taskId}` },
        () => client.terminateMigrateTask(request),
        () => undefined,
      );
    },
  };
}

/**
 * Whether the edition does not support the call. The code of that refusal is not documented, so the text counts too. Any
 * other refusal is reported, because a list that wrongly counts as unsupported would hide a task.
 */
function saysUnsupported(error: unknown): boolean {
  if (!isMigrationError(error) || error.retry === "passes") return false;
  const { code = "", message = "" } = error.service ?? {};
  return error.code === "API_ENGINE_NOT_SUPPORTED" || /not.?support|unsupported/i.test(`${code} ${message}`);
}

const CHECK_DB_MODE = { sync: "SyncExecuteDBCheck", async: "AsyncExecuteDBCheck" } as const;

/**
 * The documented pairs are FULL with IsOnlineDB True, and UPDF with False for a database that waits for increments: for its
 * full backup (that MigrateTaskId then stays empty is inferred) and for each file behind it. The flags are texts.
 */
function toCreateParameters(request: CreateTaskRequest): Record<string, string> {
  return {
    DBInstanceId: request.instanceId,
    DBName: request.databaseName,
    ...(request.waitsForIncrements === true
      ? { backupMode: "UPDF", isOnlineDB: "False" }
      : // CheckDBMode only counts where the database is opened.
        { backupMode: "FULL", isOnlineDB: "True", checkDBMode: CHECK_DB_MODE[request.checkDb] }),
    ...(request.taskId === undefined ? {} : { migrateTaskId: request.taskId }),
    ...("position" in request.object
      ? { ossObjectPositions: request.object.position }
      : { OSSUrls: encodeURIComponent(request.object.signedUrl) }),
  };
}

interface TaskBody {
  migrateTaskId?: string;
  DBName?: string;
  status?: string;
  description?: string;
  backupMode?: string;
  createTime?: string;
  endTime?: string;
}

function toTask(body: TaskBody, taskId: string): MigrateTask {
  const finishedAtMs = Date.parse(body.endTime ?? "");
  return {
    taskId,
    databaseName: body.DBName ?? "",
    status: body.status ?? "",
    // Shown and kept in state; for 2008 R2 the service has a signed URL that it could quote.
    description: redacted(body.description ?? ""),
    createdAtMs: Date.parse(body.createTime ?? ""),
    ...(body.backupMode ? { backupMode: body.backupMode } : {}),
    ...(Number.isNaN(finishedAtMs) ? {} : { finishedAtMs }),
  };
}

/** `yyyy-MM-ddTHH:mmZ`, without seconds: DescribeMigrateTasks refuses any other form. */
export const toMinute = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;
