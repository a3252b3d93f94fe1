import { type Child, h } from './dom';

interface Choice {
  readonly title: string;
  readonly body: readonly Child[];
  /** What the button says that goes on. @default there is none */
  readonly action?: string;
  readonly isDangerous?: boolean;
  /** @default "Cancel", or "Close" where there is no action */
  readonly close?: string;
}

let number = 0;

/** Shows a dialog; answers whether its action was chosen. The browser keeps the focus in it, and gives it back. */
export function choose({
  title,
  body,
  action,
  isDangerous = false,
  close = action === undefined ? 'Close' : 'Cancel',
}: Choice): Promise<boolean> {
  const id = `dialog-${(number += 1)}`;
  const form = h(
    'form',
    { method: 'dialog' },
    h('h2', { id }, title),
    ...body,
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', value: '', class: 'plain', onclick: () => dialog.close('') }, close),
      action !== undefined && h('button', { value: 'yes', class: isDangerous ? 'danger' : 'primary' }, action),
    ),
  );
  const dialog = h('dialog', { 'aria-labelledby': id }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

/** A field of a form with its label. */
export function field(label: string, input: HTMLInputElement, hint?: string): HTMLElement {
  input.id ||= `field-${(number += 1)}`;
  const about = hint === undefined ? undefined : h('p', { class: 'hint', id: `${input.id}-hint` }, hint);
  if (about) input.setAttribute('aria-describedby', about.id);
  return h('div', { class: 'field' }, h('label', { for: input.id }, label), input, about);
}
