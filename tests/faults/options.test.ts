import { readOptions } from "../../faults/options";

test.each([
  ["", { kind: "cases", seed: 1, runs: undefined, families: undefined, host: "dynamic", jobs: 1, json: false }],
  ["--seed 31 --runs 1 --json", { kind: "cases", seed: 31, runs: 1, json: true }],
  ["--family F16 --jobs 6", { kind: "cases", families: ["F16"], jobs: 6 }],
  ["--family F6 --family F5", { kind: "cases", families: ["F5", "F6"] }],
  ["--host native", { kind: "cases", host: "native" }],
  ["--list --family F9", { kind: "list", families: ["F9"] }],
  ["--soak", { kind: "soak", seed: 1, runs: undefined, levels: ["light", "medium", "heavy"], databases: 200, jobs: 1 }],
  [
    "--soak --level heavy --databases 12 --jobs 3 --runs 100",
    { kind: "soak", levels: ["heavy"], databases: 12, jobs: 3, runs: 100 },
  ],
  ["--help --runs x", { kind: "help" }],
])('parses "%s"', (line, wanted) => {
  expect(readOptions(line.split(" ").filter(Boolean))).toMatchObject(wanted);
});

test.each([
  ["--seed x", /--seed must be a whole number of at least 0, not "x"/],
  ["--seed=", /--seed must be a whole number of at least 0, not ""/],
  ["--runs 0", /--runs must be a whole number of at least 1/],
  ["--runs=-1", /--runs must be a whole number of at least 1/],
  ["--runs", /--runs/],
  ["--family F99", /--family must be one of F1, .*F19, not "F99"/],
  ["--soak --level huge", /--level must be one of light, medium, heavy, not "huge"/],
  ["--soak --databases 0", /--databases must be a whole number of at least 1/],
  ["--soak --jobs 0", /--jobs must be a whole number of at least 1/],
  ["--level heavy", /--level requires --soak/],
  ["--soak --family F1", /--family, --host and --list cannot be combined/],
  ["--nonsense", /--nonsense/],
  ["extra", /extra/],
])('refuses "%s" with the reason', (line, words) => {
  expect(() => readOptions(line.split(" "))).toThrow(words);
});
