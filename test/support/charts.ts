import { type Got, type Reply, startServer, type TestServer } from '../../src/testing/http-server';

/** Who may read the private repositories. */
export const reader = { username: 'ci', password: 'p@ss/w' };

const index = (...charts: readonly string[]): string =>
  [
    'apiVersion: v1',
    'entries:',
    ...charts.flatMap((chart) => [
      `  ${chart}:`,
      `    - {apiVersion: v2, name: ${chart}, version: 0.1.0, description: The chart ${chart}, digest: "of-${chart}", urls: ["${chart}-0.1.0.tgz"]}`,
    ]),
    'generated: "2026-01-01T00:00:00Z"',
    '',
  ].join('\n');

/** A server of chart repositories, good and bad ones by their paths. */
export interface ChartServer extends TestServer {
  /** Texts in place of the indexes of repositories, by their paths. */
  readonly indexes: Map<string, string>;
  /** The password of the private repositories. */
  password: string;
  /** How long `/slow` takes in milliseconds. */
  slowness: number;
}

/** Starts one. Repositories without a name of their own here are good ones. */
export async function startCharts(): Promise<ChartServer> {
  const indexes = new Map<string, string>([
    ['/good', index('hello')],
    ['/good2', index('hello', 'world')],
    ['/html', '<!doctype html><title>Log in</title>'],
    ['/bad', 'entries: [<&'],
    ['/noapi', 'entries: {}'],
  ]);
  const own = { indexes, password: reader.password, slowness: 200 };
  const answer = async ({ path, headers }: Got): Promise<Reply> => {
    const at = path.replace(/\/+index\.yaml$/, '');
    if (at.startsWith('/none')) return { status: 404, text: 'none' };
    if (
      at.startsWith('/auth') &&
      headers.authorization !== `Basic ${Buffer.from(`${reader.username}:${server.password}`).toString('base64')}`
    )
      return { status: 401, text: 'who are you?' };
    if (at.startsWith('/slow')) await new Promise((resolve) => setTimeout(resolve, server.slowness));
    return { status: 200, text: indexes.get(at) ?? index('hello') };
  };
  const server: ChartServer = Object.assign(await startServer(answer), own);
  return server;
}
