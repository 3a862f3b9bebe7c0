import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { migrationError } from "../errors/migration-error";
import { foreignPlaceOf } from "../model/foreign-place";
import { isOssUrl } from "../model/location";

/** Loaded at its first use: most programs start in the folder of Pulumi.yaml. */
const yaml = () => require("yaml") as typeof import("yaml");

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/** A path of the program, and where it leads. */
export interface LocatedPath {
  /** As it is written where it starts at the working directory anyway. */
  path: string;
  /** Nothing is at the path from the folder of Pulumi.yaml, but something is in the program's own folder. */
  isInProgramFolder: boolean;
}

/**
 * Where a path of the program leads. Relative paths start at the folder of Pulumi.yaml, also when `main` is in a subfolder: Pulumi
 * starts the program and the provider in the folder of `main`. Until version 0.3 the program's folder is searched second.
 */
export function locateInProject(path: string): LocatedPath {
  const programFolder = process.cwd();
  const project = projectFolderOf(programFolder);
  const startsHere =
    project === programFolder || isAbsolute(path) || isOssUrl(path) || foreignPlaceOf(path) !== undefined;
  if (startsHere) return { path, isInProgramFolder: false };
  const inProject = resolve(project, path);
  const inProgram = resolve(programFolder, path);
  return !existsSync(inProject) && existsSync(inProgram)
    ? { path: inProgram, isInProgramFolder: true }
    : { path: inProject, isInProgramFolder: false };
}

/** The warning about a path that only the program's folder has; undefined for any other. */
export function programFolderWarning(path: string): string | undefined {
  const { path: found, isInProgramFolder } = locateInProject(path);
  if (!isInProgramFolder) return undefined;
  const fromProject = relative(projectFolderOf(process.cwd()), found).replaceAll(sep, "/");
  return migrationError("PATH_IN_PROGRAM_FOLDER", { path, fromProject }).message;
}

/** The last answer: five hundred resources ask for the same folder. */
let last: { programFolder: string; project: string } | undefined;

function projectFolderOf(programFolder: string): string {
  if (last?.programFolder !== programFolder) last = { programFolder, project: findProjectFolder(programFolder) };
  return last.project;
}

/**
 * The nearest folder upwards with a project file whose `main` leads to the program's folder, otherwise the program's folder itself. An
 * inline program of the Automation API may run below a project that is not its own.
 */
function findProjectFolder(programFolder: string): string {
  for (let folder = programFolder; ; folder = dirname(folder)) {
    const main = mainOf(folder);
    if (main !== undefined) {
      // The Automation API writes the working directory as `main` of an inline program.
      if (isAbsolute(main)) return programFolder;
      const target = resolve(folder, main);
      return target === programFolder || dirname(target) === programFolder ? folder : programFolder;
    }
    if (dirname(folder) === folder) return programFolder;
  }
}

/** `main` of a folder's project file, empty where it has none; undefined without a readable project file. */
function mainOf(folder: string): string | undefined {
  for (const name of PROJECT_FILES) {
    try {
      return mainMember(readFileSync(join(folder, name), "utf8"));
    } catch {
      // Missing, or no YAML: then Pulumi does not start a program with it.
    }
  }
  return undefined;
}

/** JSON is YAML too. @throws YAMLParseError */
function mainMember(text: string): string {
  const project: unknown = yaml().parse(text, { logLevel: "error" });
  const main: unknown = project !== null && typeof project === "object" ? Reflect.get(project, "main") : undefined;
  return typeof main === "string" ? main : "";
}
