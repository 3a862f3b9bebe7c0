import type { FaultRuleInput } from "../../emulator/faults/fault-rule";
import type { FaultCase } from "../fault-case";

const PART_BYTES = 102_400;
const RATES = [0.01, 0.1, 0.3, 0.5] as const;
const REFUSALS = [
  { service: "oss", status: 503, code: "ServiceBusy" },
  { service: "oss", status: 429, code: "QpsLimitExceeded" },
  { service: "oss", status: 500, code: "InternalError" },
  { service: "rds", status: 503, code: "ServiceUnavailable" },
  { service: "rds", status: 400, code: "Throttling.User" },
  { service: "rds", status: 500, code: "InternalError" },
] as const;

/** F3: refusals of 1 to 50 % of the requests, and faults of the call that creates the object. */
export function stormCases(): FaultCase[] {
  const storms = REFUSALS.flatMap(({ service, status, code }) =>
    RATES.map((probability) =>
      caseOf(`${code} of ${service} at ${probability * 100} %`, (seed) => [
        { match: { service }, probability, seed, effect: { kind: "refuse", status, code } },
      ]),
    ),
  );
  const complete = (name: string, effect: FaultRuleInput["effect"], times = 1) =>
    caseOf(name, () => [{ match: { action: "CompleteMultipartUpload" }, times, effect }]);
  return [
    ...storms,
    complete(
      "CompleteMultipartUpload is refused with 500 five times",
      { kind: "refuse", status: 500, code: "InternalError" },
      5,
    ),
    complete("CompleteMultipartUpload succeeds, its reply is lost", { kind: "reset", at: "after" }),
    complete("CompleteMultipartUpload succeeds, its reply is truncated", { kind: "truncate", bytes: 40 }),
    complete("CompleteMultipartUpload succeeds, a proxy replies", { kind: "html", status: 502, afterwards: true }),
    complete("CompleteMultipartUpload succeeds, its reply has another checksum", {
      kind: "headers",
      set: { "x-oss-hash-crc64ecma": "1" },
    }),
  ];
}

function caseOf(name: string, faults: (seed: number) => FaultRuleInput[]): FaultCase {
  return {
    family: "F3",
    name,
    async run(cloud) {
      const fixture = await cloud.fixture();
      const backup = await fixture.backup("erp.bak", { dataBytes: 400_000 });
      const args = { backup, upload: { partSize: PART_BYTES, parallel: 3 } };
      for (const fault of faults(Math.floor(cloud.random() * 2 ** 31))) fixture.emulator.faults.add(fault);
      const { recorded } = await cloud.attempt(fixture, args);
      await cloud.requireConvergence(fixture, args, recorded, [backup]);
    },
  };
}
