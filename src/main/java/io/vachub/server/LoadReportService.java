package io.vachub.server;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vachub.call.DaemonScheduler;
import io.vachub.proto.orca.OpenRcaServiceGrpc.OpenRcaServiceImplBase;
import io.vachub.proto.orca.OrcaLoadReport;
import io.vachub.proto.orca.OrcaLoadReportRequest;
import io.vachub.streams.LoadReports;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;

/**
 * Load reports beside the calls (gRFC A51), for clients whose streams last: what a stream's headers
 * and trailers tell them is old when they open the next. UNIMPLEMENTED, so that they do not ask
 * again, if it is not known what a full pod has.
 */
@ConditionalOnBean(LoadReports.class)
class LoadReportService extends OpenRcaServiceImplBase implements DisposableBean {

  /** No more often is a client told, whatever it asks for; nor less often than once a day. */
  private static final long MIN_INTERVAL_SECONDS = 1;

  private static final long MAX_INTERVAL_SECONDS = TimeUnit.DAYS.toSeconds(1);

  private final LoadReports reports;
  private final ScheduledExecutorService executor = DaemonScheduler.named("load-reports");

  LoadReportService(LoadReports reports) {
    this.reports = reports;
  }

  @Override
  public void streamCoreMetrics(
      OrcaLoadReportRequest request, StreamObserver<OrcaLoadReport> observer) {
    if (reports.current().isEmpty()) {
      observer.onError(
          Status.UNIMPLEMENTED
              .withDescription("Neither vachub.streams.max-active nor vachub.streams.target is set")
              .asRuntimeException());
      return;
    }
    var client = (ServerCallStreamObserver<OrcaLoadReport>) observer;
    ScheduledFuture<?> reporting =
        executor.scheduleAtFixedRate(() -> report(client), 0, seconds(request), TimeUnit.SECONDS);
    client.setOnCancelHandler(() -> reporting.cancel(false));
    client.setOnCloseHandler(() -> reporting.cancel(false));
  }

  /** A client that does not read misses reports, which are kept for none. */
  private void report(ServerCallStreamObserver<OrcaLoadReport> client) {
    if (client.isReady()) {
      reports.current().ifPresent(client::onNext);
    }
  }

  private static long seconds(OrcaLoadReportRequest request) {
    long asked = request.getReportInterval().getSeconds();
    return Math.max(MIN_INTERVAL_SECONDS, Math.min(asked, MAX_INTERVAL_SECONDS));
  }

  @Override
  public void destroy() {
    executor.shutdownNow();
  }
}
