import { type Node } from './node';

/** The HTML page of a folder. */
export function listingPage(folder: Node, nodes: readonly Node[], base: string): string {
  const title = escapeHtml(`Index of /${folder.project}/${folder.repo}${folder.full_path}`);
  const up = folder.full_path === '/' ? [] : [row(['<a href="' + escapeHtml(upOf(base)) + '">../</a>', '', '', '', ''])];
  const rows = [...up, ...nodes.map((node) => row(cells(node, base)))];
  const heads = ['Name', 'Created by', 'Last modified', 'Size', 'Sha256'].map((head) => `<th>${head}</th>`).join('');
  return (
    `<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n` +
    `<table>\n<tr>${heads}</tr>\n${rows.join('')}</table>\n</body>\n</html>\n`
  );
}

function cells(node: Node, base: string): string[] {
  const slash = node.folder ? '/' : '';
  const link = `${base.replace(/\/+$/, '')}/${encodeURIComponent(node.name)}${slash}`;
  const name = `<a href="${escapeHtml(link)}">${escapeHtml(node.name)}${slash}</a>`;
  const size = node.folder ? '-' : String(node.size);
  return [name, escapeHtml(node.created_by), node.modified_at, size, node.hash ?? ''];
}

function row(columns: readonly string[]): string {
  return `<tr>${columns.map((column) => `<td>${column}</td>`).join('')}</tr>\n`;
}

function upOf(base: string): string {
  return base.replace(/\/+$/, '').replace(/[^/]*$/, '');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
