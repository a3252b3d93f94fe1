import { urlProblem } from '../common/urls';
import type { ProviderPackage } from '../../constructs/provider/provider-package';
import type { ProviderDefinition } from '../schema/define/provider';
import { endpointsOf, endpointVariable, typesUsed } from './endpoints';
import { type Check, examine, type Finding } from './finding';
import { core, node, proxy } from './machine';
import { server } from './server';
import { variables } from './variables';
import { installation, packages, stateLocks } from './workspace';

/** What to examine. */
export interface Examination {
  /** The folder of an app, or of a configuration in HCL. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly definitions: readonly ProviderDefinition[];
  /** The npm packages of the providers, as far as they are built. */
  readonly packages: readonly ProviderPackage[];
  /** Whether the user asked for the provider: no endpoint is an error then. */
  readonly asked: boolean;
  /** The server, instead of those that the stacks and the environment name. */
  readonly endpoint?: string;
  /** Milliseconds for each check. */
  readonly timeout: number;
}

/** Makes all checks, at the same time; the findings are in the order of the checks. */
export async function* diagnose(examination: Examination): AsyncGenerator<Finding> {
  const { folder, env, definitions, packages: providers, timeout } = examination;
  const place = { folder, providers };
  const servers = definitions.flatMap((definition) => serverChecks(definition, examination));
  const checks = [
    ...[node(env), core(env), proxy(env), packages(place), installation(place), stateLocks(place), variables({ folder, env })],
    ...(servers.length > 0 ? servers : [noServer(definitions, examination)]),
  ];
  const running = checks.map((check) => examine(check, timeout));
  for (const findings of running) yield* await findings;
}

/** No stack and no variable names a server. */
function noServer(definitions: readonly ProviderDefinition[], { asked }: Examination): Check {
  const titles = definitions.map(({ title }) => title).join(', ');
  const variables = definitions.map((definition) => endpointVariable(definition) ?? 'the endpoint of the provider').join(', ');
  const finding: Finding = {
    check: 'server',
    status: asked ? 'error' : 'skipped',
    message: `no endpoint is known of ${titles}`,
    fix: `Name the backend and pass --endpoint, or set ${variables}.`,
  };
  return { name: 'server', run: () => [finding] };
}

function serverChecks(provider: ProviderDefinition, { folder, env, endpoint, timeout }: Examination): readonly Check[] {
  const found = endpoint === undefined ? endpointsOf(provider, { folder, env }) : [endpoint];
  return found.map((url) => {
    const message = urlProblem(url);
    if (message === undefined) return server({ provider, endpoint: url, env, used: typesUsed(folder), patience: timeout / 2 });
    const fix = `Correct --endpoint, or ${endpointVariable(provider) ?? 'the endpoint of the provider'}.`;
    return { name: provider.name, run: (): readonly Finding[] => [{ check: `${provider.name}/endpoint`, status: 'error', message, fix }] };
  });
}
