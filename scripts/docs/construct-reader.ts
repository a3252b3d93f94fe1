import { join, relative } from 'node:path';
import * as ts from 'typescript';

/** A property, option or member of a construct, as described by its comment. */
export interface MemberDoc {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly description: string;
  /** What `@default` says. */
  readonly fallback: string | undefined;
}

/** A hand-written class or function, as described by its source. */
export interface ConstructDoc {
  readonly name: string;
  readonly kind: 'class' | 'function';
  readonly description: string;
  /** The statements under `@example`, as in the constructor of a stack. */
  readonly example: string;
  /** What the last parameter takes. */
  readonly options: readonly MemberDoc[];
  /** Whether Terraform's meta-arguments may be given as well. */
  readonly metaArguments: boolean;
  /** What an instance has. */
  readonly members: readonly MemberDoc[];
}

const root = join(__dirname, '../..');

/** Reads what a room of constructs exports: the hand-written ones from their comments, of the generated classes the names. */
export function readConstructs(room: string): { readonly written: readonly ConstructDoc[]; readonly generated: readonly string[] } {
  const index = join(root, 'constructs', room, 'index.ts');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([index], { ...options, noEmit: true });
  const reader = new Reader(program.getTypeChecker());
  const file = program.getSourceFile(index);
  if (!file) throw new Error(`there is no ${index}`);
  const exported = reader.valuesOf(file);
  return {
    written: exported.filter(({ node }) => !isGenerated(node)).map(({ name, node }) => reader.read(name, node)),
    generated: exported.filter(({ node }) => isGenerated(node)).map(({ name }) => name),
  };
}

type Documented = ts.ClassDeclaration | ts.FunctionDeclaration;

/** The path of a node's file, relative to the top: the folders above may have any name. */
const place = (node: ts.Node): string => relative(root, node.getSourceFile().fileName).replaceAll('\\', '/');
/** Whether it is made from a definition, and so described by the page of its resource; fronts are made from package types. */
const isGenerated = (node: ts.Node): boolean => /^constructs\/generated\/\w+\/(?!fronts\.ts$)/.test(place(node));
const isOwn = (node: ts.Node): boolean => place(node).startsWith('constructs/') && !isGenerated(node);
const isForeign = (node: ts.Node): boolean => node.getSourceFile().fileName.includes('/node_modules/');

/** The class of something nested, e.g. the values of `timeouts` after apply: it extends one of the core's. */
const isPart = (node: ts.Node): boolean =>
  ts.isClassDeclaration(node) &&
  (node.heritageClauses ?? []).some(({ types }) => types.some((type) => /^Complex(Object|List|Map)$/.test(type.expression.getText())));

/** A type without what only a compiler reads: where a name comes from, and that a text may also be an expression. */
const plain = (type: string): string => type.replace(/import\("[^"]*"\)\./g, '').replace(/ \| \(string & \{\}\)/g, '');

class Reader {
  constructor(private readonly checker: ts.TypeChecker) {}

  /** The classes that can be made and the functions that a file exports, by name. */
  valuesOf(file: ts.SourceFile): { readonly name: string; readonly node: Documented }[] {
    const module = this.checker.getSymbolAtLocation(file);
    return (module ? this.checker.getExportsOfModule(module) : [])
      .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol))
      .flatMap((symbol) => {
        const node = symbol.valueDeclaration;
        const fits = node && (ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node)) && !isPart(node);
        return fits && !(ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract) ? [{ name: symbol.name, node }] : [];
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  read(name: string, node: Documented): ConstructDoc {
    const symbol = node.name && this.checker.getSymbolAtLocation(node.name);
    if (!symbol) throw new Error(`${name} has no name of its own`);
    const example = this.tag(symbol, 'example');
    if (example === undefined) throw new Error(`${name} is exported, so its comment needs an @example`);
    const isClass = ts.isClassDeclaration(node);
    const parameters = isClass ? (node.members.find(ts.isConstructorDeclaration)?.parameters ?? []) : node.parameters;
    const last = parameters.at(-1);
    const taken = last ? this.checker.getPropertiesOfType(this.checker.getTypeAtLocation(last)) : [];
    return {
      name,
      kind: isClass ? 'class' : 'function',
      description: this.text(symbol),
      example: `${example}\n`,
      options: taken.filter((option) => !option.declarations?.some(isForeign)).map((option) => this.member(option, node)),
      metaArguments: taken.some((option) => option.declarations?.some(isForeign)),
      members: isClass ? this.membersOf(symbol, node) : [],
    };
  }

  /** What the class and the hand-written ones that it extends add for users. */
  private membersOf(symbol: ts.Symbol, node: ts.ClassDeclaration): MemberDoc[] {
    const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
    return this.checker
      .getPropertiesOfType(this.checker.getDeclaredTypeOfSymbol(symbol))
      .filter(({ declarations = [] }) => declarations.some((one) => isOwn(one) && !(ts.getCombinedModifierFlags(one) & hidden)))
      .map((member) => this.member(member, node))
      .filter(({ description }) => description !== '');
  }

  private member(symbol: ts.Symbol, node: ts.Node): MemberDoc {
    const type = this.checker.getTypeOfSymbolAtLocation(symbol, node);
    const [call] = type.getCallSignatures();
    return {
      name: symbol.name,
      type: plain(call ? this.checker.signatureToString(call, node) : this.typeText(this.checker.getNonNullableType(type), node)),
      optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
      description: this.text(symbol).replace(/\s+/g, ' '),
      fallback: this.tag(symbol, 'default')?.replace(/\s+/g, ' '),
    };
  }

  /** The name of a type, or the texts that a named union allows: a page has no place to look the name up. */
  private typeText(type: ts.Type, node: ts.Node): string {
    const [declaration] = type.aliasSymbol?.declarations ?? [];
    const union =
      declaration && ts.isTypeAliasDeclaration(declaration) && ts.isUnionTypeNode(declaration.type) ? declaration.type : undefined;
    return union && isGenerated(union) ? union.getText() : this.checker.typeToString(type, node);
  }

  private text(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.checker));
  }

  private tag(symbol: ts.Symbol, name: string): string | undefined {
    const found = symbol.getJsDocTags(this.checker).find((tag) => tag.name === name);
    return found && ts.displayPartsToString(found.text);
  }
}
