import type { Media } from "./backup-file";
import type { ByteWindow } from "./byte-window";
import { type Block, blockText, isPresent } from "./mtf-block";
import { readMtfDate } from "./mtf-date";

/** Unit of a soft filemark's size. */
const FILEMARK_UNIT_BYTES = 512;

/** Contents of the TAPE block and its RAID stream: RESTORE LABELONLY, and the size of the filemarks. */
export interface MediaLabel {
  media: Media;
  /** Size of each soft filemark of this file, in bytes. */
  filemarkBytes: number;
}

/**
 * Reads the media label. `raid` is SQL Server's stream of the TAPE block, undefined when it is missing. Its 32 bytes
 * hold the media set GUID, at 20 the number of families and at 24 the number of this family (observed on 165 files).
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
