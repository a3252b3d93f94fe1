import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as cdktf from 'cdktf';
import { toConstructs } from '../../../src/schema/derive/to-construct';
import { bundle } from '../bundle';
import { gate } from './definition';

const root = join(__dirname, '../../..');

/** The cores that constructs are built for. */
export type CoreName = 'cdktf' | 'cdktn';

type Class<T> = new (scope: cdktf.TerraformStack, id: string, config?: object) => T;

/** The generated classes of the made-up provider. */
export interface GateClasses {
  readonly GateProvider: Class<cdktf.TerraformProvider>;
  readonly Door: Class<cdktf.TerraformResource>;
  readonly EphemeralGatePass: Class<GatePass>;
  readonly Ring: Class<GateRing>;
  readonly EphemeralGateHint: Class<cdktf.TerraformElement & { readonly text: string }>;
}

/** The class of `gate_pass`. */
export interface GatePass extends cdktf.TerraformElement {
  readonly token: string;
  readonly doorNames: string[];
  readonly issuer: { readonly deskNumber: number };
  readonly holderInput: string | undefined;
  holder: string;
  resetNote(): void;
  count: unknown;
}

/** The class of `gate_ring`. */
export interface GateRing extends cdktf.TerraformElement {
  readonly address: string;
  door: string | undefined;
  times: number | undefined;
  resetTimes(): void;
  triggerOn(resource: cdktf.TerraformResource, options?: object): this;
}

/** A package with the constructs and the executable of the made-up provider, for one core. */
export interface GatePackage {
  readonly folder: string;
  readonly core: typeof cdktf;
  readonly classes: GateClasses;
  remove(): void;
}

/** Makes the package as the build makes ours: bases, generated classes, executable; the other core is swapped in by name. */
export async function gatePackage(name: CoreName): Promise<GatePackage> {
  const folder = mkdtempSync(join(tmpdir(), `repoform-gate-${name}-`));
  for (const part of ['constructs/base', 'constructs/provider', 'src/common'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const generated = join(folder, 'constructs/generated/gate');
  mkdirSync(generated, { recursive: true });
  for (const file of toConstructs(gate)) writeFileSync(join(generated, file.name), file.text);
  for (const path of readdirSync(join(folder, 'constructs'), { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.ts')))
    swap(join(folder, 'constructs', path), name);
  writeFileSync(join(folder, 'package.json'), '{ "name": "repoform", "version": "1.2.3" }');
  mkdirSync(join(folder, 'node_modules'));
  for (const used of ['cdktf', 'cdktn', 'constructs', 're2js'])
    symlinkSync(join(root, 'node_modules', used), join(folder, 'node_modules', used));
  mkdirSync(join(folder, 'dist/provider'), { recursive: true });
  bundle(join(__dirname, 'main.ts'), join(folder, 'dist/provider/terraform-provider-gate'));
  const classes = (await import(join(generated, 'index.ts'))) as GateClasses;
  const core = (await import(name)) as typeof cdktf;
  return { folder, core, classes, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function swap(file: string, core: CoreName): void {
  const from = dirname(require.resolve(`${core}/package.json`));
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/'cdktf(\/[^']*)?'/g, (_, path: string | undefined) => `'${from}${path ?? ''}'`),
  );
}
