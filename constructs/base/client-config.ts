import { Token, type TerraformResource } from 'cdktf';
import { clientFormats } from '../../src/common/client-config';
import { loginVariables, type ClientFormat, type Target } from '../../src/common/client-format';
import { artifactapiUrl, bkrepoUrl, type RepositoryKind } from '../../src/common/repository-url';
import { urlProblem } from '../../src/common/urls';
import { endpointInput } from './endpoint';
import { setProblems } from './problems';
import { functionCall, providerFunction } from './provider-function';
import { isToken } from './token';

/** Options of `clientConfig()`. */
export interface ClientConfigOptions<Format extends string = string> {
  /**
   * Base URL of the server, as clients reach it.
   *
   * @default the endpoint of the provider
   */
  readonly endpoint?: string;
  /**
   * The format, for package types with several.
   *
   * @default the first format of the package type
   */
  readonly format?: Format;
}

/** A resource that clients can use as a repository. */
export interface ClientRepository extends TerraformResource {
  readonly name: string;
  readonly nameInput: string | undefined;
  readonly url: string;
}

/** What the generated class knows about it. */
export interface ClientTarget {
  /** Name of the provider. */
  readonly provider: string;
  readonly kind: RepositoryKind;
  /** The package type, or an expression for it. */
  readonly packageType: string | undefined;
  /** The package types that its values stand for. @default the values are package types */
  readonly packageTypes?: Readonly<Record<string, string>>;
  /** The project it is in, at a server with projects; its users log in. @default the server has none */
  readonly project?: string | undefined;
}

/**
 * The configuration text that points a client at a repository: literal if the endpoint is known at synthesis, otherwise computed by
 * the provider at deployment. It is empty if there is a problem, which synthesis reports.
 */
export function clientConfigOf(repository: ClientRepository, target: ClientTarget, options: ClientConfigOptions): string {
  const problems: string[] = [];
  const asked: Asked = { repository, target, options, report: (problem) => problems.push(`clientConfig: ${problem}`) };
  const format = formatOf(asked);
  const name = nameOf(asked);
  const endpoint = endpointOf(asked);
  setProblems(repository, `clientConfig ${options.format ?? ''}`, problems);
  if (problems.length > 0 || !format) return '';
  if (endpoint !== undefined && !isToken(endpoint))
    return escaped(format.text({ endpoint, kind: target.kind, name, ...placeOf(asked, endpoint, name) }));
  // The provider makes URLs of the endpoint, without trailing slashes, and a path.
  const server = endpoint ?? functionCall('trimsuffix', [repository.url, artifactapiUrl('', target.kind, name)]);
  return Token.asString(providerFunction(target.provider, 'client_config', [format.name, server, target.kind, name]));
}

/** The text as Terraform reads strings: variables that clients read stay variables. */
const escaped = (text: string): string => text.replace(/\$\{(?!TfToken\[)/g, '$$$${');

/** Where the repository is, at a server with projects. */
function placeOf({ repository, target }: Asked, endpoint: string, name: string): Pick<Target, 'at'> {
  const { project, packageType, provider } = target;
  if (project === undefined || packageType === undefined) return {};
  const path = `${isToken(project) ? repository.getStringAttribute('project') : project}/${name}`;
  return { at: { url: bkrepoUrl(endpoint, packageType, path), images: path, login: loginVariables(provider) } };
}

interface Asked {
  readonly repository: ClientRepository;
  readonly target: ClientTarget;
  readonly options: ClientConfigOptions;
  readonly report: (problem: string) => void;
}

function formatOf({ target, options: { format: wanted }, report }: Asked): ClientFormat | undefined {
  const packageType = target.packageTypes?.[target.packageType ?? ''] ?? target.packageType;
  const known = packageType !== undefined && !isToken(packageType);
  const fitting = known ? clientFormats.filter((format) => format.packageType === packageType) : clientFormats;
  const names = fitting.map(({ name }) => name).join(', ');
  if (fitting.length === 0) report(`there is no client configuration for the package type "${packageType}"; clients fetch from url`);
  else if (wanted === undefined && !known) report(`the package type is not known at synthesis; set format to one of ${names}`);
  else if (wanted !== undefined && !fitting.some(({ name }) => name === wanted)) report(`format is "${wanted}"; allowed are ${names}`);
  return wanted === undefined ? fitting[0] : fitting.find(({ name }) => name === wanted);
}

/** The literal name, or a reference: an expression given as the name may be valid only inside the resource. */
function nameOf({ repository, report }: Asked): string {
  const { nameInput: name } = repository;
  if (name !== undefined && !isToken(name)) return name;
  if (repository.count !== undefined || repository.forEach !== undefined)
    report('it makes the text for one repository, but count or forEach creates several; use the provider function client_config');
  return repository.name;
}

function endpointOf({ repository, target: { provider, project }, options: { endpoint: given }, report }: Asked): string | undefined {
  const endpoint = given ?? endpointInput(repository, provider);
  const problem = given !== undefined && !isToken(given) ? urlProblem(given) : undefined;
  if (problem !== undefined) report(`endpoint: ${problem}`);
  if (project !== undefined && (endpoint === undefined || isToken(endpoint)))
    report('the endpoint of the provider is not known at synthesis; give it as endpoint');
  return endpoint;
}
