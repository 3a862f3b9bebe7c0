import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { main } from "../../../provider/cli/sqlserver-migration";
import { Fixture } from "../../../testing/fixture";
import { startConnectProxy } from "../../support/connect-proxy";
import { hideCredentials } from "../support/hidden-credentials";
import { runCommand } from "./support/run-command";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "..", "..", "..");
const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

let fixture: Fixture;
let restore: () => void;
beforeEach(async () => {
  fixture = await Fixture.open();
  const { PATH } = process.env;
  const folder = process.cwd();
  const restoreCredentials = hideCredentials(fixture.folder);
  put("bin/pulumi", '#!/bin/sh\ncase $1 in version) echo v3.248.0 ;; *) cat "$(dirname "$0")/config.json" ;; esac\n');
  chmodSync(join(fixture.folder, "bin", "pulumi"), 0o755);
  configureStack({ "alicloud:region": { value: fixture.emulator.region, secret: false } });
  installPackage(version);
  process.env.PATH = `${join(fixture.folder, "bin")}:${PATH}`;
  process.chdir(fixture.folder);
  restore = () => {
    restoreCredentials();
    process.env.PATH = PATH;
    process.chdir(folder);
  };
});
afterEach(async () => {
  restore();
  await fixture.close();
});

/** Writes a file of the project's folder, which is also the home folder. */
function put(name: string, content: string): void {
  const file = join(fixture.folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** What `pulumi config --json` prints. */
const configureStack = (values: object): void => put("bin/config.json", JSON.stringify(values));

function installPackage(installed: string): void {
  const folder = "node_modules/pulumi-alicloud-sqlserver-migration";
  put(`${folder}/package.json`, JSON.stringify({ version: installed, exports: { "./provider": "./provider.js" } }));
  put(`${folder}/provider.js`, "");
}

async function doctor(args?: readonly string[], env: Readonly<Record<string, string>> = fixture.env) {
  return runCommand(main, ["doctor", ...(args ?? destination())], env);
}

/** The report without what differs from run to run. */
function constant(report: string): string {
  const { host, accountId, bucket } = fixture.emulator;
  return report
    .replaceAll(host, "EMULATOR")
    .replaceAll(accountId, "ACCOUNT")
    .replaceAll(bucket, "BUCKET")
    .replaceAll(fixture.folder, "PROJECT")
    .replaceAll(process.version, "NODE")
    .replaceAll(version, "VERSION")
    .replace(/127\.0\.0\.1:\d+/g, "OTHER")
    .replace(/RequestId [\w-]+/g, "RequestId ID");
}

const HEALTHY = `ok         node: NODE; the package needs >=20
ok         package: version VERSION, resolved from PROJECT
ok         pulumi: v3.248.0
ok         stack configuration: 1 value
ok         certificates: those of Node.js; NODE_EXTRA_CA_CERTS is not set
ok         region: cn-hangzhou
ok         proxy OSS: none for EMULATOR
ok         endpoint OSS: http://EMULATOR answers
ok         TLS OSS: none: the endpoint is on this machine
ok         clock OSS: differs by less than a minute
not tried  endpoint OSS public: because ALIBABA_CLOUD_ENDPOINT_OSS replaces every endpoint
not tried  endpoint OSS internal: because ALIBABA_CLOUD_ENDPOINT_OSS replaces every endpoint
ok         proxy RDS: none for EMULATOR
ok         endpoint RDS: http://EMULATOR answers
ok         TLS RDS: none: the endpoint is on this machine
ok         clock RDS: differs by less than a minute
ok         proxy RAM: none for EMULATOR
ok         endpoint RAM: http://EMULATOR answers
ok         TLS RAM: none: the endpoint is on this machine
ok         proxy STS: none for EMULATOR
ok         endpoint STS: http://EMULATOR answers
ok         TLS STS: none: the endpoint is on this machine
ok         credentials: from the environment
           not from the stack's configuration: unset: alicloud:accessKey with alicloud:secretKey
ok         identity: acs:ram::ACCOUNT:root of the account ACCOUNT
ok         instance: rm-emulator0001: SQLServer 2022_std_ha in cn-hangzhou, Running, lock mode Unlock
ok         space: 98.0 GiB of 100.0 GiB free
ok         databases: 0 of at most 500
ok         accounts: 1 on rm-emulator0001
ok         quota: 0 of 500 migrations used on rm-emulator0001 in the last 24 hours
ok         bucket: BUCKET: Standard in cn-hangzhou, not encrypted, owner ACCOUNT
ok         bucket ACL: private
ok         bucket versioning: never switched on
ok         regions: cn-hangzhou is the region of the instance and the bucket
ok         role: acs:ram::ACCOUNT:role/AliyunRDSImportRole trusts RDS
ok         bucket owner: BUCKET belongs to the account of the role
ok         rds:DescribeDBInstanceAttribute: allowed
ok         rds:DescribeDatabases: allowed
ok         rds:DescribeAccounts: allowed
ok         rds:DescribeMigrateTasks: allowed
not tried  rds:DescribeMigrateTaskById: because it needs a task, and none is listed
not tried  rds:DescribeOssDownloads: because it needs a task, and none is listed
ok         rds:DescribeResourceUsage: allowed
not tried  rds:CreateMigrateTask: because it changes something (starts a migration)
not tried  rds:CreateOnlineDatabaseTask: because it changes something (the cutover: opens a database that waits for increments, with \`phase: "online"\`)
not tried  rds:TerminateMigrateTask: because it changes something (destroy with \`onDestroy: "stop"\`, and nothing else)
ok         oss:GetBucketInfo: allowed
ok         oss:ListObjects: allowed
ok         oss:ListMultipartUploads: allowed
ok         oss:GetObject: allowed
not tried  oss:ListParts: because it needs an unfinished upload
not tried  oss:PutObject: because it changes something (uploads a backup; writes the submission lock beside it, so that two runs create one task)
not tried  oss:AbortMultipartUpload: because it changes something (destroy ends unfinished uploads)
not tried  oss:DeleteObject: because it changes something (deletes the submission locks of a migration, and an object of its own that arrived with a wrong checksum)
ok         ram:GetRole: allowed`;

/** The lines of each check, with those below them. */
const blocksOf = (report: string): string[] => report.split(/\n(?=\S)/);

const isReading = (request: string): boolean => /^\w+:(Describe|List|Get|Head)/.test(request);

test("a world in which all is well: every line, the exit status, and requests that only read", async () => {
  const { exit, out, err } = await doctor();
  expect([exit, err]).toEqual([0, ""]);
  expect(constant(out)).toBe(`${HEALTHY}\n\n43 ok, 11 not tried`);
  const requests = fixture.since(0);
  expect(requests.filter((request) => !isReading(request))).toEqual([]);
  expect(requests.length).toBeGreaterThan(10);
  expect(out).not.toContain(fixture.emulator.accessKeySecret);
});

test("--json has the same lines as objects", async () => {
  const { exit, out } = await doctor(["--json"]);
  expect(exit).toBe(0);
  const items: object[] = JSON.parse(out);
  expect(items.length).toBe(blocksOf(HEALTHY).length - 2);
  expect(items[3]).toEqual({ check: "stack configuration", status: "ok", text: "1 value", details: [] });
  expect(items).toContainEqual({
    check: "instance",
    status: "notTried",
    text: "because --instance is not given",
    details: [],
  });
});

interface Command {
  /** @default those of the instance and the bucket */
  args?: string[];
  /** In addition to the endpoints and keys; an empty variable counts as unset. */
  env?: Record<string, string>;
}

interface World {
  /** Breaks the world, and returns how the command is called in it. */
  breakIt: () => Promise<Command | undefined> | Promise<void>;
  /** The whole lines that differ from {@link HEALTHY}, but those in `notTried`. */
  lines: string;
  /** What is not tried, by its reason. */
  notTried?: Record<string, string>;
  exit?: number;
}

const close: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const each of close.splice(0)) await each();
});

const destination = (): string[] => ["--instance", fixture.emulator.instanceId, "--bucket", fixture.emulator.bucket];
/** Actions that need an instance, and actions that need a bucket. */
const ON_INSTANCE =
  "rds:DescribeDatabases, rds:DescribeAccounts, rds:DescribeMigrateTasks, rds:DescribeMigrateTaskById, rds:DescribeOssDownloads, rds:DescribeResourceUsage";
const ON_BUCKET = "oss:ListObjects, oss:ListMultipartUploads, oss:GetObject";
/** Everything that needs credentials, a region and the services. */
const EVERYTHING = `instance, space, databases, accounts, quota, bucket, role, bucket owner, rds:DescribeDBInstanceAttribute, ${ON_INSTANCE}, oss:GetBucketInfo, ${ON_BUCKET}, ram:GetRole`;

const WORLDS: Record<string, World> = {
  "no credentials": {
    breakIt: async () => ({
      env: {
        ...{ ALIBABA_CLOUD_ACCESS_KEY_ID: "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" },
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
      },
    }),
    lines: `failed     credentials: NO_CREDENTIALS: no place that was searched has usable credentials.
           - the stack's configuration: unset: alicloud:accessKey with alicloud:secretKey.
           - the environment: unset: ALICLOUD_ACCESS_KEY with ALICLOUD_SECRET_KEY, ALIBABA_CLOUD_ACCESS_KEY_ID with ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABACLOUD_ACCESS_KEY_ID with ALIBABACLOUD_ACCESS_KEY_SECRET (for uploads also OSS_ACCESS_KEY_ID with OSS_ACCESS_KEY_SECRET).
           - OIDC: ALIBABA_CLOUD_OIDC_PROVIDER_ARN is not set.
           - ~/.aliyun/config.json: the file does not exist.
           - ~/.alibabacloud/credentials: the file does not exist.
           - the role of the ECS instance: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true.
           - the credentials URI: ALIBABA_CLOUD_CREDENTIALS_URI is not set.
           Do: Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or give the runner a RAM role.
           More: docs/reference/errors.md#no_credentials`,
    notTried: {
      "credentials failed": `identity, ${EVERYTHING}`,
      "instance and bucket are unknown": "regions",
    },
  },
  "a CloudSSO login that has expired": {
    breakIt: async () => {
      const profile = { name: "sso", mode: "CloudSSO", access_token: "secret", cloud_sso_access_token_expire: 1 };
      put(".aliyun/config.json", JSON.stringify({ current: "sso", profiles: [profile] }));
      return { args: [...destination(), "--profile", "sso"] };
    },
    lines: `failed     credentials: NO_CREDENTIALS: no place that was searched has usable credentials.
           - the profile sso of ~/.aliyun/config.json: the CloudSSO login expired at 1970-01-01T00:00Z; log in again with the aliyun CLI.
           Do: Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or give the runner a RAM role.
           More: docs/reference/errors.md#no_credentials`,
    notTried: {
      "credentials failed": `identity, ${EVERYTHING}`,
      "instance and bucket are unknown": "regions",
    },
  },
  "a security token that has expired": {
    breakIt: async () => {
      const { accessKeyId, accessKeySecret, securityToken } = await fixture.emulator.sts.issue(-60);
      const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret };
      return { env: { ...env, ALIBABA_CLOUD_SECURITY_TOKEN: securityToken } };
    },
    lines: `failed     identity: TOKEN_EXPIRED: the temporary credentials have expired (the credentials).
           GetCallerIdentity (the credentials) was refused: InvalidSecurityToken.Expired "Specified SecurityToken is expired." (HTTP 400, RequestId ID).
           The service does not accept the security token of STS any more.
           Do: Get new credentials and run pulumi up again: it continues where this run stopped.
           More: docs/reference/errors.md#token_expired`,
    notTried: {
      "identity failed": EVERYTHING,
      "instance and bucket are unknown": "regions",
    },
  },
  "another region": {
    breakIt: async () => ({ args: [...destination(), "--region", "cn-shanghai"] }),
    lines: `ok         region: cn-shanghai
failed     regions: REGION_DIFFERS: [region] RDS and OSS are not in cn-shanghai.
           The service reports rm-emulator0001 in cn-hangzhou and BUCKET in cn-hangzhou.
           Requests are signed for cn-shanghai, and RDS would be told to read the backup there.
           Do: Set alicloud:region (or the region argument) to the region of the instance.
           More: docs/reference/errors.md#region_differs`,
    notTried: {
      "the call failed: OSS_WRONG_ENDPOINT": ON_BUCKET,
    },
  },
  "a zone for a region": {
    breakIt: async () => void configureStack({ "alicloud:region": { value: "cn-hangzhou-h", secret: false } }),
    lines: `failed     region: REGION_INVALID: alicloud:region is not a region.
           Its value is "cn-hangzhou-h".
           That is a zone of the region cn-hangzhou.
           Do: Set it to the region of the instance and the bucket, for example cn-hangzhou.
           More: docs/reference/errors.md#region_invalid`,
    notTried: {
      "region failed": `proxy OSS, endpoint OSS, TLS OSS, clock OSS, proxy RDS, endpoint RDS, TLS RDS, clock RDS, instance, space, databases, accounts, quota, bucket, regions, role, bucket owner, rds:DescribeDBInstanceAttribute, ${ON_INSTANCE}, oss:GetBucketInfo, ${ON_BUCKET}, ram:GetRole`,
    },
  },
  "a clock that is 20 minutes slow": {
    breakIt: async () => {
      fixture.emulator.clock.offsetMs = 20 * 60_000;
    },
    lines: `failed     clock OSS: this machine is about 20 minutes behind OSS
           Signed requests are refused when the clocks differ by 15 minutes.
           Do: Set the machine's clock (NTP) and run pulumi up again.
failed     clock RDS: this machine is about 20 minutes behind RDS
           Signed requests are refused when the clocks differ by 15 minutes.
           Do: Set the machine's clock (NTP) and run pulumi up again.
failed     identity: CLOCK_SKEWED: the clock of this machine is wrong (the credentials).
           GetCallerIdentity (the credentials) was refused: InvalidTimeStamp.Expired "Specified time stamp or date value is expired." (HTTP 400, RequestId ID).
           It differs too much from the clock of the service.
           Do: Set the machine's clock (NTP) and run pulumi up again.
           More: docs/reference/errors.md#clock_skewed`,
    notTried: {
      "identity failed": EVERYTHING,
      "instance and bucket are unknown": "regions",
    },
  },
  "a proxy that refuses": {
    breakIt: async () => {
      const proxy = await startConnectProxy();
      proxy.faults.push(...Array.from({ length: 4 }, () => ({ status: 407 })));
      process.env.http_proxy = proxy.url;
      close.push(async () => {
        delete process.env.http_proxy;
        await proxy.close();
      });
    },
    lines: `ok         proxy OSS: EMULATOR: the proxy http://OTHER of http_proxy
failed     endpoint OSS: PROXY_USER_REFUSED: the proxy asks for a user and a password (HTTP 407).
           It is the proxy http://OTHER of http_proxy. The user in that variable is missing or wrong.
           Do: Put user:password@ before the proxy's host in http_proxy, special characters percent-encoded. Only Basic authentication is supported.
           More: docs/reference/errors.md#proxy_user_refused
ok         proxy RDS: EMULATOR: the proxy http://OTHER of http_proxy
failed     endpoint RDS: PROXY_USER_REFUSED: the proxy asks for a user and a password (HTTP 407).
           It is the proxy http://OTHER of http_proxy. The user in that variable is missing or wrong.
           Do: Put user:password@ before the proxy's host in http_proxy, special characters percent-encoded. Only Basic authentication is supported.
           More: docs/reference/errors.md#proxy_user_refused
ok         proxy RAM: EMULATOR: the proxy http://OTHER of http_proxy
warning    endpoint RAM: PROXY_USER_REFUSED: the proxy asks for a user and a password (HTTP 407).
           It is the proxy http://OTHER of http_proxy. The user in that variable is missing or wrong.
           Do: Put user:password@ before the proxy's host in http_proxy, special characters percent-encoded. Only Basic authentication is supported.
ok         proxy STS: EMULATOR: the proxy http://OTHER of http_proxy
warning    endpoint STS: PROXY_USER_REFUSED: the proxy asks for a user and a password (HTTP 407).
           It is the proxy http://OTHER of http_proxy. The user in that variable is missing or wrong.
           Do: Put user:password@ before the proxy's host in http_proxy, special characters percent-encoded. Only Basic authentication is supported.`,
    notTried: {
      "endpoint OSS failed": `TLS OSS, clock OSS, bucket, bucket owner, oss:GetBucketInfo, ${ON_BUCKET}`,
      "endpoint RDS failed": `TLS RDS, clock RDS, instance, space, databases, accounts, quota, rds:DescribeDBInstanceAttribute, ${ON_INSTANCE}`,
      "endpoint RAM failed": "TLS RAM, role, ram:GetRole",
      "endpoint STS failed": "TLS STS, identity",
      "instance and bucket are unknown": "regions",
    },
  },
  "a certificate that nobody trusts": {
    breakIt: async () => ({ env: { ALIBABA_CLOUD_ENDPOINT_RDS: await startImposter() } }),
    lines: `ok         proxy RDS: none for OTHER
ok         endpoint RDS: https://OTHER accepts connections
failed     TLS RDS: TLS_FAILED: no trusted TLS connection to OTHER.
           an unsigned GET: DEPTH_ZERO_SELF_SIGNED_CERT.
           Do: If a company proxy signs TLS again, give Node its root certificate with NODE_EXTRA_CA_CERTS. Verification is never switched off.
           More: docs/reference/errors.md#tls_failed
ok         regions: cn-hangzhou is the region of the bucket`,
    notTried: {
      "TLS RDS failed": `clock RDS, instance, space, databases, accounts, quota, rds:DescribeDBInstanceAttribute, ${ON_INSTANCE}`,
    },
  },
  "an instance that does not exist": {
    breakIt: async () => ({ args: ["--instance", "rm-gone", "--bucket", fixture.emulator.bucket] }),
    lines: `failed     instance: INSTANCE_NOT_FOUND: the instance does not exist (instance rm-gone).
           DescribeDBInstanceAttribute (instance rm-gone) was refused: InvalidDBInstanceId.NotFound "The DBInstanceId provided does not exist in our records." (HTTP 404, RequestId ID).
           This account and region have no instance of that id.
           Do: Correct [instanceId], or the region or the account that the credentials belong to.
           More: docs/reference/errors.md#instance_not_found
ok         regions: cn-hangzhou is the region of the bucket`,
    notTried: {
      "instance failed": `space, databases, accounts, quota, ${ON_INSTANCE}`,
      "the call failed: INSTANCE_NOT_FOUND": "rds:DescribeDBInstanceAttribute",
    },
  },
  "an instance of another engine": {
    breakIt: () => changeInstance({ engine: "MySQL", engineVersion: "8.0" }),
    lines: `failed     instance: INSTANCE_NOT_SQLSERVER: [instanceId] rm-emulator0001 is not a SQL Server instance.
           rm-emulator0001: MySQL 8.0 in cn-hangzhou, Running, lock mode Unlock
           It runs MySQL.
           Do: Give the id of an ApsaraDB RDS for SQL Server instance.
           More: docs/reference/errors.md#instance_not_sqlserver`,
    notTried: {
      "the edition of rm-emulator0001 does not list tasks": "quota",
    },
  },
  "an instance that is locked and full, without a privileged account": {
    breakIt: () =>
      changeInstance({ lockMode: "LockByDiskQuota", lockReason: "disk full", status: "Rebooting", accounts: [] }),
    lines: `failed     instance: INSTANCE_LOCKED: [instanceId] rm-emulator0001 is locked.
           rm-emulator0001: SQLServer 2022_std_ha in cn-hangzhou, Rebooting, lock mode LockByDiskQuota
           It accepts no migration: LockByDiskQuota (disk full).
           Do: Clear the cause of the lock (an unpaid bill, a full disk, a manual lock), then run pulumi up again.
           More: docs/reference/errors.md#instance_locked
warning    instance: INSTANCE_NOT_RUNNING: [instanceId] rm-emulator0001 is not running.
           Its state is Rebooting, which ends by itself; a migration needs the state Running.
           Do: Wait: pulumi up uploads meanwhile, and waits for the instance within \`timeout\`.
warning    accounts: ACCOUNT_MISSING: [instanceId] rm-emulator0001 has no privileged account.
           Without one, nobody can log in to a restored database. The migration runs all the same.
           Do: Create one in the console (Accounts, Create Account, Privileged Account).`,
  },
  "a bucket that does not exist": {
    breakIt: async () => ({ args: ["--instance", fixture.emulator.instanceId, "--bucket", "no-such-bucket"] }),
    lines: `failed     bucket: OSS_NO_SUCH_BUCKET: [bucket] no-such-bucket does not exist.
           Do: Correct the name, or create the bucket in the region of the instance (Standard, no server-side encryption).
           More: docs/reference/errors.md#oss_no_such_bucket
ok         regions: cn-hangzhou is the region of the instance`,
    notTried: {
      "bucket failed": `bucket owner, ${ON_BUCKET}`,
      "the call failed: OSS_NO_SUCH_BUCKET": "oss:GetBucketInfo",
    },
  },
  "a bucket of another account": {
    breakIt: async () => fixture.emulator.oss.makeBucket({ name: fixture.emulator.bucket, ownerId: "1" }),
    lines: `failed     bucket: BUCKET_FOREIGN: [bucket] BUCKET belongs to another account.
           OSS: "The bucket you visit is not belong to you."
           The credentials are of a different account, and RDS reads only backups of its own account.
           Do: Use a bucket of the account that owns the instance, or correct the name. Bucket names are unique across all accounts.
           More: docs/reference/errors.md#bucket_foreign
ok         regions: cn-hangzhou is the region of the instance`,
    notTried: {
      "bucket failed": `bucket owner, ${ON_BUCKET}`,
      "the call failed: BUCKET_FOREIGN": "oss:GetBucketInfo",
    },
  },
  "a bucket of another region and class, encrypted, public and versioned": {
    breakIt: async () =>
      fixture.emulator.oss.makeBucket({
        ...{ name: fixture.emulator.bucket, region: "cn-beijing", storageClass: "Archive" },
        ...{ serverSideEncryption: "AES256", acl: "public-read", versioning: "Enabled" },
      }),
    lines: `failed     bucket: INSTANCE_REGION_DIFFERS: [bucket] BUCKET is in another region.
           BUCKET: Archive in cn-beijing, encrypted with AES256, owner ACCOUNT
           The bucket is in cn-beijing, the instance rm-emulator0001 in cn-hangzhou.
           RDS reads backups only from its own region.
           Do: Use a bucket in the region of the instance.
           More: docs/reference/errors.md#instance_region_differs
failed     bucket: BUCKET_NOT_STANDARD: [bucket] BUCKET is not a Standard bucket.
           Its storage class is Archive; RDS restores only from Standard.
           Do: Use a Standard bucket; MigrationBucket creates one that satisfies every rule.
           More: docs/reference/errors.md#bucket_not_standard
failed     bucket: BUCKET_ENCRYPTED: [bucket] BUCKET encrypts its objects on the server.
           The algorithm is AES256. RDS restores only from buckets without server-side encryption.
           Do: Use a bucket without server-side encryption. alicloud.oss.BucketObject would switch it on for its objects.
           More: docs/reference/errors.md#bucket_encrypted
warning    bucket ACL: BUCKET is public-read: anybody can read the backups in it
           Do: Make the bucket private (console, Permission Control, Bucket ACL).
warning    bucket versioning: the versioning of BUCKET is Enabled
           x-oss-forbid-overwrite has no effect in such a bucket, so two runs at once may create two tasks for one database.
           Deleted and overwritten backups stay as versions and are billed.
           Do: Use a bucket whose versioning was never switched on, or let only one run at a time migrate a database.`,
    notTried: {
      "the call failed: OSS_WRONG_ENDPOINT": ON_BUCKET,
    },
  },
  "no role": {
    breakIt: () => fixture.emulator.ram.removeRole({ name: "AliyunRDSImportRole" }),
    lines: `failed     role: IMPORT_ROLE_MISSING: the account has no role AliyunRDSImportRole.
           Without this role, RDS cannot read the bucket.
           Do: Grant the role once per account, or let MigrationAccess create it (createRole). In the RDS console (https://rdsnext.console.aliyun.com/), open the instance, Backup and Restoration, Restore from OSS Backup. Older consoles call it Migrate OSS Backup Data to RDS. Follow the link Authorize.
           More: docs/reference/errors.md#import_role_missing
not tried  bucket owner: whether the bucket BUCKET belongs to the account of the instance: The id of the account is unknown: it has no role to read it from.`,
  },
  "a role that trusts another service": {
    breakIt: () => fixture.emulator.ram.setRole({ name: "AliyunRDSImportRole", trustedServices: ["ecs.aliyuncs.com"] }),
    lines: `warning    role: IMPORT_ROLE_NOT_TRUSTING: the role AliyunRDSImportRole does not trust RDS.
           Its trust policy does not name rds.aliyuncs.com, so RDS may not be able to use it.
           The required form of the policy is not documented.
           Do: Do not edit the role by hand: grant it again. In the RDS console (https://rdsnext.console.aliyun.com/), open the instance, Backup and Restoration, Restore from OSS Backup. Older consoles call it Migrate OSS Backup Data to RDS. Follow the link Authorize.`,
    exit: 0,
  },
  "refused actions of RDS and RAM": {
    breakIt: async () => {
      await fixture.emulator.rds.forbidAction({ action: "DescribeDatabases" });
      await fixture.emulator.ram.forbidAction({ action: "GetRole" });
    },
    lines: `failed     rds:DescribeDatabases: refused
           For: whether the name is taken; whether the database is there and running afterwards
           the credentials may not call DescribeDatabases.
           DescribeDatabases (instance rm-emulator0001) was refused: Forbidden.RAM "User not authorized to operate on the specified resource, or this API doesn't support RAM." (HTTP 403, RequestId ID).
           The account or RAM user of the credentials lacks a permission.
           Do: Attach this policy to it (RAM console, Policies, Create Policy, JSON), or the whole one of docs/reference/permissions.md: {"Version":"1","Statement":[{"Effect":"Allow","Action":["rds:DescribeDatabases"],"Resource":["acs:rds:*:*:dbinstance/rm-emulator0001"]}]}
warning    ram:GetRole: refused
           For: whether RDS may read the bucket, and whose account it is (without it: "not checked"); also behind a failure that RDS does not explain
           the credentials may not call GetRole.
           GetRole (role AliyunRDSImportRole) was refused: NoPermission "User not authorized to operate on the specified resource, or this API doesn't support RAM." (HTTP 403, RequestId ID).
           The account or RAM user of the credentials lacks a permission.
           Do: Attach this policy to it (RAM console, Policies, Create Policy, JSON), or the whole one of docs/reference/permissions.md: {"Version":"1","Statement":[{"Effect":"Allow","Action":["ram:GetRole"],"Resource":["acs:ram:*:*:role/AliyunRDSImportRole"]}]}`,
    notTried: {
      "rds:DescribeDatabases is refused": "databases",
      "ram:GetRole is refused": "role, bucket owner",
    },
  },
  "a refused action of OSS": {
    breakIt: async () =>
      void fixture.emulator.faults.add({
        match: { action: "HeadObject" },
        effect: { kind: "refuse", status: 403, code: "AccessDenied" },
      }),
    lines: `failed     oss:GetObject: refused
           For: size, checksum and header of a backup in the bucket; the submission locks beside it
           OSS denies HeadObject on oss://BUCKET/doctor-no-such-object.
           OSS: Injected fault (HTTP 403, RequestId ID).
           Do: Grant oss:GetObject on this bucket to the user or role that runs this program. Check that no bucket policy or network rule denies it. The RAM policy: {"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject"],"Resource":["acs:oss:*:*:BUCKET","acs:oss:*:*:BUCKET/*"]}]}`,
  },
  "a quota that is used up, and databases": {
    breakIt: async () => {
      const { instanceId } = fixture.emulator;
      await fixture.emulator.rds.setDatabase({ instanceId, name: "crm" });
      await createTasks("hr", ...Array.from({ length: 20 }, () => "erp"));
    },
    lines: `ok         databases: 1 of at most 500: crm
warning    quota: QUOTA_DATABASE: [databaseName] erp has used 20 of 20 migrations today.
           21 of 500 migrations used on rm-emulator0001 in the last 24 hours; erp: 20 of 20
           At least 20 tasks of full backups were created for it on rm-emulator0001.
           RDS accepts 20 a day for one database.
           The number is the highest of the days in UTC and China Standard Time and of the last 24 hours.
           Do: If RDS refuses, the run waits as long as \`timeout\` allows. After that, run pulumi up again tomorrow.
ok         rds:DescribeMigrateTaskById: allowed
ok         rds:DescribeOssDownloads: allowed`,
    exit: 0,
  },
  "a machine without pulumi, with another version of the package and an unreadable file of certificates": {
    breakIt: async () => {
      process.env.PATH = fixture.folder;
      installPackage("0.0.1");
      return { env: { NODE_EXTRA_CA_CERTS: join(fixture.folder, "gone.pem"), ALICLOUD_REGION: "cn-hangzhou" } };
    },
    lines: `warning    package: the project resolves version 0.0.1; this command is version VERSION
           Folder: PROJECT
           Do: Run npm install in the project, then this command with npx --no from the same folder.
failed     pulumi: The command pulumi is not on the PATH.
           Do: Install the Pulumi CLI (https://www.pulumi.com/docs/install/) and put it on the PATH.
warning    certificates: NODE_EXTRA_CA_CERTS: PROJECT/gone.pem cannot be read; Node.js ignores it
           Reason: it does not exist.
           Do: Correct the path, or unset the variable.`,
    notTried: {
      "pulumi failed": "stack configuration",
    },
  },
  "a project that cannot resolve the package, without a stack, and with TLS that is not verified": {
    breakIt: async () => {
      rmSync("node_modules", { recursive: true });
      put(
        "bin/pulumi",
        "#!/bin/sh\n[ $1 = version ] && echo v3.248.0 || { echo 'error: no stack selected' >&2; exit 255; }\n",
      );
      return { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0", ALICLOUD_REGION: "cn-hangzhou" } };
    },
    lines: `failed     package: pulumi-alicloud-sqlserver-migration/provider cannot be resolved from the folder of this Pulumi project.
           Folder: PROJECT
           Do: Make the package a direct dependency of the project (its own package.json: npm install pulumi-alicloud-sqlserver-migration); in a monorepo or with pnpm a dependency of another package is not enough.
not tried  stack configuration: because it cannot be read: error: no stack selected
           Do: Run this in the folder of Pulumi.yaml, or give --region; the environment is read all the same.
warning    certificates: NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the verification of TLS certificates.
           Anybody on the network path can read and change the requests.
           Do: Unset it; a company's own root certificate goes into NODE_EXTRA_CA_CERTS.`,
  },
};

/** A TLS server with an untrusted certificate; returns its URL. */
async function startImposter(): Promise<string> {
  const certificate = (name: string): string => readFileSync(join(ROOT, "tests", "security", "fixtures", name), "utf8");
  const identity = { key: certificate("self-signed-key.pem"), cert: certificate("self-signed-cert.pem") };
  const server = https.createServer(identity, (_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close.push(() => new Promise((resolve) => server.close(resolve)));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function changeInstance(change: object): Promise<void> {
  await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, ...change });
}

/** Creates a task for each named database; all of them fail. */
async function createTasks(...databaseNames: string[]): Promise<void> {
  const { emulator } = fixture;
  const { rds } = fixture.process().session.clients;
  await emulator.oss.putObject(emulator.bucket, "erp.bak", await fixture.backup("erp.bak"));
  await emulator.rds.setPace({ taskMs: 0 });
  await emulator.rds.shapeRestore({ failWith: "DBCC checkdb failed", always: true });
  const object = { position: `oss-${emulator.region}.aliyuncs.com:${emulator.bucket}:erp.bak` };
  for (const databaseName of databaseNames)
    await rds({}).createMigrateTask({ instanceId: emulator.instanceId, databaseName, checkDb: "async", object });
}

test.each(Object.entries(WORLDS))("%s", async (_name, { breakIt, lines, notTried = {}, exit = 1 }) => {
  const { args, env }: Command = (await breakIt()) ?? {};
  const { mark } = fixture;
  const result = await doctor(args, { ...fixture.env, ...env });
  const [report = ""] = constant(result.out).split("\n\n");
  const healthy = new Set(blocksOf(HEALTHY));
  const changed = blocksOf(report).filter((block) => !healthy.has(block));
  const skipped: Record<string, string> = {};
  const others = changed.filter((block) => {
    const [, check, reason] = /^not tried {2}(.*?): because (.*)$/.exec(block) ?? [];
    if (check === undefined || reason === undefined) return true;
    skipped[reason] = skipped[reason] === undefined ? check : `${skipped[reason]}, ${check}`;
    return false;
  });
  expect({ exit: result.exit, lines: others.join("\n"), notTried: skipped }).toEqual({ exit, lines, notTried });
  expect(fixture.since(mark).filter((request) => !isReading(request))).toEqual([]);
});
