import { isLoopback } from '../../registry/access/address';
import type { Registry } from '../../registry/server';
import type { RegistryCommandOptions } from './command';

/** The message once the registry runs: its URLs, what to try, and warnings. */
export function greeting(
  { urls: own, platformKeys, notes, database, storage, requiresLogins }: Registry,
  options: RegistryCommandOptions,
): string {
  const urls = reachedAt(own, options);
  const { artifactapi, bkrepo, kubesphere } = urls;
  const { data, strict, bkrepoSecretKey, kubesphereVersion } = options;
  const [first = '', ...others] = [
    ...(artifactapi ? [`The registry runs at ${placeText(own.artifactapi, artifactapi)}`] : []),
    ...(bkrepo ? [`BK-Repo runs at ${placeText(own.bkrepo, bkrepo)}`] : []),
    ...(kubesphere ? [`KubeSphere ${kubesphereVersion} runs at ${placeText(own.kubesphere, kubesphere)}`] : []),
  ].map((line) => `${line}${strict ? ' (strict)' : ''}`);
  const keys = platformKeys?.secretKey && !bkrepoSecretKey ? keysText(platformKeys.accessKey, platformKeys.secretKey) : '';
  const tries = [
    ...(artifactapi ? artifactApiTries(artifactapi, requiresLogins) : []),
    ...(bkrepo ? bkRepoTries(bkrepo, options) : []),
    ...(kubesphere ? kubeSphereTries(kubesphere, options) : []),
  ];
  const kept = [
    data,
    ...(database === undefined ? [] : [`the PostgreSQL database ${database}`]),
    ...(storage === undefined ? [] : [storage]),
  ];
  const places = new Intl.ListFormat('en-GB').format(kept);
  return `${first} and keeps its data in ${places}
${others.map((line) => `${line}\n`).join('')}${artifactapi && !strict ? extras : ''}${requiresLogins && artifactapi ? loginText(artifactapi, options) : ''}${keys}${notesText([...notes, ...(isLoopback(options.host) ? [] : warnings(urls, options))])}
Try in another terminal:
${tries.map((line) => `  ${line}`).join('\n')}
${strict ? '' : pagesText(urls)}
Ctrl-C stops it.
`;
}

/** The URLs that clients use: one that is given says where the only API is, not which of several. */
function reachedAt(urls: Registry['urls'], { publicUrl }: RegistryCommandOptions): Registry['urls'] {
  const [[name, url] = [], ...others] = Object.entries(urls);
  if (publicUrl === undefined || name === undefined || others.length > 0) return urls;
  return { [name]: publicUrl.replace(/\/+$/, '') + new URL(url ?? '').pathname.replace(/\/$/, '') };
}

const placeText = (own: string | undefined, url: string): string => (own === url ? url : `${own}, for clients at ${url},`);

const extras =
  'ArtifactAPI here serves more than real servers do (https://github.com/repoform/repoform/blob/main/docs/packages/index.md); --strict turns that off.\n';

/** How clients log in, and where what they log in with comes from. */
function loginText(url: string, { data }: RegistryCommandOptions): string {
  return `
ArtifactAPI requires logins: clients send a token as the password of any user name, or as "Authorization: Bearer <token>". Create one with
  repoform registry token create NAME --scope "read:*" --url ${url}
which needs a token with the scope admin:* in REPOFORM_TOKEN. Without one, stop the registry and create that first:
  repoform registry token create admin --scope "admin:*" --data ${JSON.stringify(data)}
`;
}

function artifactApiTries(url: string, requiresLogins: boolean): string[] {
  return [
    `curl ${url}/health`,
    ...(requiresLogins ? ['export ARTIFACTAPI_TOKEN=rft_...    # the token', `curl -u any:$ARTIFACTAPI_TOKEN ${url}/api/v2/remotes`] : []),
    `export ARTIFACTAPI_ENDPOINT=${url}    # then "npx cdktf deploy" or "terraform apply" with a stack of yours`,
  ];
}

function bkRepoTries(url: string, { bkrepoAdminPassword }: RegistryCommandOptions): string[] {
  const password = bkrepoAdminPassword ? '"$REPOFORM_BKREPO_ADMIN_PASSWORD"' : 'password';
  return [
    `curl -u admin:${password} ${url}/repository/api/project/list    # unless you changed the password`,
    `export BKREPO_ENDPOINT=${url} BKREPO_USERNAME=admin BKREPO_PASSWORD=${password}`,
  ];
}

function kubeSphereTries(url: string, options: RegistryCommandOptions): string[] {
  const { kubesphereVersion, kubesphereWorkspaces, kubesphereAdminPassword } = options;
  const [workspace = 'demo'] = kubesphereWorkspaces;
  const password = kubesphereAdminPassword ? '"$REPOFORM_KUBESPHERE_ADMIN_PASSWORD"' : 'P@88w0rd';
  const base = kubesphereVersion === '3.4' ? '/kapis/openpitrix.io/v1' : '/kapis/application.kubesphere.io/v2';
  return [
    `curl -u admin:${password} ${url}${base}/workspaces/${workspace}/repos`,
    `export KUBESPHERE_ENDPOINT=${url} KUBESPHERE_USERNAME=admin KUBESPHERE_PASSWORD=${password}`,
  ];
}

function keysText(accessKey: string, secretKey: string): string {
  return `The platform account of BK-Repo has the access key ${accessKey} and the secret key ${secretKey}, which will not be shown again.\n`;
}

/** Where the registry can be looked at. */
const pagesText = (urls: Registry['urls']): string =>
  `Or in a browser:\n${Object.values(urls)
    .map((url) => `  ${url}/ui/\n`)
    .join('')}`;

const notesText = (notes: readonly string[]): string => notes.map((note) => `\nNote: ${note}\n`).join('');

function warnings(
  { artifactapi, bkrepo, kubesphere }: Registry['urls'],
  { insecure, trustForwarded, publicUrl, tlsCert, bkrepoAdminPassword, kubesphereAdminPassword }: RegistryCommandOptions,
): readonly string[] {
  const open = 'ArtifactAPI requires no logins (--insecure). Anyone who can reach this address can read and change everything.';
  const plain =
    'Tokens cross the network in clear text over http. Serve https with --tls-cert and --tls-key, or put a reverse proxy with TLS in front and name its URL with --public-url.';
  const weak = 'BK-Repo starts with the user "admin" and the password "password". Change it before others can reach this address.';
  const known =
    'KubeSphere has the user "admin" and the password "P@88w0rd". Anyone who can reach this address can log in and do everything.';
  return [
    ...(artifactapi && insecure ? [open] : []),
    ...(artifactapi && !insecure && !tlsCert && !trustForwarded && !publicUrl?.startsWith('https:') ? [plain] : []),
    ...(bkrepo && insecure && !bkrepoAdminPassword ? [weak] : []),
    ...(kubesphere && insecure && !kubesphereAdminPassword ? [known] : []),
  ];
}
