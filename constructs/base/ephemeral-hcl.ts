import type { TerraformElement, TerraformStack } from 'cdktf';
import { resolve } from 'cdktf/lib/_tokens';
import { renderDatasource } from 'cdktf/lib/hcl/render';

type Attributes = Readonly<Record<string, unknown>>;

/** One block: its attributes by type and name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

const added = new WeakMap<TerraformStack, (() => Blocks)[]>();

/** Adds an `ephemeral` block to the HCL of a stack; one of the cores does not know this block and would leave it out. */
export function addEphemeralHcl({ cdktfStack: stack }: TerraformElement, block: () => Blocks): void {
  const blocks = added.get(stack);
  if (blocks) return void blocks.push(block);
  const all = [block];
  added.set(stack, all);
  const plain = stack.toHclTerraform.bind(stack);
  stack.toHclTerraform = () => {
    const { hcl, metadata } = plain() as { hcl: string; metadata: object };
    return { hcl: [hcl, ...all.map((one) => render(resolve(stack, one())))].join('\n'), metadata };
  };
}

/** It looks like a `data` block, except for its first word and for references, which Terraform wants without quotes. */
function render(blocks: Blocks): string {
  const bare = (attributes: Attributes): Attributes => ({
    ...attributes,
    ...(typeof attributes['provider'] === 'string' && { provider: reference(attributes['provider']) }),
    ...(Array.isArray(attributes['depends_on']) && { depends_on: reference(`[${attributes['depends_on'].join(', ')}]`) }),
  });
  const named = Object.entries(blocks).map(([type, byName]) => [
    type,
    Object.fromEntries(Object.entries(byName).map(([name, attributes]) => [name, bare(attributes)])),
  ]);
  return renderDatasource(Object.fromEntries(named)).hcl.replace(/^data /, 'ephemeral ');
}

const reference = (value: string): object => ({ value, type: 'reference' });
