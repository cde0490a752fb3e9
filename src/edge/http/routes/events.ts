// GET /v1/events: what happens at this director, as it happens.

import type { App, HttpDoors } from '../app.ts';
import { type EventStream, openEventStream } from '../event-stream.ts';
import { eventHeaders } from '../requests.ts';
import { createRoom } from '../room.ts';
import { eventStream } from '../shapes.ts';

/** Each is a connection, and holds some 16 KiB while its reader is slow. */
const bounds = { inAll: 256, ofOne: 16 };

export function addEvents(app: App, { api, clock, onFollower }: HttpDoors): void {
  const room = createRoom(bounds);
  const open = new Set<EventStream>();
  app.addHook('preClose', async () => {
    for (const each of open) each.end();
  });
  const schema = {
    summary: 'Events as they happen (server-sent events); Last-Event-ID resumes',
    headers: eventHeaders,
    produces: ['text/event-stream'],
    response: { 200: eventStream },
  };
  // A HEAD of what has no end would never be answered.
  app.get('/v1/events', { schema, exposeHeadRoute: false }, (request, reply) => {
    const leave = room.enter(request);
    const tell = (what: 'came' | 'left' | 'missed' | 'cut') =>
      onFollower?.({ kind: 'events', what });
    tell('came');
    const lastId = request.headers['last-event-id'];
    const opened = openEventStream({
      events: api.events,
      about: () => ({ director: api.about().director, epoch: api.epoch() }),
      clock,
      lastId: lastId === '' ? undefined : lastId,
      onMissed: () => tell('missed'),
      onCut: () => tell('cut'),
      onEnd: () => {
        open.delete(opened);
        leave();
        tell('left');
      },
    });
    open.add(opened);
    // Some proxies collect what they pass on unless they are told not to.
    void reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    return opened.stream;
  });
}
