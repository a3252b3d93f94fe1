/** The language of rules: part of `repoform/checks`. */
export { type CheckContext, defineRule, type Report, type Rule, type RuleSource, type ServerCheckContext, type Severity } from './rule';
export type {
  CheckedBlock,
  CheckedEstate,
  CheckedProvider,
  CheckedRepository,
  CheckedResource,
  CheckedSecret,
  CheckedServer,
  CheckedStack,
  CheckedValues,
  Link,
} from './model';
