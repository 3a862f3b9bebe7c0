#!/usr/bin/env node
import { stat, writeFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { fileCrc64 } from "../aliyun/oss/file-crc64";
import { type BakinfoEntry, readEntry } from "../backup/bakinfo-entry";
import { type ChainPlan, planChains } from "../backup/chain";
import { buildManifest, type FileFacts, manifestText } from "../backup/manifest";
import { expandArguments, openBackup } from "../backup-files/list-backup-files";
import { isMigrationError } from "../errors/migration-error";
import { isOssUrl } from "../model/location";
import { chainReport, jsonReport, problemLine, tableReport } from "./bakinfo-report";
import { lazyStore } from "./bakinfo-store";

const USAGE = `Usage: bakinfo [options] FILE… | FOLDER… | oss://BUCKET/KEY…

Reads the headers of SQL Server backups without SQL Server and prints what they are and how they fit together.
Folders and keys that end in / are expanded to the .bak, .trn, .dif, .diff, .full and .log files in them.

  --json           print an array with one object per file (HEADERONLY's column names)
  --manifest FILE  write the manifest of the chains found, to commit beside the Pulumi program
  --deep           read every file to its end and check all of it
  --region ID      region of the buckets (default: ALICLOUD_REGION, ALIBABA_CLOUD_REGION)
  --endpoint E     public, internal, accelerate, or a URL
  --profile NAME   profile of the Alibaba Cloud CLI
  --help

Exit status: 0 if every file is a sound backup, 1 if not (the reasons are on stderr), 2 for a mistake in the arguments.`;

/** Mostly waiting: for a disk, or for OSS. */
const READ_AT_ONCE = 8;
const MISUSE = 2;
const UNSOUND = 1;

/** What the command has of its surroundings. */
export interface Console {
  /** Prints to stdout; a line end is added. */
  out(text: string): void;
  err(text: string): void;
  env(name: string): string | undefined;
}

/** Runs the command and gives back its exit status. */
export async function main(args: readonly string[], { out, err, env }: Console): Promise<number> {
  const command = readCommand(args);
  if (typeof command === "string") {
    err(command);
    return MISUSE;
  }
  if (command.help) {
    out(USAGE);
    return 0;
  }
  const store = lazyStore(command, env);
  const { files, emptyFolders } = await expandArguments(command.paths, store);
  const entries: BakinfoEntry[] = [];
  for (let first = 0; first < files.length; first += READ_AT_ONCE) {
    const batch = files.slice(first, first + READ_AT_ONCE);
    entries.push(
      ...(await Promise.all(batch.map((file) => readEntry(file, (path) => openBackup(path, store), command)))),
    );
  }
  for (const { backup, warnings } of entries) {
    for (const problem of backup.problems) err(problemLine("error", problem));
    for (const warning of warnings) err(problemLine("warning", warning));
  }
  for (const folder of emptyFolders) err(`bakinfo: error: there are no backup files in ${folder}.`);
  const plan = planChains(entries);
  if (command.json) out(jsonReport(entries));
  else out([tableReport(entries), chainReport(plan)].filter(Boolean).join("\n\n"));
  for (const { problems } of plan.databases) for (const problem of problems) err(problemLine("warning", problem));
  const isSound = emptyFolders.length === 0 && entries.every(({ backup }) => backup.problems.length === 0);
  if (command.manifest === undefined) return isSound ? 0 : UNSOUND;
  const isWritten = await writeManifest(command.manifest, { entries, plan, isSound, err });
  return isSound && isWritten ? 0 : UNSOUND;
}

interface Command {
  paths: string[];
  json: boolean;
  deep: boolean;
  help: boolean;
  manifest?: string;
  region?: string;
  endpoint?: string;
  profile?: string;
}

/** The command, or what is wrong with the arguments. */
function readCommand(args: readonly string[]): Command | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        deep: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        manifest: { type: "string" },
        region: { type: "string" },
        endpoint: { type: "string" },
        profile: { type: "string" },
      },
    });
    if (positionals.length === 0 && !values.help) return USAGE;
    return { ...values, paths: positionals };
  } catch (error) {
    return `bakinfo: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`;
  }
}

interface ManifestJob {
  entries: readonly BakinfoEntry[];
  plan: ChainPlan;
  isSound: boolean;
  err: (text: string) => void;
}

/** A manifest that silently lacked a database would plan that database's removal, so it is all or nothing. */
async function writeManifest(path: string, { entries, plan, isSound, err }: ManifestJob): Promise<boolean> {
  const incomplete = plan.databases.filter(({ chain }) => chain === undefined).map(({ database }) => database);
  if (!isSound || incomplete.length > 0 || plan.databases.length === 0) {
    const why = incomplete.length > 0 ? `no chain for ${incomplete.join(", ")}` : "not every file is a sound backup";
    err(`bakinfo: error: ${path} was not written: ${why}.`);
    return false;
  }
  const folder = dirname(resolve(path));
  const factsOf = async (file: string): Promise<FileFacts> => {
    const entry = entries.find((candidate) => candidate.file === file);
    if (isOssUrl(file)) {
      if (!entry?.crc64) throw new Error(`OSS did not tell the CRC64 of ${file}`);
      return { file, sizeBytes: entry.backup.sizeBytes, crc64: entry.crc64 };
    }
    const { size } = await stat(file);
    return {
      file: relative(folder, resolve(file)).split(sep).join("/"),
      sizeBytes: size,
      crc64: await fileCrc64(file),
    };
  };
  await writeFile(path, manifestText(await buildManifest(plan, factsOf)));
  return true;
}

if (require.main === module) {
  main(process.argv.slice(2), {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    env: (name) => process.env[name],
  }).then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      process.stderr.write(
        `bakinfo: ${isMigrationError(error) || error instanceof Error ? error.message : String(error)}\n`,
      );
      process.exitCode = UNSOUND;
    },
  );
}
