import type { FastifyPluginAsync } from 'fastify';
import type { ServerDeps } from './deps.ts';

/** What the line has done so far: GET /api/health, /api/fates, /api/quality. */
export const lineApi: FastifyPluginAsync<ServerDeps> = async (server, { line, workspaceName }) => {
  server.get('/api/health', async () => {
    const { published, eventsRead, eventTimeMs, isReplayDone, happenings } = line.progress();
    return {
      status: 'ok',
      workspace: workspaceName,
      replay: isReplayDone ? 'done' : 'running',
      published,
      eventsRead,
      eventTime: eventTimeMs === undefined ? null : new Date(eventTimeMs).toISOString(),
      happenings,
    };
  });
  server.get('/api/fates', async () => {
    const { eventsRead, fates, reasons, outcomes } = line.progress();
    return { eventsRead, fates, reasons, outcomes };
  });
  server.get('/api/quality', async () => line.quality());
};
