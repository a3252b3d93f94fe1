import { resolveConfiguration } from '../handler/configuration';
import { refusesLogin } from '../handler/funnel';
import { isListable } from '../handler/listing';
import { ProviderHandler } from '../handler/provider-handler';
import { missingIn } from '../handler/server-version';
import type { Diagnostic } from '../common/diagnostic';
import type { ValueRecord } from '../common/value';
import { tlsSettings } from '../client/tls-settings';
import type { ProviderDefinition } from '../schema/define/provider';
import { fieldsOf } from '../schema/define/shape';
import type { Check, Finding } from './finding';
import { reach } from './network';
import { rights } from './rights';

/** A server, as the provider would be configured for it. */
export interface Server {
  readonly provider: ProviderDefinition;
  readonly endpoint: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resource types that the app or configuration uses. */
  readonly used: ReadonlySet<string>;
  /** Milliseconds for one request. */
  readonly patience: number;
}

/** Whether a server can be used: connection, TLS, clock, version, login, and what the login may do. It is only read. */
export const server = (about: Server): Check => ({
  name: about.provider.name,
  run: async (signal) => (await findings(about, signal)).map((one) => ({ ...one, check: `${about.provider.name}/${one.check}` })),
});

async function findings(about: Server, signal: AbortSignal): Promise<readonly Finding[]> {
  const { provider, env } = about;
  const config = configOf(about);
  const { values, diagnostics } = resolveConfiguration(provider, config, { env });
  if (diagnostics.length > 0) return diagnostics.map((one) => told('configuration', one));
  const url = new URL(about.endpoint);
  const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
  const pems = { caCert: text('ca_cert'), clientCert: text('client_cert'), clientKey: text('client_key') };
  const tls = tlsSettings({
    ...(Object.fromEntries(Object.entries(pems).filter(([, pem]) => pem !== undefined)) as Record<string, string>),
    insecureSkipVerify: values['insecure_skip_verify'] === true,
    maxConcurrency: 1,
    requestTimeout: about.patience,
    env,
  });
  const network = await reach({ url, env, tls }, signal);
  if (network.some(({ status }) => status === 'error'))
    return [...network, { check: 'login', status: 'skipped', message: 'not tried, because the server cannot be reached safely' }];
  return [...network, ...(await inUse(about, config, signal))];
}

/** The provider block of somebody in a hurry: what is not here comes from the environment. */
function configOf({ provider, endpoint, patience }: Server): ValueRecord {
  const hurry: ValueRecord = { endpoint, request_timeout: Math.max(1, Math.floor(patience / 1000)), max_retries: 0 };
  return Object.fromEntries(fieldsOf(provider.attributes).map(({ name }) => [name, hurry[name] ?? null]));
}

async function inUse({ provider, env, used, patience }: Server, config: ValueRecord, signal: AbortSignal): Promise<readonly Finding[]> {
  const handler = new ProviderHandler(provider, { env, log: () => undefined });
  const stop = (): void => handler.stop();
  signal.addEventListener('abort', stop);
  try {
    const { diagnostics } = await handler.configure({ config, terraformVersion: '' });
    const connected = diagnostics.map((one) => told('login', one));
    if (connected.some(({ status }) => status === 'error')) return connected;
    const version = await versionFinding(provider, handler);
    if (version.status === 'error') return [...connected, version];
    const lists = await readable(provider, handler, used);
    return [...connected, version, ...lists, ...(await rights({ provider, handler, used, patience }))];
  } finally {
    signal.removeEventListener('abort', stop);
    handler.stop();
    await handler.end();
  }
}

async function versionFinding(provider: ProviderDefinition, handler: ProviderHandler): Promise<Finding> {
  if (!provider.serverVersion)
    return { check: 'version', status: 'skipped', message: `${provider.title} servers do not return their version` };
  const version = await handler.serverVersion();
  if (typeof version === 'object') return told(refusesLogin(version) ? 'login' : 'version', version);
  if (version === undefined) return { check: 'version', status: 'skipped', message: 'the server does not return its version' };
  const missing = provider.resources.flatMap(({ type, attributes }) =>
    missingIn(fieldsOf(attributes), version).map(({ name, why }) => `${type}.${name} (${why})`),
  );
  const what = `${provider.title} ${version}`;
  if (missing.length === 0) return { check: 'version', status: 'ok', message: `${what} has everything that the provider can declare` };
  return { check: 'version', status: 'ok', message: `${what} does not have ${missing.join(', ')}` };
}

/** What the login may read, by one list of each type. What it may not read is an error only if it is used, or if it is everything. */
async function readable(
  { resources }: ProviderDefinition,
  handler: ProviderHandler,
  used: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const listing = handler.listing();
  const types = resources.filter((resource) => isListable(resource)).map(({ type }) => type);
  const answers = await Promise.all(types.map(async (type) => [type, await listing.sample(type)] as const));
  const read = answers.filter(([, answer]) => answer === 'readable').map(([type]) => type);
  const refused = new Map<string, { readonly types: string[]; readonly problem: Diagnostic }>();
  for (const [type, answer] of answers) {
    if (typeof answer === 'string') continue;
    // One cause, such as a wrong password, is told once.
    const same = refused.get(answer.summary) ?? { types: [], problem: answer };
    refused.set(answer.summary, same);
    same.types.push(type);
  }
  const check = read.length === 0 ? 'login' : 'permissions';
  const problems = [...refused.values()].map(({ types: some, problem }) => told(check, problem, some.join(', ')));
  if (read.length === 0) return problems;
  const isNeeded = [...refused.values()].map(({ types: some }) => some.some((type) => used.has(type)));
  const judged = problems.map((one, index) =>
    one.status === 'error' && !isNeeded[index] ? ({ ...one, status: 'warning' } as const) : one,
  );
  return [{ check, status: 'ok', message: `the login can list ${read.join(', ')}` }, ...judged];
}

function told(check: string, { severity, summary, detail }: Diagnostic, type?: string): Finding {
  const message = `${type === undefined ? '' : `${type}: `}${summary}: ${detail}`
    .replace(/\s*\n\s*/g, ' ')
    .replace(/ ?The state is unchanged\.?/g, '');
  return { check, status: severity, message };
}
