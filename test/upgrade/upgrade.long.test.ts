import { sourceOf } from '../acceptance/support/workspace';
import { onCores } from '../acceptance/support/on-cores';
import { installPacked, type Modules } from '../acceptance/support/project';
import { Deployed, rebuild, releases } from './deployed';

const minutes = 60_000;
const needs = ['write-only attributes'] as const;
let installed: Modules;
beforeAll(() => {
  installed = installPacked();
}, minutes);
afterAll(() => installed.remove());

const hashesOf = (lock: string): string[] => [...lock.matchAll(/"(h1:[^"]+)"/g)].map(([, hash = '']) => hash);

test('there is a fixture of a release', () => expect(releases).toContain('0.1.0'));

for (const release of releases) {
  onCores({ name: `what ${release} deployed plans empty with the current version`, needs }, (title, core) =>
    test(
      title,
      () =>
        Deployed.use({ release, core, modules: installed.folder }, async (deployed) => {
          await deployed.synthesize();
          for (const provider of ['artifactapi', 'bkrepo', 'kubesphere'])
            expect(deployed.lock).toContain(`provider "${sourceOf(provider)}" {`);
          await deployed.expectEmptyPlan();
          // The same app on the other core has the same addresses.
          deployed.edit((main) =>
            main
              .replace(`from 'cdktf'`, `from 'cdktn'`)
              .replaceAll(`'repoform/`, `'repoform/cdktn/`)
              .replace('new App()', `new App({ context: { targetVersions: { terraform: '>=1.11.0', opentofu: '>=1.11.0' } } })`),
          );
          await deployed.synthesize();
          await deployed.expectEmptyPlan();
          // A change is seen, so the plans were about these objects.
          deployed.edit((main) => main.replace(`description: 'Files'`, `description: 'Changed'`));
          await deployed.synthesize();
          const { text } = await deployed.terraform(['plan', '-input=false', '-detailed-exitcode'], 2);
          expect(text).toContain('Plan: 0 to add, 1 to change, 0 to destroy.');
        }),
      3 * minutes,
    ),
  );
}

onCores({ name: 'another build of the same version changes hashes of the lock file, and nothing else', needs }, (title, core) =>
  test(
    title,
    () =>
      Deployed.use({ release: releases.at(-1) ?? '', core, modules: installed.folder }, async (deployed) => {
        await deployed.synthesize();
        await deployed.expectEmptyPlan();
        const before = deployed.lock;
        rebuild(installed.folder);
        await deployed.synthesize();
        const [old, fresh] = [hashesOf(before), hashesOf(deployed.lock)];
        expect(fresh).toEqual(expect.arrayContaining(old));
        expect(fresh).toHaveLength(old.length + 3);
        await deployed.expectEmptyPlan();
      }),
    3 * minutes,
  ),
);
