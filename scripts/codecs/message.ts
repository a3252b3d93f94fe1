import { Enum, MapField, Type, type Field, type ReflectionObject } from 'protobufjs';

/** One way in which the values of a field are written. */
interface Kind {
  readonly ts: string;
  readonly wire: number;
  readonly zero: string;
  readonly write: (value: string) => string;
  readonly read: string;
}

const SCALARS: Readonly<Record<string, Kind>> = {
  string: { ts: 'string', wire: 2, zero: "''", write: (v) => `w.string(${v});`, read: 'r.string()' },
  bytes: { ts: 'Uint8Array', wire: 2, zero: 'EMPTY', write: (v) => `w.blob(${v});`, read: 'r.blob()' },
  bool: { ts: 'boolean', wire: 0, zero: 'false', write: (v) => `w.bool(${v});`, read: 'r.bool()' },
  int64: { ts: 'number | bigint', wire: 0, zero: '0', write: (v) => `w.int64(${v});`, read: 'r.int64()' },
  int32: { ts: 'number', wire: 0, zero: '0', write: (v) => `w.int64(${v});`, read: 'r.int32()' },
};

/** The name of a message or enum in TypeScript: its path within its package, run together. */
export function typeName(type: ReflectionObject): string {
  const names: string[] = [];
  for (let at: ReflectionObject | null = type; at instanceof Type || at instanceof Enum; at = at.parent) names.unshift(at.name);
  return names.join('');
}

/** The source of one message: its interface, its codec and the enums declared in it. */
export function messageSource(type: Type): string {
  const enums = new Set(type.fieldsArray.map((field) => field.resolvedType).filter((t) => t instanceof Enum && t.parent === type));
  return [...[...enums].map((e) => enumSource(e as Enum)), interfaceSource(type), codecSource(type)].join('\n\n');
}

/** The source of one enum. */
export function enumSource(type: Enum): string {
  return `export const ${typeName(type)} = { ${Object.entries(type.values)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')} } as const;`;
}

function interfaceSource(type: Type): string {
  if (type.fieldsArray.length === 0) return `export type ${typeName(type)} = Record<never, never>;`;
  return [`export interface ${typeName(type)} {`, ...type.fieldsArray.map((field) => `  ${property(field)}${fieldType(field)};`), '}'].join(
    '\n',
  );
}

function codecSource(type: Type): string {
  const name = typeName(type);
  if (type.fieldsArray.length === 0) {
    return [`export const ${name}: Codec<${name}> = {`, '  encode() {},', ...decodeSource(type), '};'].join('\n');
  }
  const writes = type.fieldsArray.flatMap(encodeField).map((line) => `    ${line}`);
  return [
    `export const ${name}: Codec<${name}> = {`,
    `  encode(m: Init<${name}>, w: Writer): void {`,
    ...writes,
    '  },',
    ...decodeSource(type),
    '};',
  ].join('\n');
}

function decodeSource(type: Type): string[] {
  const name = typeName(type);
  const zeros = type.fieldsArray.map((field) => `${camel(field.name)}: ${zero(field)}`).join(', ');
  return [
    `  decode(r: Reader, end: number): ${name} {`,
    `    const m${type.fieldsArray.length === 0 ? '' : `: Open<${name}>`} = {${zeros ? ` ${zeros} ` : ''}};`,
    '    while (r.pos < end) {',
    '      const tag = r.uint32();',
    ...(type.fieldsArray.length === 0
      ? ['      r.skip(tag);']
      : ['      switch (tag) {', ...type.fieldsArray.flatMap(decodeField), '        default: r.skip(tag);', '      }']),
    '    }',
    '    r.closed(end);',
    '    return m;',
    '  },',
  ];
}

function encodeField(field: Field): string[] {
  const value = `m.${camel(field.name)}`;
  const kind = kindOf(field);
  if (field instanceof MapField) {
    return [
      `if (${value}) for (const key in ${value}) {`,
      `  const item = ${value}[key];`,
      '  if (item === undefined) continue;',
      `  ${tag(field.id, 2)} const at = w.open(); ${tag(1, 2)} w.string(key); ${tag(2, kind.wire)} ${kind.write('item')} w.close(at);`,
      '}',
    ];
  }
  if (field.repeated) return [`if (${value}) for (const item of ${value}) { ${tag(field.id, kind.wire)} ${kind.write('item')} }`];
  return [`if (${isSet(field, value)}) { ${tag(field.id, kind.wire)} ${kind.write(value)} }`];
}

/** A field without presence is written only when it is not its zero value. */
function isSet(field: Field, value: string): string {
  if (hasPresence(field)) return `${value} !== undefined`;
  if (field.type === 'bytes') return `${value} !== undefined && ${value}.length > 0`;
  return field.type === 'int64' ? `${value} != null && ${value} != 0` : value;
}

function decodeField(field: Field): string[] {
  const value = `m.${camel(field.name)}`;
  const kind = kindOf(field);
  const read = (into: (value: string) => string, ending: string): string =>
    field.resolvedType instanceof Type
      ? `{ const to = r.until(); ${into(`${kind.read}(r, to)`)} ${ending} }`
      : `${into(kind.read)} ${ending}`;
  const label = `        case ${(field.id << 3) | (field instanceof MapField ? 2 : kind.wire)}:`;
  if (field instanceof MapField)
    return [`${label} {`, ...decodeEntry(value, kind, field.resolvedType instanceof Type), '          break;', '        }'];
  if (!field.repeated) return [`${label} ${read((v) => `${value} = ${v};`, 'break;')}`];
  const one = `${label} ${read((v) => `${value}.push(${v});`, 'break;')}`;
  if (kind.wire === 2) return [one];
  return [
    one,
    `        case ${(field.id << 3) | 2}: { const to = r.until(); while (r.pos < to) ${value}.push(${kind.read}); r.closed(to); break; }`,
  ];
}

function decodeEntry(value: string, kind: Kind, nested: boolean): string[] {
  const read = nested ? `{ const to = r.until(); item = ${kind.read}(r, to); }` : `item = ${kind.read};`;
  return [
    '          const last = r.until();',
    `          let key = ''; let item: ${kind.ts} | undefined;`,
    '          while (r.pos < last) {',
    '            const part = r.uint32();',
    `            if (part === 10) key = r.string(); else if (part === ${16 | kind.wire}) ${read} else r.skip(part);`,
    '          }',
    '          r.closed(last);',
    nested ? `          if (item !== undefined) ${value}[key] = item;` : `          ${value}[key] = item ?? ${kind.zero};`,
  ];
}

function kindOf(field: Field): Kind {
  if (field.resolvedType instanceof Enum) return SCALARS.int32 as Kind;
  if (field.resolvedType instanceof Type) {
    const name = typeName(field.resolvedType);
    return {
      ts: name,
      wire: 2,
      zero: 'undefined',
      write: (v) => `{ const to = w.open(); ${name}.encode(${v}, w); w.close(to); }`,
      read: `${name}.decode`,
    };
  }
  const kind = SCALARS[field.type];
  if (!kind) throw new Error(`${field.fullName} has the type ${field.type}, which the generator does not know`);
  return kind;
}

function fieldType(field: Field): string {
  const { ts } = kindOf(field);
  if (field instanceof MapField) return `Readonly<Record<string, ${ts}>>`;
  if (field.repeated) return `readonly ${ts.includes('|') ? `(${ts})` : ts}[]`;
  return hasPresence(field) ? `${ts} | undefined` : ts;
}

function property(field: Field): string {
  const optional = !(field instanceof MapField) && !field.repeated && hasPresence(field);
  return `readonly ${camel(field.name)}${optional ? '?' : ''}: `;
}

function zero(field: Field): string {
  if (field instanceof MapField) return 'Object.create(null)';
  if (field.repeated) return '[]';
  return hasPresence(field) ? 'undefined' : kindOf(field).zero;
}

/** Reflection leaves messages out of what it calls presence. */
function hasPresence(field: Field): boolean {
  return field.hasPresence || field.resolvedType instanceof Type;
}

function tag(id: number, wire: number): string {
  const value = (id << 3) | wire;
  return value < 128 ? `w.u8(${value});` : `w.varint(${value});`;
}

function camel(name: string): string {
  const joined = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}
