package io.vachub.loadtest.stream;

import io.grpc.Status;
import io.vachub.loadtest.pace.Timed;

/** A stream or a user of a load: begins, sends, and settles its account. Used on its lane only. */
abstract class LoadedStream extends Timed {

  /** What a stream tells the load that it belongs to. */
  interface Observer {

    /** A server has answered. */
    void opened();

    /** A call ended with a status that is an error of the service. */
    void failed(Status status);

    /** The stream is over and its account settled. */
    void done();
  }

  /** Begins now. */
  abstract void begin();

  /** Sends nothing new, and is done once what was sent is settled. */
  abstract void finish();

  /** Ends now, whatever is still open. */
  abstract void abandon();
}
