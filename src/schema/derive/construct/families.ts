import type { Field } from '../../define/shape';
import { wordsOf } from './names';
import { fieldSignature } from './signature';
import type { ClassSource } from './source';

/** Classes with a common base, which has the attributes that they share. */
export interface Family {
  /** The name of the base, e.g. `RemoteBase`. */
  readonly className: string;
  readonly members: readonly ClassSource[];
  readonly fields: readonly Field[];
}

/** A base is worthwhile when at least this many classes share at least this many attributes. */
const fewest = { members: 3, fields: 3 } as const;

/**
 * The families among the classes of a provider. Classes of one kind belong together when their names begin or end with the same words
 * and they share attributes that are identical in every respect; the family that saves most is chosen first.
 */
export function familiesOf(sources: readonly ClassSource[]): Family[] {
  const taken = new Set(sources.map(({ className }) => className));
  const families: Family[] = [];
  let left = sources.filter(({ kind }) => kind !== 'provider').map(withSignatures);
  for (;;) {
    const [best] = candidatesOf(left)
      .filter(({ words }) => !taken.has(`${words}Base`))
      .sort((a, b) => saving(b) - saving(a));
    if (!best) return families;
    const { words, members, shared } = best;
    const [first] = members as [Signed, ...Signed[]];
    families.push({
      className: `${words}Base`,
      members: members.map(({ source }) => source),
      fields: first.source.fields.filter((field) => shared.has(fieldSignature(field))),
    });
    taken.add(`${words}Base`);
    left = left.filter((one) => !members.includes(one));
  }
}

interface Signed {
  readonly source: ClassSource;
  readonly signatures: ReadonlySet<string>;
}

const withSignatures = (source: ClassSource): Signed => ({ source, signatures: new Set(source.fields.map(fieldSignature)) });

interface Candidate {
  readonly words: string;
  readonly members: readonly Signed[];
  readonly shared: ReadonlySet<string>;
}

const saving = ({ members, shared }: Candidate): number => (members.length - 1) * shared.size;

function candidatesOf(classes: readonly Signed[]): Candidate[] {
  const groups = new Map<string, { readonly words: string; readonly all: Signed[] }>();
  for (const one of classes) {
    for (const { end, words } of affixes(one.source.className)) {
      const key = `${one.source.kind} ${end} ${words}`;
      const group = groups.get(key);
      if (group) group.all.push(one);
      else groups.set(key, { words, all: [one] });
    }
  }
  return [...groups.values()].flatMap(({ words, all }) => all.flatMap((_, index) => candidate(words, all, index + 1)));
}

/** The words that a name begins or ends with. */
function affixes(name: string): { readonly end: 'first' | 'last'; readonly words: string }[] {
  const words = wordsOf(name);
  return words.slice(1).flatMap((_, index) => [
    { end: 'first' as const, words: words.slice(0, index + 1).join('') },
    { end: 'last' as const, words: words.slice(index + 1).join('') },
  ]);
}

/** The classes that have every attribute which at least `least` of them have. */
function candidate(words: string, group: readonly Signed[], least: number): Candidate[] {
  const counts = new Map<string, number>();
  for (const { signatures } of group) for (const one of signatures) counts.set(one, (counts.get(one) ?? 0) + 1);
  const shared = new Set([...counts].flatMap(([signature, count]) => (count >= least ? [signature] : [])));
  const members = group.filter(({ signatures }) => [...shared].every((one) => signatures.has(one)));
  return members.length >= fewest.members && shared.size >= fewest.fields ? [{ words, members, shared }] : [];
}
