import { z } from "zod";
import type { ReadBackup } from "./backup-facts";
import type { RdsInstance } from "./instance";

const accountSchema = z.strictObject({
  name: z.string().min(1),
  /** `Super` and `Sysadmin` are privileged. */
  type: z.enum(["Normal", "Super", "Sysadmin"]),
  status: z.enum(["Available", "Unavailable"]).default("Available"),
  description: z.string().default(""),
});

/** Members of an instance that a test can set. Names contain the unit of sizes; texts have RDS's values. */
export const instanceSeedSchema = z.strictObject({
  id: z.string().min(1).optional(),
  description: z.string().optional(),
  engine: z.string().optional(),
  engineVersion: z.string().optional(),
  status: z.string().optional(),
  lockMode: z.string().optional(),
  lockReason: z.string().optional(),
  instanceType: z.string().optional(),
  category: z.string().optional(),
  regionId: z.string().optional(),
  zoneId: z.string().optional(),
  instanceClass: z.string().optional(),
  storageGb: z.number().positive().optional(),
  storageType: z.string().optional(),
  systemBytes: z.number().nonnegative().optional(),
  dbMaxQuantity: z.number().int().nonnegative().optional(),
  collation: z.string().optional(),
  timeZone: z.string().optional(),
  maintainTime: z.string().optional(),
  deletionProtection: z.boolean().optional(),
  payType: z.string().optional(),
  vpcId: z.string().optional(),
  vSwitchId: z.string().optional(),
  accounts: z.array(accountSchema).optional(),
  securityIps: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  unsupportedActions: z.array(z.string()).optional(),
  withheldAttributes: z.array(z.string()).optional(),
});

export type InstanceSeed = z.input<typeof instanceSeedSchema>;

const DEFAULT_INSTANCE = {
  id: "rm-emulator0001",
  description: "",
  engine: "SQLServer",
  engineVersion: "2022_std_ha",
  status: "Running",
  lockMode: "Unlock",
  lockReason: "",
  instanceType: "Primary",
  instanceClass: "mssql.x4.medium.s2",
  storageGb: 100,
  storageType: "cloud_essd",
  systemBytes: 2 * 1024 ** 3,
  dbMaxQuantity: 500,
  collation: "SQL_Latin1_General_CP1_CI_AS",
  timeZone: "China Standard Time",
  maintainTime: "18:00Z-22:00Z",
  deletionProtection: false,
  payType: "Postpaid",
  vpcId: "vpc-emulator0001",
  vSwitchId: "vsw-emulator0001",
  accounts: [{ name: "rdsadmin", type: "Super", status: "Available", description: "" }],
  securityIps: "127.0.0.1",
  tags: {},
  unsupportedActions: [],
};

export interface RdsOptions {
  /** Initial instances, created at the first start. @default one running instance `rm-emulator0001` */
  instances?: readonly InstanceSeed[];
  /** Time from a task's creation to Success, milliseconds. @default 4000 */
  taskMs?: number;
  /** Time from CreateDBInstance to Running, milliseconds. @default 1000 */
  createInstanceMs?: number;
  /** Reads the header of a stored backup. @default the provider's reader */
  readBackup?: ReadBackup;
}

export const DEFAULT_TASK_MS = 4000;
export const DEFAULT_CREATE_INSTANCE_MS = 1000;

const SQL_SERVER_PORT = "3433";

/** Creates an instance at `nowMs` from the seed and the defaults. */
export function seedInstance(seed: InstanceSeed, world: { region: string; nowMs: number }): RdsInstance {
  const members = { ...DEFAULT_INSTANCE, ...instanceSeedSchema.parse(seed) };
  const regionId = members.regionId ?? world.region;
  return {
    ...members,
    category: members.category ?? categoryOf(members.engineVersion),
    regionId,
    zoneId: members.zoneId ?? `${regionId}-h`,
    runningFromMs: null,
    connectionString: `${members.id}.sqlserver.rds.aliyuncs.com`,
    port: SQL_SERVER_PORT,
    createdAtMs: world.nowMs,
  };
}

/** The edition of an engine version, according to the documents of CreateDBInstance. */
function categoryOf(engineVersion: string): string {
  if (engineVersion.endsWith("_sl")) return "Serverless_basic";
  if (engineVersion.endsWith("_ha") || engineVersion === "2008r2") return "HighAvailability";
  return engineVersion.endsWith("_ent") ? "AlwaysOn" : "Basic";
}
