import { dedupeFindings } from "../../../provider/preflight/dedupe-findings";
import { errorOf, notChecked } from "../../../provider/preflight/finding";

const refused = (operation: string) =>
  errorOf("SIGNATURE_REFUSED", { operation, answer: { code: "SignatureDoesNotMatch", status: 400 } });

test("one cause of several failed checks is one finding with all of them, at the position of the first", () => {
  const doubtful = errorOf("BACKUP_EMPTY", { file: "erp.bak" });
  const found = [
    notChecked("the instance", "No keys.", "warning"),
    doubtful,
    notChecked("the bucket", "No keys.", "warning"),
    notChecked("the quotas", "No list."),
    notChecked("the role", "No keys.", "warning"),
  ];
  expect(dedupeFindings(found).map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    "warning not checked: the instance; the bucket; the role. No keys.",
    `error ${doubtful.message}`,
    "note not checked: the quotas. No list.",
  ]);
});

test("a note and a warning with one cause stay separate", () => {
  const found = [notChecked("a", "Why.", "warning"), notChecked("b", "Why.")];
  expect(dedupeFindings(found)).toEqual(found);
});

test("wrong keys are reported once; other errors with one code are all reported", () => {
  const first = refused("DescribeDBInstanceAttribute");
  expect(dedupeFindings([first, refused("GetRole")])).toEqual([first]);
  const others = ["a.bak", "b.bak"].map((file) => errorOf("BACKUP_EMPTY", { file }));
  expect(dedupeFindings(others)).toEqual(others);
});
