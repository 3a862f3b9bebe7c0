import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { containsUnknown, isUnknown, UNKNOWN_VALUE } from "../../../provider/model/unknown";

test("has the SDK's placeholder", () => {
  expect(UNKNOWN_VALUE).toBe(unknownValue);
  expect(isUnknown(unknownValue)).toBe(true);
});

test.each([[[1, [unknownValue]]], [{ a: { b: unknownValue } }], [unknownValue]])("finds it in %j", (value) => {
  expect(containsUnknown(value)).toBe(true);
});

test.each([[[1, []]], [{ a: null }], [null], [undefined], [`${unknownValue} `]])("does not find it in %j", (value) => {
  expect(containsUnknown(value)).toBe(false);
});
