import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConstructs } from '../../scripts/build-constructs';

const root = join(__dirname, '../..');

/** An app folder in which a room of this package is installed, beside both cores and nothing else. */
export class Installed {
  readonly folder = mkdtempSync(join(tmpdir(), 'repoform-installed-'));

  constructor(private readonly room: string) {
    const place = join(this.folder, 'node_modules/repoform');
    mkdirSync(place, { recursive: true });
    buildConstructs(join(place, 'lib'));
    const entry = (core: string): object => ({ types: `./lib/${core}/${room}.d.ts`, default: `./lib/${core}/${room}.js` });
    const exports = { [`./${room}`]: entry('cdktf'), [`./cdktn/${room}`]: entry('cdktn') };
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name: 'repoform', version: '3.4.5', exports }));
    for (const name of ['cdktf', 'cdktn', 'constructs', '@types'])
      symlinkSync(join(root, 'node_modules', name), join(this.folder, 'node_modules', name));
  }

  /** What an app for a core imports. */
  entry(core: string): string {
    return `repoform/${core === 'cdktf' ? '' : 'cdktn/'}${this.room}`;
  }

  /** What a script prints; it has a `stack`, and `loaded` tells whether a file is. */
  run(core: string, text: string): string {
    const file = join(this.folder, 'script.js');
    const head = `const { App, TerraformStack, Testing } = require('${core}');
const loaded = (name) => Object.keys(require.cache).some((file) => file.includes(name));
const stack = new TerraformStack(new App({ outdir: '${join(this.folder, 'out')}' }), 's');
`;
    writeFileSync(file, head + text);
    const env = { PATH: process.env['PATH'], HOME: this.folder };
    return execFileSync(process.execPath, [file], { cwd: this.folder, encoding: 'utf8', env });
  }

  /** Puts the Kubernetes bindings of cdktf where a core looks for its own; `cdktf` means that core to them, as in the package that is made for it. */
  addBindings(core: string, module: string): void {
    const place = join(this.folder, `node_modules/@${core}/provider-kubernetes`);
    mkdirSync(join(place, 'lib'), { recursive: true });
    cpSync(join(root, 'node_modules/@cdktf/provider-kubernetes/lib', module), join(place, 'lib', module), { recursive: true });
    mkdirSync(join(place, 'node_modules'));
    symlinkSync(join(root, 'node_modules', core), join(place, 'node_modules/cdktf'));
  }

  /** Removes the bindings of both cores. */
  removeBindings(): void {
    for (const core of ['@cdktf', '@cdktn']) rmSync(join(this.folder, 'node_modules', core), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
