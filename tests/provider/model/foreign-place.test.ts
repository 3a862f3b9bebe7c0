import { foreignPlaceOf } from "../../../provider/model/foreign-place";

const isWindows = process.platform === "win32";

test.each([
  [
    "https://bucket.oss-cn-hangzhou.aliyuncs.com/sql/erp%201.bak",
    /web address of OSS/,
    "Give oss://bucket/sql/erp 1.bak.",
  ],
  ["http://b.oss-cn-beijing-internal.aliyuncs.com/erp.bak?Signature=x", /web address of OSS/, "Give oss://b/erp.bak."],
  ["https://b.oss.aliyuncs.com/erp.bak", /web address of OSS/, "Give oss://b/erp.bak."],
  ["https://nas.example/erp.bak", /^a web address$/, /Download the file/],
  ["s3://bucket/erp.bak", /Amazon S3/, /Copy the file/],
  ["gs://bucket/erp.bak", /Google Cloud Storage/, /Copy the file/],
  ["abfss://c@a.dfs.core.windows.net/erp.bak", /Azure Storage/, /Copy the file/],
  ["smb://nas/share/erp.bak", /an address \(smb:\/\/\)/, /Copy the file/],
  ["oss:/bucket/erp.bak", /not a complete OSS address/, "Write oss://bucket/key."],
  ["oss:bucket/erp.bak", /not a complete OSS address/, "Write oss://bucket/key."],
  ["~/erp.bak", /^a path with ~$/, /home folder/],
  ["~sql/erp.bak", /^a path with ~$/, /home folder/],
  ["$HOME/erp.bak", /a variable/, /variable's value/],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text as a user may write it
  ["${BACKUPS}/erp.bak", /a variable/, /variable's value/],
  ["%USERPROFILE%\\erp.bak", /a variable/, /variable's value/],
])("%s is recognised", (text, what, remedy) => {
  const place = foreignPlaceOf(text);
  expect(place?.what).toMatch(what);
  expect(place?.remedy).toMatch(remedy);
});

(isWindows ? test.skip : test).each([
  ["C:\\x.bak", /^a Windows path$/],
  ["c:/backups/x.bak", /^a Windows path/],
  ["\\\\nas\\backups\\x.bak", /^a Windows network path/],
  ["backups\\x.bak", /^a path with backslashes$/],
])("%s is recognised where no Windows runs", (text, what) => {
  expect(foreignPlaceOf(text)?.what).toMatch(what);
});

test.each([
  "erp.bak",
  "./backups/erp.bak",
  "/srv/backups/erp.bak",
  "//nas/share/erp.bak",
  "../erp.bak",
  "a:b.bak",
  "C:x.bak",
  "back\\up/erp.bak",
  "./~/erp.bak",
  "100%/erp.bak",
  "file:///srv/erp.bak",
  "oss://bucket/erp.bak",
  "oss://bucket/",
])("%s is left as it is", (text) => {
  expect(foreignPlaceOf(text)).toBeUndefined();
});

test("what a place is fits into the first line of every message", () => {
  const texts = [
    "gs://b/x",
    "smb://b/x",
    "abfss://b/x",
    "C:\\x",
    "\\\\nas\\x",
    "a\\b",
    "~",
    "$X",
    "oss:x",
    "https://x",
  ];
  for (const text of texts) expect(foreignPlaceOf(text)?.what.length ?? 0).toBeLessThanOrEqual(30);
});
