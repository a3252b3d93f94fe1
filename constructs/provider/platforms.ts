const systems: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' };
const machines: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** This machine, as Terraform names it, e.g. `linux_amd64`. */
export function hostPlatform(): string {
  return `${systems[process.platform] ?? process.platform}_${machines[process.arch] ?? process.arch}`;
}

/** The platforms from which a stack is likely to be deployed: this machine, and Linux on either architecture. */
export function defaultPlatforms(): readonly string[] {
  return [...new Set([hostPlatform(), 'linux_amd64', 'linux_arm64'])].filter((platform) => !isWindows(platform));
}

/** Whether a platform cannot run an executable without a file extension. */
export function isWindows(platform: string): boolean {
  return platform.startsWith('windows_');
}

/** Why the bundled provider cannot be installed for a platform, or nothing when it can. */
export function platformProblem(platform: string): string | undefined {
  if (!/^[a-z0-9]+_[a-z0-9]+$/.test(platform)) return `"${platform}" is not a platform; write SYSTEM_ARCHITECTURE, e.g. "linux_amd64"`;
  if (isWindows(platform))
    return `"${platform}" cannot run the bundled provider, which is a script without a file extension; deploy from WSL or Linux`;
  return undefined;
}
