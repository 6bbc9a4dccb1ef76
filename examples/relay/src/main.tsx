// The page's beginning: what it shows first is asked for before anything is drawn.

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openSession } from './session.ts';
import '../../web/src/styles/base.css';
import '../../web/src/styles/controls.css';
import '../../web/src/styles/views.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no place for the page.');
createRoot(root).render(
  <StrictMode>
    <App first={openSession()} />
  </StrictMode>,
);
