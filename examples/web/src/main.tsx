// The page's beginning.

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { chosenClient, createTransport } from './transport/choose.ts';
import './styles/base.css';
import './styles/controls.css';
import './styles/views.css';

const clientName = chosenClient();
const transport = await createTransport(clientName);
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no place for the page.');
createRoot(root).render(
  <StrictMode>
    <App transport={transport} clientName={clientName} />
  </StrictMode>,
);
