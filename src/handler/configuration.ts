import { isNativeError } from 'node:util/types';
import { type Diagnostic, error, warning } from '../common/diagnostic';
import { snakeCase } from '../common/names';
import { isList, isRecord, type Value, type ValueRecord } from '../common/value';
import { version } from '../common/version';
import { BaseClient } from '../client/base-client';
import { Client, type ClientOptions } from '../client/client';
import { wordsOf } from '../client/redact';
import { UnreadableFile } from '../client/tls-settings';
import { bearerOrBasic } from '../schema/define/connection';
import { type Field, fieldsOf } from '../schema/define/shape';
import type { ApiClient, LogFields } from '../schema/define/client';
import type { ProviderDefinition } from '../schema/define/provider';
import { toDiagnostic } from './funnel';
import { describe, HookGuard } from './hook-guard';
import type { Log } from './session';
import { hookValues } from '../schema/define/values';
import { secretTexts, withoutSecrets } from './secrets';
import { validateFields } from './validate';

/** The process environment, or a substitute in tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An environment, and how messages speak of it. */
export interface Surroundings {
  readonly env: Environment;
  /** How messages name its variables. @default as they are called in `env` */
  readonly variableNames?: (variable: string) => string;
}

/** The provider block together with the environment. */
export interface Resolved {
  readonly values: ValueRecord;
  readonly diagnostics: readonly Diagnostic[];
  /** The environment variables that set values, by attribute. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Fills in from the environment what the block omits; the block takes precedence over anything that conflicts with it. */
export function resolveConfiguration(
  provider: ProviderDefinition,
  config: ValueRecord,
  { env, variableNames = (variable) => variable }: Surroundings,
): Resolved {
  const fields = fieldsOf(provider.attributes);
  const values: Record<string, Value> = { ...config };
  const diagnostics: Diagnostic[] = [];
  const variables = new Map<string, string>();
  for (const field of fields) {
    const text = env[environmentName(provider, field)];
    const variable = variableNames(environmentName(provider, field));
    if ((config[field.name] ?? null) !== null || text === undefined || text === '' || outvoted(field, fields, config)) continue;
    const value = parse(field, text);
    const problems =
      value === undefined
        ? [error('Invalid Environment Variable', unreadable(field, variable))]
        : validateFields([withoutCompanions(field)], { [field.name]: value });
    diagnostics.push(...problems.map((problem) => error('Invalid Environment Variable', `${variable}: ${problem.detail}`)));
    if (problems.length > 0) continue;
    values[field.name] = value as Value;
    variables.set(field.name, variable);
  }
  if (diagnostics.length === 0)
    diagnostics.push(
      ...validateFields(fields, values, { path: [], hidden: false, variables }).filter((problem) =>
        /Missing|Conflicting/.test(problem.summary),
      ),
    );
  return { values, diagnostics, variables };
}

/** The credentials in use and where they come from, e.g. `username and password of the provider block`. */
function credentialsOf(provider: ProviderDefinition, values: ValueRecord, variables: ReadonlyMap<string, string>): string {
  const header = headersOf(values['headers'] ?? null)['authorization'];
  const given = fieldsOf(provider.attributes).filter(({ name, facts }) => facts.credential && (values[name] ?? null) !== null);
  const block = given.filter(({ name }) => !variables.has(name)).map(({ name }) => name);
  const parts = [
    ...(block.length > 0 ? [`${block.join(' and ')} of the provider block`] : []),
    ...given.flatMap(({ name }) => (variables.has(name) ? [`${name} from ${variables.get(name)}`] : [])),
    ...(given.length === 0 && header !== undefined ? ['the authorization header in "headers"'] : []),
  ];
  return parts.length === 0 ? 'no credentials, since none are set' : `the ${parts.join(' and ')}`;
}

/** The environment variable of an attribute, e.g. `ARTIFACTAPI_ENDPOINT`. */
export function environmentName(provider: ProviderDefinition, field: Field): string {
  return `${provider.name}_${field.name}`.toUpperCase();
}

/** Whether the block sets something in conflict with this attribute or with one that it requires, whichever side declares it. */
function outvoted(field: Field, fields: readonly Field[], config: ValueRecord): boolean {
  const clash = (one: Field, other: Field): boolean => one.facts.conflicts?.includes(other.key) === true;
  const needed = fields.filter(({ key, name }) => field.facts.requires?.includes(key) && (config[name] ?? null) === null);
  return [field, ...needed].some((one) =>
    fields.some((other) => (config[other.name] ?? null) !== null && (clash(one, other) || clash(other, one))),
  );
}

const withoutCompanions = (field: Field): Field => ({ ...field, facts: { ...field.facts, requires: [], conflicts: [] } });

function unreadable(field: Field, variable: string): string {
  if (field.shape.kind === 'number') return `"${field.name}" must be a whole number. Correct ${variable}, or unset it.`;
  if (field.shape.kind === 'bool') return `"${field.name}" must be true or false. Correct ${variable}, or unset it.`;
  return `"${field.name}" must consist of lines of the form "Name: value". Correct ${variable}, or unset it.`;
}

function parse(field: Field, text: string): Value | undefined {
  if (field.shape.kind === 'number') return /^-?\d+$/.test(text) ? Number(text) : undefined;
  if (field.shape.kind === 'bool') return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
  if (field.shape.kind === 'string') return text;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.map((line) => /^([^:\s]+):\s*(.*)$/.exec(line.trim()));
  return pairs.every((pair) => pair !== null) ? pairs.map((pair) => ({ name: pair[1] ?? '', value: pair[2] ?? '' })) : undefined;
}

/** What connecting needs besides the configuration. */
export interface ConnectOptions {
  readonly provider: ProviderDefinition;
  readonly terraformVersion: string;
  readonly env: Environment;
  /** The environment variables that set values, by attribute. @default none */
  readonly variables?: ReadonlyMap<string, string>;
  /** @default nothing is written */
  readonly log?: Log;
}

/** A connection to the server. */
export interface Connected {
  /** What hooks use. */
  readonly client: ApiClient;
  /** Makes all calls. */
  readonly root: Client;
}

/** The clients for a resolved, fully known configuration, or the problems in it. */
export async function connect(
  values: ValueRecord,
  options: ConnectOptions,
): Promise<{ readonly connected?: Connected; readonly diagnostics: Diagnostic[] }> {
  const { provider } = options;
  const endpoint = values['endpoint'];
  if (typeof endpoint !== 'string') {
    const detail = `The endpoint of the ${provider.title} server is not set. Set endpoint in the provider block, or the environment variable ${provider.name.toUpperCase()}_ENDPOINT. For a server to try out: npx repoform registry --backend ${provider.name}.`;
    return { diagnostics: [error('Missing Endpoint', detail, ['endpoint'])] };
  }
  const root = new Client(clientOptions(values, endpoint, options));
  const unusable = await prepare(root);
  if (unusable) return { diagnostics: [unusable] };
  const diagnostics = doubts(provider, values);
  try {
    return { connected: { client: await authenticated(root, values, options), root }, diagnostics };
  } catch (thrown) {
    const failed = toDiagnostic(thrown, `connect to the ${provider.title} server`);
    return { diagnostics: [...diagnostics, { ...failed, detail: root.redactor.clean(failed.detail) }] };
  }
}

/** What to warn of before anything is sent. */
function doubts(provider: ProviderDefinition, values: ValueRecord): Diagnostic[] {
  const unchecked = warning(
    'Certificates Are Not Checked',
    'insecure_skip_verify is true, so anyone on the network path can read and change all traffic, secrets included. Set ca_cert to the CA that signed the certificate instead.',
    ['insecure_skip_verify'],
  );
  return [
    ...(values['insecure_skip_verify'] === true ? [unchecked] : []),
    ...(provider.anonymousWarning !== undefined && isAnonymous(provider, values)
      ? [warning('No Credentials', provider.anonymousWarning)]
      : []),
  ];
}

/** Whether no credentials are set. */
function isAnonymous(provider: ProviderDefinition, values: ValueRecord): boolean {
  const secrets = fieldsOf(provider.attributes).filter(({ facts }) => facts.credential && facts.sensitive);
  return secrets.every(({ name }) => (values[name] ?? null) === null) && !('authorization' in headersOf(values['headers'] ?? null));
}

/** Creates the connection pool; answers the problem that prevents it. */
async function prepare(root: Client): Promise<Diagnostic | undefined> {
  try {
    await root.prepare();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof UnreadableFile)
      return error('Invalid Attribute Value', `"${snakeCase(thrown.option)}": ${thrown.message}.`, [snakeCase(thrown.option)]);
    // The TLS library's message contains no secret, only what it could not read.
    const reason = isNativeError(thrown) ? thrown.message : String(thrown);
    return error('Invalid TLS Settings', `The certificate or key cannot be used: ${reason}. Check ca_cert, client_cert and client_key.`);
  }
}

/** The client that the provider derives from the bare one. */
async function authenticated(root: Client, values: ValueRecord, { provider, log = () => {} }: ConnectOptions): Promise<ApiClient> {
  const config = configOf(fieldsOf(provider.attributes), values);
  if (!provider.connect) return root.with({ headers: bearerOrBasic(config) });
  const guard = new HookGuard({ clean: (text) => root.redactor.clean(text), log });
  const write = (message: string, fields?: LogFields): void => root.log(message, fields);
  const hook = { name: `connect of the provider ${provider.name}`, wrong: noClient };
  return guard.later(hook, () => provider.connect?.({ config, client: root, log: write }) as Promise<ApiClient>);
}

/** What `connect` answered in place of a client. */
const noClient = (answer: unknown): string | undefined =>
  answer instanceof BaseClient
    ? undefined
    : `${describe(answer)}; it must return a client derived from the one it is passed, e.g. client.with({ headers })`;

/** Values as definitions have them, with defaults. */
const configOf = (fields: readonly Field[], values: ValueRecord): Readonly<Record<string, unknown>> =>
  hookValues(fields, Object.fromEntries(fields.map(({ name, default: fallback }) => [name, values[name] ?? fallback ?? null])));

function clientOptions(values: ValueRecord, endpoint: string, options: ConnectOptions): ClientOptions {
  const { provider, terraformVersion, env, log, variables = new Map<string, string>() } = options;
  const string = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
  const number = (name: string, otherwise: number): number =>
    values[name] === undefined || values[name] === null ? otherwise : Number(values[name]);
  const headers = headersOf(values['headers'] ?? null);
  const fields = fieldsOf(provider.attributes);
  const open = fields.filter(({ name }) => name !== 'headers');
  const pems = { caCert: string('ca_cert'), clientCert: string('client_cert'), clientKey: string('client_key') };
  return {
    endpoint,
    headers,
    settings: configOf(open, withoutSecrets(open, values)),
    secrets: [...secretTexts(fields, values), ...Object.values(headers)],
    words: wordsOf(
      provider.name,
      fields.map(({ name }) => name),
    ),
    credentials: credentialsOf(provider, values, variables),
    ...(provider.errorDecoder && { errorDecoder: provider.errorDecoder }),
    userAgent: `repoform/${version} (terraform-provider-${provider.name}; Terraform ${terraformVersion})`,
    insecureSkipVerify: values['insecure_skip_verify'] === true,
    requestTimeout: number('request_timeout', 30) * 1000,
    maxRetries: number('max_retries', 4),
    maxConcurrency: number('max_concurrency', 20),
    ...(values['read_only'] === true && { readOnly: `${variables.get('read_only') ?? 'read_only'} is true` }),
    env,
    ...Object.fromEntries(Object.entries(pems).filter(([, pem]) => pem !== undefined)),
    ...(log && { onRequest: (event) => log('debug', 'request', event), log: (message, fields) => log('info', message, fields) }),
  };
}

function headersOf(value: Value): Record<string, string> {
  const list = isList(value) ? value.filter(isRecord) : [];
  return Object.fromEntries(list.map((header) => [String(header['name']).toLowerCase(), String(header['value'])]));
}
