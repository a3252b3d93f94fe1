import { TerraformProvider, TerraformStack, type TerraformResource } from 'cdktf';

/** The endpoint given to a resource's provider at synthesis, if any; it may be an expression. */
export function endpointInput(resource: TerraformResource, type: string): string | undefined {
  const provider = resource.provider ?? defaultProvider(resource, type);
  return (provider as Partial<{ readonly endpointInput: string }> | undefined)?.endpointInput;
}

function defaultProvider(resource: TerraformResource, type: string): TerraformProvider | undefined {
  const stack = TerraformStack.of(resource);
  return stack.node
    .findAll()
    .filter((node) => TerraformProvider.isTerraformProvider(node))
    .find((node) => node.terraformResourceType === type && node.alias === undefined && TerraformStack.of(node) === stack);
}
