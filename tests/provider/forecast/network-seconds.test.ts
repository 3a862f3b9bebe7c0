import { learnUploadRate } from "../../../provider/forecast/learn-upload-rate";
import { networkSeconds } from "../../../provider/forecast/network-seconds";
import { rangeOf } from "../../../provider/forecast/range";

const MB = 1e6;
const at = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** 10 MB/s that both files share, until the small one has ended: a mean of each file would say 11.25 MB/s. */
const uploads = [
  { backupBytes: 500 * MB, startMs: 1_000, endMs: 101_000 },
  { backupBytes: 1500 * MB, startMs: 1_000, endMs: 201_000 },
];

it("gives each file its share of the network, and none before a file runs", () => {
  expect(networkSeconds(uploads)).toEqual([50, 150]);
  expect(networkSeconds([...uploads, { startMs: 301_000, endMs: Number.POSITIVE_INFINITY }])).toEqual([
    50,
    150,
    Number.POSITIVE_INFINITY,
  ]);
});

it("learns the rate of a network that files of different sizes have shared", () => {
  const records = uploads.map(({ backupBytes, startMs, endMs }) => ({
    backupBytes,
    timeline: { uploadStartedAt: at(startMs / 1000), uploadFinishedAt: at(endMs / 1000) },
  }));
  expect(learnUploadRate([records]).bytesPerSecond).toBeCloseTo(10 * MB, 3);
});

it("leaves a tenth of further values below and above the range, with few values too", () => {
  const { low, high } = rangeOf(Array.from({ length: 19 }, (_, index) => index + 1));
  expect([low, high].map((value) => Math.round(value * 10) / 10)).toEqual([2, 18]);
});
