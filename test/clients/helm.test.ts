import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, addVirtual, cleanUp, registry, tarball, tempFolder, upstream } from '../registry/helpers';
import { describeClient } from './support';

afterEach(cleanUp);

// Texts that only their quotes make texts to Helm, and some that are texts without.
const values = [
  '"1.10"',
  '"0x1f"',
  '"on"',
  '"0777"',
  '"1e3"',
  '"~"',
  '"null"',
  '"12:30"',
  '"no"',
  '"1_000"',
  '2012-01-01',
  '1.2.3',
  '12:30:45',
  'v1',
];

const indexOf = (elsewhere: string) =>
  [
    'apiVersion: v1',
    'entries:',
    ...values.flatMap((value, n) => [
      `  app${n}:`,
      `  - {apiVersion: v2, name: app${n}, version: 1.0.${n}, appVersion: ${value}, description: ${value}, urls: [a.tgz]}`,
    ]),
    '  far:',
    `  - {apiVersion: v2, name: far, version: "1.10.0", urls: ["${elsewhere}/x/far-1.10.0.tgz?sig=1"]}`,
    '  near:',
    '  - {apiVersion: v2, name: near, version: 2.0.0, urls: [charts/near-2.0.0.tgz]}',
  ].join('\n');

describeClient('helm', (helm) => {
  test('reads the same out of an index through a remote and a virtual as straight from the upstream, and gets its charts', async () => {
    const chart = (name: string, version: string) =>
      tarball({ [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: ${version}\n` });
    const cdn = await upstream((_request, response) => void response.end(chart('far', '1.10.0')));
    const up = await upstream((request, response) => {
      response.end(request.url === '/index.yaml' ? indexOf(cdn.url) : chart('near', '2.0.0'));
    });
    const { url } = await registry();
    await addRemote(url, { name: 'r', package_type: 'helm', base_url: up.url, mutable_ttl: 3600 });
    await addVirtual(url, { name: 'v', package_type: 'helm', members: ['r'] });
    const home = tempFolder();
    const env = { HOME: home, HELM_CACHE_HOME: join(home, 'c'), HELM_CONFIG_HOME: join(home, 'f'), HELM_DATA_HOME: join(home, 'd') };
    const seen: unknown[] = [];
    for (const address of [up.url, `${url}/api/v1/remote/r`, `${url}/api/v1/virtual/v`]) {
      await helm(['repo', 'add', '--force-update', 'it', address], { env });
      seen.push(JSON.parse(await helm(['search', 'repo', 'it/', '-l', '-o', 'json'], { env })));
      if (address === up.url) continue;
      for (const [name, file] of [
        ['far', 'far-1.10.0.tgz'],
        ['near', 'near-2.0.0.tgz'],
      ] as const) {
        const folder = tempFolder();
        await helm(['pull', `it/${name}`, '-d', folder], { env });
        expect(existsSync(join(folder, file))).toBe(true);
      }
    }
    expect(seen[0]).toHaveLength(values.length + 2);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    expect(cdn.requests.map((request) => request.url)).toEqual(['/x/far-1.10.0.tgz?sig=1']);
  });
});
