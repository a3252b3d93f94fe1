import type { DeployCleanlyOptions, ExpectedRepository, PassChecksOptions } from '../../src/matchers/engine';

/** What `expect` can do with a stack. */
export interface RegistryMatchers<R> {
  /**
   * The stack, or what `Testing.synth` answers, declares a repository of this package type, kind and name, with these values, at whatever
   * backend. An attribute that no repository has is an error.
   *
   * @example
   * expect(stack).toHaveRepository({ kind: 'remote', type: 'npm', name: 'npm', baseUrl: expect.stringMatching(/^https:/) });
   */
  toHaveRepository(expected: ExpectedRepository): R;
  /**
   * The rules of `repoform check` find nothing in the stack, or in any stack of the app, that is an error.
   *
   * @example
   * expect(stack).toPassChecks({ ignore: ['open-proxy'] });
   */
  toPassChecks(options?: PassChecksOptions): R;
  /**
   * Terraform or OpenTofu deploys the stack and those that it depends on, or the whole app, to an embedded registry that runs only for this
   * test; a second plan is empty; and everything can be destroyed. It takes seconds: raise the limit of the test.
   *
   * @example
   * await expect(app).toDeployCleanly();
   */
  toDeployCleanly(options?: DeployCleanlyOptions): Promise<R>;
}

declare global {
  namespace jest {
    interface Matchers<R, T> extends RegistryMatchers<R> {}
  }
}

/** @ts-ignore only projects that import from `@jest/globals` have it */
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T> extends RegistryMatchers<R> {}
}

/** @ts-ignore only projects that use vitest have it */
declare module 'vitest' {
  interface Assertion<T> extends RegistryMatchers<void> {}
}
