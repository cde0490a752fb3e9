// The watch: probes every region in its own loop and keeps this observer's opinion of each.

import { combineSamples } from '../health/combine.ts';
import { addSample, type Damper, opinionOf, startDamper } from '../health/damp.ts';
import type { FigureBook } from '../health/figures.ts';
import { shortestGap } from '../health/push.ts';
import type { Opinion, Sample } from '../model/health.ts';
import type { Region, RegionId, RegionProbes } from '../model/region.ts';
import { formatInstant, type Millis, millis } from '../model/time.ts';
import type { Clock, Log, Probe, Random } from '../ports.ts';
import { createGauges, type Gauges } from './gauges.ts';

export interface Watch extends AsyncDisposable {
  /** Watches exactly these from now on; a region whose probes did not change goes on undisturbed. */
  setRegions(regions: Iterable<Region>): void;
  /** There is news of a region: its probes do not wait for their interval, though for a short gap. */
  lookAgain(region: RegionId): void;
  /** What this observer says of each region now; `unknown` before a region's first sample. */
  opinions(): ReadonlyMap<RegionId, Opinion>;
  /** When the certificate that ends first, of those a region's probes saw, is no longer valid. */
  certificateEnds(): ReadonlyMap<RegionId, Millis>;
  /** What the answers to a region's probes told of its load. */
  figures(): ReadonlyMap<RegionId, FigureBook>;
}

export interface WatchOptions {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called when a sample changed the verdict, the suspicion or the reason. */
  readonly onOpinion: (region: RegionId, opinion: Opinion) => void;
  readonly onSample?: ((region: RegionId, sample: Sample) => void) | undefined;
}

/** One watched region; its loop runs until `stop` aborts. */
interface Post {
  readonly id: RegionId;
  /** The probes as text, to tell whether a newly read configuration changed it. */
  readonly key: string;
  readonly stop: AbortController;
  /** Ends the wait for the next round. */
  wake: AbortController;
  /** True from a call to look again until the round that follows it. */
  isCalled: boolean;
  damper: Damper;
  certificateEnd: Millis | undefined;
  /** Whether the log has said that the certificate ends soon; anew once it was replaced. */
  isWarned: boolean;
  readonly gauges: Gauges;
}

/**
 * Longest wait while a region's verdict is unknown. Before the first probe it spreads the load;
 * after a first failure, which alone decides nothing, it has the second opinion come soon.
 */
const longestUnknown = 1000;

const day = 86_400_000;

/** When a certificate that has not been replaced calls for a person. */
const soonExpired = 21 * day;

/** Why a wait ends early; a constant, because an abort without a reason builds an error with its stack. */
const news = 'news';

export function startWatch(options: WatchOptions): Watch {
  const posts = new Map<RegionId, Post>();
  const loops = new Set<Promise<void>>();

  const start = (region: Region, key: string): void => {
    const { id, probes } = region;
    const post = takePost(region, key, options);
    posts.set(id, post);
    if (probes === undefined) {
      trust(post, options);
      return;
    }
    const loop = patrol(post, probes, options).finally(() => loops.delete(loop));
    loops.add(loop);
  };

  return {
    setRegions: (regions) => {
      const gone = new Map(posts);
      for (const region of regions) {
        const key = JSON.stringify(region.probes ?? null);
        const post = posts.get(region.id);
        if (post?.key === key) gone.delete(region.id);
        else start(region, key);
      }
      for (const post of gone.values()) {
        post.stop.abort();
        if (posts.get(post.id) === post) posts.delete(post.id);
      }
    },
    lookAgain: (region) => {
      const post = posts.get(region);
      if (post === undefined) return;
      post.isCalled = true;
      post.wake.abort(news);
    },
    opinions: () => new Map(Array.from(posts, ([id, post]) => [id, opinionOf(post.damper)])),
    certificateEnds: () =>
      new Map(
        Array.from(posts).flatMap(([id, { certificateEnd: end }]) =>
          end === undefined ? [] : [[id, end]],
        ),
      ),
    figures: () => new Map(Array.from(posts, ([id, post]) => [id, post.gauges.book()])),
    [Symbol.asyncDispose]: async () => {
      for (const post of posts.values()) post.stop.abort();
      await Promise.all(loops);
    },
  };
}

function takePost(region: Region, key: string, options: WatchOptions): Post {
  const post: Post = {
    id: region.id,
    key,
    stop: new AbortController(),
    wake: new AbortController(),
    isCalled: false,
    damper: startDamper(options.clock.now()),
    certificateEnd: undefined,
    isWarned: false,
    gauges: createGauges(region, options),
  };
  post.stop.signal.addEventListener('abort', () => post.wake.abort(news));
  return post;
}

/** A region without a probe cannot be watched: the operator's word that it serves stands. */
function trust(post: Post, { clock, onOpinion }: WatchOptions): void {
  const opinion: Opinion = { ...opinionOf(post.damper), verdict: 'up', since: clock.now() };
  post.damper = { ...post.damper, opinion };
  onOpinion(post.id, opinion);
}

/** Probes one region for as long as it is watched; never rejects. */
async function patrol(post: Post, probes: RegionProbes, options: WatchOptions): Promise<void> {
  const { clock, random, log } = options;
  const { signal } = post.stop;
  const { interval } = probes;
  const soon = Math.min(interval, longestUnknown);
  await clock.sleep(millis(random() * soon), signal);
  // Every region is first probed within a second; so that they do not come in the same second of
  // every interval, the first of these is of any length, from a half to one and a half.
  let isSpread = false;
  while (!signal.aborted) {
    const started = clock.now();
    post.isCalled = false;
    // Whoever is slow to tell its load holds up no news of its health.
    void post.gauges.ask(signal);
    let isBlind = false;
    try {
      const samples = await Promise.all(probes.list.map((spec) => options.probe(spec, signal)));
      post.gauges.note(samples);
      const sample = combineSamples(probes, samples);
      isBlind = sample.isBlind === true;
      // What a stopped probe says is about the stopping, not about the region.
      if (!signal.aborted) takeIn(post, sample, probes, options);
    } catch (error) {
      // A fault of ours, in a probe or a listener; a loop that ended would go unnoticed.
      log.error('watch.failed', { region: post.id, error: String(error) });
    }
    // A second look comes soon where the first one saw something.
    const isUnknown = !isBlind && opinionOf(post.damper).verdict === 'unknown';
    const jitter = isUnknown || isSpread ? 0.1 : 0.5;
    const period = (isUnknown ? soon : interval) * (1 + jitter * (2 * random() - 1));
    isSpread ||= !isUnknown;
    // Counted from the start, so that timeouts do not slow detection.
    const wait = Math.max(0, started + period - clock.now());
    await rest(post, millis(wait), options);
  }
}

/** Until the next round is due, or until there is news. */
async function rest(post: Post, wait: Millis, { clock }: WatchOptions): Promise<void> {
  const began = clock.now();
  if (!post.isCalled && !post.stop.signal.aborted) {
    post.wake = new AbortController();
    await clock.sleep(wait, post.wake.signal);
  }
  if (!post.isCalled) return;
  const gap = Math.min(wait, shortestGap);
  const left = Math.max(0, began + gap - clock.now());
  await clock.sleep(millis(left), post.stop.signal);
}

function takeIn(post: Post, sample: Sample, probes: RegionProbes, options: WatchOptions): void {
  const { clock, log, onOpinion, onSample } = options;
  noteCertificate(post, sample, options);
  if (sample.isBlind === true) return;
  const before = opinionOf(post.damper);
  post.damper = addSample(post.damper, sample, probes, clock.now());
  const after = opinionOf(post.damper);
  onSample?.(post.id, sample);
  if (after.verdict !== before.verdict) {
    const { verdict, reason } = after;
    log.info('watch.opinion', { region: post.id, was: before.verdict, verdict, reason });
  }
  if (
    after.verdict !== before.verdict ||
    after.isSuspect !== before.isSuspect ||
    after.reason !== before.reason
  ) {
    onOpinion(post.id, after);
  }
}

/** A probe that fails may see no certificate; what the last one saw still ends when it ends. */
function noteCertificate(post: Post, { expiresIn }: Sample, { clock, log }: WatchOptions): void {
  if (expiresIn === undefined) return;
  post.certificateEnd = millis(clock.now() + expiresIn);
  const isSoon = expiresIn < soonExpired;
  if (isSoon && !post.isWarned) {
    const end = formatInstant(post.certificateEnd);
    log.warn('certificate.expires', { region: post.id, end, days: Math.floor(expiresIn / day) });
  }
  post.isWarned = isSoon;
}
