import type { TerraformElement, TerraformStack } from 'cdktf';
import { resolve } from 'cdktf/lib/_tokens';
import { renderDatasource } from 'cdktf/lib/hcl/render';

/** The blocks of a stack: attributes by type and name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, object>>>>;

const added = new WeakMap<TerraformStack, (() => Blocks)[]>();

/** Adds an `ephemeral` block to the HCL of a stack; one core does not know the block, and leaves out what it does not know. */
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

/** It looks like a `data` block but for its first word. */
function render(block: Blocks): string {
  return renderDatasource(block).hcl.replace(/^data /, 'ephemeral ');
}
