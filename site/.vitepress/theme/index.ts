// Without the theme's web fonts: the pages load in half the size, and look like the system that they are read on.
export { default } from 'vitepress/theme-without-fonts';
import './style.css';
