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

/** What a command makes before a recipe begins. */
export interface Template {
  readonly files: ReadonlyMap<string, string>;
  readonly packages: readonly string[];
}

const pageOf = (script: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <link rel="icon" href="data:," />
    <title>desk</title>
  </head>
  <body>
    <div id="root"></div>
    <script type="module" src="${script}"></script>
  </body>
</html>
`;

const MAIN = `import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import App from './App.tsx'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
`;

const VITE_PACKAGES = [
  'react@19',
  'react-dom@19',
  '@types/react@19',
  '@types/react-dom@19',
  '@vitejs/plugin-react@6',
  'vite@8',
];

/** As far as recipes build on them, by the beginning of the command. */
export const TEMPLATES: ReadonlyMap<string, Template> = new Map([
  [
    'npm create vite@latest ',
    {
      files: new Map([
        ...PLAIN_FILES,
        ['index.html', pageOf('/src/main.tsx')],
        ['src/main.tsx', MAIN],
        [
          'vite.config.ts',
          `import { defineConfig } from 'vite'
import react from '@vitejs/plugin-react'

export default defineConfig({
  plugins: [react()],
})
`,
        ],
      ]),
      packages: VITE_PACKAGES,
    },
  ],
  // Not what it makes: a page in which react-native-web stands in for a phone.
  [
    'npx create-expo-app@latest ',
    {
      files: new Map([
        ...PLAIN_FILES,
        ['index.html', pageOf('/main.tsx')],
        ['main.tsx', MAIN],
        [
          'vite.config.ts',
          `import { defineConfig } from 'vite'
import react from '@vitejs/plugin-react'

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: { 'react-native': 'react-native-web' },
    conditions: ['react-native', 'module', 'browser'],
  },
})
`,
        ],
      ]),
      packages: [...VITE_PACKAGES, 'react-native-web@0'],
    },
  ],
]);
