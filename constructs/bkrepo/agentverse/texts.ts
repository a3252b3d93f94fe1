import { Token } from 'cdktf';
import type * as Toml from 'smol-toml';
import { functionCall } from '../../base/provider-function';
import { isToken } from '../../base/token';

/** What a client of the storage needs to know; each value may be an expression. */
export interface StorageAddress {
  readonly endpoint: string;
  readonly project: string;
  readonly repository: string;
  readonly username: string;
  readonly overwrite: boolean;
}

/** The environment variables that configure the storage of AgentVerse. */
export type AgentVerseEnvironment = Readonly<Record<'OBJECT_STORE_BACKEND' | 'BKREPO_USERNAME' | 'BKREPO_PASSWORD', string>>;

const backend = 'bkrepo';

/** The tables `[object_store]` and `[object_store.bkrepo]`, without a password. */
export function storageToml({ endpoint, project, repository, username, overwrite }: StorageAddress): string {
  const text = new QuotedValues();
  const table = {
    endpoint: text.place(endpoint),
    project: text.place(project),
    repo: text.place(repository),
    username: text.place(username),
    password: '',
    overwrite,
  };
  return text.fill(tomlText({ object_store: { backend, bkrepo: table } }));
}

/** Environment variables; the password is the reference `${BKREPO_PASSWORD}`, escaped for Terraform. */
export function storageEnvironment(username: string): AgentVerseEnvironment {
  return { OBJECT_STORE_BACKEND: backend, BKREPO_USERNAME: username, BKREPO_PASSWORD: '$${BKREPO_PASSWORD}' };
}

/** A fragment for `docker-compose.yml`. Compose takes a variable without a value from its own environment. */
export function storageCompose(service: string, username: string): string {
  return [
    'services:',
    `  ${scalar(service)}:`,
    '    environment:',
    `      OBJECT_STORE_BACKEND: ${backend}`,
    `      BKREPO_USERNAME: ${scalar(username)}`,
    '      BKREPO_PASSWORD:',
    '',
  ].join('\n');
}

/** A string in YAML, without quotes if it can mean nothing else. */
function scalar(text: string): string {
  return /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][a-z0-9_-]*$/i.test(text) ? text : quoted(text);
}

/** A string in quotes with escapes, which are the same in JSON, YAML and TOML, except for the slash, which is never escaped here. */
function quoted(text: string): string {
  return isToken(text) ? Token.asString(functionCall('jsonencode', [text])) : JSON.stringify(text);
}

/** Replaces expressions while a library writes a text, because it would escape them as part of the value. */
class QuotedValues {
  private readonly placed: string[] = [];

  /** What the library gets instead of a value. */
  place(value: string): string {
    if (!isToken(value)) return value;
    this.placed.push(value);
    return `expression ${this.placed.length - 1} `;
  }

  /** The library's text with the expressions in it. */
  fill(text: string): string {
    return this.placed.reduce((filled, value, index) => filled.replace(`"expression ${index} "`, () => quoted(value)), text);
  }
}

let toml: typeof Toml | undefined;

/** An object as TOML. The library for it is loaded with the first one. */
function tomlText(object: Readonly<Record<string, unknown>>): string {
  toml ??= require('smol-toml') as typeof Toml;
  return toml.stringify(object);
}
