const OS: Partial<Record<NodeJS.Platform, string>> = { linux: "linux", darwin: "darwin", win32: "windows" };
const ARCH: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * This platform in the words of Pulumi's plugin archives, such as `linux-amd64`.
 * @see https://www.pulumi.com/docs/iac/guides/building-extending/packages/publishing-packages/
 */
export function platformName(platform = process.platform, arch: NodeJS.Architecture = process.arch): string {
  const [os, cpu] = [OS[platform], ARCH[arch]];
  if (os === undefined || cpu === undefined) throw new Error(`Pulumi has no plugins for ${platform} on ${arch}.`);
  return `${os}-${cpu}`;
}
