import { classText, familyText } from './class-text';
import { actionMembers, clientMembers, collisions, providerMembers } from './collisions';
import { familiesOf, type Family } from './families';
import { importsFor, type Module, placed } from './imports';
import { fileOf } from './names';
import { typesOf, type SharedType } from './sharing';
import type { ClassSource } from './source';
import { attributesOf } from './spec-text';
import { typeText } from './struct-text';

/** A generated file. */
export interface ConstructFile {
  /** Its name, e.g. `remote-npm.ts`. */
  readonly name: string;
  readonly text: string;
}

/** What generated files say of the place they are in. */
export interface Surroundings {
  /** The comment at the top of each. */
  readonly header: string;
  /** The statements that import and export `providerPackage`, which says where the executable is. */
  readonly providerPackage: string;
  /** The module that has the base classes; by default each is imported from its own file in the source tree. */
  readonly base?: string;
}

/** A file with classes; its name is without extension. */
export interface ClassFile extends ConstructFile {
  /** What the index exports of it. @default everything */
  readonly exported?: string;
}

/** The files of some classes, and of what they share. Without others, the file of one class has all that it needs. */
export function classFiles(all: readonly ClassSource[], around: Surroundings): ClassFile[] {
  const families = familiesOf(all);
  const { types, names } = typesOf(
    all,
    families.map(({ className }) => className),
  );
  const shared = types.filter(({ uses }) => uses.length > 1);
  const fromShared = sharedModule(shared);
  const common = shared.map((type) => typeText(type, names));
  return [
    ...(common.length > 0 ? [{ name: sharedFile, text: fileText(common.join('\n\n'), around) }] : []),
    ...families.map((family) => ({
      name: fileOf(family.className),
      text: fileText(familyText(family, names), around, [fromShared]),
      exported: `{ ${family.className}, type ${family.className}Config }`,
    })),
    ...all.map((source) => {
      refuseCollisions(source);
      const own = types.filter(({ uses: [first, ...more] }) => more.length === 0 && first.source === source);
      const family = families.find(({ members }) => members.includes(source));
      const text = classText(source, { names, types: own.map((type) => typeText(type, names)), family });
      return { name: fileOf(source.className), text: fileText(text, around, [fromShared, ...(family ? [familyModule(family)] : [])]) };
    }),
  ];
}

/** With a dot, which no file of a class has. */
const sharedFile = 'shared.types';

function sharedModule(types: readonly SharedType[]): Module {
  const outputs = types.filter(({ kind }) => kind === 'output').map(({ name }) => name);
  return {
    from: `./${sharedFile}`,
    names: outputs.flatMap((name) => [`${name}OutputReference`, `${name}List`, `${name}Map`]),
    types: types.filter(({ kind }) => kind !== 'output').map(({ name }) => name),
  };
}

const familyModule = (family: Family): Module => ({
  from: `./${fileOf(family.className)}`,
  names: [family.className, attributesOf(family)],
  types: [`${family.className}Config`],
});

function refuseCollisions({ type, kind, fields, clients }: ClassSource): void {
  const own = { provider: providerMembers, action: actionMembers, resource: [], dataSource: [], ephemeral: [] }[kind];
  const more = [...own, ...(clients ? clientMembers : [])];
  const problems = collisions(fields, more);
  if (problems.length > 0) throw new Error(`${type}: ${problems.join('; ')}`);
}

/** A generated file: header, imports, declarations. */
export const fileText = (body: string, { header, base }: Surroundings, more: readonly Module[] = []): string =>
  `${[header, importsFor(body, [...placed(base), ...more])].join('\n')}\n\n${body}\n`;
