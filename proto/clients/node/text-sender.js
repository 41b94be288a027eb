/**
 * Sends an endless sequence of texts over streams that a server may move, and tracks the count.
 *
 *     const sender = new TextSender({ connect, rpc: ACKNOWLEDGE, unknown: () => true });
 *     const counted = await sender.send(texts); // an async iterable of { message, clientId, channelId }
 *
 * Copy it into your project. What a client must do, and why: proto/README.md.
 */
import { setTimeout } from 'node:timers/promises';

import { Metadata, status } from '@grpc/grpc-js';

export const ACKNOWLEDGE = 'AcknowledgeTextStream';
export const PROCESS = 'ProcessTextStream';

const MIN_BACK_OFF = 100; // milliseconds
const MAX_BACK_OFF = 10_000;

// The statuses of a stream that was cut. The caller must handle any other failure.
const CUT = [status.UNAVAILABLE, status.CANCELLED, status.INTERNAL, status.UNKNOWN];

/** A stream ended with a status after which a retry does not help. */
export class StreamFailed extends Error {
  constructor(end) {
    super(`${status[end.code]}: ${end.details}`);
    this.end = end;
  }
}

/** Sends messages, one stream after another. */
export class TextSender {
  /** How many streams ended in which way. */
  ends = {};

  #connect;
  #rpc;
  #unknown;
  #keep;

  #counted = 0; // messages that the servers counted
  #answered = 0; // those of the stream that is open
  #sent = []; // the messages on it that were not counted yet
  #unsent = [];

  #source;
  #asking = false;
  #sourceEnded = false;
  #sourceError;

  #renew = false; // whether the next stream needs a new connection
  #refused = 0; // in a row
  #failed = 0; // in a row

  #wake = () => {};

  /**
   * @param connect returns a new client with a connection of its own (see the example)
   * @param rpc ACKNOWLEDGE or PROCESS
   * @param unknown called after a cut with the messages of which nobody knows whether they were
   *     counted; returns whether to send them again: then they may be counted twice, else not at all
   * @param keep how many messages may be kept because they are not counted yet; then ACKNOWLEDGE
   *     waits, and PROCESS ends its stream to get the count, and opens another
   */
  constructor({ connect, rpc, unknown, keep = 10_000 }) {
    this.#connect = connect;
    this.#rpc = rpc;
    this.#unknown = unknown;
    this.#keep = keep;
  }

  /** Sends the messages of the source. Resolves to how many were counted, rejects with StreamFailed. */
  async send(messages) {
    this.#source = messages[Symbol.asyncIterator]();
    let client = this.#connect();
    try {
      while (!(this.#sourceEnded && this.#sent.length + this.#unsent.length === 0)) {
        const wait = this.#after(await this.#runStream(client));
        if (this.#renew) {
          this.#renew = false;
          client.close();
          client = this.#connect();
        }
        await setTimeout(wait);
      }
    } finally {
      client.close();
    }
    if (this.#sourceError) {
      throw this.#sourceError;
    }
    return this.#counted;
  }

  async #runStream(client) {
    const stream = this.#open(client);
    let halfClosed = false;
    while (!stream.end) {
      const full = this.#sent.length + this.#unsent.length >= this.#keep;
      if (stream.ready && this.#unsent.length > 0) {
        const message = this.#unsent.shift();
        this.#sent.push(message);
        stream.ready = stream.call.write(message);
        continue;
      }
      if (stream.ready && (this.#sourceEnded || (full && this.#rpc === PROCESS)) && !halfClosed) {
        halfClosed = true;
        stream.call.end();
      }
      if (!full) {
        this.#ask();
      }
      await new Promise((resolve) => (this.#wake = resolve));
    }
    return stream.end;
  }

  #open(client) {
    const metadata = new Metadata();
    metadata.set('vachub-handoff', 'accept');
    metadata.set('vachub-attempt', String(this.#refused));
    const stream = { ready: false, headers: new Metadata(), end: undefined };
    const onAnswer = (answer) => {
      this.#answer(answer.messageCount ?? 0);
      this.#wake();
    };
    const call =
      this.#rpc === PROCESS
        ? client.ProcessTextStream(metadata, (error, answer) => answer && onAnswer(answer))
        : client.AcknowledgeTextStream(metadata).on('data', onAnswer);
    call.on('metadata', (headers) => {
      stream.headers = headers;
      // If the server refuses, the fate of a message sent before is unknown.
      stream.ready = isAccepted(headers);
      this.#wake();
    });
    call.on('drain', () => {
      stream.ready = true;
      this.#wake();
    });
    call.on('error', () => {}); // The status event follows.
    call.on('status', ({ code, details, metadata: trailers }) => {
      const finish = () => {
        stream.end = { code, details, headers: stream.headers, trailers };
        this.#wake();
      };
      if (this.#rpc === PROCESS || call.readableEnded) {
        finish();
      } else {
        call.once('end', finish); // There are unread answers.
      }
    });
    return Object.assign(stream, { call });
  }

  #ask() {
    if (this.#asking || this.#sourceEnded) {
      return;
    }
    this.#asking = true;
    this.#source
      .next()
      .then(
        ({ value, done }) => (done ? (this.#sourceEnded = true) : this.#unsent.push(value)),
        (error) => {
          this.#sourceError = error; // Thrown once the messages before it are counted.
          this.#sourceEnded = true;
        },
      )
      .then(() => {
        this.#asking = false;
        this.#wake();
      });
  }

  /** Records that so many messages of the open stream were counted. */
  #answer(count) {
    this.#sent.splice(0, count - this.#answered);
    this.#counted += count - this.#answered;
    this.#answered = count;
  }

  /** Handles the end of a stream. Returns the milliseconds to wait before the next. */
  #after(end) {
    if (!isAccepted(end.headers)) {
      return this.#afterRefusal(end);
    }
    const [count] = end.trailers.get('vachub-message-count');
    if (count !== undefined) {
      this.#answer(Number(count));
    } else if (end.code !== status.OK && this.#sent.length > 0 && !this.#unknown([...this.#sent])) {
      this.#sent = [];
    }
    this.#unsent = this.#sent.concat(this.#unsent);
    this.#sent = [];
    const progress = this.#answered > 0;
    this.#answered = this.#refused = 0;
    if (progress) {
      this.#failed = 0;
    }

    const [reason] = end.trailers.get('vachub-handoff');
    if (reason !== undefined) {
      this.#note(reason);
      this.#renew = reason === 'rebalance';
      return 0;
    }
    if (end.code === status.OK) {
      this.#note('completed');
      return progress ? 0 : this.#backOff();
    }
    this.#note('cut');
    if (!CUT.includes(end.code)) {
      throw new StreamFailed(end);
    }
    console.warn(`Stream was cut: ${status[end.code]}: ${end.details}`);
    return this.#backOff();
  }

  /** After a stream that no service has seen: no response header was received. */
  #afterRefusal(end) {
    if (end.code === status.UNAVAILABLE) {
      console.warn(`No stream: ${end.details}`);
      return this.#backOff();
    }
    const [pushback] = end.trailers.get('grpc-retry-pushback-ms');
    if (end.code !== status.RESOURCE_EXHAUSTED || !/^\d+$/.test(pushback ?? '0')) {
      throw new StreamFailed(end);
    }
    this.#note('refused');
    this.#refused++;
    this.#renew = true; // A balancer may keep a connection's streams on the pod that refuses.
    return pushback === undefined ? this.#backOff() : Number(pushback);
  }

  #note(how) {
    this.ends[how] = (this.ends[how] ?? 0) + 1;
  }

  #backOff() {
    const most = Math.min(MAX_BACK_OFF, MIN_BACK_OFF * 2 ** this.#failed);
    this.#failed = Math.min(this.#failed + 1, 10);
    return Math.random() * most;
  }
}

function isAccepted(headers) {
  return headers.get('vachub-pod').length > 0;
}
