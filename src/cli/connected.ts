import { urlProblem } from '../common/urls';
import { type Environment, environmentName, type Surroundings } from '../handler/configuration';
import { ProviderHandler } from '../handler/provider-handler';
import type { ProviderDefinition } from '../schema/define/provider';
import { fieldsOf } from '../schema/define/shape';
import { Failure, Misuse } from './failure';

/** The base URL of the server: the one given, or that of the environment. Throws if there is none. */
export function endpointOf(provider: ProviderDefinition, given: string | undefined): { variable: string; url: string } {
  const field = fieldsOf(provider.attributes).find(({ name }) => name === 'endpoint');
  const variable = field ? environmentName(provider, field) : '';
  const url = given ?? process.env[variable];
  if (url === undefined || url === '') throw new Misuse(`the server's base URL is missing; pass --endpoint, or set ${variable}`);
  return { variable, url: baseUrl(given === undefined ? variable : '--endpoint', url) };
}

/** The base URL that an option or a variable gives. Throws if it is none, or has a password, which would be in output and generated code. */
export function baseUrl(what: string, url: string): string {
  const problem = urlProblem(url);
  if (problem !== undefined) throw new Misuse(`${what}: ${problem}`);
  return url;
}

/** How a command works on a server. */
export interface Access {
  /** Where credentials and settings come from. @default that of the process */
  readonly env?: Environment;
  /** How messages name its variables. @default as they are called in `env` */
  readonly variableNames?: Surroundings['variableNames'];
  /** Whether it may change the server. @default false */
  readonly writes?: boolean;
  /** Told of each warning of the configuration, e.g. that no credentials are set. @default nobody is */
  readonly warn?: (detail: string) => void;
}

/** A provider at work for the command. Throws if it cannot be configured. */
export async function connected(
  provider: ProviderDefinition,
  endpoint: string,
  { env = process.env, variableNames, writes = false, warn }: Access = {},
): Promise<ProviderHandler> {
  const handler = new ProviderHandler(provider, { env, ...(variableNames && { variableNames }), log: () => undefined });
  const unset = Object.fromEntries(fieldsOf(provider.attributes).map(({ name }) => [name, null]));
  const { diagnostics } = await handler.configure({
    config: { ...unset, endpoint, ...(!writes && { read_only: true }) },
    terraformVersion: '',
  });
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (problem) throw new Failure(problem.detail);
  for (const { severity, detail } of diagnostics) if (severity === 'warning') warn?.(detail);
  return handler;
}
