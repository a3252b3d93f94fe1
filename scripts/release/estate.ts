import { DEFAULT_PASSWORD } from '../../src/registry/kubesphere';
import { BACKENDS, type Registry, startRegistry } from '../../src/registry/server';

/** The servers of the estate that upgrade tests deploy and plan. */
export interface EstateServers {
  readonly registry: Registry;
  /** What the app and Terraform are told: where the servers are, and who asks. */
  readonly env: NodeJS.ProcessEnv;
}

/** What addresses of the servers are called in a fixture, by variable: they listen elsewhere each time. */
export const placeholders = {
  ARTIFACTAPI_ENDPOINT: 'http://artifactapi.estate.invalid',
  BKREPO_ENDPOINT: 'http://bkrepo.estate.invalid',
  KUBESPHERE_ENDPOINT: 'http://kubesphere.estate.invalid',
} as const;

/** Starts servers of all backends on a data folder. */
export async function startEstate(data: string): Promise<EstateServers> {
  const registry = await startRegistry({
    data,
    backends: BACKENDS,
    port: 0,
    bkrepo: { port: 0 },
    kubesphere: { port: 0, workspaces: ['payments'], lag: false },
    closeGraceMs: 0,
  });
  const { artifactapi, bkrepo, kubesphere } = registry.urls;
  const env = {
    ARTIFACTAPI_ENDPOINT: artifactapi,
    BKREPO_ENDPOINT: bkrepo,
    BKREPO_USERNAME: 'admin',
    BKREPO_PASSWORD: 'password',
    KUBESPHERE_ENDPOINT: kubesphere,
    KUBESPHERE_USERNAME: 'admin',
    KUBESPHERE_PASSWORD: DEFAULT_PASSWORD,
    // By another name of the host, so that it is not readdressed: KubeSphere's data has it.
    CHARTS_URL: `${artifactapi?.replace('127.0.0.1', 'localhost')}/api/v1/local/own-charts`,
    TF_VAR_estate_password: 'Kx42-estate',
  };
  return { registry, env };
}

/** A text of a fixture with the addresses of running servers, or back. */
export function readdressed(text: string, env: NodeJS.ProcessEnv, to: 'running' | 'fixture'): string {
  return Object.entries(placeholders).reduce((changed, [variable, placeholder]) => {
    const address = env[variable] ?? '';
    return to === 'running' ? changed.replaceAll(placeholder, address) : changed.replaceAll(address, placeholder);
  }, text);
}
