/** Stricter than that of Vite's template. */
const TSCONFIG = JSON.stringify({
  compilerOptions: {
    strict: true,
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'],
    jsx: 'react-jsx',
    module: 'esnext',
    moduleResolution: 'bundler',
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
  },
  include: ['src'],
});

/** A project with nothing in it. */
export const PLAIN_FILES: ReadonlyMap<string, string> = new Map([
  ['package.json', '{ "type": "module" }'],
  ['tsconfig.app.json', TSCONFIG],
  ['tsconfig.json', '{ "extends": "./tsconfig.app.json" }'],
]);

/** What `npm create vite@latest -- --template react-ts` installs, as far as recipes build on it. */
export const VITE_PACKAGES: readonly string[] = [
  'react@19',
  'react-dom@19',
  '@types/react@19',
  '@types/react-dom@19',
  '@vitejs/plugin-react@6',
  'vite@8',
];

/** What it writes, but for `src/App.tsx`, which recipes replace. */
export const VITE_FILES: ReadonlyMap<string, string> = new Map([
  ...PLAIN_FILES,
  [
    'index.html',
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <link rel="icon" href="data:," />
    <title>desk</title>
  </head>
  <body>
    <div id="root"></div>
    <script type="module" src="/src/main.tsx"></script>
  </body>
</html>
`,
  ],
  [
    'src/main.tsx',
    `import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import App from './App.tsx'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
`,
  ],
  [
    'vite.config.ts',
    `import { defineConfig } from 'vite'
import react from '@vitejs/plugin-react'

export default defineConfig({
  plugins: [react()],
})
`,
  ],
]);
