import type { Media } from "./backup-file";
import type { ByteWindow } from "./byte-window";
import { type Block, blockText, isPresent } from "./mtf-block";
import { readMtfDate } from "./mtf-date";

/** Soft filemarks are stated in units of 512 bytes. */
const FILEMARK_UNIT_BYTES = 512;

/** The TAPE block and its RAID stream: RESTORE LABELONLY, and what the rest of the file depends on. */
export interface MediaLabel {
  media: Media;
  /** Size of each soft filemark of this file, in bytes. */
  filemarkBytes: number;
}

/**
 * Reads the media label. `raid` is SQL Server's own stream of the TAPE block (32 bytes: media set GUID, at 20 the number
 * of families, at 24 this file's number among them; observed on 165 files); undefined when there is none.
 */
export function readMediaLabel(tape: Block, raid: ByteWindow | undefined): MediaLabel {
  return {
    filemarkBytes: tape.fixed.u16(0x40) * FILEMARK_UNIT_BYTES,
    media: {
      MediaName: blockText(tape, 0x44),
      MediaDescription: blockText(tape, 0x48),
      IsPasswordProtected: isPresent(tape, 0x4c),
      SoftwareName: blockText(tape, 0x50),
      MediaDate: readMtfDate(tape.fixed, 0x58),
      MediaSetId: raid?.guid(0) ?? null,
      FamilyCount: raid?.u16(20) ?? null,
      FamilySequenceNumber: raid?.u16(24) ?? null,
    },
  };
}
