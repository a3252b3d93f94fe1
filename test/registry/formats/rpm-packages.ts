import { createHash } from 'node:crypto';

/** A value of a header as it is written: texts, 32-bit numbers or 16-bit ones. */
type Value = string | readonly string[] | readonly number[] | { readonly short: readonly number[] };

/** A package by what tests are about. */
export interface Given {
  readonly name: string;
  /** @default "1.0" */
  readonly version?: string;
  /** @default "1" */
  readonly release?: string;
  /** @default "noarch" */
  readonly arch?: string;
  /** Names that it provides besides its own. @default none */
  readonly provides?: readonly string[];
  /** Names of packages that it replaces. @default none */
  readonly obsoletes?: readonly string[];
  /** Paths. @default one */
  readonly files?: readonly string[];
  /** Further tags of its header. @default none */
  readonly tags?: Readonly<Record<number, Value>>;
}

/** The name of a package's file, and its content: headers as the file format has them, and no payload that could be unpacked. */
export function rpmPackage(given: Given): { readonly file: string; readonly content: Buffer } {
  const { name, version = '1.0', release = '1', arch = 'noarch', provides = [], obsoletes = [], files = [`/usr/share/${name}`] } = given;
  const payload = Buffer.from(`what ${name} ${version} installs`);
  const main = header({
    ...{ 1000: name, 1001: version, 1002: release, 1022: arch, 1004: `The ${name}`, 1014: 'MIT', 1044: `${name}.src.rpm` },
    ...{ 1047: [name, ...provides], 1112: [8, ...provides.map(() => 0)], 1113: [`${version}-${release}`, ...provides.map(() => '')] },
    ...(obsoletes.length > 0 && { 1090: obsoletes, 1114: obsoletes.map(() => 0), 1115: obsoletes.map(() => '') }),
    ...{ 1030: { short: files.map(() => 0o100644) }, 1037: files.map(() => 0) },
    ...{ 1116: files.map((_file, index) => index), 1117: files.map(baseOf), 1118: files.map(folderOf) },
    ...{ 5092: [createHash('sha256').update(payload).digest('hex')], 5093: [8] },
    ...given.tags,
  });
  const signature = header({ 273: createHash('sha256').update(main).digest('hex'), 1007: [payload.length] });
  const padding = Buffer.alloc((8 - (signature.length % 8)) % 8);
  const content = Buffer.concat([lead(arch === 'src'), signature, padding, main, payload]);
  return { file: `${name}-${version}-${release}.${arch}.rpm`, content };
}

function lead(isSource: boolean): Buffer {
  const bytes = Buffer.alloc(96);
  bytes.writeUInt32BE(0xedabeedb);
  bytes.writeUInt8(3, 4);
  bytes.writeUInt16BE(isSource ? 1 : 0, 6);
  return bytes;
}

/** A header: an index of tags, and their values. */
export function header(tags: Readonly<Record<number, Value>>): Buffer {
  const index: Buffer[] = [];
  let values = Buffer.alloc(0);
  for (const [tag, value] of Object.entries(tags)) {
    const { type, count, bytes, align } = encoded(value);
    values = Buffer.concat([values, Buffer.alloc((align - (values.length % align)) % align)]);
    const entry = Buffer.alloc(16);
    for (const [at, field] of [Number(tag), type, values.length, count].entries()) entry.writeUInt32BE(field, at * 4);
    index.push(entry);
    values = Buffer.concat([values, bytes]);
  }
  const intro = Buffer.alloc(16);
  intro.writeUInt32BE(0x8eade801);
  intro.writeUInt32BE(index.length, 8);
  intro.writeUInt32BE(values.length, 12);
  return Buffer.concat([intro, ...index, values]);
}

function encoded(value: Value): { type: number; count: number; bytes: Buffer; align: number } {
  if (typeof value === 'string') return { type: 6, count: 1, bytes: Buffer.from(`${value}\0`), align: 1 };
  if ('short' in value) return { type: 3, count: value.short.length, bytes: numbers(value.short, 2), align: 2 };
  if (value.every((each) => typeof each === 'number')) return { type: 4, count: value.length, bytes: numbers(value, 4), align: 4 };
  return { type: 8, count: value.length, bytes: Buffer.from(value.map((each) => `${each}\0`).join('')), align: 1 };
}

function numbers(values: readonly number[], size: number): Buffer {
  const bytes = Buffer.alloc(values.length * size);
  for (const [index, value] of values.entries()) bytes.writeUIntBE(value, index * size, size);
  return bytes;
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
