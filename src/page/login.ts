import { login } from './api';
import { choose, field } from './dialog';
import { h, own } from './dom';

/** What a backend asks for. */
export type LoginKind = 'token' | 'password';

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
let asking: Promise<boolean> | undefined;

/** Asks for a login, once however many requests need it; answers whether there is one now. */
export function askLogin(kind: LoginKind, reason: string): Promise<boolean> {
  return (asking ??= dialog(kind, reason).finally(() => (asking = undefined)));
}

async function dialog(kind: LoginKind, reason: string): Promise<boolean> {
  const name = h('input', { type: 'text', autocomplete: 'username', required: true, spellcheck: 'false', autocapitalize: 'none' });
  const secret = h('input', { type: 'password', autocomplete: 'current-password', required: true });
  const fields =
    kind === 'token'
      ? [field('Token', secret, 'Create one with "repoform registry token". It stays in this tab and is forgotten when you close it.')]
      : [field('User name', name), field('Password', secret, 'Both stay in this tab and are forgotten when you close it.')];
  const isDone = await choose({
    title: 'Log in to the registry',
    body: [reason !== '' && h('p', { class: 'problem', role: 'alert' }, own(reason)), ...fields],
    action: 'Log in',
  });
  if (!isDone || secret.value === '') return false;
  login.set(kind === 'token' ? `Bearer ${secret.value.trim()}` : `Basic ${base64(`${name.value}:${secret.value}`)}`);
  return true;
}
