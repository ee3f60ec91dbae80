/** What Vite's template has in both of its configurations, and what some readers turn on. */
const SHARED_OPTIONS = {
  target: 'es2023',
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  moduleDetection: 'force',
  noEmit: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  erasableSyntaxOnly: true,
  noFallthroughCasesInSwitch: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
};

const VITE_APP = {
  compilerOptions: {
    ...SHARED_OPTIONS,
    lib: ['ES2023', 'DOM'],
    module: 'esnext',
    moduleResolution: 'bundler',
    types: ['vite/client'],
    allowArbitraryExtensions: true,
    jsx: 'react-jsx',
  },
  include: ['src'],
};

const VITE_NODE = {
  compilerOptions: { ...SHARED_OPTIONS, lib: ['ES2023'], module: 'nodenext', types: ['node'] },
  include: ['vite.config.ts'],
};

const VITE_REFERENCES = {
  files: [],
  references: [{ path: './tsconfig.app.json' }, { path: './tsconfig.node.json' }],
};

const SCRIPT = {
  compilerOptions: {
    ...SHARED_OPTIONS,
    lib: ['ES2023', 'ESNext.Disposable', 'DOM'],
    module: 'nodenext',
    types: ['node'],
  },
  include: ['src'],
};

/** A project with nothing in it. */
export const PLAIN_FILES: ReadonlyMap<string, string> = new Map([
  ['package.json', '{ "type": "module" }'],
  ['tsconfig.json', JSON.stringify(SCRIPT)],
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

const APP = `export default function App() {
  return <h1>Get started</h1>
}
`;

const VITE_PACKAGES = [
  'react@19',
  'react-dom@19',
  '@types/react@19',
  '@types/react-dom@19',
  '@types/node@24',
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
        ['tsconfig.json', JSON.stringify(VITE_REFERENCES)],
        ['tsconfig.app.json', JSON.stringify(VITE_APP)],
        ['tsconfig.node.json', JSON.stringify(VITE_NODE)],
        ['src/main.tsx', MAIN],
        ['src/App.tsx', APP],
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
