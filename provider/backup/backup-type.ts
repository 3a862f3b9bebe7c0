import type { BackupType } from "./backup-file";

/** A backup type as msdb's letter, HEADERONLY's number and HEADERONLY's description. */
export interface BackupKind {
  letter: string;
  type: BackupType;
  description: string;
}

/** D, I and L are observed (165 files); F, G, P and Q are documented for msdb.dbo.backupset.type. */
export const BACKUP_KINDS: readonly BackupKind[] = [
  { letter: "D", type: 1, description: "Database" },
  { letter: "L", type: 2, description: "Transaction Log" },
  { letter: "F", type: 4, description: "File or Filegroup" },
  { letter: "I", type: 5, description: "Database Differential" },
  { letter: "G", type: 6, description: "File Differential" },
  { letter: "P", type: 7, description: "Partial" },
  { letter: "Q", type: 8, description: "Partial Differential" },
];

/** `a transaction log backup`; `a backup of an unknown type` for a header without a type that is known here. */
export function describeType(type: BackupType | null | undefined): string {
  const kind = BACKUP_KINDS.find((each) => each.type === type);
  return kind === undefined ? "a backup of an unknown type" : `a ${kind.description.toLowerCase()} backup`;
}

export const backupKindByLetter = (letter: string): BackupKind | undefined =>
  BACKUP_KINDS.find((kind) => kind.letter === letter);
