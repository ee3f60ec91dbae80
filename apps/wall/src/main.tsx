import './theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { LanguageProvider, loadLanguage } from './language/language-provider.tsx';
import { readRoles } from './state/roles.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"');
const [roles, language] = await Promise.all([readRoles(), loadLanguage()]);
createRoot(root).render(
  <StrictMode>
    <LanguageProvider initial={language}>
      <App roles={roles} />
    </LanguageProvider>
  </StrictMode>,
);
