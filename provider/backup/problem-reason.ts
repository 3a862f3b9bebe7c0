import type { BackupProblem } from "./backup-file";

/**
 * A problem of a file as the rest of a sentence that begins with the file's name: `is not a SQL Server backup. The file is a zip
 * archive. Unpack it … (BACKUP_FOREIGN)`. The message begins with the property and the name, which its first line may have shortened.
 */
export function reasonOf({ code, message }: BackupProblem, file: string): string {
  const [first = "", ...details] = message.split("\n");
  const summary = withoutName(first.replace(/^\[\w+\] /, ""), file);
  const others = details.filter((line) => line !== `File: ${file}`);
  return `${[summary, ...others].join(" ").replace(/\.$/, "")} (${code})`;
}

function withoutName(text: string, file: string): string {
  const name = file.replace(/\s*\n\s*/g, " ");
  if (text.startsWith(`${name} `)) return text.slice(name.length + 1);
  const at = text.indexOf("…");
  if (at === -1 || !name.startsWith(text.slice(0, at))) return text;
  const rest = text.slice(at + 1);
  for (let end = rest.lastIndexOf(" "); end > 0; end = rest.lastIndexOf(" ", end - 1)) {
    if (name.endsWith(rest.slice(0, end))) return rest.slice(end + 1);
  }
  return text;
}
