import type { TerraformElement, TerraformStack } from 'cdktf';
import { resolve } from 'cdktf/lib/_tokens';
import { renderDatasource } from 'cdktf/lib/hcl/render';

type Attributes = Readonly<Record<string, unknown>>;

/** One block: its attributes by type and name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** A kind of block that a core does not know. */
export type OwnKeyword = 'ephemeral' | 'action';

const added = new WeakMap<TerraformStack, (() => string)[]>();

/** Adds a block to the HCL of a stack that one of the cores, or both, would leave out. */
export function addOwnHcl({ cdktfStack: stack }: TerraformElement, keyword: OwnKeyword, block: () => Blocks): void {
  const rendered = (): string => render(keyword, resolve(stack, block()) as Blocks);
  const blocks = added.get(stack);
  if (blocks) return void blocks.push(rendered);
  const all = [rendered];
  added.set(stack, all);
  const plain = stack.toHclTerraform.bind(stack);
  stack.toHclTerraform = () => {
    const { hcl, metadata } = plain() as { hcl: string; metadata: object };
    return { hcl: [hcl, ...all.map((one) => one())].join('\n'), metadata };
  };
}

/** It looks like a `data` block, except for its first word and for references, which Terraform wants without quotes. */
function render(keyword: OwnKeyword, blocks: Blocks): string {
  const bare = (attributes: Attributes): Attributes => ({
    ...attributes,
    ...(typeof attributes['provider'] === 'string' && { provider: reference(attributes['provider']) }),
    ...(Array.isArray(attributes['depends_on']) && { depends_on: reference(`[${attributes['depends_on'].join(', ')}]`) }),
  });
  const named = Object.entries(blocks).map(([type, byName]) => [
    type,
    Object.fromEntries(Object.entries(byName).map(([name, attributes]) => [name, bare(attributes)])),
  ]);
  return renderDatasource(Object.fromEntries(named)).hcl.replace(/^data /, `${keyword} `);
}

const reference = (value: string): object => ({ value, type: 'reference' });
