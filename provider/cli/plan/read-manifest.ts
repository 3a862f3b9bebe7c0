import { type Manifest, parseManifest } from "../../backup/manifest";
import { migrationError } from "../../errors/migration-error";
import { isNoEntry } from "../../errors/system-fault";
import { MANIFEST_LIMIT_BYTES, readWholeFile } from "../../files/read-whole-file";

/** @throws MANIFEST_MISSING, MANIFEST_INVALID */
export async function readManifest(file: string): Promise<Manifest> {
  const bytes = await readWholeFile(file, MANIFEST_LIMIT_BYTES).catch((cause: unknown) => {
    throw isNoEntry(cause) ? migrationError("MANIFEST_MISSING", { file }, { cause }) : cause;
  });
  return parseManifest(bytes.toString("utf8"), file);
}
