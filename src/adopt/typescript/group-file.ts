import { camelCase } from '../../common/names';
import { resourceClass } from '../../schema/derive/construct/names';
import { Expression, quote, templateText, typeScriptLiteral } from '../../schema/derive/literal';
import { type Group, isEarlier, type Item } from '../groups';
import { identifierOf, Names } from '../names';
import { type Reference, referencesIn, withReferences, withTexts } from '../references';
import { secretsOf } from '../secrets';
import { type Alike, familiesOf } from './alike';
import type { AppNames } from './app-names';
import { FamilyFunction } from './family-function';

/** The statements that make a group's objects, and what they need. */
export interface Body {
  readonly text: string;
  readonly classes: readonly string[];
  readonly secrets: readonly string[];
  /** Other groups that it refers to. */
  readonly needs: readonly Group[];
}

/** The indentation of the statements of a constructor. */
const INDENT = '    ';

/** The statements that make the objects of a group in the constructor of its construct or stack. */
export function bodyOf(group: Group, app: AppNames): Body {
  return new BodyWriter(group, app).body();
}

class BodyWriter {
  private readonly lines: string[] = [];
  private readonly classes = new Set<string>();
  private readonly secrets: string[] = [];
  private readonly needs = new Set<Group>();
  private readonly functions = new Map<Alike, FamilyFunction>();
  private readonly families: readonly Alike[];
  private readonly taken: Names;
  /** Objects of the group that others of it refer to. */
  private readonly used: ReadonlySet<Item['object']>;

  constructor(
    private readonly group: Group,
    private readonly app: AppNames,
  ) {
    this.families = familiesOf(group.items, ({ object }) => app.nameOf(object).id);
    this.taken = new Names([...app.takenIn(group), ...group.items.map(({ object }) => app.nameOf(object).variable)]);
    this.used = new Set(
      group.items.flatMap(({ object, tree }) => referencesIn(tree).flatMap((one) => (isEarlier(app.groups, object, one) ? [one.to] : []))),
    );
  }

  body(): Body {
    let before: { readonly type: string; readonly isLong: boolean } | undefined;
    for (const item of this.group.items) {
      const text = this.statement(item);
      const isLong = text.includes('\n');
      if (before && (before.type !== item.object.type || before.isLong || isLong)) this.lines.push('');
      this.lines.push(text);
      before = { type: item.object.type, isLong };
    }
    const text = `${this.lines.join('\n')}\n`;
    return { text, classes: [...this.classes].sort(), secrets: this.secrets, needs: [...this.needs] };
  }

  private statement(item: Item): string {
    const { object, tree } = item;
    const { variable, id } = this.app.nameOf(object);
    const className = resourceClass(this.app.provider, object.type);
    this.classes.add(className);
    const secrets = this.secretArguments(item);
    const written = { ...(this.expressed(item, tree) as Record<string, unknown>), ...secrets };
    const target = this.app.shared.has(object) ? `this.${variable} = ` : this.used.has(object) ? `const ${variable} = ` : '';
    const family = Object.keys(secrets).length === 0 ? this.families.find(({ items }) => items.has(item)) : undefined;
    if (family) return `${INDENT}${target}${this.functionOf(family, className, written).call(written)};`;
    const head = `${target}new ${className}(this, ${quote(id)}, `;
    return `${INDENT}${head}${typeScriptLiteral(written, { indent: INDENT, beside: head.length + 2, broken: Object.keys(written).length > 3 })});`;
  }

  /** The function of a family, which is written before its first call. */
  private functionOf(family: Alike, className: string, written: Readonly<Record<string, unknown>>): FamilyFunction {
    const known = this.functions.get(family);
    if (known) return known;
    const made = new FamilyFunction(this.taken.take(identifierOf(className)), className, family);
    this.functions.set(family, made);
    if (this.lines.length > 0 && this.lines.at(-1) !== '') this.lines.push('');
    this.lines.push(made.text(written, INDENT));
    return made;
  }

  private expressed(item: Item, tree: unknown): unknown {
    // Terraform reads what the app writes as templates.
    return withTexts(
      withReferences(tree, (reference) => this.expressionOf(item, reference)),
      templateText,
    );
  }

  private expressionOf(item: Item, reference: Reference): unknown {
    const { to, attribute, value } = reference;
    const home = this.app.homes.get(to);
    if (!home || !isEarlier(this.app.groups, item.object, reference)) return value;
    const name = `${this.app.nameOf(to).variable}.${camelCase(attribute)}`;
    if (home === this.group) return new Expression(`${this.app.shared.has(to) ? 'this.' : ''}${name}`, '');
    this.needs.add(home);
    return new Expression(`${this.app.groupName(home).variable}.${name}`, '');
  }

  private secretArguments({ object, tree }: Item): Record<string, unknown> {
    return Object.fromEntries(
      secretsOf(object, tree).map(({ attribute, name }) => {
        const variable = this.app.secretNames.take(`${this.app.nameOf(object).id}_${name}`.replace(/\W+/g, '_'));
        this.secrets.push(variable);
        return [attribute, new Expression(`secret(this, ${quote(variable)})`, `var.${variable}`)];
      }),
    );
  }
}
