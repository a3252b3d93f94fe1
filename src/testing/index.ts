/** Tests for providers: `repoform/provider/testing`. */
import type { ProviderDefinition } from '../schema/define/provider';
import { actionTests } from './contract/actions';
import { definitionTests } from './contract/definitions';
import { ephemeralTests } from './contract/ephemerals';
import { faultTests } from './contract/faults';
import { generatedTests } from './contract/generated';
import { lifecycleTests } from './contract/lifecycle';
import { type Held, needsTests } from './contract/needs';
import { listTests } from './contract/lists';
import { readFaultTests } from './contract/read-faults';
import { readOnlyTests } from './contract/read-only';
import { exampleConfig } from './examples';
import type { Hints } from './hints';
import { forwardTo } from './http-server';
import { resolvedExample } from './referred';
import { startTarget, type Target } from './target';

export type { Held } from './contract/needs';
export type { Hints } from './hints';

/** A server of the API that the provider is for. */
export interface TestServer {
  /** Its base URL. */
  readonly endpoint: string;
  /** The provider block besides the endpoint, e.g. `{ token: 'secret' }`. @default nothing */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The environment of the provider. @default nothing is set */
  readonly env?: Readonly<Record<string, string>>;
  stop(): Promise<void> | void;
}

/** Options of the contract suite. */
export interface ContractOptions {
  /** Starts an empty server. It is called for each group of tests; servers run concurrently. */
  start(): Promise<TestServer> | TestServer;
  /** Facts about the server that the definitions do not contain. @default none */
  readonly hints?: Hints;
  /**
   * Makes a login with certain permissions and no others at the server that was started last, and returns its part of the provider block. With it,
   * the suite tests that each operation succeeds with what its definition `needs`, and fails with one permission less. @default it does not
   */
  loginWith?(held: readonly Held[]): Promise<Readonly<Record<string, unknown>>>;
  /** Total number of generated configurations. @default 100 */
  readonly configurations?: number;
}

/**
 * Declares jest tests of a provider against a server of its API: that its definitions are complete; that objects are created, read, imported,
 * changed, found missing, listed and deleted as Terraform requires, for the examples and for generated configurations; that a provider with
 * `read_only = true` changes nothing; and that no network
 * fault (delays, resets, refusals, truncated or lost responses) loses or duplicates anything.
 */
export function contractTests(provider: ProviderDefinition, { start, hints = {}, configurations = 100, loginWith }: ContractOptions): void {
  const target = async (): Promise<Target> => {
    const { endpoint, config = {}, env = {}, stop } = await start();
    const login = exampleConfig(provider, config);
    return startTarget(provider, { answer: forwardTo(endpoint), stop: async () => stop(), env, hints }, login);
  };
  describe(`the provider ${provider.name}`, () => {
    describe('definitions', () => definitionTests(provider));
    describe('life of resources', () => lifecycleTests(provider, target));
    describe('generated configurations', () => generatedTests(provider, { start: target, total: configurations }));
    describe('lists', () => listTests(provider, target));
    if (loginWith)
      describe('permissions', () =>
        needsTests(provider, { start: target, loginWith: async (_target, held) => exampleConfig(provider, await loginWith(held)) }));
    describe('a provider that only reads', () => readOnlyTests(provider, target));
    describe('faults', () => faultTests(provider, target));
    if (provider.dataSources.length + provider.functions.length > 0)
      describe('reads', () =>
        readFaultTests(provider, {
          start: target,
          configOf: (definition, on) => resolvedExample(on, { definition, example: definition.example }),
        }));
    if ((provider.actions ?? []).length > 0) describe('actions', () => actionTests(provider, target));
    if ((provider.ephemerals ?? []).length > 0) describe('ephemeral resources', () => ephemeralTests(provider, target));
  });
}
