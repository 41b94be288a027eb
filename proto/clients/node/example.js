/**
 * Sends numbers until its standard input ends, then prints the account of each client as JSON.
 *
 *     node example.js localhost:50051 AcknowledgeTextStream [clients [name]]
 */
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

import { ACKNOWLEDGE, TextSender } from './text-sender.js';

const proto = fileURLToPath(new URL('../../streaming.proto', import.meta.url));
const { streaming } = loadPackageDefinition(loadSync(proto));

const [target, rpc, clients = 1, name = 'node'] = process.argv.slice(2);

/** A client with its own connection; by default Node's clients share one. */
function connect() {
  return new streaming.Streamer(target, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
}

let stopping = false;

async function run(client) {
  const unknown = [];
  let sent = 0;

  async function* numbers() {
    while (!stopping) {
      sent++;
      yield { message: String(sent), clientId: client, channelId: 1 };
      await setTimeout(20);
    }
  }

  const sender = new TextSender({
    connect,
    rpc,
    unknown: (messages) => {
      unknown.push(...messages.map(({ message }) => Number(message)));
      return rpc === ACKNOWLEDGE; // Twice rather than never; with the other RPC never twice.
    },
  });
  const counted = await sender.send(numbers());
  console.log(JSON.stringify({ client, sent, counted, unknown, ends: sender.ends }));
}

process.stdin.resume();
process.stdin.on('end', () => (stopping = true));
await Promise.all(Array.from({ length: Number(clients) }, (_, i) => run(`${name}-${i}`)));
