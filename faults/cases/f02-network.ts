import type { FaultRuleInput } from "../../emulator/faults/fault-rule";
import type { SessionTuning } from "../../provider/session/session";
import type { FaultCase } from "../fault-case";

const PART_BYTES = 102_400;

interface Outage {
  name: string;
  faults: FaultRuleInput[];
  tuning?: SessionTuning;
  /** Number of parts that may be sent twice. */
  resentParts?: number;
}

const reset = (at: "before" | "during" | "after") => ({ kind: "reset" as const, at });

/** The times are short: only the relation between the outage and the retry budget matters. */
const SHORT_PATIENCE: SessionTuning = { ossRetryTimes: { budgetMs: 800, firstContactMs: 800 } };
const SHORT_SILENCE: SessionTuning = { ossTimeouts: { idleMs: 300, controlMs: 1_000 } };

const OUTAGES: Outage[] = [
  {
    name: "the network breaks in the middle of every second part",
    faults: [{ match: { action: "UploadPart" }, every: 2, times: 4, effect: reset("during") }],
  },
  {
    name: "each reply to a part is lost once",
    faults: [{ match: { action: "UploadPart" }, every: 2, times: 5, effect: reset("after") }],
    resentParts: 5,
  },
  {
    name: "a half-open connection: a part is never answered",
    faults: [{ match: { action: "UploadPart" }, nth: 2, effect: { kind: "delay", ms: 5_000 } }],
    tuning: SHORT_SILENCE,
    resentParts: 1,
  },
  {
    name: "a half-open connection: the list of tasks is never answered",
    faults: [{ match: { action: "DescribeMigrateTasks" }, nth: 2, effect: { kind: "delay", ms: 5_000 } }],
  },
  {
    name: "an outage of OSS that is shorter than the retry budget",
    faults: [{ match: { service: "oss" }, times: 12, effect: reset("before") }],
  },
  {
    name: "an outage of OSS during the upload that is longer than the retry budget",
    faults: [
      { match: { action: "UploadPart" }, nth: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], effect: reset("before") },
      { match: { action: "UploadPart" }, nth: 15, effect: { kind: "delay", ms: 900 } },
      { match: { action: "UploadPart" }, nth: Array.from({ length: 60 }, (_, at) => at + 15), effect: reset("before") },
    ],
    tuning: SHORT_PATIENCE,
    resentParts: 1,
  },
  {
    name: "an outage of RDS while the run waits for the task",
    faults: [
      { match: { service: "rds" }, nth: Array.from({ length: 20 }, (_, at) => at + 8), effect: reset("before") },
    ],
  },
];

/** F2: connections break, stay silent, or fail for longer than the retry budget. */
export function networkCases(): FaultCase[] {
  return [...OUTAGES.map(caseOf), nameCase("OSS"), nameCase("RDS")];
}

function caseOf({ name, faults, tuning, resentParts = 0 }: Outage): FaultCase {
  return {
    family: "F2",
    name,
    async run(cloud) {
      const fixture = await cloud.fixture({ tuning });
      const backup = await fixture.backup("erp.bak", { dataBytes: 600_000 });
      const args = { backup, upload: { partSize: PART_BYTES, parallel: 2 } };
      for (const fault of faults) fixture.emulator.faults.add(fault);
      const { recorded } = await cloud.attempt(fixture, args);
      await cloud.requireConvergence(fixture, args, recorded, [backup], { resentBytes: resentParts * PART_BYTES });
    },
  };
}

/** The host name of a service does not resolve during one run. */
function nameCase(service: "OSS" | "RDS"): FaultCase {
  return {
    family: "F2",
    name: `the name of ${service} does not resolve`,
    async run(cloud) {
      const tuning = { ...SHORT_PATIENCE, rdsRetryDelayMs: 5 };
      const endpoint = { [`ALIBABA_CLOUD_ENDPOINT_${service}`]: "http://nowhere.invalid:9" };
      const lost = await cloud.fixture({ env: endpoint, tuning });
      const { error } = await cloud.attempt(lost, { backup: await lost.backup("erp.bak") });
      if (error === undefined) throw new Error("the up succeeded without the service");
      const fixture = await cloud.fixture();
      const backup = await fixture.backup("erp.bak");
      await cloud.requireConvergence(fixture, { backup }, undefined, [backup]);
    },
  };
}
