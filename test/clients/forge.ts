import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { tarball, type TestUpstream, upstream } from '../registry/helpers';

/** What a module needs. */
export interface Dependency {
  readonly name: string;
  readonly version_requirement: string;
}

/** A release: the slug of its module, its version, and what it needs. */
export type GivenRelease = readonly [slug: string, version: string, dependencies?: readonly Dependency[]];

function metadataOf([slug, version, dependencies = []]: GivenRelease): object {
  const [author, name] = slug.split('-');
  return { name: slug, version, author, summary: `The ${name} module`, license: 'Apache-2.0', source: '', dependencies };
}

/** The archive of a module with one class. */
export function moduleArchive(...given: GivenRelease): Buffer {
  const [slug, version] = given;
  const [, name = ''] = slug.split('-');
  return tarball({
    [`${slug}-${version}/metadata.json`]: JSON.stringify(metadataOf(given)),
    [`${slug}-${version}/manifests/init.pp`]: `class ${name} { notify { '${version}': } }\n`,
  });
}

const digest = (algorithm: string, content: Buffer): string => createHash(algorithm).update(content).digest('hex');
const CREATED = '2026-01-05 07:00:00 -0800';

/** What the API says of the author of modules, in short. */
function ownerOf(slug: string): object {
  const [username = ''] = slug.split('-');
  return { uri: `/v3/users/${username}`, slug: username, username, gravatar_id: 'fdd009b7c1ec96e088b389f773e87aec' };
}

/** What it says of a module within a release. */
function moduleOf(slug: string): object {
  return { uri: `/v3/modules/${slug}`, slug, name: slug.split('-')[1], deprecated_at: null, owner: ownerOf(slug) };
}

/** What it says of a release, with every field that is documented. */
export function releaseOf(given: GivenRelease): Readonly<Record<string, unknown>> {
  const [slug, version] = given;
  const archive = moduleArchive(...given);
  return {
    ...{ uri: `/v3/releases/${slug}-${version}`, slug: `${slug}-${version}`, module: moduleOf(slug), version, metadata: metadataOf(given) },
    ...{ tags: ['example', 'linux'], supported: false, pdk: true, validation_score: 100 },
    ...{ file_uri: `/v3/files/${slug}-${version}.tar.gz`, file_size: archive.length },
    ...{ file_md5: digest('md5', archive), file_sha256: digest('sha256', archive), downloads: 610_751 },
    ...{ readme: '# A module\n', changelog: '## 1.0.0\n', license: 'Apache License\n', reference: '# Reference\n', malware_scan: null },
    tasks: [
      {
        ...{ name: 'restart', executables: ['restart.sh'], description: 'Restarts it' },
        metadata: { description: 'Restarts it', input_method: 'stdin', parameters: { name: { type: 'String[1]' } } },
      },
    ],
    plans: [{ uri: `/v3/releases/${slug}-${version}/plans/all`, name: 'all', private: false }],
    ...{ created_at: CREATED, updated_at: CREATED, deleted_at: null, deleted_for: null },
  };
}

/** What it says of a module of these releases, the newest first. */
function wholeModule(slug: string, releases: readonly GivenRelease[]): object {
  const [newest] = releases as readonly [GivenRelease];
  return {
    ...moduleOf(slug),
    ...{ downloads: 1_000_000, created_at: CREATED, updated_at: CREATED, deprecated_for: null, superseded_by: null, supported: false },
    ...{ endorsement: null, module_group: 'base', premium: false, feedback_score: 90, current_release: releaseOf(newest) },
    releases: releases.map(([, version]) => {
      const { uri, file_uri, file_size, supported, created_at, deleted_at } = releaseOf([slug, version]);
      return { uri, slug: `${slug}-${version}`, version, supported, created_at, deleted_at, file_uri, file_size };
    }),
    ...{ homepage_url: `https://example.com/${slug}`, issues_url: `https://example.com/${slug}/issues` },
  };
}

/** A server that answers as the documentation of the Puppet Forge's API, version 3, has it; the releases are given newest first. */
export function forge(all: readonly GivenRelease[]): Promise<TestUpstream> {
  return upstream((request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://forge');
    const [, version, kind = '', name = ''] = pathname.split('/');
    const send = (answer: object, status = 200) =>
      void response.writeHead(status, { 'content-type': 'application/json;charset=utf-8' }).end(JSON.stringify(answer));
    const named = all.find(([slug, release]) => `${slug}-${release}` === name.replace(/\.tar\.gz$/, ''));
    const ofModule = (slug: string) => all.filter(([each]) => each === slug);
    if (version === 'v3' && kind === 'files' && named)
      return void response.setHeader('content-type', 'application/gzip').end(moduleArchive(...named));
    if (version === 'v3' && kind === 'releases' && named) return send(releaseOf(named));
    if (version === 'v3' && kind === 'modules' && ofModule(name).length > 0) return send(wholeModule(name, ofModule(name)));
    if (version === 'v3' && kind === 'releases' && name === '') return send(pageOf(ofModule(query.get('module') ?? ''), query));
    return send({ message: '404 Not Found', errors: [`'${pathname}' was not found`] }, 404);
  });
}

/** A page of releases, with links to the others. */
function pageOf(releases: readonly GivenRelease[], query: URLSearchParams): object {
  const [limit, offset] = [Number(query.get('limit') ?? 20), Number(query.get('offset') ?? 0)];
  const link = (at: number) => {
    const rest = new URLSearchParams(query);
    rest.set('limit', String(limit));
    rest.set('offset', String(at));
    return `/v3/releases?${rest}`;
  };
  const excluded = (query.get('exclude_fields') ?? '').split(/[ ,+]/);
  const shown = (given: GivenRelease) => Object.fromEntries(Object.entries(releaseOf(given)).filter(([name]) => !excluded.includes(name)));
  const total = releases.length;
  return {
    pagination: {
      ...{ limit, offset, first: link(0), previous: offset > 0 ? link(Math.max(0, offset - limit)) : null, current: link(offset) },
      ...{ next: offset + limit < total ? link(offset + limit) : null, total },
    },
    results: releases.slice(offset, offset + limit).map(shown),
  };
}
