import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as ts from 'typescript';

const root = join(__dirname, '..');

/** Where the report is. */
export const reportFile = join(root, 'api/report.md');

const introduction = `# API Report

What the package exports, without comments, so that a change of it is seen in review. \`npm run docs\` writes it from the built
declarations; a test fails when it is not up to date.
`;

/** The public API of every entry point in \`package.json\`, from the declarations in \`lib\`. */
export function apiReport(): string {
  const entries = entryPoints();
  const program = ts.createProgram(Object.values(entries), {
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.Preserve,
    skipLibCheck: true,
  });
  const sections = new Map<string, string>();
  for (const [entry, file] of Object.entries(entries)) {
    const text = new EntryReader(program, file).report();
    // The text of an entry for the other core is the same, but for the core's name.
    const same = [...sections].find(([, other]) => other === text)?.[0];
    sections.set(entry, same === undefined ? text : `The same as \`${same}\`.\n`);
  }
  return [introduction, ...[...sections].map(([entry, text]) => `## \`${entry}\`\n\n${text}`)].join('\n');
}

/** The files with the declarations of the entry points, by what users import. */
function entryPoints(): Record<string, string> {
  type Conditions = Readonly<Record<string, { readonly types?: string } | undefined>>;
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Readonly<Record<string, Conditions>>;
  };
  return Object.fromEntries(
    Object.entries(exports).flatMap(([entry, { require: { types } = {} }]) =>
      types === undefined ? [] : [[name + entry.slice(1), join(root, types)]],
    ),
  );
}

/** Reads the declarations of one entry point. */
class EntryReader {
  private readonly checker: ts.TypeChecker;
  private readonly printer = ts.createPrinter({ removeComments: true });
  private readonly exported: ReadonlyMap<string, ts.Symbol>;
  /** What the declarations refer to that is not exported. */
  private readonly inner = new Set<ts.Symbol>();

  constructor(program: ts.Program, file: string) {
    this.checker = program.getTypeChecker();
    const source = program.getSourceFile(file);
    const module = source && this.checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${relative(root, file)} is missing or exports nothing; run npm run build`);
    this.exported = new Map(this.checker.getExportsOfModule(module).map((symbol) => [symbol.name, this.resolved(symbol)]));
  }

  report(): string {
    const names = [...this.exported.keys()].sort();
    const renamed = (name: string): boolean => {
      const { name: own } = this.exported.get(name) as ts.Symbol;
      return own !== name && this.exported.get(own) === this.exported.get(name);
    };
    const texts = names.filter((name) => !renamed(name)).map((name) => this.text(this.exported.get(name) as ts.Symbol, name));
    const aliases = names.filter(renamed).map((name) => `${name} = ${this.exported.get(name)?.name}`);
    const inner: string[] = [];
    // Texts of inner ones add further ones to the set while it is read.
    for (const symbol of this.inner) inner.push(this.text(symbol, symbol.name));
    return [
      block(texts),
      ...(aliases.length > 0 ? [`Other names of these:\n\n${block(aliases)}`] : []),
      ...(inner.length > 0 ? [`Used by these, but not exported:\n\n${block(inner.sort())}`] : []),
    ].join('\n');
  }

  private resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private text(symbol: ts.Symbol, name: string): string {
    const declarations = symbol.declarations ?? [];
    if (!declarations.some(isOwn)) return `${name}: of another package`;
    return declarations.map((declaration) => this.declaration(declaration, name)).join('\n');
  }

  private declaration(node: ts.Declaration, name: string): string {
    this.collect(node);
    if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) {
      const members = linesOf(node.members.filter((member) => !isPrivate(member)).map((member) => ({ member, text: this.print(member) })));
      const heritage = (node.heritageClauses ?? []).map((clause) => ` ${this.print(clause).trim()}`).join('');
      const parameters = node.typeParameters ? `<${node.typeParameters.map((one) => this.print(one)).join(', ')}>` : '';
      const keyword = ts.isInterfaceDeclaration(node) ? 'interface' : isAbstract(node) ? 'abstract class' : 'class';
      return [`${keyword} ${name}${parameters}${heritage}`, ...members.map((line) => `  ${line}`)].join('\n');
    }
    return this.print(ts.isVariableDeclaration(node) ? node.parent : node).replace(/^(?:export |declare |default )+/, '');
  }

  /** Notes what a declaration refers to. */
  private collect(node: ts.Node): void {
    const visit = (inner: ts.Node): void => {
      if (ts.isIdentifier(inner) && (ts.isTypeReferenceNode(inner.parent) || ts.isExpressionWithTypeArguments(inner.parent))) {
        const symbol = this.checker.getSymbolAtLocation(inner);
        const target = symbol && this.resolved(symbol);
        const isParameter = target && target.flags & ts.SymbolFlags.TypeParameter;
        if (target && !isParameter && target.declarations?.some(isOwn) && ![...this.exported.values()].includes(target))
          this.inner.add(target);
      }
      if (!isPrivate(inner)) ts.forEachChild(inner, visit);
    };
    visit(node);
  }

  private print(node: ts.Node): string {
    return this.printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()).replace(/\bimport\("[^"]*"\)\./g, '');
  }
}

const block = (texts: readonly string[]): string => `\`\`\`ts\n${texts.join('\n')}\n\`\`\`\n`;

/** Declarations of other packages are in their folders, or lie in one of the library. */
const isOwn = (node: ts.Node): boolean => {
  const path = relative(root, node.getSourceFile().fileName).replaceAll('\\', '/');
  return path.startsWith('lib/') && !path.includes('/zod/');
};

const isPrivate = (node: ts.Node): boolean =>
  (ts.isClassElement(node) && (ts.getCombinedModifierFlags(node as ts.ClassElement & ts.Declaration) & ts.ModifierFlags.Private) !== 0) ||
  (ts.isPropertyDeclaration(node) && ts.isPrivateIdentifier(node.name));
const isAbstract = (node: ts.ClassDeclaration): boolean => (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract) !== 0;

/** One line a member; all that a class has for one attribute is on one. */
function linesOf(members: readonly { readonly member: ts.ClassElement | ts.TypeElement; readonly text: string }[]): string[] {
  const lines: { attribute: string; text: string }[] = [];
  for (const { member, text } of members) {
    const attribute = attributeOf(member.name?.getText() ?? '');
    const last = lines.at(-1);
    if (last && attribute !== '' && last.attribute === attribute) last.text += ` ${text}`;
    else lines.push({ attribute, text });
  }
  return lines.map(({ text }) => text);
}

/** `passwordInput` and `resetPassword` are there for `password`. */
function attributeOf(name: string): string {
  const bare = name.replace(/^(?:reset|put)(?=[A-Z])/, '').replace(/Input$/, '');
  return bare.charAt(0).toLowerCase() + bare.slice(1);
}

/** Writes the report. */
export function writeApiReport(): void {
  mkdirSync(dirname(reportFile), { recursive: true });
  writeFileSync(reportFile, apiReport());
}

if (require.main === module) writeApiReport();
