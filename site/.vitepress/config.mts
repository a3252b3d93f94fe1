import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { slugOf } from '../../scripts/site/pages';

const sidebar = JSON.parse(readFileSync(new URL('./sidebar.json', import.meta.url), 'utf8'));

// The pages are made from docs/ by scripts/site/build.ts. SITE_BASE is the path below which the site is served, e.g. /repoform/.
export default defineConfig({
  title: 'repoform',
  description: 'Declare package repositories in TypeScript.',
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
      { text: 'Package types', link: '/packages/' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
      { text: 'Changelog', link: '/changelog' },
    ],
    sidebar,
    socialLinks: [{ icon: 'github', link: 'https://github.com/repoform/repoform' }],
    editLink: { pattern: ({ frontmatter }) => `https://github.com/repoform/repoform/edit/main/${frontmatter.source}` },
  },
});
