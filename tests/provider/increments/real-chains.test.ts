import { copyFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Fixture, messages } from "../../../testing/fixture";
import { describeSamples, SAMPLES_FOLDER } from "../backup/samples";
import { taken } from "./chain-fixture";

/** Chains of real servers, copied first: a folder of the tests may be written to. */
describeSamples("a chain of a real server", () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await Fixture.open({ taskMs: 60 });
  });
  afterEach(() => fixture.close());

  function copy(folder: string): (name: string) => string {
    for (const name of readdirSync(join(SAMPLES_FOLDER, folder))) {
      copyFileSync(join(SAMPLES_FOLDER, folder, name), join(fixture.folder, basename(name)));
    }
    return (name) => join(fixture.folder, name);
  }

  const run = (args: Record<string, unknown>) => fixture.up({ pollInterval: "20ms", phase: "restoring", ...args });

  test("of full and three logs (2016) is applied as a folder", async () => {
    const path = copy("restoretimeclean2016");
    const { outputs, log } = await run({ backup: path("RestoreTimeClean.bak"), increments: fixture.folder });
    expect(messages(log, "error")).toEqual([]);
    expect(outputs).toMatchObject({ status: "waitingForIncrements", nextLsn: "39000000058800001" });
    expect(await taken(fixture)).toEqual(["FULL Restored", "LOG Restored", "LOG Restored", "LOG Restored"]);
  });

  test("with differentials of two fulls and logs across them applies the newest useful ones and ignores the rest", async () => {
    const path = copy("ola-chain");
    const { outputs } = await run({ backup: path("test_FULL_20160629_141300.bak"), increments: fixture.folder });
    // The later full does not break the log chain: from the first full it continues to the end.
    expect(outputs).toMatchObject({ status: "waitingForIncrements", nextLsn: "21000000024100001" });
    const files = await taken(fixture);
    expect(files[1]).toBe("DIFF Restored");
    expect(files.every((file) => file.endsWith("Restored"))).toBe(true);
    const done = await fixture.up(
      {
        ...{ pollInterval: "20ms", backup: path("test_FULL_20160629_141300.bak"), increments: fixture.folder },
        // An empty log, which is not sent, but ends at the end of the chain.
        cutover: { final: "test_LOG_20160629_143000.trn" },
      },
      { id: "", inputs: { ...outputs }, outputs, log: [] },
    );
    expect(done.outputs.status).toBe("online");
    expect(await taken(fixture)).toEqual(files);
  });

  test("of two differentials of one full applies only the second", async () => {
    const path = copy("DoubleDiffing");
    const increments = [path("difftest-diff1.bak"), path("difftest-diff2.bak")];
    const { outputs } = await run({ backup: path("difftest-full.bak"), increments });
    expect(outputs).toMatchObject({ status: "waitingForIncrements", nextLsn: "24000000013400001" });
    expect(await taken(fixture)).toEqual(["FULL Restored", "DIFF Restored"]);
  });

  test("that begins after the first log is a gap, named with its LSN", async () => {
    const path = copy("RestoreTimeClean");
    const increments = [path("RestoreTimeClean_2.trn"), path("RestoreTimeClean_3.trn")];
    const { failures } = await fixture.preview({
      backup: path("RestoreTimeClean.bak"),
      increments,
      phase: "restoring",
    });
    expect(failures).toEqual([expect.stringMatching(/^CHAIN_GAP: .*from LSN 25000000013200001 to 25000000015300001/s)]);
  });
});
