// /v1/votes: the board that this director keeps for its peers, read by all and posted to by holders of the fleet's secret.

import { FaultError } from '../../../model/fault.ts';
import { millis } from '../../../model/time.ts';
import { maxPost, textOfPost } from '../../peer-board.ts';
import type { App, HttpDoors } from '../app.ts';
import { peerPost } from '../requests.ts';
import { peerPage, postedVote } from '../shapes.ts';

/**
 * Requests a second from one address, counted apart from those of clients: a fleet may sit behind
 * one address with many of them. A director reads once a second; the whole board goes out each time.
 */
const mostReads = 50;
/** What a director relays after one read, 256 posts, and what it says itself. */
const mostPosts = 300;

/** Without peers there is no such address. */
export function addVotes(app: App, { votes }: HttpDoors): void {
  if (votes === undefined) return;
  const { board, seal, life } = votes;

  const read = {
    summary: 'Signed votes and overrides, for other directors',
    response: { 200: peerPage },
  };
  const reading = { rateLimit: { max: mostReads } };
  app.get('/v1/votes', { schema: read, config: reading }, async () => {
    const found = await board.read();
    const slots = Array.from(found, ([slot, { value, remaining }]) => ({
      slot,
      value,
      remainingMs: remaining,
    }));
    return { life, slots };
  });

  const add = {
    summary: 'A signed vote or override, from another director',
    body: peerPost,
    response: { 204: postedVote },
  };
  const posting = { rateLimit: { max: mostPosts } };
  app.post(
    '/v1/votes',
    { schema: add, config: posting, bodyLimit: maxPost },
    async (request, reply) => {
      const { mac, ...post } = request.body;
      if (post.life !== life || !seal.verify(textOfPost(post), mac)) {
        const message = "want the seal of one of the fleet's secrets, made for this life";
        throw new FaultError({ code: 'request.forbidden', message });
      }
      await board.post(post.slot, post.value, millis(post.lifetimeMs));
      return reply.code(204).send(null);
    },
  );
}
