import { migrationError } from "../../../provider/errors/migration-error";
import { PlainError, plainErrorOf } from "../../../provider/errors/plain-error";

test("an error of the catalogue keeps its message, without the members that gRPC would read", () => {
  const error = migrationError("ENDPOINT_INVALID", { property: "endpoint", value: "x y", fault: "it cannot be read" });
  expect(plainErrorOf(error).message).toBe(error.message);
  expect(plainErrorOf(error)).not.toHaveProperty("code");
});

test("a library's message loses the request that it repeats, and the stack", () => {
  const error = Object.assign(new Error("POST http://h/?Signature=SECRET failed"), { code: 14 });
  const plain = plainErrorOf(error);
  expect(plain).toMatchObject({ message: "POST <url> failed", stack: "" });
  expect(plain).not.toHaveProperty("code");
});

test("a plain error stays as it is, and any other value becomes one", () => {
  const plain = new PlainError("erp: stopped");
  expect(plainErrorOf(plain)).toBe(plain);
  expect(plainErrorOf("odd")).toMatchObject({ message: "odd", stack: "" });
});
