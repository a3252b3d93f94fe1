import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KnownProviders } from '../plans/known';
import type { ProviderDefinition } from '../schema/define';
import { isJsonObject, type Json, type JsonObject } from '../schema/define/json';
import { fieldsOf } from '../schema/define/shape';
import type { ServedBackend, SynthesizedStack } from './engine';

/** A mutable object of the stack's JSON. */
type Block = Record<string, Json>;

/** A synthesized stack that is made to deploy to a server of the test, with its state beside it. */
export class TrialStack {
  readonly name: string;
  readonly folder: string;
  /** Where its state was to be kept, as text that can be compared. */
  private readonly backend: string | undefined;
  private readonly file: string;
  private readonly json: Block;
  private readonly known: KnownProviders;

  constructor({ name, folder }: SynthesizedStack, providers: readonly ProviderDefinition[]) {
    this.name = name;
    this.folder = folder;
    this.file = join(folder, 'cdk.tf.json');
    if (!existsSync(this.file)) throw new Error(`the stack "${name}" was not synthesized as JSON; switch HCL output off`);
    this.json = JSON.parse(readFileSync(this.file, 'utf8')) as Block;
    this.known = new KnownProviders(providers);
    const [entry] = Object.entries(objectAt(objectAt(this.json, 'terraform'), 'backend'));
    this.backend = entry && backendText(...entry);
  }

  /** The providers with definitions that it has blocks for. */
  get providers(): readonly ProviderDefinition[] {
    return Object.keys(objectAt(this.json, 'provider')).flatMap((name) => this.definitionOf(name) ?? []);
  }

  get stateFile(): string {
    return join(this.folder, 'trial.tfstate');
  }

  /** Has a provider use a server, as a user with a password or as nobody: credentials and client certificates of the stack are left out. */
  connect(backend: ServedBackend, attributes: Readonly<Record<string, string>>): void {
    for (const [name, written] of Object.entries(objectAt(this.json, 'provider'))) {
      const definition = this.definitionOf(name);
      if (definition?.name !== backend) continue;
      const ownFields = fieldsOf(definition.attributes).filter(({ facts }) => facts.credential || facts.sensitive || facts.requires);
      for (const block of (Array.isArray(written) ? written : [written]) as Block[]) {
        for (const field of ownFields) delete block[field.name];
        Object.assign(block, attributes);
      }
    }
  }

  /** Keeps the state in the folder, reads that of the other stacks from theirs, and allows everything to be destroyed. */
  isolate(all: readonly TrialStack[]): void {
    const terraform = objectAt(this.json, 'terraform');
    delete terraform['cloud'];
    terraform['backend'] = { local: { path: this.stateFile } };
    for (const data of Object.values(objectAt(objectAt(this.json, 'data'), 'terraform_remote_state')) as Block[]) {
      const named = backendText(String(data['backend']), data['config'] ?? {});
      const other = all.find((one) => one.backend === named);
      if (other) Object.assign(data, { backend: 'local', config: { path: other.stateFile } });
    }
    for (const named of Object.values(objectAt(this.json, 'resource')))
      for (const block of Object.values(named as JsonObject)) delete objectAt(block as Block, 'lifecycle')['prevent_destroy'];
  }

  write(): void {
    writeFileSync(this.file, `${JSON.stringify(this.json, null, 2)}\n`);
  }

  private definitionOf(name: string): ProviderDefinition | undefined {
    const requirement = objectAt(objectAt(objectAt(this.json, 'terraform'), 'required_providers'), name);
    return this.known.provider(typeof requirement['source'] === 'string' ? requirement['source'] : name);
  }
}

const backendText = (type: string, config: Json): string => JSON.stringify([type, config]);

const objectAt = (block: Block, name: string): Block => {
  const value = block[name];
  return isJsonObject(value) ? (value as Block) : {};
};
