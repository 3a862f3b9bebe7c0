import { readRange } from "../../../emulator/oss/object-range";

const SIZE = 1000;

// The examples of the page on range requests, for an object of 1,000 bytes.
it.each([
  ["bytes=0-499", { start: 0, end: 500 }],
  ["bytes=500-", { start: 500, end: 1000 }],
  ["bytes=-500", { start: 500, end: 1000 }],
  ["byte=0-499", undefined],
  ["bytes=0-1000", undefined],
  ["bytes=1000-2000", undefined],
  ["bytes=1000-", undefined],
  ["bytes=-2000", undefined],
  ["bytes=5-4", undefined],
  ["bytes=-0", undefined],
])("%s is served as %j by default", (range, expected) => {
  expect(readRange({ range }, SIZE)).toEqual(expected);
});

it.each([
  ["bytes=500-2000", { start: 500, end: 1000 }],
  ["bytes=-2000", { start: 0, end: 1000 }],
])("%s is served as %j with standard behaviour", (range, expected) => {
  expect(readRange({ range, "x-oss-range-behavior": "standard" }, SIZE)).toEqual(expected);
});

it.each([{}, { "x-oss-range-behavior": "standard" }])("several ranges are refused with %j", (headers) => {
  expect(() => readRange({ range: "bytes=0-499,500-999", ...headers }, SIZE)).toThrow(
    expect.objectContaining({ code: "InvalidRange", status: 416 }),
  );
});

it.each(["bytes=1000-2000", "bytes=1000-", "bytes=-0"])("%s is refused with standard behaviour", (range) => {
  expect(() => readRange({ range, "x-oss-range-behavior": "standard" }, SIZE)).toThrow(
    expect.objectContaining({ code: "InvalidRange", status: 416 }),
  );
});
