import { QueryClientProvider } from '@tanstack/react-query';
import { render } from 'preact';
import { createLiveStore } from './api/live.ts';
import { createQueryClient } from './api/queries.ts';
import { App } from './shell/app.tsx';

const root = document.querySelector('#root');
const live = createLiveStore('/api/stream');
if (root !== null) {
  render(
    <QueryClientProvider client={createQueryClient()}>
      <App live={live} />
    </QueryClientProvider>,
    root,
  );
  live.start();
}
