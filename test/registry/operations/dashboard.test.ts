import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const { panels } = JSON.parse(readFileSync(join(__dirname, '../../../docs/grafana/registry.json'), 'utf8')) as { panels: readonly Panel[] };
const expressions = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));

/** The metrics and the labels that an expression names; throws if Prometheus could not parse it. */
function namesIn(text: string): { metrics: string[]; labels: string[] } {
  const found = { metrics: [] as string[], labels: [] as string[] };
  parser.parse(text).iterate({
    enter({ name, from, to, type }) {
      if (type.isError) throw new Error(`${text} cannot be parsed at ${from}`);
      if (name === 'Identifier') found.metrics.push(text.slice(from, to));
      if (name === 'LabelName') found.labels.push(text.slice(from, to));
    },
  });
  return found;
}

test('what is wrong is found', () => {
  expect(() => namesIn('sum(rate(a[5m])')).toThrow('cannot be parsed');
  expect(namesIn('sum by (le) (rate(a_bucket{b="c"}[5m]))')).toEqual({ metrics: ['a_bucket'], labels: ['le', 'b'] });
});

test('every expression of the dashboard can be parsed, and names metrics and labels that there are', async () => {
  const { url: base_url } = await upstream((_request, response) => response.end('x'));
  const { url } = await registry({ cleanEvery: 50 });
  await addRemote(url, { name: 'files', base_url });
  await call('GET', `${url}/api/v1/remote/files/a`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const text = (await call('GET', `${url}/metrics`)).text;
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const known = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of series.map((line) => /^(\w+)(?:\{(.*)\})? /.exec(line) ?? []))
    known.set(name, new Set([...(known.get(name) ?? []), ...[...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label)]));
  expect(expressions.length).toBeGreaterThan(20);
  for (const [title, expr] of expressions) {
    const { metrics, labels } = namesIn(expr.replaceAll('$__rate_interval', '5m'));
    expect([title, metrics.filter((name) => !known.has(name))]).toEqual([title, []]);
    // Prometheus adds the first two.
    const all = new Set(['job', 'instance', ...metrics.flatMap((name) => [...(known.get(name) ?? [])])]);
    expect([title, labels.filter((label) => !all.has(label))]).toEqual([title, []]);
  }
});
