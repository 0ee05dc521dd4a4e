// Mounts the app.
import './styles/tokens.css';
import './styles/base.css';
import { utf8TextDecoder } from 'lib0/string';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { ErrorBoundary } from './app/ErrorBoundary.tsx';
import { parseRoute } from './app/routes.ts';
import { UpdatePrompt } from './app/UpdatePrompt.tsx';
import { openEarly } from './persistence/early-database.ts';
import { quickenDecoder } from './persistence/quick-strings.ts';
import { createAppUpdate } from './pwa/app-update.ts';
import { createPageInstall } from './pwa/install.ts';
import { createBrowserAccount } from './session/browser-account.ts';
import { databaseName } from './session/open-list-session.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
quickenDecoder(utf8TextDecoder);
const account = createBrowserAccount();
const { value: signedIn } = account.state;
const route = parseRoute(globalThis.location.pathname, '');
if (signedIn.state === 'signed-in' && 'listId' in route)
  openEarly(databaseName(signedIn.person.id, route.listId));
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
