import type { ObjectStore } from "../../provider/aliyun/object-store";
import type { Range } from "../../provider/forecast/range";
import { checkDeferring, createDeferring } from "../../provider/handlers/deferral";
import { MEMBER_PROGRESS } from "../../provider/model/member-progress";
import { parseOutcomeOutputs } from "../../provider/model/outcome";
import { type PlainObject, toPlain } from "../../provider/model/plain";
import { completeOutcome } from "../../provider/outcome/complete-outcome";
import { callOf, openProcess, type ProviderProcess } from "../engine-steps";
import { Fixture } from "../fixture";
import type { Fleet } from "./fleet";
import { FLEET_START_MS } from "./run-fleet";
import { VirtualTime } from "./virtual-time";

/** Backup files are so much smaller than those of the fleet, and the network so much slower: they are really sent. */
const SCALE = 1000;
/** The share of a task's time after which it runs, in the emulator. */
const AFTER_QUEUE = 0.95;

/** What an up showed of its end, and when that was. */
export interface FleetRun {
  startMs: number;
  endMs: number;
  shown: { atMs: number; range: Range }[];
  online: number;
}

/**
 * Migrates a fleet with the provider's own handlers into the emulator, over virtual time: uploads one after the other, as with
 * `pulumi up --parallel 1`, and as many restores at once as the fleet's instance takes.
 */
export async function migrateFleet(fleet: Fleet): Promise<FleetRun> {
  const time = VirtualTime.install(FLEET_START_MS);
  const fixture = await Fixture.open();
  try {
    const process = slowNetwork(openProcess(fixture.world(), time), time, fleet.uploadBytesPerSecond / SCALE);
    const { instanceId } = fixture.emulator;
    const shown: FleetRun["shown"] = [];
    time.onStep = async () => {
      await startRestores(fixture, fleet);
      const end = process.session.fleet.fleetEnd(instanceId);
      if (end !== undefined) shown.push({ ...end });
    };
    const backups = await prepare(fixture, fleet);
    const { summary } = parseOutcomeOutputs(await migrateAll(fixture, process, backups));
    const ends = summary.map(({ timeline }) => Date.parse(timeline?.endedAt ?? ""));
    const online = summary.filter(({ status }) => status === "online").length;
    return { startMs: FLEET_START_MS, endMs: Math.max(...ends), shown, online };
  } finally {
    await fixture.close();
    time.restore();
  }
}

/** Writes the backups, whose headers have the sizes of the fleet, and sets how long the service takes for each. */
async function prepare(fixture: Fixture, { databases, restoreSeconds }: Fleet): Promise<Map<string, string>> {
  const { rds, instanceId } = fixture.emulator;
  await rds.setInstance({ id: instanceId, storageGb: 50_000 });
  await rds.shapeRestore({ holdAt: "queued", always: true });
  const backups = new Map<string, string>();
  for (const [index, { database, backupBytes, restoredBytes }] of databases.entries()) {
    await rds.setPace({ dbName: database, taskMs: (1000 * (restoreSeconds[index] ?? 0)) / AFTER_QUEUE });
    const files = [{ LogicalName: "data", PhysicalName: "D:\\data.mdf", Type: "D" as const, Size: restoredBytes }];
    const spec = { databaseName: database, dataBytes: Math.round(backupBytes / SCALE), files };
    backups.set(database, await fixture.backup(`${database}.bak`, spec, true));
  }
  return backups;
}

/** Lets the oldest waiting tasks run where the instance has room. */
async function startRestores(fixture: Fixture, { restoresAtOnce, queueSeconds }: Fleet): Promise<void> {
  const tasks = await fixture.tasks();
  const isHeld = ({ stage, stageEndsAtMs }: (typeof tasks)[number]) => stage === "queued" && stageEndsAtMs === null;
  const running = tasks.filter((task) => !isHeld(task) && task.endedAtMs === null).length;
  const waiting = tasks.filter((task) => isHeld(task) && task.createdAtMs + queueSeconds * 1000 <= Date.now());
  for (const { instanceId, id } of waiting.slice(0, Math.max(0, restoresAtOnce - running)))
    await fixture.emulator.rds.setTask({ instanceId, taskId: id, holdAt: null });
}

/** A process whose uploads take as long as their bytes at a rate, and report their progress meanwhile. */
function slowNetwork(process: ProviderProcess, time: VirtualTime, bytesPerSecond: number): ProviderProcess {
  const { session } = process;
  const slow = (store: ObjectStore): ObjectStore =>
    Object.assign(Object.create(store), {
      upload: async (request: Parameters<ObjectStore["upload"]>[0]) => {
        const result = await store.upload({ ...request, onProgress: undefined });
        const { sizeBytes } = result.object;
        const report = (doneBytes: number) => request.onProgress?.({ phase: "uploading", sizeBytes, doneBytes });
        const steps = Math.ceil(sizeBytes / bytesPerSecond / 30);
        for (let step = 0; step < steps; step += 1) {
          report((sizeBytes * step) / steps);
          await time.sleep((1000 * sizeBytes) / bytesPerSecond / steps);
        }
        report(sizeBytes);
        return result;
      },
    });
  const store: typeof session.clients.store = (scope) => slow(session.clients.store(scope));
  return { ...process, session: { ...session, clients: { ...session.clients, store } } };
}

/** The steps of the engine for an InstanceMigration of new databases. @returns the outputs of its outcome */
async function migrateAll(
  fixture: Fixture,
  process: ProviderProcess,
  backups: ReadonlyMap<string, string>,
): Promise<PlainObject> {
  const common = { pollInterval: "10s", timeout: "100h" };
  const checked = new Map<string, PlainObject>();
  for (const [databaseName, backup] of backups) {
    const own = { databaseName, backup, deferred: true, wait: "submitted", resourceUrn: urnOf(databaseName) };
    const { context, members } = callOf(process, fixture.args({ ...common, ...own }));
    checked.set(databaseName, (await checkDeferring(context, {}, members)).inputs);
  }
  const members: PlainObject[] = [];
  for (const [database, inputs] of checked) {
    const { context } = callOf(process, { resourceUrn: urnOf(database) });
    const { outs } = await createDeferring(context, inputs);
    const progress = Object.fromEntries(MEMBER_PROGRESS.map((member) => [member, outs[member]]));
    members.push(toPlain({ name: database, database, ...progress }));
  }
  const { instanceId, bucket } = fixture.emulator;
  const { context } = callOf(process, { resourceUrn: urnOf("outcome") });
  return (await completeOutcome(context, { instanceId, bucket, ...common, members }, [])).outs;
}

const urnOf = (name: string): string => `urn:pulumi:test::demo::sqlserver-migration:index:${name}::${name}`;
