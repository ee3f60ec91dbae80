import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { badgedIcons } from './badged-icons.ts';
import { compiledMessages } from './compiled-messages.ts';

export default defineConfig({
  // The page may be below a path, behind a proxy.
  base: './',
  plugins: [compiledMessages(), badgedIcons(), react(), tailwindcss()],
  resolve: { conditions: ['@se5/source', 'module', 'browser', 'development|production'] },
  // The page's policy allows no addresses of data.
  build: { target: 'es2022', sourcemap: false, assetsInlineLimit: 0 },
});
