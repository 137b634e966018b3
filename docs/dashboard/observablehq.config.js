// No font, script or picture of another host: the site works without a network.
export default {
  root: "src",
  output: "dist",
  title: "DTSEN",
  globalStylesheets: [],
  style: "style.css",
  head: '<link rel="icon" href="data:,">',
  pages: [],
  sidebar: false,
  toc: false,
  pager: false,
  search: false,
  footer: ""
};
