import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { discover } from "../../../components/discovery/discover";
import { isMigrationError } from "../../../provider/errors/migration-error";
import { walkFolder } from "../../../provider/files/walk-folder";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "walk-folder-"));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), "x");
}

const link = (path: string, target: string): void => symlinkSync(join(folder, target), join(folder, path));

async function walk(root = ""): Promise<{ files: string[]; leftOut: string[] }> {
  const top = join(folder, root);
  const { files, leftOut } = await walkFolder(top);
  const inTop = (file: string): string => relative(top, file).replaceAll("\\", "/");
  return {
    files: files.map(inTop).sort(),
    leftOut: leftOut.map(({ file, reason }) => `${inTop(file)} ${reason}`).sort(),
  };
}

test("a link to a folder elsewhere is followed, with the folders in it", async () => {
  write("root/a.bak");
  write("elsewhere/b.bak");
  write("elsewhere/deep/c.bak");
  link("root/linked", "elsewhere");
  expect(await walk("root")).toEqual({ files: ["a.bak", "linked/b.bak", "linked/deep/c.bak"], leftOut: [] });
});

test("a loop ends, and is named", async () => {
  write("root/sub/a.bak");
  link("root/sub/up", "root");
  link("root/sub/self", "root/sub");
  expect(await walk("root")).toEqual({
    files: ["sub/a.bak"],
    leftOut: [
      "sub/self is a link to a folder that is listed already",
      "sub/up is a link to a folder that is listed already",
    ],
  });
});

test("a loop behind links outside of the folder ends too", async () => {
  write("root/a.bak");
  write("one/b.bak");
  write("two/c.bak");
  link("root/one", "one");
  link("one/two", "two");
  link("two/one", "one");
  expect(await walk("root")).toEqual({
    files: ["a.bak", "one/b.bak", "one/two/c.bak"],
    leftOut: ["one/two/one is a link to a folder that is listed already"],
  });
});

test("a real folder keeps its path when a link to it sorts before it", async () => {
  write("root/z/a.bak");
  link("root/a", "root/z");
  expect((await walk("root")).files).toEqual(["z/a.bak"]);
});

test("links without a target and links that lead to themselves count as files", async () => {
  write("root/a.bak");
  link("root/gone.bak", "none");
  link("root/loop.bak", "root/loop.bak");
  expect((await walk("root")).files).toEqual(["a.bak", "gone.bak", "loop.bak"]);
});

const messageOf = (backups: string): Promise<string> =>
  discover({ backups, filter: {}, named: [], wantsIncrements: () => false, store: noStore }).then(
    () => "no error",
    (error: unknown) => (isMigrationError(error) ? error.message : String(error)),
  );
const noStore = (): never => {
  throw new Error("nothing is in a bucket");
};
const UNREADABLE_SUBFOLDER =
  /^BACKUPS_UNREADABLE: \[backups\] .*closed cannot be read\.\n.*root\/sub\/closed: permission denied \(EACCES\)\n.*\nGive the user that runs pulumi the right to read it\.$/s;

test("a subfolder that cannot be listed is named itself, not its readable root", async () => {
  write("root/erp.bak");
  mkdirSync(join(folder, "root/sub/closed"), { recursive: true });
  const { readdir } = promises;
  jest.spyOn(promises, "readdir").mockImplementation((async (path: string, options: never) => {
    if (!String(path).endsWith("closed")) return readdir(path, options);
    throw Object.assign(new Error(`EACCES: permission denied, scandir '${path}'`), { code: "EACCES", path });
  }) as unknown as typeof readdir);
  expect(await messageOf(join(folder, "root"))).toMatch(UNREADABLE_SUBFOLDER);
});

const isRoot = process.getuid?.() === 0;
if (isRoot)
  console.warn("Running as root, who may list every folder: the test over a closed folder is simulated only.");
(isRoot ? test.skip : test)("so is a folder without the right to list it", async () => {
  write("root/erp.bak");
  mkdirSync(join(folder, "root/sub/closed"), { recursive: true });
  chmodSync(join(folder, "root/sub/closed"), 0);
  expect(await messageOf(join(folder, "root"))).toMatch(UNREADABLE_SUBFOLDER);
  chmodSync(join(folder, "root/sub/closed"), 0o700);
});
