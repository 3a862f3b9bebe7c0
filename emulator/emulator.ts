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
import { type AnswerOverride, applyProfile } from "./profile";
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
  /** TCP port on 127.0.0.1; 0 selects a free port. @default 0 */
  port?: number;
  /** Folder that keeps the state across restarts. @default a temporary folder, removed by `close` */
  stateDir?: string;
  /**
   * Region of the initial instance and bucket; read only at the first start with a state folder.
   * @default "cn-hangzhou"
   */
  region?: string;
  /** Added to the real time, milliseconds. @default 0 */
  clockOffsetMs?: number;
  /** Time from a migration task's creation to its end, milliseconds. @default 4000 */
  taskMs?: number;
  /** The initial bucket, created at the first start; `false` for none. @default a Standard bucket without encryption */
  bucket?: false | Partial<BucketSettings>;
  rds?: RdsOptions;
  /** Answers that differ from the usual ones. @default none */
  profile?: readonly AnswerOverride[];
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
  /** The initial instance, created at the first start. */
  instanceId: string;
  /** The initial bucket, created at the first start; `""` for none. */
  bucket: string;
  journal: Journal;
  oss: OssControl;
  /** The stored objects, as the RDS service reads them. */
  objects: ObjectReader;
  rds: RdsControl;
  ram: RamControl;
  faults: FaultInjector;
  clock: Clock;
  sts: {
    /** Issues a temporary key that all services accept until it expires. A negative time issues an expired key. */
    issue(expiresInSeconds: number): Promise<TemporaryKey>;
  };
  /** Resolves when no request is active, so that requests of a client that just disconnected have ended too. */
  idle(): Promise<void>;
  /** Stops the emulator at once. Without a state folder, the state is deleted. */
  close(): Promise<void>;
}

/** Starts OSS, RDS, RAM, STS and VPC on one port of 127.0.0.1. `emulator/README.md` lists what they support. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const folder = StateFolder.open(options.stateDir);
  const clock = new Clock(options.clockOffsetMs);
  let firstStart = false;
  const identity = folder.document("identity", () => {
    firstStart = true;
    return createIdentity(options);
  });
  const { region, accountId, accessKeyId, accessKeySecret, instanceId, bucket } = identity.value;

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
  await folder.saveCreated();

  const faults = new FaultInjector();
  const controls = collectControls({ clock, keys, oss, services: { rds: rds.control, ram: ram.control } });
  const server = new EmulatorServer({
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
    admin: createAdminHandler({ journal, faults, controls }),
  });
  const release = () => {
    store.close();
    journal.close();
    folder.dispose();
  };
  const port = await applyProfile(options.profile ?? [], controls, faults)
    .then(() => server.listen(options.port ?? 0))
    .catch((error: unknown) => {
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
    idle: () => server.idle(),
    async close() {
      await server.close();
      release();
    },
  };
}
