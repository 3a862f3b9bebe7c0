import { isSameName } from "../model/names";
import type { CutoverDatabase } from "./cutover-database";
import type { RunbookGroup } from "./runbook-groups";
import { PLACEHOLDERS, type RunbookSettings } from "./settings";
import { option, packageCommand, shellWord } from "./shell";

/** The databases of a group that come from one server and go to one instance: a script and a comparison has all of them. */
interface Pair {
  databases: readonly CutoverDatabase[];
  /** Begins the names of the files that the commands write. */
  mark: string;
  /** Options of sqlcmd. */
  source: string;
  destination: string;
}

/** The commands of one group. docs/how-to/source-side.md explains the options of sqlcmd. */
export class GroupCommands {
  private readonly pairs: readonly Pair[];
  private readonly stack: readonly string[];

  /** @param mark begins the names of the files that the commands write */
  constructor(
    private readonly group: RunbookGroup,
    private readonly settings: RunbookSettings,
    private readonly mark: string,
  ) {
    const [first] = group.databases;
    this.stack = first?.stack === undefined ? [] : [option("--stack", first.stack)];
    this.pairs = this.findPairs();
  }

  pulumi = (...words: readonly string[]): string => ["pulumi", ...words, ...this.stack].join(" ");

  status = (): string => packageCommand("status", ...this.stack);

  setPhase = (phase: string): string => this.pulumi("config", "set", shellWord(this.settings.phaseSetting), phase);

  /** The script of each last log; it only checks without `--run`. */
  lastLogs(isRun: boolean): string[] {
    return this.group.databases.flatMap((database, index) => {
      const script = `${this.mark}-tail-${index + 1}.sql`;
      const words = [
        option("--folder", this.settings.folder ?? PLACEHOLDERS.folder),
        option("--database", database.source),
        "--type LOG --norecovery",
      ];
      return [
        `${packageCommand("source script backup", ...words, ...(isRun ? ["--run"] : []))} > ${script}`,
        `sqlcmd ${this.sourceOf(database)} -C -x -b -i ${script} -y 0`,
      ];
    });
  }

  saveLogins = (): string[] => [
    `${packageCommand("source script logins")} > logins.sql`,
    ...this.pairs.map(({ source, mark }) => toFile(source, "logins.sql", `${mark}-recreate-logins.sql`)),
  ];

  /** Shows before the point of no return that sqlcmd can log in on the destination. */
  tryDestinations = (): string[] => [
    ...new Set(this.pairs.map(({ destination }) => `sqlcmd ${destination} -C -x -b -Q 'SELECT SUSER_SNAME();'`)),
  ];

  createLogins = (): string[] =>
    this.pairs.map(({ destination, mark }) => `sqlcmd ${destination} -C -x -b -i ${mark}-recreate-logins.sql`);

  recordSource = (): string[] =>
    this.pairs.flatMap(({ databases, source, mark }) =>
      record(
        source,
        `${mark}-source`,
        databases.map((each) => each.source),
      ),
    );

  recordDestination = (): string[] =>
    this.pairs.flatMap(({ databases, destination, mark }) =>
      record(
        destination,
        `${mark}-destination`,
        databases.map(({ database }) => database),
      ),
    );

  /** A comparison for each pair, with the number of its databases. */
  comparisons = (): { command: string; compared: number }[] =>
    this.pairs.map(({ databases, mark }) => {
      const renames = databases
        .filter(({ source, database }) => !isSameName(source, database))
        .map(({ source, database }) => option("--rename", `${source}=${database}`));
      const files = [`${mark}-source.json`, `${mark}-destination.json`];
      return { command: packageCommand("source compare", ...files, ...renames), compared: databases.length };
    });

  private findPairs(): Pair[] {
    const pairs = new Map<string, CutoverDatabase[]>();
    for (const each of this.group.databases) {
      const key = `${this.sourceOf(each)} ${this.destinationOf(each)}`;
      pairs.set(key, [...(pairs.get(key) ?? []), each]);
    }
    return [...pairs.values()].flatMap((databases, index) =>
      databases.slice(0, 1).map((first) => ({
        databases,
        mark: pairs.size === 1 ? this.mark : `${this.mark}-${index + 1}`,
        source: this.sourceOf(first),
        destination: this.destinationOf(first),
      })),
    );
  }

  private sourceOf = ({ sourceServer }: CutoverDatabase): string =>
    `-S ${shellWord(this.settings.sourceServer ?? sourceServer ?? PLACEHOLDERS.sourceServer)} -E`;

  private destinationOf = ({ instanceId = PLACEHOLDERS.instance }: CutoverDatabase): string =>
    `-S ${shellWord(`${instanceId}.sqlserver.rds.aliyuncs.com`)} -U ${shellWord(this.settings.login ?? PLACEHOLDERS.login)}`;
}

const record = (server: string, name: string, databases: readonly string[]): string[] => {
  const names = databases.map((database) => option("--database", database));
  return [
    `${packageCommand("source script verify", ...names)} > ${name}.sql`,
    toFile(server, `${name}.sql`, `${name}.json`),
  ];
};

const toFile = (server: string, script: string, output: string): string =>
  `sqlcmd ${server} -C -x -b -i ${script} -h -1 -W -w 65535 -o ${output}`;
