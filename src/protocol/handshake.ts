const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';
const PROTOCOL = '6';

/** What the environment tells about the parent process, and how to proceed. */
export type Handshake =
  { readonly kind: 'serve'; readonly clientCertificate?: string } | { readonly kind: 'refuse'; readonly text: string };

/** Reads what Terraform tells a provider that it starts. */
export function readHandshake(env: NodeJS.ProcessEnv, about: string): Handshake {
  if (env.TF_PLUGIN_MAGIC_COOKIE !== COOKIE) return { kind: 'refuse', text: about };
  const versions = env.PLUGIN_PROTOCOL_VERSIONS;
  if (versions && !versions.split(',').some((version) => version.trim() === PROTOCOL)) {
    return {
      kind: 'refuse',
      text: `this provider speaks plugin protocol ${PROTOCOL}, but Terraform asks for ${versions}: use Terraform 1.0 or newer, or OpenTofu`,
    };
  }
  return { kind: 'serve', ...(env.PLUGIN_CLIENT_CERT && { clientCertificate: env.PLUGIN_CLIENT_CERT }) };
}

/** The line that tells Terraform where the provider listens; the certificate has no padding, as go-plugin has it. */
export function handshakeLine(port: number, certificate?: Buffer): string {
  return `1|${PROTOCOL}|tcp|127.0.0.1:${port}|grpc|${certificate?.toString('base64').replace(/=+$/, '') ?? ''}\n`;
}
