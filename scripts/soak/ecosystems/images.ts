import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { IMAGE, describeImage, digestOf, image } from '../../../test/registry/formats/docker-image';
import { tarball } from '../../../test/registry/helpers';
import { type Served } from '../upstream';
import { type Ecosystem, filling, type Place, shelfOf } from './ecosystem';

/** crane, which pushes and pulls images as layouts. */
export const images: Ecosystem = {
  name: 'crane',
  packageType: 'docker',
  programs: ['crane'],
  make: (name, random) => {
    const { manifest, config, layer } = image(tarball({ 'name.txt': name, 'filling.txt': filling(name, random) }));
    const at = (kind: string, body: string | Buffer) => ({ path: `${name}/${kind}/${digestOf(body)}`, body: Buffer.from(body) });
    const contents = [at('manifests', manifest), at('blobs', config), at('blobs', layer)];
    return Promise.resolve({ name, file: '', version: '1.0', contents });
  },
  upstream: (items) => {
    const files = new Map<string, Served>(
      items.flatMap(({ name, version, contents }) =>
        contents.flatMap(({ path, body }, index) => {
          const digest = digestOf(body);
          const served = { body, isAnnounced: true, headers: { 'docker-content-digest': digest }, ...(index === 0 && { type: IMAGE }) };
          const byTag = [`/v2/${name}/manifests/${version}`, served] as const;
          return [[`/v2/${path}`, served] as const, ...(index === 0 ? [byTag] : [])];
        }),
      ),
    );
    return Promise.resolve(shelfOf(files.set('/v2/', { body: Buffer.from('{}') })));
  },
  publish: async (place, { name, version, contents }, work) => {
    const blobs = work.path('layout', 'blobs', 'sha256');
    mkdirSync(blobs, { recursive: true });
    for (const { path, body } of contents) writeFileSync(`${blobs}/${hexIn(path)}`, body);
    writeFileSync(work.path('layout', 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    const manifests = [describeImage(contents[0]?.body.toString() ?? '')];
    writeFileSync(work.path('layout', 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
    await work.run('crane', ['push', 'layout', `${reference(place, name)}:${version}`, '--insecure']);
  },
  download: async (place, { name, version, contents }, work) => {
    await work.run('crane', ['pull', '--format=oci', `${reference(place, name)}:${version}`, 'layout', '--insecure']);
    return contents.map(({ path }) => readFileSync(work.path('layout', 'blobs', 'sha256', hexIn(path))));
  },
};

const hexIn = (path: string): string => path.slice(path.lastIndexOf(':') + 1);
const reference = ({ url }: Place, name: string): string => `${url.replace('http://', '').replace('/v2/', '/')}/${name}`;
