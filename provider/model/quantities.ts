const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(BYTE_UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(bytes, 1)) / 10)));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[power] ?? "B"}`;
}

/** `85.2 MB/s`, `40 kB/s`: rates are decimal, as is usual for networks. */
export const formatRate = (bytesPerSecond: number): string =>
  bytesPerSecond > 0 && bytesPerSecond < 100_000
    ? `${Math.floor(bytesPerSecond / 1000)} kB/s`
    : `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;

/** `1h 20m`, `3m 5s`, `0.4s`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`;
  return `${Math.floor(whole / 3600)}h ${Math.floor((whole % 3600) / 60)}m`;
}
