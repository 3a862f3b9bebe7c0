import * as pulumi from "@pulumi/pulumi";
import { isMigrationError } from "../provider/errors/migration-error";
import { consoleLog } from "../provider/hosts/console-log";
import type { OpenedMember } from "../provider/model/cutover-group";
import {
  countDatabases,
  type DatabaseCounts,
  type DatabaseFailure,
  failuresOf,
} from "../provider/model/database-counts";
import type { DatabaseOutcome } from "../provider/model/outcome";
import { terminalError } from "../provider/model/terminal-error";
import { outputKey, terminalText } from "../provider/model/terminal-text";
import { isUnknown } from "../provider/model/unknown";
import type { DatabaseMigration } from "../provider/resources/database-migration";
import { sentValue } from "../provider/resources/sent-value";
import { withoutSourcePositions } from "../provider/resources/source-position";
import { systemClock } from "../provider/session/clock";
import { openSession } from "../provider/session/session";
import { currentMigration } from "./current-migration";
import type { DatabaseFilter } from "./discovery/database-filter";
import { discover } from "./discovery/discover";
import type { Discovery, SkippedFile } from "./discovery/discovery";
import { pathWarnings } from "./discovery/path-warnings";
import { describeSkipped, skippedFiles } from "./discovery/skipped-files";
import { declareCutover } from "./instance-cutover";
import { memberTakesIncrements, migrationName } from "./instance-members";
import type { InstanceMigrationArgs } from "./instance-migration-args";
import { resultsByName } from "./instance-results";
import { declareWaves, joinSummaries } from "./instance-waves";
import { assignPlan, readPlan } from "./plan-waves";
import { programSettings } from "./program-settings";
import { fetchBegunMigrations } from "./recorded-migrations";
import { assignWaves, type Wave } from "./waves";

/** The resources that the component declares once it knows the databases. */
interface Declared {
  migrations: Record<string, DatabaseMigration>;
  summary: pulumi.Output<DatabaseOutcome[]>;
  databases: pulumi.Output<Record<string, DatabaseOutcome>>;
  skipped: SkippedFile[];
  opened: pulumi.Output<OpenedMember[] | undefined>;
}

/**
 * Migrates several or all databases of a SQL Server instance into an ApsaraDB RDS for SQL Server instance. It declares one
 * {@link DatabaseMigration} per database, named after the database, so that another backup adds one resource and changes no
 * other.
 *
 * A finding of the preview stops all databases, or only its own with `onFinding: "isolate"`. A task that fails during an update does not
 * stop the others. The failure is logged under its own row, and the update fails at the end with a table of all databases. One wait covers all restores, after the last upload.
 * Resources with `dependsOn: erp` run only when all databases have reached the state that `wait` names.
 *
 * A full backup holds nothing that the source writes after it. The preview and the summary show the time of the data.
 *
 * @example
 * const erp = new InstanceMigration("erp", { instance, bucket, backups: "./backups", databases: "erp; crm*" });
 * export const counts = erp.counts;
 * export const failures = erp.failures;
 */
export class InstanceMigration extends pulumi.ComponentResource<Declared> {
  static readonly __pulumiType = "sqlserver-migration:index:InstanceMigration";

  /**
   * The migrations by the database's name on the source; control characters in a name are escapes (`\x1b`). Their `status`, `statusText`, `finishedAt`, `timeline`, `warnings` and
   * `failure` are those at the end of the `up`. The state of a migration records them at the next refresh.
   */
  declare readonly migrations: pulumi.Output<Record<string, DatabaseMigration>>;
  /** The result or current state of each database, in the order of their names, as of the last `up` or refresh. */
  readonly summary: pulumi.Output<DatabaseOutcome[]>;
  /** The same results by the database's name on the source, spelled as in `migrations`. After `cutoverGroup` opened a database, it is `online`. */
  readonly databases: pulumi.Output<Record<string, DatabaseOutcome>>;
  /** The number of databases in total, online, waiting, in progress and failed; short enough for a stack output. */
  readonly counts: pulumi.Output<DatabaseCounts>;
  /** The failed databases, each with code, cause and remedy; empty when none failed. */
  readonly failures: pulumi.Output<DatabaseFailure[]>;
  /** The databases that `cutoverGroup` opened; undefined without a group. */
  readonly opened: pulumi.Output<OpenedMember[] | undefined>;
  /** The files that no migration uses, and why. */
  readonly skipped: pulumi.Output<SkippedFile[]>;

  constructor(name: string, args: InstanceMigrationArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super(InstanceMigration.__pulumiType, name, new UnsentArgs(args), opts);
    const declared = this.getData();
    this.summary = pulumi.output(declared.then(({ summary }) => summary));
    this.databases = pulumi.output(declared.then(({ databases }) => databases));
    this.counts = this.databases.apply((databases) => countDatabases(Object.values(databases)));
    this.failures = this.databases.apply((databases) => failuresOf(Object.values(databases)));
    this.opened = pulumi.output(declared.then(({ opened }) => opened));
    this.skipped = pulumi.output(declared.then(({ skipped }) => skipped));
    for (const output of [this.summary, this.databases, this.counts, this.failures, this.opened, this.skipped])
      ignoreRejection(output);
    // Created on first use: the SDK searches all members of the resources in an Output, several times.
    let migrations: unknown;
    Object.defineProperty(this, "migrations", {
      get: () => (migrations ??= pulumi.output(declared.then((found) => found.migrations))),
    });
  }

  /** Declares the children here and not in an `apply`, because `dependsOn: component` misses children of an `apply`. */
  protected override async initialize(
    unsent: pulumi.Inputs,
    _opts?: pulumi.ComponentResourceOptions,
    name = "",
  ): Promise<Declared> {
    if (!(unsent instanceof UnsentArgs))
      throw new pulumi.RunError("InstanceMigration is initialised by its constructor");
    const { args } = unsent;
    const found = await discoverFor(name, args, this);
    for (const { severity, message } of describeSkipped(found.skipped)) {
      await pulumi.log[severity](terminalText(message), this);
    }
    for (const warning of pathWarnings(args)) await pulumi.log.warn(terminalText(warning), this);
    const { members, outcomes, group } = withoutSourcePositions(() => {
      const declared = declareWaves(name, args, found.waves, this);
      const options = { parent: this, dependsOn: declared.outcomes };
      return { ...declared, group: declareCutover(name, args, declared.members, options) };
    });
    const summary = joinSummaries(outcomes);
    const opened = pulumi.output(group?.opened);
    const databases = pulumi
      .all([summary, unlessSkipped(opened)])
      .apply(([outcomes, records]) => resultsByName(members, outcomes, records));
    const migrations = Object.fromEntries(
      members.map(({ source, migration }) => [outputKey(source), currentMigration(migration, source, databases)]),
    );
    return {
      migrations,
      summary,
      databases: databases.apply(withOutputKeys),
      skipped: skippedFiles(found.skipped),
      opened,
    };
  }
}

const withOutputKeys = <T>(byName: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(byName).map(([name, value]) => [outputKey(name), value]));

/**
 * Handles a rejection of the output's state. Pulumi awaits the state of an exported output only later, and until then Node.js
 * counts the rejection as unhandled and prints PromiseRejectionHandledWarning. The error itself still ends the program.
 */
function ignoreRejection(output: pulumi.Output<unknown>): void {
  const promises = Object.values(output).filter((state) => state instanceof Promise);
  for (const promise of promises) promise.catch(() => undefined);
}

/**
 * Passes the arguments to `initialize`, which the base class calls before the constructor continues. They are not inputs of
 * the component: Pulumi stores and compares inputs, so a changed timeout would show as a change of the component.
 */
class UnsentArgs {
  readonly #args: InstanceMigrationArgs;

  constructor(args: InstanceMigrationArgs) {
    this.#args = args;
  }

  get args(): InstanceMigrationArgs {
    return this.#args;
  }
}

/**
 * With `--continue-on-error` the engine skips the cutover group of a failed update, and its outputs are unknown. The results of the
 * databases must not become unknown with them.
 */
function unlessSkipped<T>(opened: pulumi.Output<T>): pulumi.Output<T | undefined> {
  if (pulumi.runtime.isDryRun()) return opened;
  return pulumi.output(sentValue(opened)).apply((value) => (isUnknown(value) ? undefined : (value as T)));
}

/** @throws ResourceError, which Pulumi prints under the component's row without a stack */
async function discoverFor(
  name: string,
  args: InstanceMigrationArgs,
  component: pulumi.Resource,
): Promise<Discovery & { waves: Wave[] }> {
  const { databases = {}, overrides = {} } = args;
  const filter: DatabaseFilter = isFilter(databases) ? databases : { include: databases };
  try {
    const session = openSession(programSettings(), consoleLog, systemClock);
    const discovery = await discover({
      backups: args.backups,
      filter,
      excludeFiles: args.excludeFiles,
      named: [...Object.keys(overrides), ...(args.cutoverGroup?.databases ?? [])],
      wantsIncrements: (database) => memberTakesIncrements(args, database),
      store: () => session.clients.store(args),
    });
    const { waves } = args;
    if (waves === undefined || Array.isArray(waves))
      return { ...discovery, waves: assignWaves(waves, discovery.databases) };
    const plan = await readPlan(waves.plan);
    const begun = await fetchBegunMigrations();
    const share = assignPlan(plan, waves, {
      databases: discovery.databases,
      filter,
      hasBegun: (database) => begun.has(migrationName(name, args, database)),
    });
    return { ...discovery, waves: share.waves, skipped: [...discovery.skipped, ...share.skipped] };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    const resourceError = new pulumi.ResourceError(terminalError(error.message), component, true);
    // Node.js 20.20 can take a minute to colour the stack of an uncaught error, and Pulumi does not print it.
    resourceError.stack = "";
    throw resourceError;
  }
}

const isFilter = (databases: NonNullable<InstanceMigrationArgs["databases"]>): databases is DatabaseFilter =>
  typeof databases === "object" && !Array.isArray(databases);
