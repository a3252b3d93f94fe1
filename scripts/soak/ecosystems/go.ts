import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { zipOf } from '../../../test/support/zip';
import { type Workspace } from '../client';
import { type Ecosystem, filling, shelfOf } from './ecosystem';

const VERSION = 'v1.0.0';
const moduleOf = (name: string): string => `example.org/${name}`;
const manifestOf = (name: string): string => `module ${moduleOf(name)}\n\ngo 1.21\n`;

/** The go command; archives are uploaded by curl. */
export const go: Ecosystem = {
  name: 'go',
  packageType: 'goproxy',
  programs: ['go', 'curl'],
  make: async (name, random) => {
    const prefix = `${moduleOf(name)}@${VERSION}/`;
    const files = { [`${prefix}go.mod`]: manifestOf(name), [`${prefix}filling.txt`]: filling(name, random) };
    const contents = [{ path: `${moduleOf(name)}/@v/${VERSION}.zip`, body: await zipOf(files) }];
    return { name, file: `${VERSION}.zip`, version: VERSION, contents };
  },
  upstream: (items) => {
    const files = items.flatMap(({ name, contents: [content] }) => {
      const at = `/${moduleOf(name)}/@v/`;
      return [
        [`${at}list`, { body: Buffer.from(`${VERSION}\n`), type: 'text/plain' }],
        [`${at}${VERSION}.info`, { body: Buffer.from(`{"Version":"${VERSION}","Time":"2024-01-01T00:00:00Z"}`), type: 'application/json' }],
        [`${at}${VERSION}.mod`, { body: Buffer.from(manifestOf(name)), type: 'text/plain' }],
        [`${at}${VERSION}.zip`, { body: content?.body ?? Buffer.alloc(0) }],
      ] as const;
    });
    return Promise.resolve(shelfOf(new Map(files)));
  },
  publish: async ({ uploadUrl }, { name, file, contents }, work) => {
    writeFileSync(work.path(file), contents[0]?.body ?? '');
    await work.run('curl', ['-q', '-fsS', '-T', file, `${uploadUrl}/${moduleOf(name)}/@v/${file}`]);
  },
  download: async ({ url }, { name, file }, work) => {
    const env = environment(work);
    await work.run('go', ['mod', 'download', `${moduleOf(name)}@${VERSION}`], { ...env, GOPROXY: url });
    return [readFileSync(work.path('p', 'pkg', 'mod', 'cache', 'download', moduleOf(name), '@v', file))];
  },
};

function environment(work: Workspace): Record<string, string> {
  // A go that counts its calls leaves a process behind, which would write into the folder while it is removed.
  const telemetry = work.path('.config', 'go', 'telemetry');
  mkdirSync(telemetry, { recursive: true });
  writeFileSync(`${telemetry}/mode`, 'off');
  const folders = { XDG_CONFIG_HOME: work.path('.config'), GOPATH: work.path('p'), GOCACHE: work.path('c') };
  return { ...folders, GOSUMDB: 'off', GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local', GOVCS: '*:off' };
}
