import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

/** What a construct needs that OpenTofu does not have. */
export interface TerraformNeed {
  /** The first version of Terraform that has it, e.g. `1.14.0`. */
  readonly version: string;
  /** For messages, in the plural. */
  readonly what: string;
}

/**
 * Makes an older Terraform say that it is too old, instead of that it does not know a block, and tells of targets that lack it where the
 * project declares its targets, as cdktn's does.
 */
export function requireTerraform(construct: IConstruct, need: TerraformNeed): void {
  demand(TerraformStack.of(construct), `>= ${need.version}`);
  construct.node.addValidation({ validate: () => unmet(construct, need) });
}

const demanding = new WeakSet<TerraformStack>();

/** Not by an override, which the HCL of the cores gets wrong. */
function demand(stack: TerraformStack, required_version: string): void {
  if (demanding.has(stack)) return;
  demanding.add(stack);
  const json = stack.toTerraform.bind(stack) as () => { readonly terraform?: object };
  const hcl = stack.toHclTerraform.bind(stack) as () => { readonly hcl: string };
  stack.toTerraform = () => {
    const made = json();
    return { ...made, terraform: { required_version, ...made.terraform } };
  };
  stack.toHclTerraform = () => {
    const made = hcl();
    return { ...made, hcl: `${made.hcl}\nterraform {\n  required_version = "${required_version}"\n}` };
  };
}

function unmet(construct: IConstruct, { version, what }: TerraformNeed): string[] {
  const targets = construct.node.tryGetContext('targetVersions') as Readonly<Record<string, unknown>> | undefined;
  const terraform = targets?.['terraform'];
  const [, major = '0', minor = '0'] = typeof terraform === 'string' ? (/^\s*>=\s*(\d+)\.(\d+)/.exec(terraform) ?? []) : [];
  const [neededMajor = 0, neededMinor = 0] = version.split('.').map(Number);
  const old = Number(major) < neededMajor || (Number(major) === neededMajor && Number(minor) < neededMinor);
  return [
    ...(targets?.['opentofu'] === undefined
      ? []
      : [`OpenTofu has no ${what}, but the project targets it; remove "opentofu" from targetVersions, or use "repoform run" instead`]),
    ...(typeof terraform === 'string' && old
      ? [
          `${what} require Terraform ${version}, but the project targets "${terraform}"; raise it in targetVersions, or use "repoform run" instead`,
        ]
      : []),
  ];
}
