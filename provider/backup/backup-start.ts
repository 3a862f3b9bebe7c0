const CONTAINER_MAGIC = "MSSQLBAK";
const TAPE_MAGIC = "TAPE";
/** In the media label's name of the software, UTF-16. Other programs write Microsoft Tape Format too. */
const SOFTWARE = Buffer.from("Microsoft SQL Server", "utf16le");

/** Enough of a file for {@link isBackupStart}: the media label's block has 1 KiB. */
export const START_BYTES = 1024;

/** Whether a file that begins with these bytes is a SQL Server backup, sound or not. */
export function isBackupStart(head: Uint8Array): boolean {
  const magic = String.fromCharCode(...head.subarray(0, CONTAINER_MAGIC.length));
  return magic === CONTAINER_MAGIC || (magic.startsWith(TAPE_MAGIC) && Buffer.from(head).includes(SOFTWARE));
}
