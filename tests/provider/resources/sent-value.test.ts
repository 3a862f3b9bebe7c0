import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN_VALUE } from "../../../provider/model/unknown";
import { sentValue } from "../../../provider/resources/sent-value";

/** A resource with the outputs `a`, which the engine returns, and `b`, which it does not. */
class Thing extends pulumi.CustomResource {
  declare readonly a: pulumi.Output<unknown>;
  declare readonly b: pulumi.Output<unknown>;

  constructor() {
    super("test:index:Thing", "thing", { a: undefined, b: undefined });
  }
}

function begin(preview: boolean): void {
  const mocks = { call: () => ({}), newResource: () => ({ id: "thing-id", state: { a: { n: [1, "two"] } } }) };
  pulumi.runtime.setMocks(mocks, "project", "stack", preview);
}
afterEach(() => pulumi.runtime.disconnect());

test("a known value is sent as it is", async () => {
  begin(false);
  const { a, b } = new Thing();
  expect(await Promise.all([sentValue(a), sentValue(b)])).toEqual([{ n: [1, "two"] }, undefined]);
});

test("in a preview, an output that the engine did not return is unknown", async () => {
  begin(true);
  const { a, b } = new Thing();
  expect(await Promise.all([sentValue(a), sentValue(b)])).toEqual([{ n: [1, "two"] }, UNKNOWN_VALUE]);
});

test("a secret stays an Output, which the SDK sends as a secret", async () => {
  begin(false);
  const sent = await sentValue(pulumi.secret("hidden"));
  expect(pulumi.Output.isInstance(sent)).toBe(true);
  expect(await pulumi.isSecret(sent as pulumi.Output<string>)).toBe(true);
});
