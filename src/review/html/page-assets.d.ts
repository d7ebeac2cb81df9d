// Script and style of the review pages, imported as text (scripts/page-assets.mjs).
declare module '*/page.client.js' {
  const text: string;
  export default text;
}

declare module '*/page.css' {
  const text: string;
  export default text;
}
