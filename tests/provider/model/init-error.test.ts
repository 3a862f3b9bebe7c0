import { InitError } from "../../../provider/model/init-error";

const error = () =>
  new InitError(
    "rm-1/erp",
    { __provider: "exports.handler=…", backup: "a.bak", timeout: "5h" },
    { status: "restoring", uploadId: undefined, failure: { requestId: undefined, code: "X" }, timeout: undefined },
    ["not finished", "run again"],
    new Error("cause"),
  );

test("has the properties that the host saves: the inputs with __provider, the outputs, and nothing undefined", () => {
  expect(error().properties).toStrictEqual({
    __provider: "exports.handler=…",
    backup: "a.bak",
    status: "restoring",
    failure: { code: "X" },
  });
});

test("has the members that the host reads, a cause and no stack", () => {
  expect(error()).toMatchObject({ id: "rm-1/erp", reasons: ["not finished", "run again"], stack: "" });
  expect(error().message).toBe("not finished\nrun again");
  expect(error().cause).toBeInstanceOf(Error);
});
