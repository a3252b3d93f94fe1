import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { slugOf } from '../../scripts/site/pages';

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#3451b2"/><path d="M11 24V11h10" fill="none" stroke="#fff" stroke-width="4"/></svg>';
const sidebar = JSON.parse(readFileSync(new URL('./sidebar.json', import.meta.url), 'utf8'));

// The pages are made from docs/ by scripts/site/build.ts. SITE_BASE is the path below which the site is served, e.g. /repoform/.
export default defineConfig({
  title: 'repoform',
  description: 'Declare package repositories in TypeScript.',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  base: process.env.SITE_BASE ?? '/',
  srcDir: 'pages',
  outDir: 'dist',
  cacheDir: '.vitepress/cache',
  metaChunk: true,
  markdown: { html: false, anchor: { slugify: slugOf }, headers: { slugify: slugOf } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Overview', link: '/overview' },
      { text: 'Guides', link: '/guides/start' },
      { text: 'Package types', link: '/packages/' },
      {
        text: 'Reference',
        items: Object.keys(sidebar)
          .filter((path) => path !== '/')
          .map((path) => ({ text: sidebar[path][0].text, link: sidebar[path][0].items[0].link })),
      },
      { text: 'Troubleshooting', link: '/troubleshooting' },
      { text: 'Changelog', link: '/changelog' },
    ],
    sidebar,
    socialLinks: [{ icon: 'github', link: 'https://github.com/repoform/repoform' }],
    editLink: { pattern: ({ frontmatter }) => `https://github.com/repoform/repoform/edit/main/${frontmatter.source}` },
  },
});
