import { isSameName } from "../model/names";
import { sqlName } from "../source/sql-text";
import type { CutoverDatabase } from "./cutover-database";
import type { CutoverNight } from "./cutover-groups";
import { PLACEHOLDERS, type RunbookSettings } from "./settings";
import { option, packageCommand, shellWord } from "./shell";

/** The commands of one night. The options of sqlcmd are explained in docs/how-to/source-side.md. */
export class NightCommands {
  private readonly source: string;
  private readonly folder: string;
  private readonly destination: string;
  private readonly stack: readonly string[];
  readonly sourceFile: string;
  readonly destinationFile: string;

  /** @param mark begins the names of the files that the commands write */
  constructor(
    private readonly night: CutoverNight,
    private readonly settings: RunbookSettings,
    private readonly mark: string,
  ) {
    const [first] = night.databases;
    this.source = `-S ${shellWord(settings.sourceServer ?? first?.sourceServer ?? PLACEHOLDERS.sourceServer)} -E`;
    this.folder = settings.folder ?? PLACEHOLDERS.folder;
    const instance = first?.instanceId ?? PLACEHOLDERS.instance;
    this.destination = `-S ${instance}.sqlserver.rds.aliyuncs.com -U ${shellWord(settings.login ?? PLACEHOLDERS.login)}`;
    this.stack = first?.stack === undefined ? [] : [option("--stack", first.stack)];
    this.sourceFile = `${mark}-source.json`;
    this.destinationFile = `${mark}-destination.json`;
  }

  pulumi = (...words: readonly string[]): string => ["pulumi", ...words, ...this.stack].join(" ");

  status = (): string => packageCommand("status", ...this.stack);

  report = (): string => packageCommand("report", ...this.stack, `--html ${this.mark}-report.html`);

  setPhase = (phase: string): string => this.pulumi("config", "set", shellWord(this.settings.phaseKey), phase);

  /** The script of the last log; it only checks without `--run`. */
  lastLog(isRun: boolean): string[] {
    return this.night.databases.flatMap(({ source }, index) => {
      const script = `${this.mark}-tail-${index + 1}.sql`;
      const words = [option("--folder", this.folder), option("--database", source), "--type LOG --norecovery"];
      return [
        `${packageCommand("source script backup", ...words, ...(isRun ? ["--run"] : []))} > ${script}`,
        `sqlcmd ${this.source} -C -x -b -i ${script} -y 0`,
      ];
    });
  }

  saveLogins = (): string[] => [
    `${packageCommand("source script logins")} > logins.sql`,
    this.toFile(this.source, "logins.sql", "recreate-logins.sql"),
  ];

  createLogins = (): string => `sqlcmd ${this.destination} -C -x -b -i recreate-logins.sql`;

  recordSource = (): string[] => this.record(this.source, this.sourceFile, ({ source }) => source);

  recordDestination = (): string[] => this.record(this.destination, this.destinationFile, ({ database }) => database);

  compare(): string {
    const renamed = this.night.databases.filter(({ source, database }) => !isSameName(source, database));
    const renames = renamed.map(({ source, database }) => option("--rename", `${source}=${database}`));
    return packageCommand("source compare", this.sourceFile, this.destinationFile, ...renames);
  }

  /** Opens the databases on the source as they were before their last logs. */
  reopenSource = (): string[] =>
    this.night.databases.map(({ source }) => `RESTORE DATABASE ${sqlName(source)} WITH RECOVERY;`);

  private record(server: string, output: string, nameOf: (database: CutoverDatabase) => string): string[] {
    const script = output.replace(/json$/, "sql");
    const names = this.night.databases.map((each) => option("--database", nameOf(each)));
    return [`${packageCommand("source script verify", ...names)} > ${script}`, this.toFile(server, script, output)];
  }

  private toFile = (server: string, script: string, output: string): string =>
    `sqlcmd ${server} -C -x -b -i ${script} -h -1 -W -w 65535 -o ${output}`;
}
