import { providerClass, resourceClass } from '../../schema/derive/construct/names';
import type { FoundObject } from '../estate';
import type { Group } from '../groups';
import { classNameOf, identifierOf, Names, slugOf } from '../names';
import { referencesIn } from '../references';
import { freeKeys } from './alike';

/** What a group is called: the class of its construct, a variable with it, and its file and id. */
export interface GroupName {
  readonly className: string;
  readonly variable: string;
  readonly slug: string;
}

/** What an object is called: a variable or field, and the id of its construct. */
export interface ObjectName {
  readonly variable: string;
  readonly id: string;
}

/** The names in an app. */
export class AppNames {
  /** The group that each object is in. */
  readonly homes: ReadonlyMap<FoundObject, Group>;
  /** Objects that other groups refer to. */
  readonly shared: ReadonlySet<FoundObject>;
  /** Names of variables for secrets. */
  readonly secretNames: Names;
  private readonly reserved: readonly string[];
  private readonly groupNames: ReadonlyMap<Group, GroupName>;
  private readonly objectNames: ReadonlyMap<FoundObject, ObjectName>;

  constructor(
    readonly provider: string,
    readonly groups: readonly Group[],
    /** Variables that there are. */
    variables: readonly string[] = [],
  ) {
    this.reserved = reservedIn(groups);
    this.homes = new Map(groups.flatMap((group) => group.items.map(({ object }) => [object, group] as const)));
    this.shared = new Set(
      groups.flatMap((group) =>
        group.items.flatMap(({ tree }) => referencesIn(tree).flatMap(({ to }) => (this.homes.get(to) === group ? [] : [to]))),
      ),
    );
    this.groupNames = namesOfGroups(groups, provider, this.reserved);
    this.objectNames = new Map(groups.flatMap((group) => this.namesWithin(group)));
    // In the stack, a variable is a construct beside those of groups, or of the objects of the only one.
    const ids =
      groups.length > 1 ? [...this.groupNames.values()].map(({ slug }) => slug) : [...this.objectNames.values()].map(({ id }) => id);
    this.secretNames = new Names([...variables, ...ids]);
  }

  groupName(group: Group): GroupName {
    return this.groupNames.get(group) ?? { className: '', variable: '', slug: '' };
  }

  nameOf(object: FoundObject): ObjectName {
    return this.objectNames.get(object) ?? { variable: '', id: '' };
  }

  /** Names that variables and fields of a group cannot have: those of the other groups, of what is imported, and of parameters. */
  takenIn(group: Group): readonly string[] {
    const others = this.groups.filter((one) => one !== group).map((one) => this.groupName(one).variable);
    return [...others, ...this.reserved];
  }

  private namesWithin(group: Group): readonly (readonly [FoundObject, ObjectName])[] {
    const variables = new Names(this.takenIn(group));
    const ids = new Names(this.groups.length > 1 ? INHERITED : [this.provider, ...INHERITED]);
    return group.items.map(({ object }) => {
      const kind = resourceClass(this.provider, object.type);
      const name = ownName(object);
      const [slug, variable] = [slugOf(name), identifierOf(name)];
      const long = { variable: `${variable.replace(/_$/, '')}${kind}`, id: `${slug}-${kebab(kind)}` };
      return [object, { variable: variables.take(variable, long.variable), id: ids.take(slug, long.id) }] as const;
    });
  }
}

/** What every object has. Constructs keep their children by id in such an object, and take these ids for used ones. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);

/** Names that no variable has, because they are imported, or because parameters of functions in which it is used have them. */
function reservedIn(groups: readonly Group[]): readonly string[] {
  const types = new Set(groups.flatMap(({ items }) => items.map(({ object }) => object.compiled)));
  const parameters = [...types].flatMap(({ fields }) => freeKeys(fields)).map((key) => identifierOf(key));
  return [...new Set(['secret', 'importExisting', 'ids', ...INHERITED, ...parameters])];
}

function namesOfGroups(groups: readonly Group[], provider: string, reserved: readonly string[]): ReadonlyMap<Group, GroupName> {
  const types = groups.flatMap(({ items }) => items.map(({ object }) => resourceClass(provider, object.type)));
  const classes = new Names([providerClass(provider), 'Construct', 'App', 'TerraformStack', 'TerraformResource', 'Registry', ...types]);
  const variables = new Names(reserved);
  const slugs = new Names(['main', 'imports', 'secrets', provider, ...INHERITED]);
  return new Map(
    groups.map((group) => {
      const className = classNameOf(group.name);
      return [
        group,
        {
          className: classes.take(className, `${className}Repositories`, `${className}Group`),
          variable: variables.take(identifierOf(group.name), `${identifierOf(group.name).replace(/_$/, '')}Group`),
          slug: slugs.take(slugOf(group.name.toLowerCase()), `${slugOf(group.name.toLowerCase())}-group`),
        },
      ] as const;
    }),
  );
}

/** What an object is called: the last part of its key that neither names another object nor is one of few words. */
function ownName({ compiled, key, id }: FoundObject): string {
  const parts = key.filter((part) => part !== '');
  const own = key.filter((part, index) => {
    const field = compiled.fields.find(({ name }) => name === compiled.key[index]);
    return part !== '' && !field?.facts.refersTo && !(field && 'oneOf' in field.shape && field.shape.oneOf);
  });
  return own.at(-1) ?? parts.at(-1) ?? id;
}

const kebab = (name: string): string => name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
