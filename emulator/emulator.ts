import * as path from "node:path";
import { AccessKeys, type IssuedKeys, type TemporaryKey } from "./access/access-keys";
import { Clock } from "./clock";
import { collectControls } from "./controls";
import { FaultInjector } from "./faults/fault-injector";
import { createAdminHandler } from "./http/admin-handler";
import { EmulatorServer } from "./http/emulator-server";
import { createIdentity } from "./identity";
import { createObjectReader } from "./oss/object-reader";
import { type BucketSettings, createOssControl, type OssControl } from "./oss/oss-control";
import { OssHandler } from "./oss/oss-handler";
import { OssStore } from "./oss/oss-store";
import type { RamControl } from "./ram/ram-control";
import { createRamService } from "./ram/ram-service";
import type { RdsControl } from "./rds/rds-control";
import type { RdsOptions } from "./rds/rds-options";
import { createRdsService } from "./rds/rds-service";
import { RequestJournal } from "./request-journal";
import { RpcHandler } from "./rpc/rpc-handler";
import { StateFolder } from "./state-folder";
import { createStsService } from "./sts/sts-service";
import { createVpcService } from "./vpc/vpc-service";
import type { Journal, ObjectReader, World } from "./world";

export interface EmulatorOptions {
  /** TCP port on 127.0.0.1; 0 takes a free one. @default 0 */
  port?: number;
  /** Folder that keeps everything across restarts. @default a temporary one, removed by `close` */
  stateDir?: string;
  /** Region of the account's instance and bucket, at the first start. @default "cn-hangzhou" */
  region?: string;
  /** Added to the real time, milliseconds. @default 0 */
  clockOffsetMs?: number;
  /** From a migration task's creation to its end, milliseconds. @default the RDS half's */
  taskMs?: number;
  /** The bucket that exists from the first start on; `false` for none. @default a Standard one, not encrypted */
  bucket?: false | Partial<BucketSettings>;
  rds?: RdsOptions;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`, for all services. */
  endpoint: string;
  /** `127.0.0.1:PORT`. */
  host: string;
  port: number;
  /** For example `cn-hangzhou`. */
  region: string;
  accountId: string;
  accessKeyId: string;
  accessKeySecret: string;
  /** The instance that exists from the first start on. */
  instanceId: string;
  /** The bucket that exists from the first start on; `""` when there is none. */
  bucket: string;
  journal: Journal;
  oss: OssControl;
  /** What RDS sees of OSS. */
  objects: ObjectReader;
  rds: RdsControl;
  ram: RamControl;
  faults: FaultInjector;
  clock: Clock;
  sts: {
    /** Temporary keys that work everywhere until they expire; a negative time makes expired ones. */
    issue(expiresInSeconds: number): Promise<TemporaryKey>;
  };
  /** Resolves when no request is under way, so that what a client has just cut is decided. */
  idle(): Promise<void>;
  /** Ends at once; without a state folder everything is forgotten. */
  close(): Promise<void>;
}

/** Starts OSS, RDS, RAM, STS and VPC on one port of 127.0.0.1. See `emulator/README.md` for what they imitate. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const folder = StateFolder.open(options.stateDir);
  const clock = new Clock(options.clockOffsetMs);
  let firstStart = false;
  const known = folder.document("identity", () => {
    firstStart = true;
    return createIdentity(options);
  });
  const { region, accountId, accessKeyId, accessKeySecret, instanceId, bucket } = known.value;

  const journal = new RequestJournal(path.join(folder.path, "journal.jsonl"), clock);
  const keys = new AccessKeys(
    { accessKeyId, accessKeySecret },
    folder.document<IssuedKeys>("temporary-keys", () => ({ temporary: [] })),
  );
  const store = new OssStore(folder.subfolder("oss"), folder.subfolder("oss", "bytes"));
  const now = () => clock.now();
  const world: World = {
    region,
    account: { accountId, accessKeyId, accessKeySecret },
    now,
    journal,
    objects: createObjectReader(store, keys, { region, now }),
    document: (name, initial) => folder.document(name, initial),
  };
  const rds = createRdsService(world, { taskMs: options.taskMs, ...options.rds });
  const ram = createRamService(world);
  const oss = createOssControl(store, { ownerId: accountId, region, now });
  if (firstStart && options.bucket !== false) oss.makeBucket({ ...options.bucket, name: bucket });
  await known.save();

  const faults = new FaultInjector();
  const front = new EmulatorServer({
    clock,
    journal,
    faults,
    lastRequest: journal.lastRequest(),
    oss: new OssHandler(store, keys, { ownerId: accountId, region }),
    rpc: new RpcHandler(keys, {
      Rds: rds.call,
      Ram: ram.call,
      Vpc: createVpcService(world),
      Sts: createStsService({ accountId, now }, keys),
    }),
    admin: createAdminHandler({
      journal,
      faults,
      controls: collectControls({ clock, keys, oss, services: { rds: rds.control, ram: ram.control } }),
    }),
  });
  const release = () => {
    store.close();
    journal.close();
    folder.dispose();
  };
  const port = await front.listen(options.port ?? 0).catch((error: unknown) => {
    release();
    throw error;
  });

  return {
    endpoint: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    region,
    accountId,
    accessKeyId,
    accessKeySecret,
    instanceId,
    bucket,
    journal,
    oss,
    objects: world.objects,
    rds: rds.control,
    ram: ram.control,
    faults,
    clock,
    sts: { issue: (expiresInSeconds) => keys.issue(clock.now() + expiresInSeconds * 1000) },
    idle: () => front.idle(),
    async close() {
      await front.close();
      release();
    },
  };
}
