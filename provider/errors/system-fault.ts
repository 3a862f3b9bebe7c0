/** Why the operating system, or this project, does not read a file: a reason and a remedy for a message. */
export interface SystemFault {
  /** The system's code (EACCES); empty for none. */
  code: string;
  /** Without a full stop: messages embed it in a sentence. */
  reason: string;
  remedy: string;
}

/** The code of the error for a path that names a pipe, a socket or a device. */
export const NOT_A_FILE = "NOT_A_FILE";
/** Code of the error for a file that is larger than its reader allows. */
export const FILE_TOO_LARGE = "FILE_TOO_LARGE";

const CHECK_THE_DISK = "Check the disk or the network share, then run this again.";

/** Reason and remedy by the codes of Node.js and of this project. */
const FAULTS: Readonly<Record<string, { reason?: string; remedy: string }>> = {
  EACCES: { reason: "permission denied", remedy: "Give the user that runs pulumi the right to read it." },
  EPERM: { reason: "permission denied", remedy: "Give the user that runs pulumi the right to read it." },
  ELOOP: {
    reason: "its symbolic links form a loop",
    remedy: "Correct the symbolic link, or give the path of the file itself.",
  },
  ENAMETOOLONG: { reason: "its path is too long", remedy: "Give a shorter path." },
  ERR_INVALID_ARG_VALUE: { reason: "its path contains a NUL character", remedy: "Correct the path." },
  EMFILE: { reason: "too many files are open", remedy: "Raise the limit of open files (ulimit -n)." },
  ENFILE: { reason: "too many files are open", remedy: "Raise the system's limit of open files." },
  EIO: { reason: "the disk fails", remedy: CHECK_THE_DISK },
  ESTALE: { reason: "the network share has changed", remedy: CHECK_THE_DISK },
  ETIMEDOUT: { reason: "the network share does not answer", remedy: CHECK_THE_DISK },
  EHOSTDOWN: { reason: "the network share does not answer", remedy: CHECK_THE_DISK },
  EISDIR: { reason: "it is a folder", remedy: "Give the path of a file." },
  [NOT_A_FILE]: { remedy: "Give the path of a regular file. Pipes, sockets and devices are not read." },
  [FILE_TOO_LARGE]: { remedy: "Check that this is the intended file." },
};

/** The fault for anything that opening or reading a file threw. */
export function systemFaultOf(cause: unknown): SystemFault {
  const code = codeOfCause(cause);
  const known = FAULTS[code];
  const own = typeof cause === "object" && cause !== null && "message" in cause ? String(cause.message) : "";
  if (known !== undefined)
    return { code, reason: known.reason === undefined ? own : `${known.reason} (${code})`, remedy: known.remedy };
  return { code, reason: code || "unknown reason", remedy: "Check that the user that runs pulumi can read it." };
}

/** The code of an error, by its shape: an error of the system may come from another realm. */
export const codeOfCause = (cause: unknown): string =>
  typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";

/** Whether the error says that no file has this path. */
export const isNoEntry = (cause: unknown): boolean => /^(ENOENT|ENOTDIR)$/.test(codeOfCause(cause));

/** The path that the system's error is about; undefined where the error names none. */
export const pathOfCause = (cause: unknown): string | undefined =>
  typeof cause === "object" && cause !== null && "path" in cause && typeof cause.path === "string"
    ? cause.path
    : undefined;
