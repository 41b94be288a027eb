/** Tests the sender on a server that does as each test says: npm ci, npm test. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import {
  Metadata,
  Server,
  ServerCredentials,
  credentials,
  loadPackageDefinition,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

import { ACKNOWLEDGE, PROCESS, TextSender } from './text-sender.js';

const proto = fileURLToPath(new URL('../../streaming.proto', import.meta.url));
const { streaming } = loadPackageDefinition(loadSync(proto));

/** Plays the next scene of its play for each stream, and notes what it sees. */
class Stage {
  received = [];
  peers = [];
  metadata = [];
  #opened = [];

  constructor(...play) {
    this.play = play;
    // When the stream of this number is open.
    this.opened = play.map(() => new Promise((resolve) => this.#opened.push(resolve)));
  }

  async start() {
    this.server = new Server();
    const run = (acknowledges) => (call, callback) => {
      this.#opened[this.peers.length]();
      this.peers.push(call.getPeer());
      this.metadata.push(call.metadata);
      const end = (error, count, trailers) => {
        if (!acknowledges) {
          callback(error, { messageCount: count }, trailers);
        } else if (error) {
          call.emit('error', error);
        } else {
          call.end(trailers);
        }
      };
      this.play.shift()(this, call, acknowledges, end);
    };
    this.server.addService(streaming.Streamer.service, {
      ProcessTextStream: run(false),
      AcknowledgeTextStream: run(true),
    });
    const port = await new Promise((resolve, reject) =>
      this.server.bindAsync('localhost:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    this.target = `localhost:${port}`;
    return this;
  }
}

/**
 * Takes messages, all or so many, and then ends the stream: well, as a handoff, or by this status.
 * Acknowledges all of them, or only so many.
 */
function serve({ handoff, after = Infinity, acknowledged = Infinity, code } = {}) {
  return (stage, call, acknowledges, end) => {
    const headers = new Metadata();
    headers.set('vachub-pod', 'pod');
    call.sendMetadata(headers);
    let count = 0;
    const finish = () => {
      const trailers = new Metadata();
      if (handoff) {
        trailers.set('vachub-handoff', handoff);
        trailers.set('vachub-message-count', String(count));
      }
      end(code && { code, details: 'as the play has it' }, count, trailers);
    };
    call.on('data', ({ message }) => {
      if (count === after) {
        return;
      }
      count++;
      stage.received.push(Number(message));
      if (acknowledges && count <= acknowledged) {
        call.write({ messageCount: count });
      }
      if (count === after) {
        finish();
      }
    });
    call.on('end', () => count < after && finish());
  };
}

function refuse(pushback) {
  return (stage, call, acknowledges, end) => {
    const metadata = new Metadata();
    metadata.set('grpc-retry-pushback-ms', pushback);
    end({ code: status.RESOURCE_EXHAUSTED, details: 'refused', metadata });
  };
}

function sender(stage, rpc, options = {}) {
  return new TextSender({
    connect: () =>
      new streaming.Streamer(stage.target, credentials.createInsecure(), {
        'grpc.use_local_subchannel_pool': 1,
      }),
    rpc,
    unknown: () => true,
    ...options,
  });
}

function numbers(first, last) {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

async function* messages(first, last) {
  for (const number of numbers(first, last)) {
    yield { message: String(number) };
  }
}

function each(name, run) {
  for (const rpc of [ACKNOWLEDGE, PROCESS]) {
    test(`${name} (${rpc})`, async (t) => {
      await run(rpc, async (...play) => {
        const stage = await new Stage(...play).start();
        t.after(() => stage.server.forceShutdown());
        return stage;
      });
    });
  }
}

each('goes on after a handoff', async (rpc, start) => {
  const stage = await start(
    serve({ handoff: 'age', after: 3 }),
    serve({ handoff: 'rebalance', after: 3 }),
    serve(),
  );
  const texts = sender(stage, rpc);
  assert.equal(await texts.send(messages(1, 10)), 10);
  assert.deepEqual(texts.ends, { age: 1, rebalance: 1, completed: 1 });
  assert.deepEqual(stage.received, numbers(1, 10));
  assert.deepEqual(stage.metadata[0].get('vachub-handoff'), ['accept']);
  assert.equal(stage.peers[1], stage.peers[0]);
  assert.notEqual(stage.peers[2], stage.peers[1]);
});

each('goes on though its source is silent', async (rpc, start) => {
  const stage = await start(serve({ handoff: 'drain', after: 1 }), serve());
  async function* source() {
    yield* messages(1, 1);
    await stage.opened[1];
    yield* messages(2, 3);
  }
  assert.equal(await sender(stage, rpc).send(source()), 3);
  assert.deepEqual(stage.received, [1, 2, 3]);
});

each('tries again on a new connection when refused', async (rpc, start) => {
  const stage = await start(refuse('0'), refuse('20'), serve());
  const texts = sender(stage, rpc);
  assert.equal(await texts.send(messages(1, 3)), 3);
  assert.deepEqual(texts.ends, { refused: 2, completed: 1 });
  assert.deepEqual(
    stage.metadata.map((metadata) => metadata.get('vachub-attempt')),
    [['0'], ['1'], ['2']],
  );
  assert.equal(new Set(stage.peers).size, 3);
  assert.deepEqual(stage.received, [1, 2, 3]);
});

for (const again of [true, false]) {
  each(`asks what to do with what is unknown after a cut: ${again}`, async (rpc, start) => {
    const stage = await start(
      serve({ after: 6, acknowledged: 4, code: status.UNAVAILABLE }),
      serve(),
    );
    async function* source() {
      yield* messages(1, 6);
      await stage.opened[1];
      yield* messages(7, 7);
    }
    const unknown = [];
    const texts = sender(stage, rpc, {
      unknown: (lost) => {
        unknown.push(...lost.map(({ message }) => Number(message)));
        return again;
      },
    });
    const counted = await texts.send(source());
    const first = rpc === ACKNOWLEDGE ? 5 : 1;
    assert.deepEqual(unknown, numbers(first, 6));
    assert.deepEqual(texts.ends, { cut: 1, completed: 1 });
    const resent = again ? unknown : [];
    assert.deepEqual(stage.received, [...numbers(1, 6), ...resent, 7]);
    assert.equal(counted, first + resent.length);
  });
}

each('keeps the order of what it sends again', async (rpc, start) => {
  const stage = await start(
    serve({ after: 20, acknowledged: 4, code: status.UNAVAILABLE }),
    serve({ handoff: 'age', after: 1 }),
    serve(),
  );
  async function* source() {
    // More than is on its way at a time, so that some is sent again and some is not yet.
    for await (const message of messages(1, 20)) {
      yield { ...message, clientId: 'x'.repeat(100_000) };
    }
  }
  await sender(stage, rpc).send(source());
  const first = rpc === ACKNOWLEDGE ? 5 : 1;
  assert.deepEqual(stage.received, [...numbers(1, 20), ...numbers(first, 20)]);
});

each('hears the count before it keeps too many', async (rpc, start) => {
  const stage = await start(serve(), serve(), serve());
  const texts = sender(stage, rpc, { keep: 4 });
  assert.equal(await texts.send(messages(1, 10)), 10);
  assert.deepEqual(texts.ends, { completed: rpc === PROCESS ? 3 : 1 });
  assert.deepEqual(stage.received, numbers(1, 10));
});

each('rejects with what another attempt does not mend', async (rpc, start) => {
  const bad = await start(serve({ after: 2, code: status.INVALID_ARGUMENT }));
  await assert.rejects(sender(bad, rpc).send(messages(1, 2)), /INVALID_ARGUMENT/);
  const full = await start(refuse('-1'));
  await assert.rejects(sender(full, rpc).send(messages(1, 2)), /RESOURCE_EXHAUSTED/);
});

each('rejects with what its source throws, once the rest is counted', async (rpc, start) => {
  const stage = await start(serve());
  async function* source() {
    yield* messages(1, 3);
    throw new Error('no more');
  }
  await assert.rejects(sender(stage, rpc).send(source()), /no more/);
  assert.deepEqual(stage.received, [1, 2, 3]);
});
