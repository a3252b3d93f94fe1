import { clientFormats } from '../common/client-config';
import { loginVariables, type Target } from '../common/client-format';
import { bkrepoUrl, type RepositoryKind, artifactapiUrl } from '../common/repository-url';
import { type Child, h } from './dom';
import { snippet } from './parts';

/** A repository that clients are configured for. */
export interface Used {
  readonly endpoint: string;
  readonly kind: RepositoryKind;
  readonly name: string;
  readonly packageType: string;
  /** Where it is at a server with projects: the type as that server calls it, and the project. */
  readonly inProject?: { readonly type: string; readonly project: string };
}

/** What clients have to be told: the same texts as `clientConfig()` of the constructs and the function `client_config` return. */
export function clientTexts({ endpoint, kind, name, packageType, inProject }: Used): Child[] {
  const target: Target = { endpoint, kind, name, ...(inProject && { at: placeOf(endpoint, name, inProject) }) };
  const formats = clientFormats.filter((format) => format.packageType === packageType);
  const url = target.at?.url ?? artifactapiUrl(endpoint, kind, name);
  const images = `${new URL(endpoint).host}/${target.at?.images ?? name}`;
  const isDocker = packageType === 'docker';
  return [
    isDocker ? snippet({ label: 'Image reference', text: `${images}/IMAGE:TAG` }) : snippet({ label: 'URL for clients', text: url }),
    ...formats.map(({ file, text, name: format }) =>
      snippet({
        label: file,
        text: text(target),
        note: formats.length > 1 && `In TypeScript: clientConfig({ format: '${format}' })`,
      }),
    ),
    formats.length === 0 && h('p', { class: 'hint' }, 'Clients need only the URL.'),
    target.at &&
      h('p', { class: 'hint' }, `Clients read the user and the password from ${target.at.login.username} and ${target.at.login.password}.`),
  ];
}

function placeOf(endpoint: string, name: string, { type, project }: NonNullable<Used['inProject']>): NonNullable<Target['at']> {
  const path = `${project}/${name}`;
  return { url: bkrepoUrl(endpoint, type, path), images: path, login: loginVariables('bkrepo') };
}
