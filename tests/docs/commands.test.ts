import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allCommands, lineOf } from "../provider/cli/support/compiled-commands";

const ROOT = join(__dirname, "..", "..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** Texts in which people find commands to copy. */
const FILES = [
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
  ...readdirSync(join(ROOT, "examples"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(md|ya?ml|ts)$/.test(name) && !name.includes("node_modules"))
    .map((name) => join("examples", name)),
  ...readdirSync(join(ROOT, "sql"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(md|sql|json)$/.test(name))
    .map((name) => join("sql", name)),
  ...["README.md", "Pulumi.yaml", "CHANGELOG.md", "CONTRIBUTING.md", "emulator/README.md"],
];

/** Code whose messages, help and docstrings name commands. */
const CODE = ["provider", "components"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);

/** Neither name is taken in the registry: without a local installation, plain npx would run a stranger's package. */
it("texts and messages let npx run the installed command only", () => {
  const plain = [...FILES, ...CODE].flatMap((file) =>
    (read(file).match(/npx (?!--no )[\w-]*\s*(bakinfo|sqlserver-)[^\n]*/g) ?? []).map((line) => `${file}: ${line}`),
  );
  expect(plain).toEqual([]);
});

it("every command in the texts exists, with the options that stand behind it", () => {
  const commands = allCommands();
  const shown = FILES.flatMap((file) => [
    ...read(file).matchAll(/npx --no (?:-- )?((?:sqlserver-migration|bakinfo|sqlserver-source)\b[^\n`;)>#|]*)/g),
  ]).map(([, line = ""]) => line.trim().split(/\s+/));
  expect(shown.length).toBeGreaterThan(15);
  for (const words of shown) {
    const command = commands
      .filter((each) => words.join(" ").startsWith(lineOf(each)))
      .sort((a, b) => lineOf(b).length - lineOf(a).length)[0];
    const known = ["--help", "--version", ...(command?.command.options.map(({ long }) => long) ?? [])];
    // What stands behind -- belongs to another command.
    const [own = ""] = ` ${words.slice(1 + (command?.path.length ?? 0)).join(" ")}`.split(" -- ");
    const rest = own.split(" ").filter(Boolean);
    expect([words, rest.filter((word) => word.startsWith("--") && !known.includes(word))]).toEqual([words, []]);
    if (command?.command.commands.length)
      expect([words, rest.filter((word) => !word.startsWith("-"))]).toEqual([words, []]);
  }
});
