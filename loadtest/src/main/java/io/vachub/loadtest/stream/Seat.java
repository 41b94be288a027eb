package io.vachub.loadtest.stream;

import io.grpc.Status;
import io.vachub.loadtest.load.Lifetime;
import io.vachub.loadtest.pace.Timed;
import java.util.function.Function;

/**
 * One place among the streams of a load. While it is taken there is a stream on it; one that has
 * lived its lifetime ends well, and the next begins. On its lane only.
 */
final class Seat extends Timed {

  private final Lane lane;
  private final Lifetime lifetime;
  private final Function<LoadedStream.Observer, LoadedStream> streams;
  private final LoadedStream.Observer observer;
  private LoadedStream current;
  private boolean taken;
  private boolean over;
  private boolean done;

  /**
   * @param streams makes the streams that take this seat
   * @param observer hears of them, and once of the seat when the load is over
   */
  Seat(
      Lane lane,
      Lifetime lifetime,
      Function<LoadedStream.Observer, LoadedStream> streams,
      LoadedStream.Observer observer) {
    this.lane = lane;
    this.lifetime = lifetime;
    this.streams = streams;
    this.observer = observer;
  }

  /** Is taken at this time of the lane's clock. */
  void takeAt(long nanos) {
    lane.wheel().schedule(this, nanos);
  }

  /** Is taken now, or is left: its stream then ends well. */
  void take(boolean wanted) {
    if (over || taken == wanted) {
      return;
    }
    taken = wanted;
    if (wanted && current == null) {
      begin();
    } else if (!wanted) {
      lane.wheel().cancel(this);
      if (current != null) {
        current.finish();
      }
    }
  }

  /** The load is over: what was sent is settled, and nothing new begins. */
  void finish() {
    over = true;
    lane.wheel().cancel(this);
    if (current == null) {
      beDone();
    } else {
      current.finish();
    }
  }

  /** The seat has no timer any more. */
  void abandon() {
    over = true;
    lane.wheel().cancel(this);
    if (current == null) {
      beDone();
    } else {
      current.abandon();
    }
  }

  /** Either the seat's time to be taken has come, or its stream's to end. */
  @Override
  protected void due() {
    if (current == null) {
      taken = true;
      begin();
    } else {
      current.finish();
    }
  }

  private void begin() {
    current = streams.apply(new Occupant());
    double millis = lifetime.nextMillis(lane.random());
    if (Double.isFinite(millis)) {
      lane.wheel().schedule(this, lane.clock().nanos() + (long) (millis * 1e6));
    }
    current.begin();
  }

  private void beDone() {
    if (!done) {
      done = true;
      observer.done();
    }
  }

  private final class Occupant implements LoadedStream.Observer {

    @Override
    public void opened() {
      observer.opened();
    }

    @Override
    public void failed(Status status) {
      observer.failed(status);
    }

    @Override
    public void done() {
      current = null;
      if (over) {
        beDone();
      } else if (taken) {
        lane.wheel().schedule(Seat.this, lane.clock().nanos());
      }
    }
  }
}
