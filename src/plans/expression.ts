import { isJsonObject, type Json } from '../schema/define/json';

const expression = /(?:^|[^$])(?:\$\$)*\$\{|(?:^|[^%])(?:%%)*%\{/;

/** Whether a value in Terraform's JSON configuration has an expression anywhere in it, which is known only to the core. */
export function hasExpression(json: Json | undefined): boolean {
  if (typeof json === 'string') return expression.test(json);
  if (Array.isArray(json)) return (json as readonly Json[]).some(hasExpression);
  return isJsonObject(json) && Object.values(json).some(hasExpression);
}
