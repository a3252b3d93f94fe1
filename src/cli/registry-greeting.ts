import { EXTRAS } from '../registry/formats';
import type { Registry } from '../registry/server';
import type { RegistryCommandOptions } from './registry';

/** The message once the registry runs: its URLs, what to try, and warnings. */
export function greeting({ urls, platformKeys }: Registry, options: RegistryCommandOptions): string {
  const { artifactapi, bkrepo } = urls;
  const { data, strict, bkrepoSecretKey } = options;
  const first = artifactapi ? `The registry runs at ${artifactapi}` : `BK-Repo runs at ${bkrepo}`;
  const second = artifactapi && bkrepo ? `BK-Repo runs at ${bkrepo}${strict ? ' (strict)' : ''}\n` : '';
  const keys = platformKeys?.secretKey && !bkrepoSecretKey ? keysText(platformKeys.accessKey, platformKeys.secretKey) : '';
  const tries = [...(artifactapi ? artifactApiTries(artifactapi) : []), ...(bkrepo ? bkRepoTries(bkrepo) : [])];
  return `${first}${strict ? ' (strict)' : ''} and keeps its data in ${data}
${second}${artifactapi && !strict ? extras : ''}${keys}${isLocal(options.host) ? '' : warning(urls)}
Try in another terminal:
${tries.map((line) => `  ${line}`).join('\n')}

Ctrl-C stops it.
`;
}

const extras = `It also serves what a real ArtifactAPI server is not known to serve (${EXTRAS.join(', ')}, links rewritten to itself); --strict turns that off.\n`;

function artifactApiTries(url: string): string[] {
  return [
    `curl ${url}/health`,
    `export ARTIFACTAPI_ENDPOINT=${url}    # then "npx cdktf deploy" or "terraform apply" with a stack of yours`,
  ];
}

function bkRepoTries(url: string): string[] {
  return [
    `curl -u admin:password ${url}/repository/api/project/list    # unless you changed the password`,
    `export BKREPO_ENDPOINT=${url} BKREPO_USERNAME=admin BKREPO_PASSWORD=password`,
  ];
}

function keysText(accessKey: string, secretKey: string): string {
  return `Its platform account has the access key ${accessKey} and the secret key ${secretKey}, which will not be shown again.\n`;
}

function warning({ artifactapi, bkrepo }: Registry['urls']): string {
  const open = 'it has no passwords. Anyone who can reach this address can read and change everything.';
  const weak = 'BK-Repo starts with the user "admin" and the password "password". Change it before others can reach this address.';
  return `${artifactapi ? `\nNote: ${open}\n` : ''}${bkrepo ? `\nNote: ${weak}\n` : ''}`;
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
