import type { Diagnostic } from '../../common/diagnostic';
import type { Attributes, Values } from './attribute';
import { compileCheck, translated } from './compile-checks';
import type { ActionDefinition } from './definition';
import type { CheckHook, PlanCheckCall } from './hooks';
import type { Needs } from './needs';
import { refuseProblems } from './problems';
import type { Example } from './resource';
import { serverCall, type ServerCall } from './server';
import { type ApiCase, fieldsOf } from './shape';
import { actionOperations, withTimeouts } from './timeouts';
import { type Config, hookValues, terraformDiagnostic } from './values';

/** The argument of an action. */
export interface ActionCall<A extends Attributes> extends ServerCall {
  readonly config: Values<A>;
  /** Tells the user what the action is doing, while it does it; one line, without secrets. */
  progress(message: string): void;
  /** Adds a warning to the result. */
  tell(diagnostic: Diagnostic): void;
}

/** The argument of a check of an action. */
export interface ActionCheckCall<A extends Attributes> extends Pick<PlanCheckCall<A>, 'client' | 'find'> {
  /** The configuration; a value known only after apply is `UNKNOWN`. */
  readonly config: Config<A>;
}

/** A check of an action against the server. */
export type ActionCheckHook<A extends Attributes> = (call: ActionCheckCall<A>) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>;

/** An action as its author writes it: something that the server is told to do, and that leaves nothing in the state. */
export interface ActionSource<A extends Attributes> {
  /** Terraform's name, e.g. `acme_restart_builder`: the provider's, an underscore, and what it does. */
  readonly type: string;
  /** One or more sentences for the docs. */
  readonly description: string;
  /** The configuration; all of it is set by the user. */
  readonly attributes: A;
  /** How the API writes its fields. @default 'snake' */
  readonly apiCase?: ApiCase;
  /** Checks across attributes, run at validation, at plan and before it is invoked. @default none */
  readonly checks?: readonly CheckHook<A>[];
  /** Checks against the server, run at plan and again before it is invoked, when their errors prevent it. @default none */
  readonly planChecks?: readonly ActionCheckHook<A>[];
  /** What the login needs at the server; for the docs and the messages of refused requests. @default not stated */
  readonly needs?: Needs<'invoke', A>;
  /** Does it; an error that it throws is reported like one of a resource. */
  invoke(call: ActionCall<A>): Promise<unknown>;
  readonly example: Example<A>;
}

/** Declares an action; it gets `timeouts` besides its own attributes. Throws for a definition that cannot work. */
export function defineAction<const A extends Attributes>(source: ActionSource<A>): ActionDefinition<A> {
  const { type, description, apiCase, checks, planChecks, needs, example } = source;
  for (const [key, { facts }] of Object.entries(source.attributes)) {
    if (facts.writeOnly || facts.forceNew || facts.computed)
      throw new Error(
        `${type}: "${key}" is write-only, computed or forces replacement, but an action is configured by the user and never stored; remove that`,
      );
  }
  const attributes = withTimeouts(type, source.attributes, actionOperations);
  const fields = (): ReturnType<typeof fieldsOf> => fieldsOf(attributes, apiCase);
  refuseProblems({ ...source, attributes, examples: [example] });
  return {
    type,
    description,
    attributes: attributes as unknown as A,
    example,
    ...(apiCase && { apiCase }),
    ...(needs && { needs: needs as Needs<'invoke'> }),
    ...(checks && { checks: checks.map((check) => compileCheck(check as CheckHook<Attributes>, fields)) }),
    ...(planChecks && {
      planChecks: planChecks.map(
        (check) => async (config, context) => translated(await check({ ...context, config: hookValues(fields(), config) as Config<A> })),
      ),
    }),
    invoke: async (server, config) =>
      void (await source.invoke({
        ...serverCall(server),
        config: hookValues(fields(), config) as Values<A>,
        progress: (message) => server.progress(message),
        tell: (diagnostic) => server.tell(terraformDiagnostic(diagnostic)),
      })),
  };
}
