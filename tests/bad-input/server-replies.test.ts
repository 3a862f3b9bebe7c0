import fc from "fast-check";
import { InitError } from "../../provider/model/init-error";
import { Fixture, type Recorded } from "../../testing/fixture";
import { type BrokenReply, brokenReplies } from "./broken-replies";
import { expectClear } from "./clear-message";
import { MutatingRelay } from "./mutating-relay";

jest.setTimeout(300_000);

const SEED = Number(process.env.BAD_INPUT_SEED ?? Date.now() % 1_000_000);
const RUNS = Number(process.env.BAD_INPUT_RUNS ?? 1);

let relay: MutatingRelay;
let fixture: Fixture;

beforeAll(async () => {
  relay = await MutatingRelay.open();
});
afterAll(() => relay.close());
beforeEach(async () => {
  const env = Object.fromEntries(
    ["RDS", "OSS", "RAM", "STS"].map((service) => [`ALIBABA_CLOUD_ENDPOINT_${service}`, relay.endpoint]),
  );
  fixture = await Fixture.open({ env, taskMs: 10 });
  relay.target = fixture.emulator.endpoint;
  relay.mutate(new Map());
});
afterEach(() => fixture.close());

const secrets = () => [fixture.emulator.accessKeySecret];

const strike = fc.record({ nth: fc.integer({ min: 1, max: 24 }), broken: brokenReplies });

async function outcome(run: () => Promise<Recorded>): Promise<Recorded | Error> {
  return run().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

it(`a preview reports clear findings for any broken reply (seed ${SEED})`, async () => {
  const backup = await fixture.backup("erp.bak");
  await fc.assert(
    fc.asyncProperty(strike, async ({ nth, broken }) => {
      relay.mutate(new Map([[nth, broken.mutation]]));
      const { failures, log } = await fixture.preview({ backup });
      expectClear(`reply ${nth} is ${broken.what}`, [failures, log], secrets());
    }),
    { seed: SEED, numRuns: 400 * RUNS },
  );
});

it(`an up succeeds or fails with a clear message, and the next up ends with exactly one task (seed ${SEED})`, async () => {
  let count = 0;
  const oneUp = async (strikes: { nth: number; broken: BrokenReply }[]): Promise<void> => {
    const databaseName = `erp${++count}`;
    const what = strikes.map(({ nth, broken }) => `reply ${nth} is ${broken.what}`).join(", ");
    const args = { backup: await fixture.backup("erp.bak", { databaseName }), timeout: "2s", pollInterval: "10ms" };
    relay.mutate(new Map(strikes.map(({ nth, broken }) => [nth, broken.mutation])));
    const first = await outcome(() => fixture.up(args));
    const output = first instanceof Error ? first.message : [first.failed?.reasons, first.outputs, first.log];
    expectClear(what, output, secrets());
    if (first instanceof Error) expect(first).not.toBeInstanceOf(InitError);
    relay.mutate(new Map());
    const known = first instanceof Error ? undefined : first;
    const second = await fixture.up({ ...args, timeout: "20s" }, known);
    if (second.outputs.status !== "online") throw new Error(`${what}: ${JSON.stringify(second.failed?.reasons)}`);
    const own = (await fixture.tasks()).filter((task) => task.dbName === databaseName);
    if (own.length !== 1) throw new Error(`${what}: ${own.length} tasks`);
  };
  await fc.assert(fc.asyncProperty(fc.array(strike, { minLength: 1, maxLength: 3 }), oneUp), {
    seed: SEED,
    numRuns: 50 * RUNS,
    endOnFailure: true,
  });
});

it(`a refresh keeps the state and reports what it could not read, for any broken reply (seed ${SEED})`, async () => {
  const online = await fixture.up({ backup: await fixture.backup("erp.bak") });
  const crm = { backup: await fixture.backup("crm.bak", { databaseName: "crm" }), timeout: "20s" };
  const restoring = await fixture.upToRestoring(crm);
  const replies = fc.record({ nth: fc.integer({ min: 1, max: 3 }), broken: brokenReplies });
  await fc.assert(
    fc.asyncProperty(replies, fc.constantFrom(online, restoring), async ({ nth, broken }, known) => {
      const what = `reply ${nth} is ${broken.what}`;
      relay.mutate(new Map([[nth, broken.mutation]]));
      const { id, outputs, log } = await fixture.refresh(known);
      expectClear(what, [outputs, log], secrets());
      const { migrateTaskId, objectKey, objectCrc64, databaseName } = known.outputs;
      if (id !== known.id) throw new Error(`${what}: the id became ${JSON.stringify(id)}`);
      expect(outputs).toMatchObject({ migrateTaskId, objectKey, objectCrc64, databaseName });
      if (known === online) expect(outputs.status).toBe("online");
    }),
    { seed: SEED, numRuns: 200 * RUNS },
  );
});
