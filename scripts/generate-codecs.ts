import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { common, Enum, parse, Root, type Service, type Type } from 'protobufjs';
import { enumSource, messageSource, typeName } from './codecs/message';
import { serviceSource } from './codecs/service';

const ROOM = join(__dirname, '..', 'src', 'protocol');
const PROTOS = ['tfplugin6', 'go-plugin', 'health'];
const SERVICES = ['tfplugin6.Provider', 'plugin.GRPCController', 'plugin.GRPCStdio', 'grpc.health.v1.Health'];
const HEADER = '// Generated from src/protocol/*.proto by scripts/generate-codecs.ts. Do not edit.\n';

/** Writes the codecs of the provider's messages and the tables of its services. */
export function generateCodecs(): void {
  const root = readProtos();
  const services = SERVICES.map((name) => root.lookupService(name));
  const gen = join(ROOM, 'gen');
  mkdirSync(gen, { recursive: true });
  writeFileSync(join(gen, 'messages.ts'), messagesFile(reachable(services)));
  writeFileSync(join(gen, 'services.ts'), HEADER + serviceSource(services));
}

/** The source of a file of codecs for the given messages. */
export function messagesFile(types: readonly Type[]): string {
  const imports = [
    "import type { Codec, Init } from '../wire/codec';",
    "import type { Reader } from '../wire/reader';",
    "import type { Writer } from '../wire/writer';",
  ];
  const helpers = [
    'type Open<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] extends Readonly<Record<string, infer Item>> ? (string extends keyof T[Key] ? Record<string, Item> : T[Key]) : T[Key] };',
    'const EMPTY = Buffer.alloc(0);',
  ];
  return (
    [HEADER + imports.join('\n'), helpers.join('\n'), ...enumsBeside(types).map(enumSource), ...types.map(messageSource)].join('\n\n') +
    '\n'
  );
}

/** The enums that fields use and that stand in no message. */
function enumsBeside(types: readonly Type[]): Enum[] {
  const used = types.flatMap((type) => type.fieldsArray.map((field) => field.resolvedType));
  return [...new Set(used)].filter((type) => type instanceof Enum && !(type.parent && 'fieldsArray' in type.parent)) as Enum[];
}

/** Reads the definitions of the messages. */
export function readProtos(): Root {
  const root = new Root();
  for (const name of ['timestamp', 'empty']) root.addJSON(common.get(`google/protobuf/${name}.proto`)?.nested ?? {});
  for (const name of PROTOS) parse(readFileSync(join(ROOM, `${name}.proto`), 'utf8'), root, { keepCase: true });
  root.resolveAll();
  return root;
}

/** Every message that a method of the services can carry, by name. */
export function reachable(services: readonly Service[]): Type[] {
  const found = new Map<string, Type>();
  const visit = (type: Type | null): void => {
    if (!type) throw new Error('a method has no message');
    const name = typeName(type);
    const known = found.get(name);
    if (known && known !== type) throw new Error(`two messages would be called ${name}`);
    if (known) return;
    found.set(name, type);
    for (const field of type.fieldsArray) if (field.resolvedType && 'fieldsArray' in field.resolvedType) visit(field.resolvedType);
  };
  for (const method of services.flatMap((service) => service.methodsArray)) {
    visit(method.resolvedRequestType);
    visit(method.resolvedResponseType);
  }
  return [...found.keys()].sort().map((name) => found.get(name) as Type);
}

if (require.main === module) generateCodecs();
