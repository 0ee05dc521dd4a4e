// Mounts the app.
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { ErrorBoundary } from './app/ErrorBoundary.tsx';
import { UpdatePrompt } from './app/UpdatePrompt.tsx';
import { createAppUpdate } from './pwa/app-update.ts';
import { createPageInstall } from './pwa/install.ts';
import { createBrowserAccount } from './session/browser-account.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const account = createBrowserAccount();
const update = createAppUpdate();
const install = createPageInstall();
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App account={account} update={update} install={install} />
      <UpdatePrompt update={update} />
    </ErrorBoundary>
  </StrictMode>,
);
