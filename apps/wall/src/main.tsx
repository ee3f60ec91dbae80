import './theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { readRoles } from './state/roles.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"');
const roles = await readRoles();
createRoot(root).render(
  <StrictMode>
    <App roles={roles} />
  </StrictMode>,
);
