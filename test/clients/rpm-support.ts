import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../registry/helpers';
import { type Run } from './support';

/** A package with everything that an index tells of one. */
const AGENT = `
Name: acme-agent
Epoch: 2
Version: 1.2.3~rc1
Release: 4
Summary: Agent — überwacht <alles> & "mehr"
Summary(de): Ein Agent
License: MIT
URL: https://example.com/agent?a=1&b=2
Group: System/Tools
Vendor: Acme ÄG
Packager: P <p@example.com>
BuildArch: noarch
Source0: notes.txt
Provides: agent = 2:1.0-1, agent(feature) >= 3, plain
Requires: bash >= 4, coreutils < 2:9, libc.so.6(GLIBC_2.4)
Requires(pre): shadow-utils > 4.1-2
Requires(post): systemd
Requires: /bin/sh
Conflicts: old-agent <= 1.0
Obsoletes: older-agent < 0.5
Recommends: (rec-one if rec-two), rec-three > 1
Suggests: sug-one
Supplements: (bash and acme-core)
Enhances: enh-one = 1:2.0-3
%description
Unicode: 日本語, emoji 🚀, <tags> & ampersands.
Second line.
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/etc/acme %{buildroot}/usr/share/acme/many %{buildroot}/usr/lib
touch %{buildroot}/usr/bin/acme %{buildroot}/etc/acme/a.conf %{buildroot}/usr/lib/sendmail
for i in $(seq 1 500); do echo $i > %{buildroot}/usr/share/acme/many/f$i; done
echo u > "%{buildroot}/usr/share/acme/ünï cödé & <x>.txt"
%post
true
%files
%attr(755,root,root) /usr/bin/acme
%config(noreplace) /etc/acme/a.conf
%dir /etc/acme
/usr/share/acme
%ghost /var/log/acme.log
/usr/lib/sendmail
%changelog
${Array.from({ length: 12 }, (_each, index) => `* Mon Jan 0${index < 6 ? 5 : 5} 2026 Jörg <j@example.com> - 2:1.${20 - index}\n- change <${index}> & more\n- 日本`).join('\n')}
`;

/** A package that can be installed into an empty root. */
export const small = (name: string, version: string, more = ''): string => `
Name: ${name}
Version: ${version}
Release: 1
Summary: Small
License: MIT
BuildArch: noarch
${more}
%description
Small.
%install
mkdir -p %{buildroot}/opt
echo ${version} > %{buildroot}/opt/${name}
%files
/opt/${name}
`;

/** A built package. */
export interface Built {
  readonly file: string;
  readonly content: Buffer;
}

/** Builds packages of specs, the one with everything among them where wanted, with its sources. */
export async function built(rpmbuild: Run, specs: readonly string[]): Promise<Built[]> {
  const top = tempFolder();
  mkdirSync(join(top, 'SOURCES'));
  writeFileSync(join(top, 'SOURCES', 'notes.txt'), 'notes');
  const files = specs.map((spec, index) => {
    const file = join(top, `${index}.spec`);
    writeFileSync(file, spec);
    return file;
  });
  await rpmbuild(['-ba', '--quiet', '--define', `_topdir ${top}`, ...files], { env: { HOME: top, LC_ALL: 'C.UTF-8' } });
  return [join(top, 'RPMS', 'noarch'), join(top, 'SRPMS')].flatMap((folder) =>
    readdirSync(folder).map((file) => ({ file, content: readFileSync(join(folder, file)) })),
  );
}

/** The packages that indexes are compared for. */
export const SPECS: readonly string[] = [AGENT, small('acme-core', '1.0^git1')];

/** dnf with folders of its own, where the repositories are those of a text. */
export function dnfFor(dnf: Run, repositories: string) {
  const folder = tempFolder();
  for (const name of ['log', 'cache', 'persist', 'repos', 'root']) mkdirSync(join(folder, name));
  const places = ['log', 'cache', 'persist'].map((name) => `${name}dir=${join(folder, name)}`);
  const configuration = join(folder, 'dnf.conf');
  writeFileSync(
    configuration,
    ['[main]', ...places, `reposdir=${join(folder, 'repos')}`, 'plugins=0', 'timeout=10', 'retries=1', ''].join('\n'),
  );
  writeFileSync(join(folder, 'repos', 'test.repo'), repositories);
  const own = ['-c', configuration, '--installroot', join(folder, 'root'), '--releasever', '9', '-y'];
  const run = (...args: string[]): Promise<string> => dnf([...own, ...args], { env: { HOME: folder, LC_ALL: 'C.UTF-8' } });
  return {
    run,
    packages: async () => (await run('repoquery', '--all', '--quiet', '--refresh')).trim().split('\n').filter(Boolean).sort(),
    installed: (name: string) => readFileSync(join(folder, 'root', 'opt', name), 'utf8').trim(),
  };
}
