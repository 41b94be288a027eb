package shop;

import io.grpc.stub.StreamObserver;
import io.vachub.handoff.Handoff;
import org.springframework.stereotype.Component;

/** Handlers as a team has them that knows nothing of vac-hub: they block, and end when asked to. */
@Component
class ShopService extends ShopGrpc.ShopImplBase {

  private static final int WATCHED = 3;

  @Override
  public void price(Order order, StreamObserver<Receipt> receipts) {
    receipts.onNext(receipt(order.getAmount()));
    receipts.onCompleted();
  }

  @Override
  public void watch(Order order, StreamObserver<Receipt> receipts) {
    for (int i = 1; i <= WATCHED; i++) {
      receipts.onNext(receipt(i * order.getAmount()));
    }
    receipts.onCompleted();
  }

  @Override
  public StreamObserver<Order> collect(StreamObserver<Receipt> receipts) {
    return untilHandedOff(new Sum(receipts, false));
  }

  @Override
  public StreamObserver<Order> trade(StreamObserver<Receipt> receipts) {
    return untilHandedOff(new Sum(receipts, true));
  }

  private static Sum untilHandedOff(Sum sum) {
    Handoff.onHandoff(sum::onCompleted);
    return sum;
  }

  /** A database, say. */
  private static Receipt receipt(int total) {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Receipt.newBuilder()
        .setTotal(total)
        .setThread(Thread.currentThread().toString())
        .build();
  }

  private static final class Sum implements StreamObserver<Order> {

    private final StreamObserver<Receipt> receipts;
    private final boolean answersEach;
    private int total;

    Sum(StreamObserver<Receipt> receipts, boolean answersEach) {
      this.receipts = receipts;
      this.answersEach = answersEach;
    }

    @Override
    public void onNext(Order order) {
      total += order.getAmount();
      if (answersEach) {
        receipts.onNext(receipt(total));
      }
    }

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {
      if (!answersEach) {
        receipts.onNext(receipt(total));
      }
      receipts.onCompleted();
    }
  }
}
