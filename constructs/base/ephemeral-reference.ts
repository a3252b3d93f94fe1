import { ref, TerraformStack, Token, type IResolvable, type IResolveContext } from 'cdktf';

/** A reference to a value of an ephemeral resource. A reference between stacks goes through an output, which cannot hold such a value. */
export class EphemeralReference implements IResolvable {
  readonly creationStack: string[] = [];
  private readonly reference: IResolvable;

  constructor(
    private readonly address: string,
    private readonly stack: TerraformStack,
  ) {
    this.reference = ref(address, stack);
  }

  resolve(context: IResolveContext): unknown {
    const here = TerraformStack.of(context.scope);
    if (here !== this.stack)
      throw new Error(
        `${context.scope.node.path} refers to ${this.address} of the stack "${this.stack.node.id}"; an ephemeral value cannot be used in another stack; create an ephemeral resource in "${here.node.id}" too`,
      );
    return this.reference.resolve(context);
  }

  toString(): string {
    return Token.asString(this);
  }
}
