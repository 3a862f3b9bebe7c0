import { migrationError } from "../../../provider/errors/migration-error";
import { describeFailure } from "../../../provider/steps/failure";

test("an error of the catalogue is kept with cause, remedy and RequestId, and whether a retry can help", () => {
  const service = { operation: "CreateMigrateTask", code: "InvalidDBName", status: 403, requestId: "R-1" };
  const answer = { ...service, message: "No." };
  const error = migrationError("API_DB_NAME", { operation: "CreateMigrateTask", answer }, { service });
  expect(describeFailure(error)).toEqual({
    ...{ code: "API_DB_NAME", cause: error.what, remedy: error.remedy, requestId: "R-1" },
    ...{ retry: "never", retryable: false },
  });
});

test.each([
  [new TypeError("x is not a function"), "x is not a function"],
  ["a text that was thrown", "a text that was thrown"],
  [undefined, "undefined"],
  [new Error("GET https://b.example.com/k?Signature=PLANTED failed"), "GET <url> failed"],
])("an unknown error (%s) is UNEXPECTED, with its own text and without a URL", (thrown, said) => {
  expect(describeFailure(thrown)).toMatchObject({
    ...{ code: "UNEXPECTED", cause: expect.stringContaining(said), retry: "passes", retryable: true },
  });
  expect(JSON.stringify(describeFailure(thrown))).not.toContain("PLANTED");
});
