import { snakeCase } from '../common/names';
import type { Change, Plan } from '../plans/plan';
import { type PlanRecord, sameValue, valueAt } from '../plans/value';
import { code, listWords, plainText, type Wording } from './wording';

/** What is lost with an object that goes. */
export interface Loss {
  /** Whether something is lost, as far as the plan can tell: otherwise the provider refuses to. */
  readonly isCertain: boolean;
  readonly notes: readonly Wording[];
}

/** The files that a plan deletes: the objects that a delete of another one would lose (`deleteGuard`). */
export class Losses {
  private readonly children: ReadonlySet<Change>;
  private readonly parents: readonly Change[];

  constructor({ changes }: Plan) {
    const going = changes.filter(goes);
    this.parents = going.filter(({ object }) => object.known?.definition.deleteGuard);
    const types = new Set(
      changes.flatMap(
        ({ object }) => object.known?.provider.resources.flatMap(({ deleteGuard }) => (deleteGuard ? [deleteGuard.childType] : [])) ?? [],
      ),
    );
    this.children = new Set(going.filter(({ object }) => types.has(object.type)));
  }

  /** Whether a change is told of with that of the object that it is in. */
  isFolded(change: Change): boolean {
    return this.children.has(change) && change.action === 'delete' && this.parents.some((parent) => isIn(change, parent));
  }

  /** What is lost by a change; nothing if it loses none. */
  of(change: Change): Loss | undefined {
    const { object, before = {}, action } = change;
    if (this.children.has(change) && action === 'delete') return { isCertain: true, notes: sizeNotes([change]) };
    const guard = object.known?.definition.deleteGuard;
    if (!guard || !this.parents.includes(change)) return undefined;
    const files = [...this.children].filter((child) => isIn(child, change));
    const allow = snakeCase(guard.allow);
    const all = valueAt(before, allow) === true;
    const rest: Wording = all
      ? ['deletes all files in it, because ', code(allow), ' is true']
      : ['the delete is refused if it holds ', files.length > 0 ? 'other files' : 'files', ', because ', code(allow), ' is not true'];
    return { isCertain: all || files.length > 0, notes: [...fileNotes(files), rest] };
  }
}

const goes = ({ action, before, keepsOld }: Change): boolean =>
  before !== undefined && !keepsOld && (action === 'delete' || action === 'replace');

/** Whether the key of one object begins with that of another one of its provider. */
function isIn(child: Change, parent: Change): boolean {
  const [inner, outer] = [child.object.known, parent.object.known];
  if (!inner || !outer || inner.provider !== outer.provider || outer.definition.deleteGuard?.childType !== child.object.type) return false;
  const key = ({ key: names }: { readonly key: readonly string[] }, values: PlanRecord = {}) => names.map((name) => valueAt(values, name));
  const own = key(inner, child.before);
  return key(outer, parent.before).every((part, index) => part !== null && sameValue(part, own[index] ?? null));
}

function fileNotes(files: readonly Change[]): Wording[] {
  if (files.length === 0) return [];
  const names = files.slice(0, 5).map(({ object, before = {} }) => [code(plainText(valueAt(before, object.known?.key.at(-1) ?? '')))]);
  const more = files.length > names.length ? [` and ${files.length - names.length} more`] : [];
  return [
    [
      `loses ${files.length === 1 ? 'one file' : `${files.length} files`} that ${files.length === 1 ? 'is' : 'are'} managed here`,
      bytesOf(files),
      ': ',
      ...listWords(names),
      ...more,
    ],
  ];
}

const sizeNotes = (files: readonly Change[]): Wording[] => (bytesOf(files) === '' ? [] : [['loses its content', bytesOf(files)]]);

/** How much is lost, where the definition has the size of an object. */
function bytesOf(files: readonly Change[]): string {
  const sizes = files.map(({ object, before = {} }) => {
    const field = object.known?.fields.find(({ facts }) => facts.impact === 'bytes');
    return field ? valueAt(before, field.name) : null;
  });
  if (!sizes.every((size) => typeof size === 'number')) return '';
  const sum = sizes.reduce((total, size) => total + size, 0);
  return ` (${sum === 1 ? 'one byte' : `${sum} bytes`})`;
}
