import { snakeCase } from '../common/names';
import { Expression, hclArguments, hclLiteral } from '../schema/derive/literal';
import type { ProviderDefinition } from '../schema/define/provider';
import { type Group, isEarlier, type Item } from './groups';
import { Names, slugOf } from './names';
import { withReferences } from './references';
import { secretsOf } from './secrets';

/** An estate to be written as HCL. */
export interface HclSource {
  readonly provider: ProviderDefinition;
  readonly groups: readonly Group[];
  readonly endpoint: { readonly url: string };
  /** Whether it imports what is on the server instead of creating it. */
  readonly imports: boolean;
}

/** Writes the files of a root module: a file for each group, the import blocks, the variables and the provider. */
export function hclFiles({ provider, groups, endpoint, imports }: HclSource): {
  files: ReadonlyMap<string, string>;
  secrets: readonly string[];
} {
  const labels = labelsOf(groups);
  const variables = new Names(['endpoint']);
  const secrets: string[] = [];
  const files = new Map<string, string>();
  const slugs = new Names(['provider', 'imports', 'variables']);
  for (const { name, items } of groups) {
    const blocks = items.map((item) => {
      const { object, tree } = item;
      const written = withReferences(tree, (reference) =>
        isEarlier(groups, object, reference)
          ? new Expression('', `${reference.to.type}.${labels.get(reference.to)}.${snakeCase(reference.attribute)}`)
          : reference.value,
      ) as Record<string, unknown>;
      const slots = secretsOf(object, tree).map(({ attribute, name: secret }) => {
        const variable = variables.take(`${labels.get(object)}_${secret}`);
        secrets.push(variable);
        return [attribute, new Expression('', `var.${variable}`)] as const;
      });
      const shape = { kind: 'object', fields: object.compiled.fields } as const;
      return `resource "${object.type}" "${labels.get(object)}" {\n${hclArguments({ ...written, ...Object.fromEntries(slots) }, { shape, indent: '  ' })}}\n`;
    });
    files.set(`${slugs.take(fileOf(name))}.tf`, blocks.join('\n'));
  }
  if (imports) files.set('imports.tf', importsOf(groups, labels));
  if (secrets.length > 0) files.set('variables.tf', secrets.map(variableOf).join('\n'));
  files.set('provider.tf', providerOf(provider, endpoint.url));
  return { files, secrets };
}

/** A label for each object, unique among those of its type. */
function labelsOf(groups: readonly Group[]): ReadonlyMap<Item['object'], string> {
  const taken = new Map<string, Names>();
  return new Map(
    groups.flatMap(({ items }) =>
      items.map(({ object }) => {
        const names = taken.get(object.type) ?? new Names();
        taken.set(object.type, names);
        const own = labelOf(object.key.filter((part) => part !== '').at(-1) ?? object.id);
        return [object, names.take(own, labelOf(object.id))] as const;
      }),
    ),
  );
}

function labelOf(text: string): string {
  const label = text.replace(/[^A-Za-z0-9]+/g, '_');
  return /^[A-Za-z_]/.test(label) ? label : `_${label}`;
}

/** Terraform merges files of some names over the others. */
function fileOf(name: string): string {
  const slug = slugOf(name.toLowerCase());
  return /(?:^|_)override$/.test(slug) ? `${slug}-group` : slug;
}

const importsOf = (groups: readonly Group[], labels: ReadonlyMap<Item['object'], string>): string =>
  groups
    .flatMap(({ items }) => items)
    .map(
      ({ object }) =>
        `import {\n${hclArguments({ to: new Expression('', `${object.type}.${labels.get(object)}`), id: object.id }, { shape: undefined, indent: '  ' })}}\n`,
    )
    .join('\n');

const variableOf = (name: string): string =>
  `variable "${name}" {\n  type      = string\n  default   = null\n  sensitive = true\n  ephemeral = true\n}\n`;

function providerOf({ name, source = `registry.terraform.io/repoform/${name}` }: ProviderDefinition, url: string): string {
  return `terraform {
  required_version = ">= 1.11"

  required_providers {
    ${name} = {
      source = "${source}"
    }
  }
}

# Credentials come from the environment.
provider "${name}" {
  endpoint = ${hclLiteral(url, { shape: undefined, indent: '' })}
}
`;
}
