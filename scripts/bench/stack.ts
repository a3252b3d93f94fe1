import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, sourceOf, version } from './contender';

/** A configuration of many objects. */
export interface Stack {
  readonly contender: Contender;
  /** How many objects. */
  readonly n: number;
  /** URL of the API. */
  readonly url: string;
  /** Where Terraform keeps its state. */
  readonly stateUrl: string;
  /** Whether the last object differs from what it was. @default false */
  readonly changed?: boolean;
}

/** Writes the configuration as cdktf does: one block for each resource, with metadata. */
export function writeStack(folder: string, stack: Stack): void {
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(documentOf(stack), null, 2));
}

/** The configuration as an object. */
export function documentOf({ contender, n, url, stateUrl, changed = false }: Stack): object {
  const { provider, resource, body } = contender;
  const objects = Array.from({ length: n }, (_, index) => {
    const id = `object_${index}`;
    const metadata = { metadata: { path: `bench/${id}`, uniqueId: id } };
    return [id, { '//': metadata, ...body(index, changed && index === n - 1) }] as const;
  });
  const required = provider && { [provider.type]: { source: sourceOf(provider.type), version } };
  return {
    '//': { metadata: { backend: 'http', stackName: 'bench', version: '0.21.0' }, outputs: {} },
    ...(provider && { provider: { [provider.type]: [provider.config(url)] } }),
    resource: { [resource]: Object.fromEntries(objects) },
    terraform: { backend: { http: { address: stateUrl } }, ...(required && { required_providers: required }) },
  };
}
