import { programFolderWarning } from "../../provider/files/project-folder";
import type { InstanceMigrationArgs } from "../instance-migration-args";

/** Warnings about paths of the program that only the program's folder has. */
export function pathWarnings({ backups, overrides = {}, baseline }: PathArguments): string[] {
  const listed = [backups]
    .flat()
    .flatMap((each) => (typeof each === "string" ? [each] : [each.backup, ...(each.increments ?? [])]));
  const increments = Object.values(overrides).flatMap((own) => own.increments ?? []);
  const plain = [...listed, ...increments, baseline].filter((path) => typeof path === "string");
  return plain.map(programFolderWarning).filter((warning) => warning !== undefined);
}

type PathArguments = Pick<InstanceMigrationArgs, "backups" | "overrides" | "baseline">;
